"""The exceptions and warnings of this package."""

from __future__ import annotations

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


class CompilerWarning(UserWarning):
    """The category of the compiler's warnings (see the module `warnings`)."""
