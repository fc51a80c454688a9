"""What visits row by row: concatenation of channels and of rows, grids as rows, rows by their
numbers, means.
"""

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


def concat_rows(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """Return the arrays [B, N_i, C] or [N_i, C] below each other, [.., sum of N_i, C]; one without
    batch is broadcast over it.

    Perceiver IO (arXiv 2107.14795), appendix on multimodal autoencoding.
    """
    outer = np.broadcast_shapes(*(np.shape(array)[:-2] for array in arrays))
    parts = [np.broadcast_to(array, (*outer, *np.shape(array)[-2:])) for array in arrays]
    return np.concatenate(parts, axis=-2)


def channels_last(grid: np.ndarray) -> np.ndarray:
    """Return the points of a grid [B, C, sizes...] as rows [B, points, C], row-major."""
    grid = np.asarray(grid)
    return grid.reshape(*grid.shape[:2], -1).swapaxes(1, 2)


def take_rows(x: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return the rows of x [.., N, C] with the numbers `points` [P], [.., P, C]; one outside
    counts as the nearest row.
    """
    x, points = np.asarray(x), np.asarray(points)
    return x[..., np.clip(points, 0, x.shape[-2] - 1), :]


def mean_rows(x: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
    """Return the mean row [B, 1, C] of x [B, N, C]; with a mask [B, N] of the rows where it is
    true, 0 if there are none, whatever the others hold.

    Perceiver (arXiv 2103.03206), section 3.1.
    """
    x = np.asarray(x, np.float64)
    if mask is None:
        return x.mean(axis=1, keepdims=True)
    mask = np.asarray(mask, bool)
    total = np.where(mask[:, :, None], x, 0.0).sum(axis=1, keepdims=True)
    return total / np.maximum(mask.sum(axis=1), 1)[:, None, None]
