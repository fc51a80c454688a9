"""What only moves elements (dialect/Model/LayoutOps.td)."""

from __future__ import annotations

from .. import formulas as r
from .function import Function
from .types import Type, Value, add_sizes


def concat_rows(function: Function, inputs: list[Value]) -> Value:
    """Append a concat_rows of [B, N, C] or [N, C]; an input may lack the batch."""
    *outer, _, channels = max((value.shape for value in inputs), key=len)
    type_ = Type((*outer, add_sizes(value.shape[-2] for value in inputs), channels))
    names = ", ".join(value.name for value in inputs)
    types = ", ".join(str(value.type) for value in inputs)
    return function.add(
        type_,
        f"perceiver.concat_rows {names} : ({types}) -> {type_}",
        lambda env: r.concat_rows([env[value] for value in inputs]),
    )


def transpose(function: Function, value: Value, permutation: tuple[int, ...]) -> Value:
    """Append a transpose: dimension i of the result is dimension permutation[i] of the value."""
    shape = tuple(value.shape[dimension] for dimension in permutation)
    type_ = Type(shape, value.type.element)
    numbers = ", ".join(map(str, permutation))
    text = f"perceiver.transpose {value.name} permutation = [{numbers}] : {value.type} -> {type_}"
    return function.add(type_, text, lambda env: env[value].transpose(permutation))
