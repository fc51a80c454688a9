"""What the compiler makes of weights before it stores them."""

import numpy as np


def scale_rows(matrix: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Return diag(factors) times the matrix: [K, N] and [K] -> [K, N].

    What remains of the gain of a normalisation in the weight of the layer behind it.
    """
    return np.asarray(factors, np.float64)[:, None] * np.asarray(matrix, np.float64)


def pad_weight(weight: np.ndarray, groups: list[int], shape: list[int]) -> np.ndarray:
    """Return the weight in an array of `shape` whose rest is zeros: dimension i is groups[i] groups
    of equal size, each of which is padded apart.
    """
    weight = np.asarray(weight)
    parts = [(g, n // g) for g, n in zip(groups, weight.shape, strict=True)]
    padding = [(0, n // g - m) for (g, m), n in zip(parts, shape, strict=True)]
    split = weight.reshape([size for part in parts for size in part])
    return np.pad(split, [pair for pad in padding for pair in ((0, 0), pad)]).reshape(shape)


def pack_panels(matrix: np.ndarray, columns: int, lanes: int, gated: bool = False) -> np.ndarray:
    """Return [..., N] as panels [P, ..., lanes] of so many columns, filled up with zeros; gated
    panels hold columns of both halves.

    Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication (ACM TOMS 34, 2008).
    """
    matrix = np.asarray(matrix)
    if gated:
        halves = np.split(matrix, 2, axis=-1)
        return np.concatenate([pack_panels(h, columns, lanes // 2) for h in halves], axis=-1)
    count = -(-matrix.shape[-1] // columns)
    panels = np.zeros((count, *matrix.shape[:-1], lanes), matrix.dtype)
    for panel in range(count):
        part = matrix[..., panel * columns : (panel + 1) * columns]
        panels[panel, ..., : part.shape[-1]] = part
    return panels
