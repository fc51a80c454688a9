"""Types of values, and sizes that the caller chooses."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

#: A number, the name of a size that the caller chooses, or an expression of such names:
#: "audio_points * 16", "samples / 16" (floor).
Size = int | str

DTYPES = {
    "f32": np.float32,
    "f64": np.float64,
    "f16": np.float16,
    "bf16": np.float32,  # NumPy has no shorter one of that range
    "i64": np.int64,
    "i32": np.int32,
    "i16": np.int16,
    "i8": np.int8,
    "ui8": np.uint8,
    "i1": np.bool_,
    "index": np.int64,
}

_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.floordiv,
}


@dataclass(frozen=True)
class Type:
    """A tensor type: sizes and the name of the elements; or `index`, a single number."""

    shape: tuple[Size, ...]
    element: str = "f32"

    def __str__(self) -> str:
        if self.element == "index":
            return "index"
        sizes = (str(size) if isinstance(size, int) else "?" for size in self.shape)
        return f"tensor<{'x'.join([*sizes, self.element])}>"

    @property
    def names(self) -> list[str]:
        """The names of the dynamic sizes, in order."""
        return [size for size in self.shape if isinstance(size, str)]

    def sizes(self, bound: Mapping[str, int]) -> tuple[int, ...]:
        """Return the shape with every name replaced by its number."""
        return tuple(evaluate_size(size, bound) for size in self.shape)


INDEX = Type((), "index")


@dataclass(frozen=True)
class Value:
    """A tensor of a function, or an index: its name, `%x`, and its type."""

    name: str
    type: Type

    @property
    def shape(self) -> tuple[Size, ...]:
        """The sizes of its type."""
        return self.type.shape


def multiply_sizes(sizes: Iterable[Size]) -> Size:
    """Return the product: a number if all are, else an expression."""
    number, names = 1, []
    for size in sizes:
        if isinstance(size, int):
            number *= size
        else:
            names.append(f"({size})" if any(each in size for each in "+-/") else size)
    if not names:
        return number
    return " * ".join(names if number == 1 else [*names, str(number)])


def add_sizes(sizes: Iterable[Size]) -> Size:
    """Return the sum: a number if all are, else an expression."""
    number, names = 0, []
    for size in sizes:
        if isinstance(size, int):
            number += size
        else:
            name, more = _split_constant(size)
            names.append(name)
            number += more
    if not names:
        return number
    text = " + ".join(names)
    return text if number == 0 else f"{text} {'+' if number > 0 else '-'} {abs(number)}"


def _split_constant(size: str) -> tuple[str, int]:
    """The parts of "x + 1": "x" and 1."""
    found = re.fullmatch(r"(.*) ([+-]) (\d+)", size)
    if found is None or found[1].count("(") != found[1].count(")"):
        return size, 0
    return found[1], int(found[3]) if found[2] == "+" else -int(found[3])


def divide_size(size: Size, divisor: int) -> Size:
    """Return the quotient, rounded down: a number if the size is one, else an expression."""
    if divisor == 1:
        return size
    if isinstance(size, int):
        return size // divisor
    return f"{size} / {divisor}" if size.isidentifier() else f"({size}) / {divisor}"


def evaluate_size(size: Size, bound: Mapping[str, int]) -> int:
    """Return the number that a size is, given those of its names. KeyError for an unknown name."""
    if isinstance(size, int):
        return size
    return bound[size] if size in bound else _evaluate(parse_size(size), bound)


def parse_size(size: str) -> ast.expr:
    """Return the syntax tree of an expression. ValueError if it is none."""
    try:
        return ast.parse(size, mode="eval").body
    except SyntaxError:
        raise ValueError(f"expected an expression of sizes, but got {size!r}") from None


def _evaluate(node: ast.expr, bound: Mapping[str, int]) -> int:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _evaluate(node.left, bound), _evaluate(node.right, bound)
        return _OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.Name):
        return bound[node.id]
    raise ValueError(f"expected a size, but got {ast.unparse(node)!r}")
