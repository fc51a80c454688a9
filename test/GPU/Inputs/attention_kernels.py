"""Attention: widths, sizes that no tile divides, masks, log-sum-exps.

With the argument `all`, heads of all pairs of eight widths. What the kernels at
the shapes of whole models execute is checked too.
"""

import sys

import kernels
import numpy as np
from kernels import Operand

rng = np.random.default_rng(2)
suite = kernels.Suite()


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def attend(query, key, value, heads, keep, uniform):
    """The result and its log-sum-exp in float64."""
    batch, count = key.shape[:2]
    query = np.broadcast_to(query, (batch, *query.shape[-2:]))
    queries, width = query.shape[1], query.shape[2] // heads
    q = query.astype(np.float64).reshape(batch, queries, heads, width)
    k = key.astype(np.float64).reshape(batch, count, heads, width)
    v = value.astype(np.float64).reshape(batch, count, heads, -1)
    result = np.zeros((batch, queries, heads, v.shape[-1]))
    sums = np.full((batch, heads, queries), -np.inf)
    for b in range(batch):
        kept = keep[b]
        score = np.einsum("ihc,jhc->hij", q[b], k[b][kept]) / np.sqrt(width)
        if not kept.any():
            if not uniform:
                continue
            kept = np.full(count, True)
            score = np.full((heads, queries, count), float(np.finfo(np.float32).min))
        most = score.max(axis=2, keepdims=True)
        weight = np.exp(score - most)
        total = weight.sum(axis=2, keepdims=True)
        result[b] = np.einsum("hij,jhc->ihc", weight / total, v[b][kept])
        sums[b] = (most + np.log(total))[..., 0]
    return result.reshape(batch, queries, -1), sums


def attention(
    name,
    widths,
    queries=64,
    keys=64,
    batch=1,
    heads=1,
    tile=64,
    lengths=None,
    masked=None,
    uniform=False,
    logs=False,
    broadcast=False,
    alignment=16,
    spread=1,
):
    """Attention in tasks of `tile` queries of all heads.

    `masked` is the share of the keys that a mask takes out, of each batch entry;
    `spread` makes weights differ more.
    """
    query = normal(batch, queries, heads * widths[0]) * np.float32(spread)
    key, value = normal(batch, keys, heads * widths[0]), normal(batch, keys, heads * widths[1])
    keep = np.full((batch, keys), True)
    if broadcast:
        query = np.ascontiguousarray(query[0])
    given = {"alignment": alignment}
    operands = {
        "q": Operand(query, [1, None] if broadcast else [0, 1, None], **given),
        "k": Operand(key, [0, None, None], dynamic=True, **given),
        "v": Operand(value, [0, None, None], dynamic=True, **given),
    }
    text = ""
    if lengths is not None:
        operands["l"] = Operand(np.array(lengths, np.int64), [0])
        keep &= np.arange(keys) < np.array(lengths)[:, None]
        text += " lengths({l} : {l:t})"
    if masked is not None:
        mask = rng.random((batch, keys)) >= np.array(masked)[:, None]
        operands["m"] = Operand(mask, [0, None])
        keep &= mask
        text += " mask({m} : {m:t})"
    result, sums = attend(query, key, value, heads, keep, uniform)
    # Nothing of what is masked reaches a result.
    hidden = ~keep
    if uniform:
        hidden[~keep.any(axis=1)] = False
    for array in (operands["k"].array, operands["v"].array):
        array[hidden] = rng.choice([np.nan, np.inf, -np.inf], (hidden.sum(), 1))
    operands["o"] = Operand(result.shape, [0, 1, None], output=True, dynamic=True, **given)
    expected, outs, types = {"o": result}, "{o}", "{o:t}"
    if logs:
        operands["s"] = Operand(sums.shape, [0, None, 1], output=True)
        expected["s"] = sums
        outs, types = "{o}, {s}", "{o:t}, {s:t}"
    rule = " {{masked_rows = #perceiver.masked_rows<uniform>}}" if uniform else ""
    suite.add(
        name,
        f"block.attention ins({{q}}, {{k}}, {{v}} : {{q:t}}, {{k:t}}, {{v:t}}){text} "
        f"outs({outs} : {types}) heads = {heads}{rule}",
        [batch, (queries, tile)],
        operands,
        expected,
    )


WIDTHS = [1, 8, 35, 64, 261, 322, 704, 1026]
if sys.argv[1:] == ["all"]:
    pairs = [(d, e) for d in WIDTHS for e in WIDTHS]
else:
    # Each width of queries and each of values twice.
    pairs = [(WIDTHS[i], WIDTHS[(3 * i + 1) % 8]) for i in range(8)]
    pairs += [(WIDTHS[i], WIDTHS[(5 * i + 2) % 8]) for i in range(8)]
for d, e in pairs:
    attention(f"widths_{d}_{e}", (d, e), queries=19, keys=67)

attention("whole_tiles", (64, 64), queries=64, keys=128)
attention("wide_whole_tiles", (128, 128), queries=64, keys=128)
attention("one_query", (48, 48), queries=1, keys=130, batch=3, broadcast=True)
attention("one_key", (16, 40), queries=70, keys=1, logs=True)
attention("few_queries", (16, 16), queries=16, keys=16, batch=2, heads=3, tile=16)
attention("heads", (8, 35), queries=50, keys=70, batch=3, heads=2, logs=True, broadcast=True)
attention("blocks", (40, 24), queries=150, keys=70, tile=150)
attention("half_blocks", (40, 64), queries=70, keys=130, tile=32, masked=[0.5])
attention("unaligned", (64, 64), queries=20, keys=70, alignment=4)
attention("passes", (24, 2060), queries=18, keys=65, logs=True)
attention("sharp", (64, 64), queries=20, keys=200, spread=10, logs=True)
given = {"queries": 20, "keys": 130, "batch": 3, "logs": True}
attention("lengths", (35, 16), lengths=[0, 70, 200], **given)
attention("lengths_uniform", (40, 64), lengths=[100, -3, 1], uniform=True, **given)
attention("mask_zero", (40, 64), masked=[0.5, 0, 1], **given)
attention("mask_uniform", (40, 64), masked=[0.5, 0.98, 1], uniform=True, **given)
attention("mask_lengths", (40, 64), masked=[0.5, 0, 1], lengths=[100, 0, 50], uniform=True, **given)

kernels.print_figures(suite.run(), ("whole_tiles", "wide_whole_tiles"))
