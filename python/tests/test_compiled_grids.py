"""Compiled attention to the points of a grid, whose positions the CPU's stages separate, beside the
same attention as it stands.
"""

import re

import numpy as np
import pytest
from compiled import check_bits, check_rewritten, compile_model, tool

import reference as r

GRID, BANDS, FEATURES, PADDING = (12, 20), 8, 3, 5
POINTS, POSITIONS = 240, 34
CHANNELS = FEATURES + POSITIONS + PADDING
QUERIES, KEY_CHANNELS, VALUE_CHANNELS = 33, 32, 24
SHAPES = {
    "norm.weight": (CHANNELS,),
    "norm.bias": (CHANNELS,),
    "key.weight": (CHANNELS, KEY_CHANNELS),
    "key.bias": (KEY_CHANNELS,),
    "value.weight": (CHANNELS, VALUE_CHANNELS),
    "value.bias": (VALUE_CHANNELS,),
    "padding": (PADDING,),
}
ENTRIES = {"separate": "", "dense": ' {perceiver.without = ["separate-positions"]}'}


def description():
    query = f"tensor<{QUERIES}x{KEY_CHANNELS}xf32>"
    points = f"tensor<?x{POINTS}x{FEATURES}xf32>"
    positions, padding = f"tensor<{POINTS}x{POSITIONS}xf32>", f"tensor<{PADDING}xf32>"
    rows, keys, values = (
        f"tensor<?x{POINTS}x{channels}xf32>"
        for channels in (CHANNELS, KEY_CHANNELS, VALUE_CHANNELS)
    )
    result = f"tensor<?x{QUERIES}x{VALUE_CHANNELS}xf32>"
    lines = [
        f'perceiver.parameter @{name} : tensor<{"x".join(map(str, shape))}xf32> key "{name}"'
        for name, shape in SHAPES.items()
    ]
    lines += [
        f"""func.func @{name}(%q: {query} {{perceiver.name = "queries"}},
    %x: {points} {{perceiver.name = "points", perceiver.sizes = ["batch"]}})
    -> ({result} {{perceiver.name = "result", perceiver.sizes = ["batch"]}})
    attributes {{perceiver.entry}} {{
  %p = perceiver.fourier_positions grid = {list(GRID)} bands = {BANDS}
      max_resolution = {list(GRID)} layout = dm : {positions}
  %c = perceiver.get_parameter @padding : {padding}
  %i = perceiver.concat %x, %p, %c : ({points}, {positions}, {padding}) -> {rows}
  %n = perceiver.norm %i weight @norm.weight bias @norm.bias : {rows}
  %k = perceiver.project %n weight @key.weight bias @key.bias : {rows} -> {keys}
  %v = perceiver.project %n weight @value.weight bias @value.bias : {rows} -> {values}
  %o = perceiver.attend %q, %k, %v heads = 1{attributes} : {query}, {keys}, {values} -> {result}
  return %o : {result}
}}"""
        for name, attributes in ENTRIES.items()
    ]
    return "\n".join(lines)


def make_weights():
    values = np.random.default_rng(0)
    weights = {name: values.standard_normal(shape) for name, shape in SHAPES.items()}
    for name in ("key.weight", "value.weight"):
        weights[name] /= np.sqrt(CHANNELS)
    weights["norm.weight"] = 1 + 0.3 * weights["norm.weight"]
    return {name: value.astype(np.float32) for name, value in weights.items()}


def attend(weights, queries, points):
    """The result in float64."""
    w = {name: np.asarray(value, np.float64) for name, value in weights.items()}
    batch = len(points)
    positions = r.fourier_positions(GRID, BANDS)
    parts = [points, np.broadcast_to(positions, (batch, *positions.shape))]
    parts.append(np.broadcast_to(w["padding"], (batch, POINTS, PADDING)))
    rows = r.layer_norm(np.concatenate(parts, axis=-1), w["norm.weight"], w["norm.bias"])
    keys, values = (rows @ w[f"{name}.weight"] + w[f"{name}.bias"] for name in ("key", "value"))
    queries = np.broadcast_to(queries, (batch, *queries.shape))
    return r.attention(queries, keys, values, heads=1)[0]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grids")
    file = folder / "grids.mlir"
    file.write_text(description())
    return compile_model(file, make_weights(), folder / "grids.so", "--target-cpu=native")


def test_one_of_the_entries_is_rewritten(tmp_path):
    file = tmp_path / "grids.mlir"
    file.write_text(description())
    text = tool("perceiver-compile", file, "--emit=strategy", "-o", "-")
    separate, dense = re.split(r"(?=func\.func @dense)", text)
    assert "block.grid_attention" in separate and "block.online_attention" not in separate
    assert "block.online_attention" in dense and "block.grid_attention" not in dense


@pytest.mark.parametrize("gain", [1, 5])
@pytest.mark.parametrize("offset", [0, 1, 100, 1e4])
def test_errors_stay_what_they_were(model, offset, gain, tmp_path):
    values = np.random.default_rng(1)
    inputs = {
        "queries": gain**2 * values.standard_normal((QUERIES, KEY_CHANNELS)),
        "points": offset + values.standard_normal((2, POINTS, FEATURES)),
    }
    inputs = {name: value.astype(np.float32) for name, value in inputs.items()}
    expected = attend(
        make_weights(), *(np.asarray(inputs[name], np.float64) for name in ("queries", "points"))
    )
    check_rewritten(model, inputs, expected, tmp_path, ["separate", "dense"])


def test_rows_of_a_batch_and_threads_have_the_same_bits(model, tmp_path):
    values = np.random.default_rng(2)
    queries = values.standard_normal((QUERIES, KEY_CHANNELS)).astype(np.float32)
    points = values.standard_normal((3, POINTS, FEATURES)).astype(np.float32)
    inputs = {"queries": queries, "points": points}
    check_bits(model, inputs, tmp_path, "separate", shared=["queries"])
