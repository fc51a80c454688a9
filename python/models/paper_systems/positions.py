"""Rows with their Fourier positions (arXiv 2103.03206, section 3.2)."""

from __future__ import annotations

from collections.abc import Sequence

from perceiver_compiler import builder as ops
from perceiver_compiler.builder import Fourier, Function, Size, Value

from .graph import RECIPE


def fourier(grid: Sequence[Size] | None, bands: int, resolution: Sequence[int]) -> Fourier:
    """Return the features of a grid, or of coordinates, in DeepMind's layout.

    Bands end at half the resolution of their axis, whatever the sizes of the grid are.
    """
    sizes = None if grid is None else tuple(grid)
    return Fourier(sizes, bands, tuple(map(float, resolution)), recipe=RECIPE)


def append_positions(function: Function, features: Value, positions: Fourier) -> Value:
    """Append features [B, M, C], each row with the position of its point in the grid."""
    table = function.let("positions", ops.fourier_positions(function, positions))
    return function.let("x", ops.concat(function, [features, table]))
