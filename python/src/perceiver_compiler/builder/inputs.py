"""From what the caller has to rows (dialect/Model/InputOps.td)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import formulas as r
from .function import Environment, Function
from .text import number
from .types import Size, Type, Value, add_sizes, multiply_sizes


@dataclass(frozen=True)
class Fourier:
    """Fourier features: of a grid, whose sizes may be dynamic, or of coordinates with as many axes
    as there are resolutions.
    """

    grid: tuple[Size, ...] | None
    bands: int
    resolution: tuple[float, ...]
    layout: str = "dm"
    recipe: str = "torch_f32"
    spacing: str = "inclusive"
    terms: tuple[str, ...] = ("raw", "sin", "cos")

    @property
    def channels(self) -> int:
        """How many features a point has."""
        waves = sum(term != "raw" for term in self.terms)
        return len(self.resolution) * (waves * self.bands + ("raw" in self.terms))

    def __str__(self) -> str:
        numbers = ", ".join(
            str(int(value)) if value == int(value) else number(value) for value in self.resolution
        )
        grid = ""
        if self.grid is not None:
            sizes = (str(size) if isinstance(size, int) else "?" for size in self.grid)
            grid = f"grid = [{', '.join(sizes)}] "
        attributes = []
        if self.recipe != "torch_f32":
            attributes.append(f"recipe = #perceiver.fourier_recipe<{self.recipe}>")
        if self.spacing != "inclusive":
            attributes.append(f"spacing = #perceiver.spacing<{self.spacing}>")
        if self.terms != ("raw", "sin", "cos"):
            attributes.append(f"terms = #perceiver.terms<{', '.join(self.terms)}>")
        braces = f" {{{', '.join(attributes)}}}" if attributes else ""
        return (
            f"{grid}bands = {self.bands} max_resolution = [{numbers}] "
            f"layout = {self.layout}{braces}"
        )

    def features(self, positions: np.ndarray) -> np.ndarray:
        """The features [P, channels] of positions [P, d]."""
        return r.fourier_features(
            positions,
            self.bands,
            self.resolution,
            concat_pos="raw" in self.terms,
            sine_only="cos" not in self.terms,
            recipe=self.recipe,
            layout=self.layout,
        )

    def at(self, points: np.ndarray, grid: tuple[int, ...]) -> np.ndarray:
        """The features [P, channels] of the points of these row-major numbers."""
        return self.features(r.point_positions(points, grid, self.recipe, self.spacing))


def _grid_sizes(function: Function, fourier: Fourier) -> str:
    names = [function.size(size) for size in fourier.grid or () if isinstance(size, str)]
    return f"sizes({', '.join(names)}) " if names else ""


def fourier_positions(function: Function, fourier: Fourier) -> Value:
    """Append the features of all points of a grid, [points, channels]."""
    type_ = Type((multiply_sizes(fourier.grid), fourier.channels))
    text = f"perceiver.fourier_positions {_grid_sizes(function, fourier)}{fourier} : {type_}"

    def compute(env: Environment) -> np.ndarray:
        grid = env.shape(Type(fourier.grid))
        return fourier.at(np.arange(np.prod(grid, dtype=np.int64)), grid)

    return function.add(type_, text, compute)


def fourier_at_points(function: Function, fourier: Fourier, points: Value) -> Value:
    """Append the features of the grid's points with the numbers `points` [P], [P, channels]."""
    type_ = Type((points.shape[0], fourier.channels))
    sizes = _grid_sizes(function, fourier)
    text = f"perceiver.fourier_positions points({points.name} : {points.type}) {sizes}{fourier}"
    return function.add(
        type_,
        f"{text} : {type_}",
        lambda env: fourier.at(env[points], env.shape(Type(fourier.grid))),
    )


def fourier_at_range(function: Function, fourier: Fourier, first: Value, count: Value) -> Value:
    """Append the features of `count` points of the grid from number `first`, [count, channels]."""
    type_ = Type((count.name[1:], fourier.channels))
    sizes = _grid_sizes(function, fourier)
    text = f"perceiver.fourier_positions range({first.name}, {count.name}) {sizes}{fourier}"

    def compute(env: Environment) -> np.ndarray:
        points = int(env[first]) + np.arange(int(env[count]))
        return fourier.at(points, env.shape(Type(fourier.grid)))

    return function.add(type_, f"{text} : {type_}", compute)


def fourier_of_coordinates(function: Function, fourier: Fourier, points: Value) -> Value:
    """Append the features of coordinates [B, P, d] that the caller has, [B, P, channels]."""
    type_ = Type((*points.shape[:-1], fourier.channels))
    text = f"perceiver.fourier_positions coordinates({points.name} : {points.type}) {fourier}"

    def compute(env: Environment) -> np.ndarray:
        array = np.asarray(env[points], np.float64)
        features = fourier.features(array.reshape(-1, array.shape[-1]))
        return features.reshape(*array.shape[:-1], -1)

    return function.add(type_, f"{text} : {type_}", compute)


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


def take_rows(function: Function, rows: Value, points: Value) -> Value:
    """Append a take_rows: of [B, N, C] the rows with the numbers `points` [P], [B, P, C]."""
    type_ = Type((rows.shape[0], points.shape[0], rows.shape[2]))
    text = f"perceiver.take_rows {rows.name} at {points.name}"
    return function.add(
        type_,
        f"{text} : {rows.type}, {points.type} -> {type_}",
        lambda env: env[rows][:, env[points]],
    )


def to_channels_last(function: Function, grid: Value) -> Value:
    """Append a to_channels_last."""
    batch, channels, *points = grid.shape
    type_ = Type((batch, multiply_sizes(points), channels))
    text = f"perceiver.to_channels_last {grid.name} : {grid.type} -> {type_}"
    return function.add(type_, text, lambda env: r.channels_last(env[grid]))


def transpose(function: Function, value: Value, permutation: tuple[int, ...]) -> Value:
    """Append a transpose: dimension i of the result is dimension permutation[i] of the value."""
    shape = tuple(value.shape[dimension] for dimension in permutation)
    type_ = Type(shape, value.type.element)
    numbers = ", ".join(map(str, permutation))
    text = f"perceiver.transpose {value.name} permutation = [{numbers}] : {value.type} -> {type_}"
    return function.add(type_, text, lambda env: env[value].transpose(permutation))


def to_mask(function: Function, value: Value, inverted: bool = False) -> Value:
    """Append a to_mask: (value != 0) xor inverted."""
    type_ = Type(value.shape, "i1")
    attribute = " {inverted}" if inverted else ""
    text = f"perceiver.to_mask {value.name}{attribute} : {value.type} -> {type_}"
    return function.add(type_, text, lambda env: r.to_mask(env[value], inverted))
