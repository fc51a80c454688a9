"""Scaled dot-product attention on projected operands, its log-sum-exp, and the merge of split key
ranges.

Masks. A key takes part in a query's row where every given mask is true. What a row without any
such key gives is `masked_rows`:

* "zero" (DeepMind): the weighted sum is 0 and the log-sum-exp is -inf. No keys at all is such a
  row.
* "uniform" (Hugging Face, lucidrains): a masked score is MASKED_SCORE, so the row averages all
  keys and its log-sum-exp is MASKED_SCORE + ln(keys). No keys at all is an error.

What stands in a masked key or value, NaN included, never reaches an output, except that a uniform
row averages all values as they are.
"""

import contextlib
import contextvars
from collections.abc import Callable, Iterator, Sequence

import numpy as np

MASKED_SCORE = float(np.finfo(np.float32).min)
_TILE_SCORES = 1 << 22  # scores held at a time; 32 MiB

_observer: contextvars.ContextVar[Callable | None] = contextvars.ContextVar(
    "observer", default=None
)


def attention(
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    *,
    heads: int = 1,
    kv_heads: int | None = None,
    scale: float | None = None,
    key_mask: np.ndarray | None = None,
    key_lengths: np.ndarray | None = None,
    query_mask: np.ndarray | None = None,
    mask: np.ndarray | None = None,
    masked_rows: str = "zero",
    score_bias: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return (output [B, Nq, H*dv], lse [B, H, Nq]): softmax(scale * Q K^T + bias) V per head.

    query [B, Nq, H*dqk], key [B, Nk, H*dqk], value [B, Nk, H*dv], channels head-major; a batch of
    1 is broadcast. With kv_heads, key and value have so many heads, which the heads of the query
    share (`share_heads`). scale defaults to 1 / sqrt(dqk). key_mask [B, Nk], key_lengths [B] (the
    first so many keys take part), query_mask [B, Nq] and mask [B, Nq, Nk] are optional and combined
    by and; true takes part. score_bias [B, H, Nk], if given, is added to the scores of a key. lse
    is the natural logarithm of the sum of the exponentials of the scores that take part.

    Attention is all you need (arXiv 1706.03762), section 3.2; Perceiver IO (arXiv 2107.14795),
    section 3 and appendix. ValueError for shapes that do not fit, an unknown rule, or no keys
    with masked_rows "uniform".
    """
    query, key, value = (np.asarray(operand, np.float64) for operand in (query, key, value))
    if kv_heads is not None:
        key, value = (share_heads(operand, heads, kv_heads) for operand in (key, value))
    batch, num_queries, num_keys = _check_operands(query, key, value, heads, masked_rows)
    dqk, dv = query.shape[2] // heads, value.shape[2] // heads
    scale = 1.0 / np.sqrt(dqk) if scale is None else scale
    masks = _Masks(batch, num_queries, num_keys, key_mask, key_lengths, query_mask, mask)
    observer = _observer.get()

    output = np.zeros((batch, num_queries, heads, dv))
    lse = np.full((batch, heads, num_queries), -np.inf)
    mean_score = np.zeros((batch, heads, num_queries)) if observer is not None else None
    query_tile = max(1, min(num_queries, 2048 // heads))
    key_tile = max(1, _TILE_SCORES // (heads * query_tile))
    for b in range(batch):
        q = _split_heads(query[b % len(query)], heads)
        k = _split_heads(key[b % len(key)], heads)
        v = _split_heads(value[b % len(value)], heads)
        for first in range(0, num_queries, query_tile):
            rows = slice(first, min(first + query_tile, num_queries))
            uniform = ~masks.any_key(b, rows) if masked_rows == "uniform" else None
            state = _OnlineSoftmax(heads, rows.stop - rows.start, dv, observer is not None)
            for start in range(0, num_keys, key_tile):
                columns = slice(start, min(start + key_tile, num_keys))
                with np.errstate(invalid="ignore", over="ignore"):
                    scores = (q[:, rows] * scale) @ k[:, columns].swapaxes(1, 2)
                    if score_bias is not None:
                        scores += score_bias[b, :, None, columns]
                    valid = masks.tile(b, rows, columns)
                    if uniform is not None and uniform.any():
                        scores[:, uniform] = MASKED_SCORE
                        valid = valid | uniform[:, None]
                    state.update(scores, v[:, columns], valid)
            result, row_lse = state.finish()
            output[b, rows] = result.swapaxes(0, 1)
            lse[b, :, rows] = row_lse
            if mean_score is not None:
                mean_score[b, :, rows] = state.mean_score()
    if observer is not None:
        observer(lse - mean_score, num_keys)
    return output.reshape(batch, num_queries, heads * dv), lse


def share_heads(x: np.ndarray, heads: int, kv_heads: int) -> np.ndarray:
    """Return keys or values x [B, Nk, kv_heads*d] as [B, Nk, heads*d]: head h is that of
    h * kv_heads / heads.

    Grouped queries (arXiv 2305.13245); one head of keys (arXiv 1911.02150). ValueError unless
    kv_heads divides heads and the channels.
    """
    if kv_heads < 1 or heads % kv_heads or x.shape[2] % kv_heads:
        raise ValueError(f"expected heads shared by {heads}, but got {kv_heads} of {x.shape}")
    by_head = x.reshape(*x.shape[:2], kv_heads, -1)
    return by_head.repeat(heads // kv_heads, axis=2).reshape(*x.shape[:2], -1)


def merge_attention(
    parts: Sequence[tuple[np.ndarray, np.ndarray]],
    key_counts: Sequence[int] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return (output, lse) of the union of disjoint key ranges from their (output, lse), as
    `attention` gives them.

    Weighs each part by exp(lse - merged lse); a part of weight 0 is left out, whatever it holds.
    key_counts, the number of keys of each part, is needed for rows whose every key is masked under
    masked_rows "uniform" when the parts differ in size: MASKED_SCORE is so large that adding
    ln(keys) to it does not change it, in float32 or float64, so the LSE has lost the count.
    ValueError without parts.

    Online normalizer (arXiv 1805.02867); FlashAttention (arXiv 2205.14135), section 3.1.
    """
    if not parts:
        raise ValueError("expected at least one part to merge")
    counts = [1] * len(parts) if key_counts is None else key_counts
    lses = np.stack([lse for _, lse in parts])
    largest = lses.max(axis=0)
    shift = np.where(np.isneginf(largest), 0.0, largest)
    weights = np.exp(lses - shift)
    uniform = largest <= MASKED_SCORE
    for part, count in enumerate(counts):
        weights[part] = np.where(uniform & ~np.isneginf(largest), float(count), weights[part])
    total = weights.sum(axis=0)
    heads = largest.shape[1]
    merged = 0.0
    for (output, _), weight in zip(parts, weights, strict=True):
        share = np.divide(weight, total, out=np.zeros_like(total), where=total != 0)
        share = share.swapaxes(1, 2)[..., None]
        by_head = output.reshape(*output.shape[:2], heads, -1)
        with np.errstate(invalid="ignore"):
            merged = merged + np.where(share == 0, 0.0, share * by_head)
    with np.errstate(divide="ignore"):
        lse = np.where(uniform, largest, shift + np.log(total))
    return merged.reshape(parts[0][0].shape), lse


@contextlib.contextmanager
def observe_attention(callback: Callable[[np.ndarray, int], None]) -> Iterator[None]:
    """Call callback(entropy [B, H, Nq] in nats, keys) for each call of `attention` inside."""
    token = _observer.set(callback)
    try:
        yield
    finally:
        _observer.reset(token)


class _OnlineSoftmax:
    """Running maximum, sum and weighted sum over tiles of keys, for all heads of some rows."""

    def __init__(self, heads: int, rows: int, channels: int, with_mean_score: bool):
        self.maximum = np.full((heads, rows), -np.inf)
        self.total = np.zeros((heads, rows))
        self.weighted = np.zeros((heads, rows, channels))
        self.score_total = np.zeros((heads, rows)) if with_mean_score else None

    def update(self, scores: np.ndarray, value: np.ndarray, valid: np.ndarray | None) -> None:
        """Add a tile: scores [H, rows, keys] (overwritten), value [H, keys, dv], valid [rows,
        keys] or None.
        """
        if valid is not None:
            scores[:, ~valid] = -np.inf
        maximum = np.maximum(self.maximum, scores.max(axis=-1))
        shift = np.where(np.isneginf(maximum), 0.0, maximum)
        decay = np.exp(self.maximum - shift)
        raw = scores.copy() if self.score_total is not None else None
        scores -= shift[..., None]
        weights = np.exp(scores, out=scores)
        self.total = self.total * decay + weights.sum(axis=-1)
        self.weighted = self.weighted * decay[..., None] + _weigh(weights, value, valid)
        if raw is not None:
            products = np.where(weights == 0, 0.0, weights * raw)
            self.score_total = self.score_total * decay + products.sum(axis=-1)
        self.maximum = maximum

    def finish(self) -> tuple[np.ndarray, np.ndarray]:
        """Return (output [H, rows, dv], lse [H, rows]); a row without keys gives 0 and -inf."""
        empty = self.total == 0
        divisor = np.where(empty, 1.0, self.total)
        lse = np.where(empty, -np.inf, self.maximum + np.log(divisor))
        return self.weighted / divisor[..., None], lse

    def mean_score(self) -> np.ndarray:
        """Return the expected score [H, rows] under the attention weights, so entropy = lse - mean
        score.
        """
        return self.score_total / np.where(self.total == 0, 1.0, self.total)


class _Masks:
    """The masks of one call, combined tile by tile."""

    def __init__(self, batch, num_queries, num_keys, key_mask, key_lengths, query_mask, mask):
        self.keys = self._boolean(key_mask, "key_mask", (batch, num_keys))
        self.queries = self._boolean(query_mask, "query_mask", (batch, num_queries))
        self.pairs = self._boolean(mask, "mask", (batch, num_queries, num_keys))
        self.num_keys = num_keys
        if key_lengths is None:
            return
        lengths = np.asarray(key_lengths)
        if lengths.shape != (batch,) or lengths.min() < 0 or lengths.max() > num_keys:
            raise ValueError(
                f"expected {batch} key lengths in 0..{num_keys}, but got {lengths.tolist()}"
            )
        by_length = np.arange(num_keys) < lengths[:, None]
        self.keys = by_length if self.keys is None else self.keys & by_length

    def tile(self, b: int, rows: slice, columns: slice) -> np.ndarray | None:
        """Return which of the tile's pairs take part, [rows, columns], or None for all."""
        valid = None if self.pairs is None else self.pairs[b, rows, columns]
        if self.keys is not None:
            keys = np.broadcast_to(
                self.keys[b, columns], (rows.stop - rows.start, columns.stop - columns.start)
            )
            valid = keys if valid is None else valid & keys
        if self.queries is not None:
            queries = np.broadcast_to(
                self.queries[b, rows, None],
                (rows.stop - rows.start, columns.stop - columns.start),
            )
            valid = queries if valid is None else valid & queries
        return valid

    def any_key(self, b: int, rows: slice) -> np.ndarray:
        """Return [rows]: whether any key takes part in the row."""
        found = np.zeros(rows.stop - rows.start, bool)
        step = max(1, _TILE_SCORES // max(1, found.size))
        for start in range(0, self.num_keys, step):
            valid = self.tile(b, rows, slice(start, min(start + step, self.num_keys)))
            if valid is None:
                return np.ones_like(found)
            found |= valid.any(axis=1)
        return found

    @staticmethod
    def _boolean(mask, name, shape):
        if mask is None:
            return None
        mask = np.asarray(mask)
        if mask.ndim != len(shape) or any(m not in (1, s) for m, s in zip(mask.shape, shape)):
            raise ValueError(f"expected {name} of shape {shape}, but got {mask.shape}")
        return np.broadcast_to(mask.astype(bool), shape)


def _weigh(weights: np.ndarray, value: np.ndarray, valid: np.ndarray | None) -> np.ndarray:
    """Return weights @ value, where a pair that takes no part adds nothing even if the value is
    NaN or Inf.
    """
    finite = np.isfinite(value)
    if finite.all():
        return weights @ value
    result = weights @ np.where(finite, value, 0.0)
    for head, column in zip(*np.nonzero(~finite.all(axis=-1))):
        rows = slice(None) if valid is None else valid[:, column]
        channels = ~finite[head, column]
        part = weights[head, rows, column][:, None] * value[head, column, channels]
        result[head][np.ix_(np.arange(result.shape[1])[rows], np.nonzero(channels)[0])] += part
    return result


def _split_heads(x: np.ndarray, heads: int) -> np.ndarray:
    """[N, H*d] -> [H, N, d], head index outermost in the channels."""
    return x.reshape(len(x), heads, x.shape[1] // heads).swapaxes(0, 1)


def _check_operands(query, key, value, heads, masked_rows) -> tuple[int, int, int]:
    if masked_rows not in ("zero", "uniform"):
        raise ValueError(f"expected masked_rows zero or uniform, but got {masked_rows}")
    if query.ndim != 3 or key.ndim != 3 or value.ndim != 3:
        raise ValueError("expected query, key and value with 3 axes")
    if heads < 1 or query.shape[2] % heads or value.shape[2] % heads:
        raise ValueError(f"expected channels divisible by {heads} heads")
    if query.shape[2] != key.shape[2]:
        raise ValueError(f"expected {query.shape[2]} key channels, but got {key.shape[2]}")
    if key.shape[1] != value.shape[1]:
        raise ValueError(f"expected {key.shape[1]} values, but got {value.shape[1]}")
    if masked_rows == "uniform" and key.shape[1] == 0:
        raise ValueError("expected at least one key with masked_rows uniform")
    batch = max(len(query), len(key), len(value))
    if any(len(operand) not in (1, batch) for operand in (query, key, value)):
        raise ValueError("expected equal batches")
    return batch, query.shape[1], key.shape[1]
