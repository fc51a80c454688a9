"""Typed access to the fields of a configuration, with messages that name file and field."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import CheckpointError
from .names import did_you_mean, listed, quoted, shown
from .records import Record


class _Required:
    """The type of REQUIRED."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED = _Required()
_LARGEST = 2**31 - 1


class Fields:
    """The fields of a configuration, or of an object in it.

    Each access by name marks the field as known; a field that is absent has the default. An
    integer is an integer in JSON: no boolean, no 4.0. With null=True, JSON's null is a value.
    """

    def __init__(
        self, values: Mapping[str, Any] | Record, file: os.PathLike[str] | str, path: str = ""
    ) -> None:
        self.file = file
        self.path = path
        self.global_name = values.global_name if isinstance(values, Record) else None
        self._values = values.fields if isinstance(values, Record) else values
        self._known: dict[str, None] = {}
        self._defaults: dict[str, Any] = {}
        self._unused: dict[str, None] = {}
        self._inner: list[Fields] = []

    def error(self, name: str, text: str) -> CheckpointError:
        """Return the error about a field: raise it."""
        full = self._full(name)
        return CheckpointError(self.file, full, f"field {quoted(full)}: {text}")

    def names(self) -> list[str]:
        """Return the names of all fields, in their order."""
        return list(self._values)

    def has(self, name: str) -> bool:
        """Whether the field is there, null or not."""
        self._known[name] = None
        return name in self._values

    def value(self, name: str, default: Any = REQUIRED) -> Any:
        """Return a field as it is."""
        if self.has(name):
            return self._values[name]
        if default is REQUIRED:
            raise CheckpointError(
                self.file,
                self._full(name),
                f"the field {quoted(self._full(name))} is missing"
                + did_you_mean(name, self.unknown()),
            )
        self._defaults[name] = default
        return default

    def integer(
        self,
        name: str,
        default: Any = REQUIRED,
        least: int = 1,
        most: int = _LARGEST,
        null: bool = False,
    ) -> Any:
        """Return an integer from `least` to `most`."""
        value = self.value(name, default)
        if value is None and (null or default is None):
            return None
        self._check_integer(name, value, least, most)
        return value

    def number(
        self, name: str, default: Any = REQUIRED, least: float | None = None, null: bool = False
    ) -> Any:
        """Return a finite number as a float."""
        value = self.value(name, default)
        if value is None and (null or default is None):
            return None
        right = isinstance(value, int | float) and not isinstance(value, bool)
        if not right or not math.isfinite(value) or (least is not None and value < least):
            bound = "" if least is None else f" of at least {least:g}"
            raise self.error(name, f"expected a number{bound}, but got {shown(value)}")
        return float(value)

    def boolean(self, name: str, default: Any = REQUIRED) -> bool:
        """Return a boolean."""
        value = self.value(name, default)
        if not isinstance(value, bool):
            raise self.error(name, f"expected true or false, but got {shown(value)}")
        return value

    def string(
        self,
        name: str,
        default: Any = REQUIRED,
        one_of: Sequence[str] | None = None,
        null: bool = False,
    ) -> Any:
        """Return a string, one of a list if there is one."""
        value = self.value(name, default)
        if value is None and (null or default is None):
            return None
        if not isinstance(value, str):
            raise self.error(name, f"expected a string, but got {shown(value)}")
        if one_of is not None and value not in one_of:
            wanted = "one of " * (len(one_of) > 1) + listed(one_of)
            raise self.error(
                name, f"expected {wanted}, but got {shown(value)}{did_you_mean(value, one_of)}"
            )
        return value

    def integers(
        self, name: str, default: Any = REQUIRED, length: int | None = None, least: int = 1
    ) -> tuple[int, ...]:
        """Return a list of integers of at least `least`, so many if `length` is given."""
        value = self.value(name, default)
        if not isinstance(value, list | tuple) or (length is not None and len(value) != length):
            count = "" if length is None else f"{length} "
            raise self.error(name, f"expected a list of {count}integers, but got {shown(value)}")
        for item in value:
            self._check_integer(name, item, least, _LARGEST)
        return tuple(value)

    def record(self, name: str, default: Any = REQUIRED) -> Fields:
        """Return the fields of an object in this one."""
        value = self.value(name, default)
        if isinstance(value, Fields):
            return value
        right = isinstance(value, Record) or (
            isinstance(value, Mapping) and all(isinstance(each, str) for each in value)
        )
        if not right:
            raise self.error(name, f"expected an object, but got {shown(value)}")
        inner = Fields(value, self.file, self._full(name))
        self._inner.append(inner)
        return inner

    def without_effect(self, *names: str) -> None:
        """Mark fields as known that change no result."""
        self._known.update(dict.fromkeys(names))
        self._unused.update(dict.fromkeys(names))

    def remarks(self) -> list[str]:
        """Say which fields have no effect, and which have their defaults as they are not there."""
        lines = [
            f"{self.file}: field {quoted(self._full(name))} has no effect"
            for name in self._unused
            if name in self._values
        ]
        lines += [
            f"{self.file}: field {quoted(self._full(name))} is missing: {shown(default)}"
            for name, default in self._defaults.items()
            if not isinstance(default, dict)
        ]
        return lines + [line for inner in self._inner for line in inner.remarks()]

    def unknown(self) -> list[str]:
        """Return the fields that were not asked for, in their order."""
        return [name for name in self._values if name not in self._known]

    def refuse_unknown(self, kind: str = "field") -> None:
        """Refuse fields that were not asked for, with the nearest one of those that were."""
        for name in self.unknown():
            others = self._known
            hint = did_you_mean(str(name), others) or f"; expected one of {listed(others)}"
            full = self._full(name)
            raise CheckpointError(self.file, full, f"unknown {kind} {quoted(full)}{hint}")

    def _full(self, name: object) -> str:
        return f"{self.path}.{name}" if self.path else str(name)

    def _check_integer(self, name: str, value: Any, least: int, most: int) -> None:
        right = isinstance(value, int) and not isinstance(value, bool)
        if right and least <= value <= most:
            return
        bound = (
            f"an integer of at least {least}"
            if most == _LARGEST
            else (f"an integer from {least} to {most}")
        )
        if right and value > most == _LARGEST:
            bound = f"an integer of at most {most}"
        raise self.error(name, f"expected {bound}, but got {shown(value)}")
