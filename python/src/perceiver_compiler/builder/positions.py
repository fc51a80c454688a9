"""Where points are (dialect/Model/PositionOps.td)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .. import formulas as r
from .function import Environment, Function
from .text import number
from .types import Size, Type, Value, multiply_sizes


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


def _evaluated(fourier: Fourier, env: Environment) -> Fourier:
    return replace(fourier, recipe="exact") if env.exact_positions else fourier


def _grid_sizes(function: Function, fourier: Fourier) -> str:
    names = [function.size(size) for size in fourier.grid or () if isinstance(size, str)]
    return f"sizes({', '.join(names)}) " if names else ""


def fourier_positions(function: Function, fourier: Fourier) -> Value:
    """Append the features of all points of a grid, [points, channels]."""
    type_ = Type((multiply_sizes(fourier.grid), fourier.channels))
    text = f"perceiver.fourier_positions {_grid_sizes(function, fourier)}{fourier} : {type_}"

    def compute(env: Environment) -> np.ndarray:
        grid = env.shape(Type(fourier.grid))
        points = np.arange(np.prod(grid, dtype=np.int64))
        return _evaluated(fourier, env).at(points, grid)

    return function.add(type_, text, compute)


def fourier_at_points(function: Function, fourier: Fourier, points: Value) -> Value:
    """Append the features of the grid's points with the numbers `points` [P], [P, channels]."""
    type_ = Type((points.shape[0], fourier.channels))
    sizes = _grid_sizes(function, fourier)
    text = f"perceiver.fourier_positions points({points.name} : {points.type}) {sizes}{fourier}"
    return function.add(
        type_,
        f"{text} : {type_}",
        lambda env: _evaluated(fourier, env).at(env[points], env.shape(Type(fourier.grid))),
    )


def fourier_at_range(function: Function, fourier: Fourier, first: Value, count: Value) -> Value:
    """Append the features of `count` points of the grid from number `first`, [count, channels]."""
    type_ = Type((count.name[1:], fourier.channels))
    sizes = _grid_sizes(function, fourier)
    text = f"perceiver.fourier_positions range({first.name}, {count.name}) {sizes}{fourier}"

    def compute(env: Environment) -> np.ndarray:
        points = int(env[first]) + np.arange(int(env[count]))
        return _evaluated(fourier, env).at(points, env.shape(Type(fourier.grid)))

    return function.add(type_, f"{text} : {type_}", compute)


def fourier_of_coordinates(function: Function, fourier: Fourier, points: Value) -> Value:
    """Append the features of coordinates [B, P, d] that the caller has, [B, P, channels]."""
    type_ = Type((*points.shape[:-1], fourier.channels))
    text = f"perceiver.fourier_positions coordinates({points.name} : {points.type}) {fourier}"

    def compute(env: Environment) -> np.ndarray:
        array = np.asarray(env[points], np.float64)
        features = _evaluated(fourier, env).features(array.reshape(-1, array.shape[-1]))
        return features.reshape(*array.shape[:-1], -1)

    return function.add(type_, f"{text} : {type_}", compute)
