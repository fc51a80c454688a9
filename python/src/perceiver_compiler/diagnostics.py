"""What the compiler has to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Diagnostic:
    """A message about a description, or about something else if `file` is None."""

    severity: Literal["note", "remark", "warning", "error"]
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    notes: tuple[Diagnostic, ...] = ()

    def __str__(self) -> str:
        """Return "file:line:column: error: message", and a line for each note."""
        place = f"{self.file}:{self.line}:{self.column}: " if self.file else ""
        text = f"{place}{self.severity}: {self.message}"
        return "\n".join([text, *map(str, self.notes)])
