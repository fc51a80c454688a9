"""Positions of rows and queries: a table, or Fourier features, and perhaps a projection of them."""

from __future__ import annotations

from dataclasses import dataclass

from ... import builder as ops
from ...builder import Fourier, Function, Layer, Size, Type, Value, multiply_sizes
from ...checkpoint import CheckpointError
from .config import PositionConfig
from .graph import Graph
from .names import table_of

#: Of the arithmetic of Fourier tables: how DeepMind's code rounds them.
RECIPE = "jax_f32"


@dataclass(frozen=True)
class Positions:
    """Positions of the points of a grid. `scope` is where the module makes its submodules, `symbol`
    what the parameters are called here.
    """

    config: PositionConfig
    grid: tuple[Size, ...]
    scope: str
    symbol: str

    @property
    def channels(self) -> int:
        """The channels of a position."""
        return self.config.width(len(self.grid))

    @property
    def points(self) -> Size:
        """The number of points."""
        return multiply_sizes(self.grid)

    def check(self, graph: Graph) -> None:
        """Refuse a grid that the positions do not fit, or that has to be known."""
        config = self.config
        needs_numbers = config.kind == "trainable" or config.resolution is None
        if needs_numbers and not all(isinstance(size, int) for size in self.grid):
            raise CheckpointError(
                graph.signature.file,
                self.symbol,
                "expected numbers for the sizes of the grid, as --shape inputs=?x224x224x3 gives: "
                "its positions are a table, or bands up to the grid's own resolution",
            )
        if config.resolution is not None and len(config.resolution) != len(self.grid):
            raise CheckpointError(
                graph.checkpoint.origin,
                "max_resolution",
                f"field 'max_resolution': expected {len(self.grid)} numbers for the axes of the "
                f"grid, but got {len(config.resolution)}",
            )

    def fourier(self, spacing: str = "inclusive") -> Fourier:
        """The Fourier features before the projection."""
        config = self.config
        resolution = config.resolution or tuple(float(int(size)) for size in self.grid)
        terms = ("raw",) * config.has_raw + ("sin",) + ("cos",) * (not config.is_sine_only)
        return Fourier(
            self.grid, config.bands, resolution, recipe=RECIPE, spacing=spacing, terms=terms
        )

    def bind(self, graph: Graph) -> None:
        """Bind the table, if there is one, and the projection."""
        own = self.config.own_width(len(self.grid))
        if self.config.kind == "trainable":
            shape = (int(self.points), own)
            graph.weights.bind(f"{self.symbol}.table", shape, table_of(self.scope))
        if self.config.project:
            key = f"{self.scope}/position_encoding_projector/linear"
            graph.linear(f"{self.symbol}.projection", key, own, self.config.project)

    def all(self, function: Function) -> Value:
        """Append the positions of all points, [points, channels]."""
        if self.config.kind == "trainable":
            shape = (int(self.points), self.config.channels)
            table = ops.get_parameter(function, f"{self.symbol}.table", shape)
            return self._projected(function, function.let("table", table))
        return self._projected(function, ops.fourier_positions(function, self.fourier()))

    def at_points(self, function: Function, points: Value, spacing: str = "fraction") -> Value:
        """Append the positions of the points of these numbers."""
        if self.config.kind == "trainable":
            table = f"{self.symbol}.table"
            found = ops.embedding(function, points, table, None, self.config.channels)
        else:
            found = ops.fourier_at_points(function, self.fourier(spacing), points)
        return self._projected(function, found)

    def at_range(
        self, function: Function, first: Value, count: Value, spacing: str = "fraction"
    ) -> Value:
        """Append the positions of `count` points from number `first`."""
        return self._projected(
            function, ops.fourier_at_range(function, self.fourier(spacing), first, count)
        )

    def _projected(self, function: Function, positions: Value) -> Value:
        if not self.config.project:
            return function.let("positions", positions)
        layer = Layer(f"{self.symbol}.projection.weight", f"{self.symbol}.projection.bias")
        projected = ops.project(function, positions, layer, self.config.project)
        return function.let("positions", projected)


def add_points(function: Function, positions: Positions, name: str, size: Size) -> Value:
    """Append an argument of numbers of points."""
    points = int(positions.points)
    return function.add_argument(name, Type((size,), "i64"), bounds=(0, points))
