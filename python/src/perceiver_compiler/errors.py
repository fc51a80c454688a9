"""The exceptions and warnings of this package."""

from __future__ import annotations

import os
from collections.abc import Iterable

from .diagnostics import Diagnostic


class PerceiverError(Exception):
    """What all errors of this package have in common."""


class CompilerError(PerceiverError):
    """A model was not compiled; no file has been written.

    `diagnostics` has all that the compiler said, warnings included; the text has the errors.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        errors = [each for each in self.diagnostics if each.severity == "error"]
        super().__init__("\n".join(map(str, errors or self.diagnostics)))

    def __reduce__(self) -> tuple[type[CompilerError], tuple[tuple[Diagnostic, ...]]]:
        return type(self), (self.diagnostics,)


class ModelError(PerceiverError):
    """A compiled model cannot be loaded or run: its files or this machine do not fit.

    Also what an emulated device noticed in a run, a line each.
    """


class InputError(PerceiverError, ValueError):
    """Wrong names, shapes, types or values of a model's inputs, or of weights in a mapping."""


class CheckpointError(PerceiverError):
    """A checkpoint, its configuration or an option of its import is refused; nothing is written.

    `file` is what the message is about, `name` the field, tensor, class, option or global in it
    ("" if it is about the file as a whole).
    """

    def __init__(self, file: os.PathLike[str] | str, name: str, text: str) -> None:
        self.file = os.fspath(file)
        self.name = name
        self.text = text
        super().__init__(f"{self.file}: {text}")

    def __reduce__(self) -> tuple[type[CheckpointError], tuple[str, str, str]]:
        return type(self), (self.file, self.name, self.text)


class CompilerWarning(UserWarning):
    """The category of the compiler's warnings (see the module `warnings`)."""
