"""States of attention: taking keys in, merging parts, finishing."""

import kernels
import numpy as np
from kernels import Operand

rng = np.random.default_rng(3)
suite = kernels.Suite()


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def part_state(query, key, value, heads, scale, mask):
    """Accumulator, maximum and sum of one part of the keys, in float64."""
    batch, count = key.shape[:2]
    queries, width = query.shape[1], query.shape[2] // heads
    q = query.astype(np.float64).reshape(batch, queries, heads, width)
    k = key.astype(np.float64).reshape(batch, count, heads, width)
    v = value.astype(np.float64).reshape(batch, count, heads, -1)
    score = np.einsum("bihc,bjhc->bhij", q, k) * scale * np.log2(np.e)
    keep = mask[:, None, None, :] if mask is not None else np.ones((1, 1, 1, count), np.int8)
    score = np.where(keep == 0, -np.inf, np.where(keep == 2, np.finfo(np.float32).min, score))
    most = np.ceil(score.max(axis=3))
    weight = np.exp2(score - np.where(np.isinf(most), 0, most)[..., None])
    return np.einsum("bhij,bjhc->bhci", weight, v), most, weight.sum(axis=3)


def merge(*states):
    """The sum of several states."""
    most = np.max([state[1] for state in states], axis=0)
    shift = np.where(np.isinf(most), 0, most)
    factors = [np.exp2(state[1] - shift) for state in states]
    total = sum(state[2] * f for state, f in zip(states, factors, strict=True))
    columns = sum(state[0] * f[:, :, None] for state, f in zip(states, factors, strict=True))
    return columns, most, total


FILLS = (
    "%zero_{number} = arith.constant 0.0 : {element}\n"
    "  %low = arith.constant 0xFF800000 : f32\n"
    "  linalg.fill ins(%zero_{number} : {element}) outs({{a}} : {{a:t}})\n"
    "  linalg.fill ins(%low : f32) outs({{m}} : {{m:t}})\n"
    "  linalg.fill ins(%zero_{number} : {element}) outs({{s}} : {{s:t}})\n  "
)


def state_operands(state, sums, initialised, tile):
    """Operands of a state with the sums of a type, and the text that fills them."""
    arrays = [state[0].astype(sums), state[1].astype(np.float32), state[2].astype(sums)]
    loops = [[0, 1, None, 2], [0, 1, 2], [0, 1, 2]]
    operands = {
        name: Operand(array, loop, output=True, initialised=initialised)
        for name, array, loop in zip("ams", arrays, loops, strict=True)
    }
    element = kernels.ELEMENTS[np.dtype(sums)]
    return operands, "" if initialised else FILLS.format(number=element, element=element)


def random_state(batch, heads, width, queries, empty=True):
    most = rng.integers(-9, 9, (batch, heads, queries)).astype(np.float64)
    total = rng.uniform(0.5, 4, most.shape)
    columns = normal(batch, heads, width, queries).astype(np.float64)
    if empty:
        most[0, 0, :2], total[0, 0, :2], columns[0, 0, :, :2] = -np.inf, 0, 0
    return columns, most, total


def online(name, widths, queries, keys, sums=np.float32, initialised=False, mask=False, heads=2):
    query, key, value = (
        normal(2, queries, heads * widths[0]),
        normal(2, keys, heads * widths[0]),
        (normal(2, keys, heads * widths[1])),
    )
    states, text = None, ""
    operands = {
        "q": Operand(query, [0, 2, None]),
        "k": Operand(key, [0, None, None], dynamic=True),
        "v": Operand(value, [0, None, None], dynamic=True),
    }
    if mask:
        states = rng.integers(0, 2, (2, keys)).astype(np.int8)
        states[1] = 2
        operands["l"] = Operand(states, [0, None])
        text = "mask({l} : {l:t}) "
    state = part_state(query, key, value, heads, 0.6, states)
    if mask:
        key[states == 0] = np.nan
        value[states == 0] = np.inf
    old = random_state(2, heads, widths[1], queries)
    if initialised:
        state = merge(tuple(x.astype(np.float32) for x in old), state)
    arrays, fills = state_operands(old, sums, initialised, 64)
    for operand in arrays.values():
        operand.loops[1] = None
    suite.add(
        name,
        f"{fills}block.online_attention ins({{q}}, {{k}}, {{v}} : {{q:t}}, {{k:t}}, {{v:t}}) {text}"
        "outs({a}, {m}, {s} : {a:t}, {m:t}, {s:t}) "
        f"heads = {heads} scale = 0.6",
        [2, 1, (queries, 64)],
        operands | arrays,
        dict(zip("ams", state, strict=True)),
    )


online("online", (35, 24), 70, 130)
online("online_whole", (8, 64), 64, 64)
online("online_more", (8, 40), 30, 70, initialised=True, mask=True)
online("online_double", (8, 16), 20, 70, sums=np.float64, initialised=True)
online("online_passes", (8, 2050), 16, 20, sums=np.float64, initialised=True, heads=1)


def merged(name, parts, width, queries, sums=np.float32, initialised=False):
    batch, heads = 2, 2
    states = [random_state(batch, heads, width, queries) for _ in range(parts)]
    old = random_state(batch, heads, width, queries, empty=initialised)
    arrays, fills = state_operands(old, sums, initialised, 8)
    given = [np.stack([state[i] for state in states]).astype(np.float32) for i in range(3)]
    every = [tuple(x[p].astype(np.float64) for x in given) for p in range(parts)]
    if initialised:
        every.append(tuple(operand.array.astype(np.float64) for operand in arrays.values()))
    operands = {
        "pa": Operand(given[0], [None, 0, 1, None, 2], dynamic=True),
        "pm": Operand(given[1], [None, 0, 1, 2], dynamic=True),
        "ps": Operand(given[2], [None, 0, 1, 2], dynamic=True),
    }
    suite.add(
        name,
        f"{fills}block.merge_attention ins({{pa}}, {{pm}}, {{ps}} : {{pa:t}}, {{pm:t}}, {{ps:t}}) "
        "outs({a}, {m}, {s} : {a:t}, {m:t}, {s:t})",
        [batch, heads, (queries, 8)],
        operands | arrays,
        dict(zip("ams", merge(*every), strict=True)),
    )


merged("merge", 5, 35, 20)
merged("merge_wide", 3, 300, 8)
merged("merge_double", 4, 20, 13, sums=np.float64, initialised=True)
merged("merge_more", 2, 9, 3, initialised=True)


def finished(name, width, queries, sums=np.float32):
    columns, most, total = random_state(2, 3, width, queries)
    most[1, 1, 0], total[1, 1, 0] = np.finfo(np.float32).min, 7
    loops = [[0, 1, None, 2], [0, 1, 2], [0, 1, 2]]
    arrays = [columns.astype(sums), most.astype(np.float32), total.astype(sums)]
    operands = {
        key: Operand(array, loop) for key, array, loop in zip("ams", arrays, loops, strict=True)
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        result = np.where(total[:, :, None] == 0, 0, columns / total[:, :, None])
        natural = np.where(most == np.finfo(np.float32).min, most, most * np.log(2))
        sum_log = natural + np.log(total)
    for operand in operands.values():
        operand.loops[1] = None
    suite.add(
        name,
        "block.finish_attention ins({a}, {m}, {s} : {a:t}, {m:t}, {s:t}) "
        "outs({o}, {l} : {o:t}, {l:t})",
        [2, 1, (queries, 32)],
        operands
        | {
            "o": Operand((2, queries, 3 * width), [0, 2, None], output=True),
            "l": Operand((2, 3, queries), [0, None, 2], output=True),
        },
        {"o": result.transpose(0, 3, 1, 2).reshape(2, queries, -1), "l": sum_log},
    )


finished("finish", 35, 70)
finished("finish_double", 64, 20, sums=np.float64)

suite.run()
