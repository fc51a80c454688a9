"""Run mutants, and tell which of them are noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

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


Fate = Literal["killed", "survivor", "unreached"]


class Fault(Protocol):
    """A mutant as reports need it; its text says where it is and what is changed."""

    @property
    def operator(self) -> str: ...


AnyFault = TypeVar("AnyFault", bound=Fault)


@dataclass
class Report:
    """What became of mutants, by operator."""

    # How many each detector noticed.
    killed: dict[str, dict[str, int]] = field(default_factory=dict)
    survivors: dict[str, list[Fault]] = field(default_factory=dict)
    # Where nothing ever runs, so that no fault can show.
    unreached: dict[str, list[Mutant]] = field(default_factory=dict)

    def add(self, mutant: Fault, fate: Fate, verdict: Verdict) -> None:
        """Take down that a mutant was "killed", is a "survivor", or "unreached"."""
        killed = self.killed.setdefault(mutant.operator, {})
        survivors = self.survivors.setdefault(mutant.operator, [])
        unreached = self.unreached.setdefault(mutant.operator, [])
        if fate == "killed":
            killed[verdict.detector] = killed.get(verdict.detector, 0) + 1
        else:
            (survivors if fate == "survivor" else unreached).append(mutant)

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


def choose(mutants: Sequence[AnyFault], count: int, seed: int) -> list[AnyFault]:
    """Return `count` of the mutants, in their order: the same for the same seed."""
    if count >= len(mutants):
        return list(mutants)
    chosen = np.random.default_rng(seed).choice(len(mutants), count, replace=False)
    return [mutants[i] for i in sorted(chosen)]


def choose_evenly(faults: Sequence[AnyFault], count: int, seed: int) -> list[AnyFault]:
    """Return `count` faults, as many of each operator as there are, but no more than others get:
    the same for the same seed."""
    groups: dict[str, list[AnyFault]] = {}
    for fault in faults:
        groups.setdefault(fault.operator, []).append(fault)
    chosen: list[AnyFault] = []
    # Small groups leave something to large ones.
    for done, group in enumerate(sorted(groups.values(), key=len)):
        chosen += choose(group, (count - len(chosen)) // (len(groups) - done), seed)
    return chosen


def survey(mutants: Iterable[Mutant], runner: Runner, workers: int = 1) -> Report:
    """Run mutants, some at the same time if the runner starts processes of its own."""
    report = Report()
    mutants = list(mutants)
    with ThreadPoolExecutor(workers) as executor:
        fates = executor.map(lambda mutant: judge(mutant, runner), mutants)
        for mutant, (fate, verdict) in zip(mutants, fates, strict=True):
            report.add(mutant, fate, verdict)
    return report


def judge(mutant: Mutant, runner: Runner) -> tuple[Fate, Verdict]:
    """Return what becomes of a mutant."""
    verdict = runner(mutant.ptx)
    if verdict.noticed:
        return "killed", verdict
    return ("survivor" if runner(mutant.probe()).noticed else "unreached"), verdict
