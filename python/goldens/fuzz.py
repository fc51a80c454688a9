"""Many random cases, one after the other; what fails is made smaller."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .check import Checker, Effort, Outcome
from .choices import Choices
from .draws import draw

#: One of so many cases of each class is compiled with all entries.
_ALL_ENTRIES_EACH = 5


@dataclass(frozen=True)
class Draw:
    """A case by its number: what repeats it."""

    source: str
    name: str
    seed: int
    number: int

    def choices(self, simple: frozenset[str] = frozenset()) -> Choices:
        """The choices of this draw."""
        return Choices(f"{self.seed}.{self.number}", simple)


@dataclass(frozen=True)
class Fuzzer:
    """Draws cases of `classes` in turn and keeps the folders of those that fail in `keep`. One of
    `emulate_each` cases of each class runs on the emulated GPU, too.
    """

    checker: Checker
    classes: Sequence[tuple[str, str]]
    seed: int
    keep: Path
    emulate_each: int = 10
    report: Callable[[str], None] = print

    def run(self, first: int, count: int, seconds: float | None = None) -> list[Outcome]:
        """Check so many cases, fewer if the time is over."""
        began = time.monotonic()
        outcomes = []
        for number in range(first, first + count):
            if seconds is not None and time.monotonic() - began > seconds:
                break
            source, name = self.classes[number % len(self.classes)]
            outcomes.append(self._one(Draw(source, name, self.seed, number)))
        return outcomes

    def _one(self, drawn: Draw) -> Outcome:
        outcome = self._try(drawn, frozenset(), "")
        if not outcome.is_miss:
            return outcome
        self.report(f"number {drawn.number}: {outcome.kind}: {outcome.case.title}")
        smaller, left = self._shrink(drawn, outcome)
        self.report(f"{smaller.text}\n{smaller.case.to_json()}")
        self.report(f"what it takes: {left}\nsee {smaller.folder}\n")
        return outcome

    def _try(self, drawn: Draw, simple: frozenset[str], suffix: str) -> Outcome:
        choices = drawn.choices(simple)
        case = draw(drawn.source, drawn.name, choices)
        folder = self.keep / f"{drawn.source}-{drawn.seed}-{drawn.number}{suffix}"
        if folder.exists():
            shutil.rmtree(folder)
        outcome = self.checker.check(case, folder, self._effort(drawn.number))
        if not outcome.is_miss:
            shutil.rmtree(folder)
        return outcome

    def _effort(self, number: int) -> Effort:
        turn = sum(divmod(number, len(self.classes)))
        return Effort(turn % _ALL_ENTRIES_EACH == 1, turn % self.emulate_each == 0)

    def _shrink(self, drawn: Draw, outcome: Outcome) -> tuple[Outcome, dict]:
        """Give one choice after the other its simplest value, as long as the case fails in the same
        way; return the last one that does, and the choices that are left.
        """
        simple: frozenset[str] = frozenset()
        best = outcome
        choices = drawn.choices()
        draw(drawn.source, drawn.name, choices)
        for name in list(choices.made):
            smaller = self._try(drawn, simple | {name}, "-smaller")
            if smaller.kind == outcome.kind:
                simple |= {name}
                best = smaller
        choices = drawn.choices(simple)
        draw(drawn.source, drawn.name, choices)
        if simple:
            best = self._try(drawn, simple, "-smaller")
        return best, choices.made
