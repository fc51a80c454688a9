"""Sums of very many terms: the error of compiled code does not grow with their number.

Every case is held to three times the error of NumPy in float32 on the same input, or 1e-6,
whichever is larger, in its worst row (relative L2 distance from float64).
"""

import numpy as np
import pytest
from compiled import compile_model, run

import reference as r

FLOOR = 1e-6
FACTOR = 3.0
HEADS = (1, 4, 8)
HEAD_WIDTH = 16
FEW = 20
"""Rows on the short side: two vectors of AVX-512, the second one not full."""
UNUSED = {"unused": np.zeros(1, np.float32)}


def normal(*shape, seed=0, mean=0.0):
    """Return normal numbers around `mean`, in float32; their sums drift if it is not 0."""
    values = np.random.default_rng(seed).standard_normal(shape, np.float32)
    values += np.float32(mean)
    return values


def check(got, compute):
    """Compare rows with what `compute` gives in float64, and with its error in float32."""
    expected = compute(np.float64)
    numpy = r.relative_errors(compute(np.float32), expected).max()
    error = r.relative_errors(got, expected).max()
    assert error <= max(FLOOR, FACTOR * numpy), f"off by {error:.2g}, NumPy by {numpy:.2g}"


def tensor(*shape):
    return f"tensor<{'x'.join(map(str, shape))}xf32>"


def entry(name, arguments, result, body):
    """Describe an entry. Dynamic sizes of its arguments are called like the arguments."""

    def attributes(argument, type_):
        sizes = [f'"{argument}{n}"' for n in range(type_.count("?"))]
        return f'{{perceiver.name = "{argument}", perceiver.sizes = [{", ".join(sizes)}]}}'

    listed = ", ".join(f"%{a}: {type_} {attributes(a, type_)}" for a, type_ in arguments.items())
    return f"""
func.func @{name}({listed}) -> ({result} {{perceiver.name = "y"}}) attributes {{perceiver.entry}} {{
{body}
  return %y : {result}
}}
"""


#
# Attention: few queries and many keys, as in encode
#


def attention(q, k, v, heads, dtype):
    """Return softmax(q k^T / sqrt(d)) v for each head of one batch entry, in `dtype`."""
    columns = []
    parts = (np.split(x.astype(dtype), heads, axis=1) for x in (q, k, v))
    for qh, kh, vh in zip(*parts, strict=True):
        scores = (qh @ kh.T) * dtype(qh.shape[1] ** -0.5)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        columns.append((scores / scores.sum(axis=1, keepdims=True)) @ vh)
    return np.concatenate(columns, axis=1)


def attention_entry(name, queries, keys, heads, width):
    q, kv = tensor(1, queries, width * heads), tensor(1, keys, width * heads)
    body = f"""  %init = tensor.empty() : {q}
  %y = block.attention ins(%q, %kv, %kv : {q}, {kv}, {kv})
      outs(%init : {q}) heads = {heads} -> {q}"""
    return entry(name, {"q": q, "kv": kv}, q, body)


def compile_blocks(folder, *entries, weights=UNUSED):
    """Compile entries of block-level operations."""
    (folder / "model.mlir").write_text("".join(entries))
    return compile_model(
        folder / "model.mlir", dict(weights), folder / "model.so", "--from=strategy"
    )


@pytest.mark.parametrize("keys", [1_000, 100_000])
def test_attention_over_many_keys(tmp_path, keys):
    kinds = {"static": keys, "dynamic": "?"}
    model = compile_blocks(
        tmp_path,
        *(
            attention_entry(f"{kind}_{heads}", FEW, size, heads, HEAD_WIDTH)
            for kind, size in kinds.items()
            for heads in HEADS
        ),
    )
    for heads in HEADS:
        q = normal(FEW, HEAD_WIDTH * heads, seed=1)
        kv = normal(keys, HEAD_WIDTH * heads, seed=2, mean=0.5)
        for kind in kinds:
            got = run(model, {"q": q[None], "kv": kv[None]}, tmp_path, 2, f"{kind}_{heads}")["y"]
            check(got[0], lambda dtype, q=q, kv=kv, heads=heads: attention(q, kv, kv, heads, dtype))


def test_attention_whose_maximum_rises_in_every_block(tmp_path):
    keys, heads = 100_000, 8
    model = compile_blocks(tmp_path, attention_entry("run", 1, "?", heads, 1))
    q = np.ones((1, heads), np.float32)
    kv = np.linspace(0, 9, keys, dtype=np.float32)[:, None] + normal(keys, heads) / 50
    got = run(model, {"q": q[None], "kv": kv[None]}, tmp_path)["y"]
    check(got[0], lambda dtype: attention(q, kv, kv, heads, dtype))


def test_attention_over_ten_million_keys(tmp_path):
    keys, heads = 10_000_000, 8
    model = compile_blocks(tmp_path, attention_entry("run", 1, "?", heads, 1))
    q, kv = normal(1, heads, seed=1), normal(keys, heads, seed=2, mean=0.5)
    got = run(model, {"q": q[None], "kv": kv[None]}, tmp_path, threads=2)["y"]
    check(got[0], lambda dtype: attention(q, kv, kv, heads, dtype))


@pytest.mark.parametrize("keys", [1_000, 100_000])
@pytest.mark.parametrize("value", [0.1, 0.3])
def test_attention_to_equal_values(tmp_path, keys, value):
    """Each addition is rounded to the same side."""
    heads = 8
    model = compile_blocks(tmp_path, attention_entry("run", 4, keys, heads, HEAD_WIDTH))
    q = normal(4, HEAD_WIDTH * heads, seed=1)
    kv = np.full((keys, HEAD_WIDTH * heads), value, np.float32)
    got = run(model, {"q": q[None], "kv": kv[None]}, tmp_path, 2)["y"]
    assert r.relative_errors(got[0], kv[:4].astype(np.float64)).max() <= FLOOR


@pytest.mark.parametrize(("queries", "keys"), [(1_000, 1_000), (20_000, 100)])
def test_attention_of_many_queries(tmp_path, queries, keys):
    """As in self-attention and in decode."""
    model = compile_blocks(
        tmp_path,
        *(attention_entry(f"heads_{heads}", queries, keys, heads, HEAD_WIDTH) for heads in HEADS),
    )
    for heads in HEADS:
        q = normal(queries, HEAD_WIDTH * heads, seed=1)
        kv = normal(keys, HEAD_WIDTH * heads, seed=2, mean=0.5)
        got = run(model, {"q": q[None], "kv": kv[None]}, tmp_path, 2, f"heads_{heads}")["y"]
        check(got[0], lambda dtype, q=q, kv=kv, heads=heads: attention(q, kv, kv, heads, dtype))


ENCODE = """
perceiver.parameter @latents : tensor<20x128xf32> key "latents"
perceiver.parameter @query : tensor<128x128xf32> key "query"
perceiver.parameter @key : tensor<6x128xf32> key "key"
perceiver.parameter @value : tensor<6x128xf32> key "value"
perceiver.parameter @output : tensor<128x128xf32> key "output"
func.func @run(%x: tensor<?x?x6xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x20x128xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %latents = perceiver.get_parameter @latents : tensor<20x128xf32>
  %y = perceiver.encode %latents, %x heads = HEADS qk_channels = 128 v_channels = 128 mlp = none
      weights {query = [@query], key = [@key], value = [@value], output = [@output]}
      {residual = false} : tensor<20x128xf32>, tensor<?x?x6xf32> -> tensor<?x20x128xf32>
  return %y : tensor<?x20x128xf32>
}
"""


@pytest.mark.parametrize("heads", [1, 8])
def test_encode_of_many_rows(tmp_path, heads):
    rows = 100_352
    weights = {
        "latents": normal(20, 128),
        "query": normal(128, 128, seed=1) / 11,
        "key": normal(6, 128, seed=2) / 4,
        "value": normal(6, 128, seed=3) / 2,
        "output": normal(128, 128, seed=4) / 11,
    }
    (tmp_path / "encode.mlir").write_text(ENCODE.replace("HEADS", str(heads)))
    model = compile_model(tmp_path / "encode.mlir", weights, tmp_path / "encode.so")
    x = normal(rows, 6, seed=5, mean=0.5)

    def encode(dtype):
        w = {name: value.astype(dtype) for name, value in weights.items()}
        k, v = (x.astype(dtype) @ w[name] for name in ("key", "value"))
        return attention(w["latents"] @ w["query"], k, v, heads, dtype) @ w["output"]

    check(run(model, {"x": x[None]}, tmp_path, threads=2)["y"][0], encode)


#
# Means, norms and linear layers
#


def mean_entry(name, rows, channels):
    x, y = tensor(1, rows, channels), tensor(1, 1, channels)
    body = f"""  %init = tensor.empty() : {y}
  %y = block.mean_rows ins(%x : {x}) outs(%init : {y}) -> {y}"""
    return entry(name, {"x": x}, y, body)


@pytest.mark.parametrize(("rows", "channels"), [(1_000, 37), (100_000, 37), (10_000_000, 1)])
def test_mean_of_many_rows(tmp_path, rows, channels):
    model = compile_blocks(
        tmp_path, mean_entry("static", rows, channels), mean_entry("dynamic", "?", channels)
    )
    x = normal(1, rows, channels, mean=1.0)
    for kind in ("static", "dynamic"):
        got = run(model, {"x": x}, tmp_path, entry=kind)["y"]
        check(got[0], lambda dtype: x[0].mean(axis=0, keepdims=True, dtype=dtype))


def normalize(x, dtype):
    x = x.astype(dtype)
    x = x - x.mean(axis=1, keepdims=True)
    return x / np.sqrt((x * x).mean(axis=1, keepdims=True) + dtype(1e-5))


@pytest.mark.parametrize(("rows", "channels"), [(9, 1_000), (3, 100_001), (1, 10_000_000)])
def test_norm_of_wide_rows(tmp_path, rows, channels):
    x = tensor(1, "?", channels)
    body = f"""  %c1 = arith.constant 1 : index
  %rows = tensor.dim %x, %c1 : {x}
  %init = tensor.empty(%rows) : {x}
  %y = block.layer_norm ins(%x : {x}) outs(%init : {x}) -> {x}"""
    result = f'{x} {{perceiver.name = "y", perceiver.sizes = ["x0"]}}'
    text = entry("run", {"x": x}, x, body).replace(f'{x} {{perceiver.name = "y"}}', result)
    model = compile_blocks(tmp_path, text)
    values = normal(rows, channels, mean=3.0)
    got = run(model, {"x": values[None]}, tmp_path)["y"]
    check(got[0], lambda dtype: normalize(values, dtype))


@pytest.mark.parametrize(
    ("rows", "depth", "columns"), [(19, 1_000, 33), (19, 100_001, 33), (1, 10_000_000, 1)]
)
def test_linear_layer_with_many_inputs(tmp_path, rows, depth, columns):
    x, y, w = tensor(1, rows, depth), tensor(1, rows, columns), tensor(depth, columns)
    body = f"""  %w = perceiver.get_parameter @w : {w}
  %init = tensor.empty() : {y}
  %y = block.linear ins(%x, %w : {x}, {w}) outs(%init : {y}) -> {y}"""
    parameter = f'perceiver.parameter @w : {w} key "w"\n'
    values = normal(rows, depth, seed=1, mean=0.3)
    weight = normal(depth, columns, seed=2, mean=0.3)
    model = compile_blocks(
        tmp_path, parameter + entry("run", {"x": x}, y, body), weights={"w": weight}
    )
    got = run(model, {"x": values[None]}, tmp_path, threads=2)["y"]
    check(got[0], lambda dtype: values.astype(dtype) @ weight.astype(dtype))
