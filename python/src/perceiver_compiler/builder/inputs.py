"""From what the caller has to rows (dialect/Model/InputOps.td)."""

from __future__ import annotations

import numpy as np

from .. import formulas as r
from .function import Environment, Function
from .types import Size, Type, Value, multiply_sizes


def embedding(
    function: Function, ids: Value, table: str, positions: str | None, channels: int
) -> Value:
    """Append an embedding."""
    type_ = Type((*ids.shape, channels))
    places = f" positions @{positions}" if positions else ""
    text = f"perceiver.embedding {ids.name} table @{table}{places} : {ids.type} -> {type_}"

    def compute(env: Environment) -> np.ndarray:
        rows = r.embedding(env.parameter(table), env[ids])
        return rows + env.parameter(positions)[: rows.shape[-2]] if positions else rows

    return function.add(type_, text, compute)


def take_rows(function: Function, rows: Value, points: Value) -> Value:
    """Append a take_rows: of [B, N, C] or [N, C] the rows with the numbers `points` [P]."""
    type_ = Type((*rows.shape[:-2], points.shape[0], rows.shape[-1]))
    text = f"perceiver.take_rows {rows.name} at {points.name}"
    return function.add(
        type_,
        f"{text} : {rows.type}, {points.type} -> {type_}",
        lambda env: r.take_rows(env[rows], env[points]),
    )


def concat(function: Function, inputs: list[Value]) -> Value:
    """Append a concat of channels; an input may lack the batch, or be a vector [C]."""
    widest = max((value.shape for value in inputs), key=len)
    type_ = Type((*widest[:-1], sum(value.shape[-1] for value in inputs)))
    names = ", ".join(value.name for value in inputs)
    types = ", ".join(str(value.type) for value in inputs)

    return function.add(
        type_,
        f"perceiver.concat {names} : ({types}) -> {type_}",
        lambda env: r.concat_channels([env[value] for value in inputs]),
    )


def broadcast(function: Function, rows: Value, batch: Size) -> Value:
    """Append a broadcast: rows [N, C] for each entry of a batch."""
    type_ = Type((batch, *rows.shape))
    text = f"perceiver.broadcast {rows.name} batch {function.index(batch)}"
    return function.add(
        type_,
        f"{text} : {rows.type} -> {type_}",
        lambda env: np.broadcast_to(env[rows], env.shape(type_)).copy(),
    )


def to_channels_last(function: Function, grid: Value) -> Value:
    """Append a to_channels_last."""
    batch, channels, *points = grid.shape
    type_ = Type((batch, multiply_sizes(points), channels))
    text = f"perceiver.to_channels_last {grid.name} : {grid.type} -> {type_}"
    return function.add(type_, text, lambda env: r.channels_last(env[grid]))
