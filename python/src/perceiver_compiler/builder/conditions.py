"""What must hold of the sizes of a run (dialect/Model/ConditionOps.td)."""

from __future__ import annotations

from .function import Environment, Function, Statement
from .text import quote
from .types import Size, evaluate_size


def require(function: Function, left: Size, relation: str, right: Size, sentence: str) -> None:
    """Append a require: `left` is `<=`, `=` or `multiple_of` `right`, else the sentence is said."""
    operands = [function.index(size) for size in (left, right)]

    def execute(env: Environment) -> None:
        a, b = (evaluate_size(size, env.sizes) for size in (left, right))
        if not {"<=": a <= b, "=": a == b, "multiple_of": a % b == 0}[relation]:
            raise ValueError(f"{sentence}, but got {a}")

    text = f"perceiver.require {operands[0]} {relation} {operands[1]}, {quote(sentence)}"
    function.body.append(Statement(text, execute))
