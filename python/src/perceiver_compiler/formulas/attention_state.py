"""Attention with the state of its softmax spelled out, so that keys can be visited in parts.

Scores are in units of log2 and the maximum is rounded up to an integer, so that the factors of
the sums are powers of two.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .attention import MASKED_SCORE, share_heads


@dataclass(frozen=True)
class AttentionState:
    """What the keys so far have left: accumulator [B, H, dv, Nq], maximum and sum [B, H, Nq]."""

    accumulator: np.ndarray
    maximum: np.ndarray
    sum: np.ndarray


def key_mask(
    keys: int,
    *,
    lengths: np.ndarray | None = None,
    mask: np.ndarray | None = None,
    masked_rows: str = "zero",
) -> np.ndarray:
    """Return what each key counts as, [B, keys]: 0 takes no part, 1 does, 2 does with
    MASKED_SCORE.

    Of lengths [B], the number of keys that take part, and mask [B, keys] one is given, or both.
    """
    valid = np.bool_(True) if mask is None else np.asarray(mask)
    if lengths is not None:
        valid = valid & (np.arange(keys) < np.asarray(lengths)[:, None])
    rest = 2 if masked_rows == "uniform" else 0
    return np.where(valid, 1, np.where(valid.any(axis=1, keepdims=True), 0, rest))


def online_attention(
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    *,
    heads: int,
    scale: float,
    kv_heads: int | None = None,
    mask: np.ndarray | None = None,
    score_bias: np.ndarray | None = None,
) -> AttentionState:
    """Return the state of query [B, Nq, H*dqk] after the keys [B, Nk, H*dqk] and values
    [B, Nk, H*dv], or fewer heads of them (`share_heads`); mask is what `key_mask` returns, and
    score_bias [B, H, Nk] is added to the scores of a key.

    Online normalizer (arXiv 1805.02867); FlashAttention (arXiv 2205.14135), section 3.1.
    """
    if kv_heads is not None:
        key, value = (share_heads(operand, heads, kv_heads) for operand in (key, value))
    q, k, v = (
        np.asarray(operand, np.float64).reshape(*operand.shape[:2], heads, -1)
        for operand in (query, key, value)
    )
    with np.errstate(invalid="ignore"):
        scores = scale * np.log2(np.e) * np.einsum("bihc,bjhc->bhij", q, k)
    if score_bias is not None:
        scores = scores + np.log2(np.e) * np.asarray(score_bias, np.float64)[:, :, None]
    if mask is not None:
        counts = mask[:, None, None]
        scores = np.where(counts == 0, -np.inf, np.where(counts == 2, MASKED_SCORE, scores))
        v = np.where(mask[..., None, None] == 0, 0.0, v)
    maximum = np.ceil(scores.max(axis=-1))
    weights = np.exp2(scores - _finite(maximum)[..., None])
    accumulator = np.einsum("bhij,bjhc->bhci", weights, v)
    return AttentionState(accumulator, maximum, weights.sum(axis=-1))


def merge_states(parts: Sequence[AttentionState]) -> AttentionState:
    """Return the state after all keys of the parts.

    Online normalizer (arXiv 1805.02867), section 3.1.
    """
    maximum = np.max([part.maximum for part in parts], axis=0)
    factors = [np.exp2(part.maximum - _finite(maximum)) for part in parts]
    return AttentionState(
        sum(part.accumulator * factor[:, :, None] for part, factor in zip(parts, factors)),
        maximum,
        sum(part.sum * factor for part, factor in zip(parts, factors)),
    )


def finish_attention(state: AttentionState) -> tuple[np.ndarray, np.ndarray]:
    """Return (output [B, Nq, H*dv], lse [B, H, Nq]) as `attention` does.

    FlashAttention (arXiv 2205.14135), section 3.1.
    """
    empty = state.sum == 0
    divisor = np.where(empty, 1.0, state.sum)
    output = np.moveaxis(state.accumulator / divisor[:, :, None], 3, 1)
    # The logarithm of a row of masked keys is MASKED_SCORE whatever the unit.
    largest = np.where(state.maximum <= MASKED_SCORE, state.maximum, np.log(2) * state.maximum)
    lse = np.where(empty, -np.inf, largest + np.log(divisor))
    return output.reshape(*output.shape[:2], -1), lse


def _finite(maximum: np.ndarray) -> np.ndarray:
    """The maximum, or 0 where no key takes part."""
    return np.where(np.isneginf(maximum), 0.0, maximum)
