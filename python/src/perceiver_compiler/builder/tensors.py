"""Shapes, slices and calls: what needs no operation of the models' dialect."""

from __future__ import annotations

import numpy as np

from .function import Environment, Function, Statement
from .types import Size, Type, Value, evaluate_size, multiply_sizes


def collapse(function: Function, value: Value, groups: list[list[int]]) -> Value:
    """Append a tensor.collapse_shape."""
    shape = []
    for group in groups:
        sizes = [value.shape[dimension] for dimension in group]
        shape.append(multiply_sizes(size for size in sizes if size != 1))
    type_ = Type(tuple(shape), value.type.element)
    text = f"tensor.collapse_shape {value.name} {groups} : {value.type} into {type_}"

    def compute(env: Environment) -> np.ndarray:
        array = env[value]
        return array.reshape([int(np.prod([array.shape[d] for d in group])) for group in groups])

    return function.add(type_, text, compute)


def split(
    function: Function, value: Value, shape: tuple[Size, ...], groups: list[list[int]]
) -> Value:
    """Append a tensor.expand_shape to `shape`; dimension i becomes those of groups[i]."""
    type_ = Type(shape, value.type.element)
    sizes = ", ".join(function.size(size) for size in shape)
    text = (
        f"tensor.expand_shape {value.name} {groups} output_shape [{sizes}] "
        f": {value.type} into {type_}"
    )
    return function.add(type_, text, lambda env: env[value].reshape(env.shape(type_)))


def expand(function: Function, value: Value, shape: tuple[Size, ...]) -> Value:
    """Append a tensor.expand_shape of [B, C] to [B, *shape]."""
    groups = [[0], list(range(1, len(shape) + 1))]
    return split(function, value, (value.shape[0], *shape), groups)


def slice_rows(function: Function, value: Value, first: int, count: Size) -> Value:
    """Append a tensor.extract_slice of rows [N, C] or [B, N, C]."""
    return slice_of(function, value, len(value.shape) - 2, first, count)


def slice_of(function: Function, value: Value, dimension: int, first: Size, count: Size) -> Value:
    """Append a tensor.extract_slice along one dimension."""
    shape = list(value.shape)
    shape[dimension] = count
    offsets = ["0"] * len(shape)
    offsets[dimension] = function.size(first)
    sizes = ", ".join(function.size(size) for size in shape)
    strides = ", ".join("1" for _ in shape)
    type_ = Type(tuple(shape), value.type.element)
    text = (
        f"tensor.extract_slice {value.name}[{', '.join(offsets)}] [{sizes}] [{strides}] "
        f": {value.type} to {type_}"
    )

    def compute(env: Environment) -> np.ndarray:
        start, length = (evaluate_size(size, env.sizes) for size in (first, count))
        taken = [slice(None)] * len(shape)
        taken[dimension] = slice(start, start + length)
        return env[value][tuple(taken)]

    return function.add(type_, text, compute)


def call(function: Function, callee: Function, operands: list[Value]) -> list[Value]:
    """Append a call of a function that has one result or several. The sizes of its results have
    the names that they have there.
    """
    results = [function.make_value(result.value.type) for result in callee.results]
    names = ", ".join(value.name for value in results)
    types = ", ".join(str(value.type) for value in operands)
    result_types = ", ".join(str(value.type) for value in results)
    result_types = f"({result_types})" if len(results) != 1 else result_types
    text = (
        f"{names} = call @{callee.name}({', '.join(value.name for value in operands)})"
        f" : ({types}) -> {result_types}"
    )

    def execute(env: Environment) -> None:
        arrays = callee.run(env, [env[value] for value in operands])
        env.arrays.update((value.name, array) for value, array in zip(results, arrays))

    function.body.append(Statement(text, execute))
    return results
