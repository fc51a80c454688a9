"""Token embedding and the logits that share its table."""

import numpy as np


def embedding(table: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Return rows of table [V, C] for integer ids [...]: [..., C]. IndexError if out of range."""
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise IndexError(f"expected integer ids, but got {ids.dtype}")
    if ids.size and (ids.min() < 0 or ids.max() >= len(table)):
        raise IndexError(f"expected ids in 0..{len(table) - 1}, but got {ids.min()}..{ids.max()}")
    return np.asarray(table, np.float64)[ids]


def tied_logits(x: np.ndarray, table: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Return x [..., C] times the transpose of the embedding table [V, C], plus bias [V]: [...,
    V].

    Perceiver IO (arXiv 2107.14795), appendix on language: the embedding is reused to predict
    tokens.
    """
    return np.asarray(x, np.float64) @ np.asarray(table, np.float64).T + bias
