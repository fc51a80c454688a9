"""Pseudo-random tensors that any language can reproduce from a tensor's name.

A value depends on the name and on the row-major index only: no generator state, no library. The
golden vectors, the random checkpoints and the tests all use this one rule.
"""

import numpy as np

_FNV_OFFSET = 0x811C9DC5
_FNV_PRIME = 0x01000193
_GOLDEN_RATIO = 0x9E3779B9
_BLOCK = 1 << 18


def fnv1a32(key: str) -> int:
    """Return the 32-bit FNV-1a hash of the UTF-8 bytes of `key`."""
    value = _FNV_OFFSET
    for byte in key.encode("utf-8"):
        value = ((value ^ byte) * _FNV_PRIME) & 0xFFFFFFFF
    return value


def deterministic_values(key: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return float64 values in [-1, 1) of the given shape, a function of `key` and position alone.

    Element i (row-major) is the finalizer of a 32-bit mixing function applied to
    fnv1a32(key) + i * 0x9E3779B9, divided by 2^31, minus 1.
    """
    count = int(np.prod(shape, dtype=np.int64))
    values = np.empty(count, np.float64)
    start = np.uint32(fnv1a32(key))
    for first in range(0, count, _BLOCK):
        last = min(first + _BLOCK, count)
        x = np.arange(first, last, dtype=np.uint32)
        x *= np.uint32(_GOLDEN_RATIO)
        x += start
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x7FEB352D)
        x ^= x >> np.uint32(15)
        x *= np.uint32(0x846CA68B)
        x ^= x >> np.uint32(16)
        np.multiply(x, 2.0**-31, out=values[first:last])
        values[first:last] -= 1.0
    return values.reshape(shape)


def deterministic_parameter(
    key: str, shape: tuple[int, ...], attention_gain: float = 1.0
) -> np.ndarray:
    """Return the float64 value of the checkpoint tensor `key`; `shape` is in the torch layout.

    The scale follows from the name: batch-norm statistics, tables, biases and norm scales each
    have their own; every other tensor gets variance 1 / fan_in, where fan_in is the product of all
    axes but the first. Query and key weights are multiplied by attention_gain on top: with a gain
    of 1 the scores have about unit variance, so attention over many keys is close to an average.
    """
    last = key.rsplit(".", 1)[-1]
    values = deterministic_values(key, shape)
    if last == "running_var":
        return 1.0 + 0.5 * values
    if last == "running_mean":
        return 0.1 * values
    if _is_table(key, last):
        return 0.5 * values
    if last == "bias":
        return 0.1 * values
    if len(shape) == 1:
        return 1.0 + 0.1 * values
    values *= np.sqrt(3.0 / np.prod(shape[1:], dtype=np.int64))
    if key.endswith(("query.weight", "key.weight", "to_q.weight")):
        values *= attention_gain
    elif key.endswith("to_kv.weight"):
        values[: len(values) // 2] *= attention_gain  # keys first, values second
    return values


def _is_table(key: str, last: str) -> bool:
    return (
        last in ("latents", "position_embeddings")
        or ".padding." in key
        or ".mask." in key
        or key.endswith(("embeddings.weight", "_emb.weight"))
    )
