"""Kernels of norms, functions of elements, positions, embeddings, masks and means."""

import kernels
import numpy as np
from kernels import Operand

rng = np.random.default_rng(1)
suite = kernels.Suite()


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def norm(name, x, affine=False, tile=8, part=None):
    """A norm of [B, N, C] in tasks of `tile` rows; of a part of the channels."""
    first, channels = part or (0, x.shape[2])
    gain, bias = normal(channels), normal(channels)
    wide = x[..., first : first + channels].astype(np.float64)
    y = (wide - wide.mean(-1, keepdims=True)) / np.sqrt(wide.var(-1, keepdims=True) + 1e-5)
    operands = {
        "x": Operand(x, [0, 1, None], part=part, dynamic=True),
        "y": Operand((*x.shape[:2], channels), [0, 1, None], output=True, dynamic=True),
    }
    text = ""
    if affine:
        operands |= {"g": Operand(gain, [None]), "b": Operand(bias, [None])}
        text = "affine({g}, {b} : {g:t}, {b:t})"
        y = y * gain + bias
    suite.add(
        name,
        f"block.layer_norm ins({{x}} : {{x:t}}) {text} outs({{y}} : {{y:t}})",
        [x.shape[0], (x.shape[1], tile)],
        operands,
        {"y": y},
    )


norm("norm_vectors", normal(3, 13, 48), affine=True)
norm("norm_odd", normal(2, 5, 261), affine=True)
norm("norm_full", normal(1, 9, 1024))
norm("norm_one", normal(2, 1, 35), tile=1)
norm("norm_part", normal(1, 4, 20), part=(4, 6))
norm("norm_held", normal(1, 2, 2048))
# Rows that no warp holds, and rows that are almost constant.
norm("norm_long", normal(1, 3, 4103), affine=True)
norm("norm_longer", normal(1, 2, 8192) + 100)
norm("norm_shifted", normal(1, 8, 96) * 1e-3 + 1)
norm("norm_constant", np.full((1, 3, 50), 3e4, np.float32))


def norm_padded(name, x, channels, columns):
    """A norm of the first channels, behind which is NaN; zeros behind them in the result."""
    gain, bias = normal(columns), normal(columns)
    wide = x[..., :channels].astype(np.float64)
    x[..., channels:] = np.nan
    y = np.zeros((*x.shape[:2], columns))
    y[..., :channels] = (wide - wide.mean(-1, keepdims=True)) / np.sqrt(
        wide.var(-1, keepdims=True) + 1e-5
    )
    y[..., :channels] = y[..., :channels] * gain[:channels] + bias[:channels]
    suite.add(
        name,
        "block.layer_norm ins({x} : {x:t}) affine({g}, {b} : {g:t}, {b:t}) outs({y} : {y:t})"
        f" {{{{channels = {channels} : i64}}}}",
        [x.shape[0], (x.shape[1], 8)],
        {
            "x": Operand(x, [0, 1, None]),
            "g": Operand(gain, [None]),
            "b": Operand(bias, [None]),
            "y": Operand(y.shape, [0, 1, None], output=True),
        },
        {"y": y},
    )


# Vectors that end in the padding: after whole ones, as the last whole one, alone.
norm_padded("norm_padded", normal(2, 9, 264), 261, 264)
norm_padded("norm_padded_whole", normal(1, 3, 256), 253, 256)
norm_padded("norm_padded_once", normal(1, 3, 8), 5, 8)
norm_padded("norm_padded_more", normal(1, 3, 400), 35, 328)
norm_padded("norm_padded_result", normal(1, 3, 35), 35, 40)
norm_padded("norm_padded_input", normal(1, 3, 40), 35, 35)
norm_padded("norm_padded_long", normal(1, 3, 4104), 4103, 4104)
norm_padded("norm_padded_longer", normal(1, 2, 4096), 4093, 4104)

rows = normal(1, 3, 40)
rows[0, 1, 7] = np.nan
with np.errstate(invalid="ignore"):
    norm("norm_nan", rows)

# Additions, with and without batch, to memory of an operand.
a, b = normal(3, 50, 48), normal(50, 48)
suite.add(
    "add",
    "block.add ins({a}, {b} : {a:t}, {b:t}) outs({y} : {y:t})",
    [3, (50, 8)],
    {
        "a": Operand(a, [0, 1, None], dynamic=True),
        "b": Operand(b, [1, None]),
        "y": Operand(a.shape, [0, 1, None], output=True, dynamic=True),
    },
    {"y": a + b},
    tolerance=0,
)
c = normal(37, 35)
suite.add(
    "add_in_place",
    "block.add ins({y}, {c} : {y:t}, {c:t}) outs({y} : {y:t})",
    [(37, 16)],
    {"c": Operand(c, [0, None]), "y": Operand(c, [0, None], output=True, initialised=True)},
    {"y": c + c},
    tolerance=0,
)


def element(name, operation, x, result, others=None):
    """A function of the elements of [B, N, C], in tasks of 8 rows."""
    operands = {"x": Operand(x, [0, 1, None])}
    operands["y"] = Operand(result.shape, [0, 1, None], output=True)
    loops = [2, (19, 8)]
    suite.add(name, operation, loops, operands | (others or {}), {"y": result}, tolerance=0)


# Vectors of channels, one number, gates; widths that vectors divide and not.
for channels in (48, 35):
    x, v, number = normal(2, 19, channels), normal(channels), normal(1)
    wide = normal(2, 19, 2 * channels)
    for name, other, result in (("vector", v, x * v), ("number", number, x * number)):
        element(
            f"multiply_{name}_{channels}",
            "block.multiply ins({v}, {x} : {v:t}, {x:t}) outs({y} : {y:t})",
            x,
            result,
            {"v": Operand(other, [None])},
        )
    element(
        f"scale_{channels}",
        "block.scale ins({x} : {x:t}) outs({y} : {y:t}) {{factor = -0.75 : f64}}",
        x,
        np.float32(-0.75) * x,
    )
    element(
        f"gates_{channels}",
        "block.activate ins({x} : {x:t}) outs({y} : {y:t})"
        " {{activation = #perceiver.activation<gated(relu)>}}",
        wide,
        wide[..., :channels] * np.maximum(wide[..., channels:], 0),
    )


def concat(name, tile, widths, alignment=16, padding=0):
    parts = [normal(2, 21, width) for width in widths[:-1]] + [normal(21, widths[-1])]
    operands = {
        f"x{i}": Operand(part, [0, 1, None][-part.ndim :], alignment=alignment)
        for i, part in enumerate(parts)
    }
    operands["y"] = Operand((2, 21, sum(widths) + padding), [0, 1, None], output=True)
    values = ", ".join(f"{{{key}}}" for key in list(operands)[:-1])
    types = ", ".join(f"{{{key}:t}}" for key in list(operands)[:-1])
    parts[0][1, 2] = np.nan
    parts.append(np.zeros((21, padding), np.float32))
    wide = [np.broadcast_to(part, (2, 21, part.shape[-1])) for part in parts]
    suite.add(
        name,
        f"block.concat_channels ins({values} : {types}) outs({{y}} : {{y:t}})",
        [2, (21, tile)],
        operands,
        {"y": np.concatenate(wide, -1)},
        tolerance=0,
    )


concat("concat", 8, [3, 26], alignment=4)
concat("concat_vectors", 4, [8, 12, 4])
concat("concat_many", 21, [1, 2, 5, 258])
concat("concat_padded", 8, [3, 258], padding=3)
concat("concat_padded_vectors", 8, [8, 12], padding=8)
concat("concat_padded_pairs", 8, [8, 6], padding=10)


def positions(name, lengths, bands, layout, offset):
    tables = [normal(length, 1 + 2 * bands) for length in lengths]
    points = int(np.prod(lengths))
    grid = np.indices(lengths).reshape(len(lengths), -1)
    features = [table[index] for table, index in zip(tables, grid, strict=True)]
    if layout == "dm":
        columns = [f[:, :1] for f in features]
        columns += [f[:, 1 : 1 + bands] for f in features] + [f[:, 1 + bands :] for f in features]
    else:
        columns = [column for f in features for column in (f[:, 1:], f[:, :1])]
    operands = {f"t{i}": Operand(table, [None, None]) for i, table in enumerate(tables)}
    width = len(lengths) * (1 + 2 * bands)
    operands["y"] = Operand((points, width), [0, None], output=True)
    values = ", ".join(f"{{{key}}}" for key in list(operands)[:-1])
    types = ", ".join(f"{{{key}:t}}" for key in list(operands)[:-1])
    suite.add(
        name,
        f"block.grid_positions tables({values} : {types}) {offset} outs({{y}} : {{y:t}})"
        f" {{{{layout = #perceiver.fourier_layout<{layout}>}}}}",
        [(points, 8 if offset else points)],
        operands,
        {"y": np.concatenate(columns, 1)},
        tolerance=0,
    )


positions("positions_dm", [5, 7], 6, "dm", "offset({from[0]})")
positions("positions_axis_major", [3, 4, 5], 4, "axis_major", "offset({from[0]})")
positions("positions_whole", [9], 3, "dm", "")


def embed(name, dtype, ids):
    table = normal(300, 20)
    ids = np.array(ids, dtype)
    y = table[np.clip(ids.astype(np.int64), 0, 299)]
    suite.add(
        name,
        "block.embed ins({i}, {t} : {i:t}, {t:t}) outs({y} : {y:t})",
        [ids.shape[0], (ids.shape[1], 4)],
        {
            "i": Operand(ids, [0, 1]),
            "t": Operand(table, [None, None]),
            "y": Operand(y.shape, [0, 1, None], output=True),
        },
        {"y": y},
        tolerance=0,
    )


embed("embed_i64", np.int64, [[0, 299, 300, -1, 1 << 40, -(1 << 40), 17]])
embed("embed_i32", np.int32, [[5, 299, 2**31 - 1], [-(2**31), 1, 300]])
embed("embed_i8", np.int8, [[127, -128, 3]])


def take_rows(name, x, points, tile, channels_first=False):
    """Rows of [B, N, C], or of [N, C], in tasks of `tile` points; of x with its last two dimensions
    exchanged.
    """
    y = x[..., np.clip(points.astype(np.int64), 0, x.shape[-2] - 1), :]
    batch = list(range(x.ndim - 2))
    if channels_first:
        x = np.ascontiguousarray(x.swapaxes(-1, -2))
    suite.add(
        name,
        "block.take_rows ins({x}, {p} : {x:t}, {p:t}) outs({y} : {y:t})"
        + (" {{channels_first}}" if channels_first else ""),
        [*x.shape[:-2], (len(points), tile)],
        {
            "x": Operand(x, [*batch, None, None], dynamic=True),
            "p": Operand(points, [len(batch)], dynamic=True),
            "y": Operand(y.shape, [*batch, len(batch), None], output=True, dynamic=True),
        },
        {"y": y},
        tolerance=0,
    )


points = np.array([16, 0, 3, 3, 17, -1, 1 << 40, -(1 << 40), 5])
take_rows("take_rows", normal(3, 17, 20), points, 4)
take_rows("take_rows_odd", normal(2, 17, 35), points, 4)
take_rows("take_rows_channels_first", normal(2, 17, 20), points, 4, channels_first=True)
take_rows("take_rows_i8", normal(300, 8), np.array([127, -128, 3], np.int8), 8)


def transpose(name, x, permutation, tile):
    """A transposition to [A, N, ..] in tasks of `tile` of N."""
    y = x.transpose(permutation)
    loops = [0, 1, *(None for _ in y.shape[2:])]
    places = [loops[permutation.index(dim)] for dim in range(x.ndim)]
    suite.add(
        name,
        f"block.transpose ins({{x}} : {{x:t}}) outs({{y}} : {{y:t}}) permutation = {permutation}",
        [y.shape[0], (y.shape[1], tile)],
        {"x": Operand(x, places), "y": Operand(np.zeros_like(y), loops, output=True)},
        {"y": y},
        tolerance=0,
    )


transpose("channels_last", normal(2, 3, 50), [0, 2, 1], 8)
transpose("transpose_wide", normal(2, 70, 33), [0, 2, 1], 16)
transpose("transpose_deep", normal(5, 4, 3, 2), [2, 0, 3, 1], 2)
transpose("transpose_i64", rng.integers(-9, 9, (3, 5, 4)), [1, 2, 0], 2)


def concat_rows(name, channels, counts, tile):
    """All but the last input have a batch; the tile's first row is its offset."""
    parts = [normal(2, count, channels) for count in counts[:-1]] + [normal(counts[-1], channels)]
    y = np.concatenate([np.broadcast_to(p, (2, *p.shape[-2:])) for p in parts], axis=1)
    operands = {f"x{i}": Operand(p, [0, None, None][-p.ndim :]) for i, p in enumerate(parts)}
    names = ", ".join(f"{{{name}}}" for name in operands)
    types = ", ".join(f"{{{name}:t}}" for name in operands)
    suite.add(
        name,
        f"block.concat_rows ins({names} : {types}) offset({{from[1]}}) outs({{y}} : {{y:t}})",
        [2, (y.shape[1], tile)],
        operands | {"y": Operand(y.shape, [0, 1, None], output=True)},
        {"y": y},
        tolerance=0,
    )


concat_rows("concat_rows", 48, [7, 30, 1, 5], 8)
concat_rows("concat_rows_odd", 35, [1, 20], 16)


def key_mask(name, mask, lengths, rule):
    batch, keys = 4, 300
    state = np.ones((batch, keys), bool)
    text, operands = "", {}
    if lengths is not None:
        operands["l"] = Operand(np.array(lengths, np.int64), [0])
        text += "lengths({l} : {l:t})"
        state &= np.arange(keys) < np.array(lengths)[:, None]
    if mask:
        kept = rng.random((batch, keys)) < 0.2
        kept[3] = False
        operands["m"] = Operand(kept, [0, None], dynamic=True)
        text += " mask({m} : {m:t})"
        state &= kept
    y = state.astype(np.int8)
    if rule == "uniform":
        y[~state.any(1)] = 2
    operands["y"] = Operand(y, [0, None], output=True, dynamic=True)
    suite.add(
        name,
        f"block.key_mask {text} outs({{y}} : {{y:t}})"
        f" {{{{masked_rows = #perceiver.masked_rows<{rule}>}}}}",
        [batch],
        operands,
        {"y": y},
    )


key_mask("mask_uniform", True, None, "uniform")
key_mask("mask_zero", True, [1, 400, -3, 300], "zero")
key_mask("mask_both", True, [0, 300, 7, 9], "uniform")
key_mask("mask_lengths", False, [-(1 << 40), 1 << 40, 0, 299], "uniform")


def to_mask(name, x, inverted=False):
    suite.add(
        name,
        "block.to_mask ins({x} : {x:t}) outs({y} : {y:t})" + (" {{inverted}}" if inverted else ""),
        [x.shape[0]],
        {
            "x": Operand(x, [0, None], dynamic=True),
            "y": Operand(np.zeros(x.shape, bool), [0, None], output=True, dynamic=True),
        },
        {"y": (x != 0) != inverted},
    )


to_mask("to_mask_f32", np.where(rng.random((2, 300)) < 0.5, 0, np.nan).astype(np.float32))
to_mask("to_mask_i64", rng.integers(0, 2, (3, 77)) << 32, inverted=True)


def mask_rows(name, x, dimension, tile):
    mask = rng.random((x.shape[0], x.shape[dimension])) < 0.5
    shaped = np.expand_dims(mask, 3 - dimension)
    x[np.broadcast_to(~shaped, x.shape)] = np.nan
    suite.add(
        name,
        "block.mask_rows ins({x} : {x:t}) mask({m} : {m:t}) outs({y} : {y:t})"
        f" {{{{value = -2.0 : f64, dimension = {dimension} : i64}}}}",
        [x.shape[0], (x.shape[1], tile)],
        {
            "x": Operand(x, [0, 1, None], dynamic=dimension == 1),
            "m": Operand(mask, [0, 1 if dimension == 1 else None], dynamic=True),
            "y": Operand(x.shape, [0, 1, None], output=True, dynamic=dimension == 1),
        },
        {"y": np.where(shaped, x, -2)},
        tolerance=0,
    )


mask_rows("mask_rows", normal(2, 37, 24), 1, 8)
mask_rows("mask_rows_odd", normal(1, 9, 35), 1, 4)
mask_rows("mask_columns", normal(2, 3, 300), 2, 2)


def mean(name, batch, count, channels, share=None):
    """A mean; with a share of rows that count, of these, and of none in the last entry."""
    x = normal(batch, count, channels) + 3
    y = x.astype(np.float64).mean(1, keepdims=True)
    operands, text = {"x": Operand(x, [0, None, None], dynamic=True)}, ""
    if share is not None:
        mask = rng.random((batch, count)) < share
        mask[-1] = False
        total = np.where(mask[:, :, None], x.astype(np.float64), 0).sum(1, keepdims=True)
        y = total / np.maximum(mask.sum(1), 1)[:, None, None]
        x[~mask] = np.nan
        operands["m"] = Operand(mask, [0, None], dynamic=True)
        text = "mask({m} : {m:t})"
    operands["y"] = Operand((batch, 1, channels), [0, None, None], output=True, dynamic=True)
    suite.add(
        name,
        f"block.mean_rows ins({{x}} : {{x:t}}) {text} outs({{y}} : {{y:t}})",
        [batch],
        operands,
        {"y": y},
    )


mean("mean", 3, 77, 512)
mean("mean_odd", 2, 1001, 35)
mean("mean_few", 1, 3, 2)
mean("mean_wide", 1, 19, 2500)
mean("mean_masked", 3, 77, 512, share=0.3)
mean("mean_masked_odd", 2, 1001, 35, share=0.9)
mean("mean_masked_wide", 2, 19, 2500, share=0.5)

suite.run()
