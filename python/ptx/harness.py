"""Run mutants, and tell which of them are noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from .mutants import Mutant


@dataclass(frozen=True)
class Verdict:
    """How a PTX text behaved.

    `detector` says what noticed a fault: "finding" (a check of the emulated device), "numbers" (an
    output beyond its tolerance), "counter" (right, but with accesses that cost more), "error" (a
    call that failed), or "" if nothing did.
    """

    detector: str = ""
    detail: str = ""

    @property
    def noticed(self) -> bool:
        return bool(self.detector)


# Runs the kernels of a PTX text as their user does, and judges: whatever the user is, a kernel
# alone (`KernelRunner`) or a whole model.
Runner = Callable[[str], Verdict]


@dataclass
class Report:
    """What became of mutants, by operator."""

    # How many each detector noticed.
    killed: dict[str, dict[str, int]] = field(default_factory=dict)
    survivors: dict[str, list[Mutant]] = field(default_factory=dict)
    # Where nothing ever runs, so that no fault can show.
    unreached: dict[str, list[Mutant]] = field(default_factory=dict)

    def add(self, mutant: Mutant, runner: Runner) -> None:
        """Run a mutant and take down what became of it."""
        killed = self.killed.setdefault(mutant.operator, {})
        survivors = self.survivors.setdefault(mutant.operator, [])
        unreached = self.unreached.setdefault(mutant.operator, [])
        verdict = runner(mutant.ptx)
        if verdict.noticed:
            killed[verdict.detector] = killed.get(verdict.detector, 0) + 1
        elif runner(mutant.probe()).noticed:
            survivors.append(mutant)
        else:
            unreached.append(mutant)

    def share(self, operator: str) -> float:
        """Return which part of an operator's mutants that are reached was noticed; 1 of none."""
        killed = sum(self.killed.get(operator, {}).values())
        total = killed + len(self.survivors.get(operator, []))
        return killed / total if total else 1.0

    def __str__(self) -> str:
        lines = []
        for operator, killed in self.killed.items():
            survivors = self.survivors[operator]
            count = sum(killed.values())
            how = ", ".join(f"{number} by {detector}" for detector, number in killed.items())
            lines.append(
                f"{operator}: {count} of {count + len(survivors)} noticed"
                f" ({100 * self.share(operator):.1f} %){f': {how}' if how else ''}"
            )
            lines += [f"  survives: {mutant}" for mutant in survivors]
            if unreached := self.unreached[operator]:
                where = dict.fromkeys(f"{mutant.kernel}:{mutant.line}" for mutant in unreached)
                lines.append(f"  {len(unreached)} never reached: {', '.join(where)}")
        return "\n".join(lines)


def choose(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """Return `count` of the mutants, in their order: the same for the same seed."""
    if count >= len(mutants):
        return list(mutants)
    chosen = np.random.default_rng(seed).choice(len(mutants), count, replace=False)
    return [mutants[i] for i in sorted(chosen)]


def survey(mutants: Iterable[Mutant], runner: Runner) -> Report:
    """Run mutants one after the other."""
    report = Report()
    for mutant in mutants:
        report.add(mutant, runner)
    return report
