"""How far results are from the reference's."""

import numpy as np


def relative_errors(actual: np.ndarray, expected: np.ndarray, least: float = 0.0) -> np.ndarray:
    """Return the relative L2 distance of each batch row [B]; both arrays [B, ...].

    A row that cancels to nearly nothing is compared as if its elements were as large as `least`.
    ValueError if the shapes differ.
    """
    if actual.shape != expected.shape:
        raise ValueError(f"expected shape {expected.shape}, but got {actual.shape}")
    expected = np.asarray(expected, np.float64).reshape(len(expected), -1)
    difference = np.asarray(actual, np.float64).reshape(expected.shape) - expected
    norm = np.maximum(np.linalg.norm(expected, axis=1), least * np.sqrt(expected.shape[1]))
    return np.linalg.norm(difference, axis=1) / norm
