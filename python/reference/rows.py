"""What visits row by row: concatenation of channels, grids as rows, means."""

from collections.abc import Sequence

import numpy as np


def concat_channels(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """Return the arrays [..., N, C_i] behind each other, [..., N, sum of C_i]; one without batch is
    broadcast over it.

    Perceiver (arXiv 2103.03206), section 3.2: inputs and their positions.
    """
    rows = np.broadcast_shapes(*(np.shape(array)[:-1] for array in arrays))
    parts = [np.broadcast_to(array, (*rows, np.shape(array)[-1])) for array in arrays]
    return np.concatenate(parts, axis=-1)


def channels_last(grid: np.ndarray) -> np.ndarray:
    """Return the points of a grid [B, C, sizes...] as rows [B, points, C], row-major."""
    grid = np.asarray(grid)
    return grid.reshape(*grid.shape[:2], -1).swapaxes(1, 2)


def mean_rows(x: np.ndarray) -> np.ndarray:
    """Return the mean row [B, 1, C] of x [B, N, C].

    Perceiver (arXiv 2103.03206), section 3.1.
    """
    return np.asarray(x, np.float64).mean(axis=1, keepdims=True)
