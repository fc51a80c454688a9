"""Point clouds as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perceiver_compiler import builder as ops
from perceiver_compiler.builder import Function

from .graph import Graph, Rows, argument
from .positions import fourier


@dataclass(frozen=True)
class Cloud:
    """The coordinates of each point, and their Fourier features."""

    points: int = 2048
    bands: int = 64
    resolution: int = 2240

    @property
    def sizes(self) -> Mapping[str, int]:
        return {"points": self.points}

    def add_rows(self, graph: Graph, function: Function) -> Rows:
        """Append the argument `coordinates` [batch, points, 3]."""
        cloud = argument(function, "coordinates", ("points", 3))
        features = fourier(None, self.bands, (self.resolution,) * 3)
        rows = Rows(function.let("x", ops.fourier_of_coordinates(function, features, cloud)))
        graph.stages += [
            "coordinates [batch, points, 3], of which the cube from -1 to 1 holds all",
            f"-> rows of {rows.channels} channels: coordinates and their Fourier features",
        ]
        return rows

    def flops(self) -> int:
        return 0
