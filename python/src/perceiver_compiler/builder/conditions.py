"""What must hold of the sizes of a run (dialect/Model/ConditionOps.td)."""

from __future__ import annotations

from collections.abc import Mapping

from .function import Environment, Function, Statement
from .text import quote
from .types import Size, evaluate_size


def require(function: Function, left: Size, relation: str, right: Size, sentence: str) -> None:
    """Append a require: `left` is `<=`, `=` or `multiple_of` `right`, else the sentence is said."""
    operands = [function.index(size) for size in (left, right)]

    def execute(env: Environment) -> None:
        if not compare_sizes(left, relation, right, env.sizes):
            raise ValueError(f"{sentence}, but got {evaluate_size(left, env.sizes)}")

    text = f"perceiver.require {operands[0]} {relation} {operands[1]}, {quote(sentence)}"
    function.body.append(Statement(text, execute))


def compare_sizes(left: Size, relation: str, right: Size, sizes: Mapping[str, int]) -> bool:
    """Whether `left` is `<=`, `=` or `multiple_of` `right` for sizes of these names."""
    a, b = (evaluate_size(size, sizes) for size in (left, right))
    if relation == "multiple_of":
        return a % b == 0
    return {"<=": a <= b, "=": a == b}[relation]
