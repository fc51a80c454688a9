"""Attention to the points of a grid, which are made of features and of places on its axes."""

from collections.abc import Sequence

import numpy as np

from .attention_state import AttentionState, online_attention


def grid_statistics(
    features: np.ndarray,
    moments: Sequence[np.ndarray],
    *,
    channels: Sequence[int],
    epsilon: float = 1e-5,
) -> np.ndarray:
    """Return what layer normalisation multiplies each point with, [B, M]: one over the deviation
    of all its channels.

    features [B, M, F]; moments [2, length] of each axis: the mean of its `channels` channels at
    each place, and the sum of squares about it. Points are numbered row-major over the axes.

    Layer Normalization (arXiv 1607.06450).
    """
    features = np.asarray(features, np.float64)
    places = _places([table.shape[1] for table in moments])
    counts = [features.shape[-1], *channels]
    means = [features.mean(axis=-1)]
    square = features.shape[-1] * features.var(axis=-1)
    for (mean, about), place in zip(moments, places):
        means.append(mean[place])
        square = square + about[place]
    total = sum(counts)
    mean = sum(count * part for count, part in zip(counts, means)) / total
    square = square + sum(count * (part - mean) ** 2 for count, part in zip(counts, means))
    return 1 / np.sqrt(square / total + epsilon)


def grid_attention(
    query: np.ndarray,
    features: np.ndarray,
    factors: np.ndarray,
    *,
    grid: Sequence[int],
    heads: int,
    scale: float,
    mask: np.ndarray | None = None,
) -> AttentionState:
    """Return the state of query [B, Nq, H * (F + sum of grid)] after all points of the grid.

    Keys and values of each head are factors [B, M] times the features [B, M, F] and, for each
    axis, a 1 at the place of the point; mask is what `key_mask` returns.
    """
    features = np.asarray(features, np.float64)
    hot = [np.eye(length)[place] for length, place in zip(grid, _places(grid))]
    rows = np.concatenate(
        [features, *(np.broadcast_to(part, (len(features), *part.shape)) for part in hot)], axis=-1
    )
    keys = np.tile(rows * np.asarray(factors, np.float64)[..., None], heads)
    return online_attention(query, keys, keys, heads=heads, scale=scale, mask=mask)


def grid_query_attention(
    factors: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    *,
    grid: Sequence[int],
    heads: int,
    scale: float,
    features: np.ndarray | None = None,
    mask: np.ndarray | None = None,
    score_bias: np.ndarray | None = None,
    offset: int = 0,
) -> AttentionState:
    """Return the state of points of the grid, from `offset` on, after the keys [B, Nk, H * (F + sum
    of grid)] and values [B, Nk, H*dv].

    Their queries are, for each head, factors [B, N] or [N] times the features [B, N, F] and, for
    each axis, a 1 at the place of the point; mask is what `key_mask` returns, and score_bias
    [B, H, Nk] is added to the scores of a key.
    """
    factors = np.atleast_2d(np.asarray(factors, np.float64))
    batch, (_, points) = len(key), factors.shape
    hot = [np.eye(length)[place] for length, place in zip(grid, _places(grid))]
    parts = [] if features is None else [np.asarray(features, np.float64)]
    parts += [
        np.broadcast_to(part[offset : offset + points], (batch, points, part.shape[-1]))
        for part in hot
    ]
    rows = np.concatenate(parts, axis=-1) * factors[..., None]
    queries = np.tile(rows, heads)
    return online_attention(
        queries, key, value, heads=heads, scale=scale, mask=mask, score_bias=score_bias
    )


def _places(grid: Sequence[int]) -> np.ndarray:
    """The place of each point on each axis, [axes, M]."""
    return np.indices(tuple(grid)).reshape(len(grid), -1)
