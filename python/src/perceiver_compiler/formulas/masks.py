"""Which rows take part: masks from numbers, and rows that are replaced."""

import numpy as np


def to_mask(x: np.ndarray, inverted: bool = False) -> np.ndarray:
    """Return (x != 0) xor inverted, of the shape of x; NaN is not 0."""
    return (np.asarray(x) != 0) != inverted


def mask_rows(
    x: np.ndarray, mask: np.ndarray, value: float = 0.0, dimension: int = 1
) -> np.ndarray:
    """Return x [B, N, C] with `value` in the rows where a mask [B, N] is false; with dimension 2,
    x is [B, H, N].

    DeepMind's attention does so with queries that are masked, before its output layer.
    """
    mask = np.expand_dims(np.asarray(mask, bool), 3 - dimension)
    return np.where(mask, np.asarray(x, np.float64), value)
