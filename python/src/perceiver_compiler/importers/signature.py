"""The arguments of a model's `run`: their names, their sizes, and what the caller fixed of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..builder import INDEX, Function, Size, Type, Value, require
from ..checkpoint import CheckpointError, did_you_mean, listed, quoted, shown

#: The sizes of an input as the caller gives them: numbers, None for what may be any, and perhaps
#: the type of the elements; None for an optional input that is left out.
GivenShape = tuple | None

#: The types that a mask may have.
MASK_TYPES = ("i1", "i8", "u8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64")

#: A size: a number, a name, or what is computed from those of names.
SizeRule = Size | Callable[["Signature"], Size]


def parse_shape(text: str, file: Path | str) -> tuple[str, GivenShape]:
    """Return name and sizes of INPUT=SIZES: `inputs=?x3x224`, `mask=?x?xf32`, `mask=none`."""
    name, equals, sizes = text.partition("=")
    if not equals or not name:
        raise CheckpointError(file, text, f"expected INPUT=SIZES, but got {quoted(text)}")
    if sizes == "none":
        return name, None
    parts: list[int | str | None] = []
    pieces = sizes.split("x")
    for index, piece in enumerate(pieces):
        if piece == "?":
            parts.append(None)
        elif piece.isascii() and piece.isdigit() and 0 < int(piece[:12]) < 2**31:
            parts.append(int(piece))
        elif piece in MASK_TYPES and index == len(pieces) - 1 and index > 0:
            parts.append(piece)
        else:
            raise CheckpointError(
                file,
                name,
                f"input {quoted(name)}: expected sizes such as ?x3x224x224, or none, but got "
                f"{quoted(sizes)}",
            )
    return name, tuple(parts)


@dataclass
class Input:
    """An input of a model, as it is declared and then as it is resolved."""

    name: str
    shape: tuple[SizeRule, ...]
    element: str
    aliases: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None
    is_mask: bool = False
    is_optional: bool = False
    #: What all elements are of a mask that is left out.
    default: bool = True
    #: Exists only if the caller names it.
    is_named: bool = False
    #: What in the configuration fixes its numbers, as "train_size [368, 496]".
    rule: str = ""
    type: Type | None = None


@dataclass
class Signature:
    """The inputs of a model. First all are declared, then `resolve` fixes what the caller asked
    for; a size of one name is one number in all inputs.
    """

    given: Mapping[str, GivenShape]
    file: Path | str
    inputs: dict[str, Input] = field(default_factory=dict)
    #: Numbers of the model that sizes are computed with.
    constants: dict[str, int] = field(default_factory=dict)
    _fixed: dict[str, int] = field(default_factory=dict)

    def input(
        self,
        name: str,
        shape: Sequence[SizeRule],
        element: str = "f32",
        aliases: tuple[str, ...] = (),
        bounds: tuple[int, int] | None = None,
        is_optional: bool = False,
        rule: str = "",
    ) -> None:
        """Declare an array; `rule` says what in the configuration fixes its numbers."""
        declared = Input(name, tuple(shape), element, aliases, bounds, is_optional=is_optional)
        self._declare(replace(declared, rule=rule))

    def mask(
        self,
        name: str,
        shape: Sequence[SizeRule],
        element: str = "i64",
        aliases: tuple[str, ...] = (),
        is_named: bool = False,
        default: bool = True,
    ) -> None:
        """Declare a mask, which may be left out of a call, where it is `default` then; one that
        `is_named` exists only if the caller names it.
        """
        declared = Input(name, tuple(shape), element, aliases, is_mask=True, is_optional=True)
        self._declare(replace(declared, is_named=is_named, default=default))

    def _declare(self, declared: Input) -> None:
        self.inputs[declared.name] = declared

    def given_for(self, name: str) -> GivenShape | str:
        """What the caller gave for an input, by any of its names; "" if nothing."""
        names = [name, *self.inputs[name].aliases] if name in self.inputs else [name]
        found = [each for each in names if each in self.given]
        if len(found) > 1:
            raise CheckpointError(
                self.file, found[1], f"input {quoted(name)} has two names, and shapes for both"
            )
        return self.given[found[0]] if found else ""

    def resolve(self) -> Signature:
        """Fix the sizes that the caller gave, and return this. CheckpointError if they do not
        fit.
        """
        known = {name for each in self.inputs.values() for name in (each.name, *each.aliases)}
        for name in self.given:
            if name not in known:
                hint = did_you_mean(name, known) or f"; the inputs are {listed(sorted(known))}"
                raise CheckpointError(self.file, name, f"there is no input {quoted(name)}{hint}")
        for name, each in list(self.inputs.items()):
            given = self.given_for(name)
            if given is None and not each.is_optional:
                raise CheckpointError(
                    self.file, name, f"input {quoted(name)}: none is for inputs that are optional"
                )
            if given is None or (given == "" and each.is_named):
                del self.inputs[name]
            elif given != "":
                self._fix(each, given)
        for each in self.inputs.values():
            shape = tuple(self._resolved(size) for size in each.shape)
            self._check_rules(each, shape)
            each.type = Type(shape, each.element)
        return self

    def _fix(self, each: Input, given: Any) -> None:
        if not isinstance(given, tuple | list):
            raise self._error(each, f"expected a tuple of sizes, or None, but got {shown(given)}")
        if given and isinstance(given[-1], str):
            if not each.is_mask:
                raise self._error(each, "has the type that the model gives it; only masks have any")
            if given[-1] not in MASK_TYPES:
                raise self._error(
                    each, f"expected a type among {listed(MASK_TYPES)}, but got {quoted(given[-1])}"
                )
            # Of the others, MLIR's types do not say whether they have a sign.
            each.element, given = given[-1].replace("u8", "ui8"), given[:-1]
        if len(given) != len(each.shape):
            text = f"expected {len(each.shape)} sizes, but got {len(given)}"
            raise self._error(each, text + self._allowed(each))
        for size, number in zip(each.shape, given):
            if number is None or callable(size):
                continue
            if isinstance(number, bool) or not isinstance(number, int) or number < 1:
                raise self._error(each, f"expected sizes of at least 1, but got {shown(number)}")
            known = self._fixed.setdefault(size, number) if isinstance(size, str) else size
            if known != number:
                text = f"expected {known}, but got {number}"
                raise self._error(each, text + self._allowed(each))

    def _allowed(self, each: Input) -> str:
        """What may be given for an input, for the end of a message."""
        sizes = (self.size(size) if isinstance(size, str) else size for size in each.shape)
        pattern = "x".join(str(size) if isinstance(size, int) else "?" for size in sizes)
        return f"; {quoted(each.name)} is {pattern}" + (each.rule and f", by {each.rule}")

    def _check_rules(self, each: Input, shape: tuple[Size, ...]) -> None:
        """Numbers that were given for computed sizes have to be what is computed."""
        given = self.given_for(each.name)
        if not given:
            return
        for rule, size, number in zip(each.shape, shape, given):
            if callable(rule) and isinstance(number, int) and size != number:
                raise self._error(each, f"expected {size}, but got {number}")

    def _error(self, each: Input, text: str) -> CheckpointError:
        return CheckpointError(self.file, each.name, f"input {quoted(each.name)}: {text}")

    def _resolved(self, size: SizeRule) -> Size:
        if callable(size):
            return size(self)
        return self.size(size) if isinstance(size, str) else size

    def size(self, name: str) -> Size:
        """The number of a size if the caller fixed it, else its name."""
        return self._fixed.get(name, name)

    def has(self, name: str) -> bool:
        """Whether an input exists."""
        return name in self.inputs

    def argument(self, function: Function, name: str) -> Value:
        """Append an input to a function's arguments and return its value."""
        each = self.inputs[name]
        assert each.type is not None, "expected sizes that are resolved"
        return function.add_argument(
            name,
            each.type,
            aliases=each.aliases,
            bounds=each.bounds,
            optional=each.is_optional,
            default=each.default,
        )

    def describe(self) -> list[str]:
        """Lines that say which input has which sizes."""
        lines = []
        for each in self.inputs.values():
            assert each.type is not None
            sizes = ", ".join(map(str, each.type.shape))
            note = ", optional" if each.is_optional else ""
            lines.append(f"{each.name} [{sizes}] {each.type.element}{note}")
        return lines


def add_range(function: Function, most: int, what: str) -> tuple[Value, Value]:
    """Append the arguments `first` and `count` of a range, which ends within `most`."""
    first, count = (function.add_argument(name, INDEX) for name in ("first", "count"))
    require(function, 1, "<=", "count", "expected a count of at least 1")
    sentence = f"expected first + count of at most {most:,} {what}"
    require(function, "first + count", "<=", most, sentence)
    return first, count
