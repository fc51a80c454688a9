"""What the compiler has to say."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Diagnostic:
    """A message about a place in a description, about all of it if `line` is None, or about
    something else if `file` is None."""

    severity: Literal["note", "remark", "warning", "error"]
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    notes: tuple[Diagnostic, ...] = ()

    def __str__(self) -> str:
        """Return "file:line:column: error: message", and a line for each note."""
        known = [each for each in (self.file, self.line, self.column) if each is not None]
        place = "".join(f"{each}:" for each in known) + " " if known else ""
        text = f"{place}{self.severity}: {self.message}"
        return "\n".join([text, *map(str, self.notes)])


def caller_level() -> int:
    """Return how many frames above the function that asks is code outside of this package."""
    level = 1
    while sys._getframe(level).f_globals["__name__"].partition(".")[0] == __package__:
        level += 1
    return level
