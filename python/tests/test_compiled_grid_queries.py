"""Compiled attention of the points of a grid, whose positions the CPU's stages separate, beside the
same attention as it stands.
"""

import re

import numpy as np
import pytest
from compiled import check_bits, check_rewritten, compile_model, tool

import reference as r

GRID, BANDS, FEATURES, PADDING = (13, 20), 8, 6, 5
POINTS, POSITIONS = 260, 34
CHANNELS = FEATURES + POSITIONS + PADDING
KEYS, KEY_CHANNELS, VALUE_CHANNELS = 33, 32, 24
SHAPES = {
    "norm.weight": (CHANNELS,),
    "norm.bias": (CHANNELS,),
    "query.weight": (CHANNELS, KEY_CHANNELS),
    "query.bias": (KEY_CHANNELS,),
    "padding": (PADDING,),
}
ENTRIES = {"separate": "", "dense": ' {perceiver.without = ["separate-query-positions"]}'}


def description():
    keys, values = (f"tensor<?x{KEYS}x{c}xf32>" for c in (KEY_CHANNELS, VALUE_CHANNELS))
    points = f"tensor<?x{POINTS}x{FEATURES}xf32>"
    positions, padding = f"tensor<{POINTS}x{POSITIONS}xf32>", f"tensor<{PADDING}xf32>"
    rows, queries, result = (
        f"tensor<?x{POINTS}x{c}xf32>" for c in (CHANNELS, KEY_CHANNELS, VALUE_CHANNELS)
    )
    lines = [
        f'perceiver.parameter @{name} : tensor<{"x".join(map(str, shape))}xf32> key "{name}"'
        for name, shape in SHAPES.items()
    ]
    lines += [
        f"""func.func @{name}(
    %k: {keys} {{perceiver.name = "keys", perceiver.sizes = ["batch"]}},
    %v: {values} {{perceiver.name = "values", perceiver.sizes = ["batch"]}},
    %x: {points} {{perceiver.name = "points", perceiver.sizes = ["batch"]}})
    -> ({result} {{perceiver.name = "result", perceiver.sizes = ["batch"]}})
    attributes {{perceiver.entry}} {{
  %p = perceiver.fourier_positions grid = {list(GRID)} bands = {BANDS}
      max_resolution = {list(GRID)} layout = dm : {positions}
  %c = perceiver.get_parameter @padding : {padding}
  %i = perceiver.concat %x, %p, %c : ({points}, {positions}, {padding}) -> {rows}
  %n = perceiver.norm %i weight @norm.weight bias @norm.bias : {rows}
  %q = perceiver.project %n weight @query.weight bias @query.bias : {rows} -> {queries}
  %o = perceiver.attend %q, %k, %v heads = 1{attributes} : {queries}, {keys}, {values} -> {result}
  return %o : {result}
}}"""
        for name, attributes in ENTRIES.items()
    ]
    return "\n".join(lines)


def make_weights():
    values = np.random.default_rng(0)
    weights = {name: values.standard_normal(shape) for name, shape in SHAPES.items()}
    weights["query.weight"] /= np.sqrt(CHANNELS)
    weights["norm.weight"] = 1 + 0.3 * weights["norm.weight"]
    return {name: value.astype(np.float32) for name, value in weights.items()}


def make_inputs(batch, gain=1, offset=0):
    values = np.random.default_rng(1)
    inputs = {
        "keys": gain**2 * values.standard_normal((batch, KEYS, KEY_CHANNELS)),
        "values": values.standard_normal((batch, KEYS, VALUE_CHANNELS)),
        "points": offset + values.standard_normal((batch, POINTS, FEATURES)),
    }
    return {name: value.astype(np.float32) for name, value in inputs.items()}


def attend(weights, inputs):
    """The result in float64."""
    w, x = (
        {name: np.asarray(value, np.float64) for name, value in arrays.items()}
        for arrays in (weights, inputs)
    )
    batch = len(x["points"])
    positions = r.fourier_positions(GRID, BANDS)
    parts = [x["points"], np.broadcast_to(positions, (batch, *positions.shape))]
    parts.append(np.broadcast_to(w["padding"], (batch, POINTS, PADDING)))
    rows = r.layer_norm(np.concatenate(parts, axis=-1), w["norm.weight"], w["norm.bias"])
    queries = rows @ w["query.weight"] + w["query.bias"]
    return r.attention(queries, x["keys"], x["values"], heads=1)[0]


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
    assert "block.grid_query_attention" in separate and "block.online_attention" not in separate
    assert "block.online_attention" in dense and "block.grid_query_attention" not in dense
    assert "block.layer_norm" not in separate


@pytest.mark.parametrize("gain", [1, 5])
@pytest.mark.parametrize("offset", [0, 1, 100, 1e4])
def test_errors_stay_what_they_were(model, offset, gain, tmp_path):
    inputs = make_inputs(2, gain, offset)
    expected = attend(make_weights(), inputs)
    check_rewritten(model, inputs, expected, tmp_path, ["separate", "dense"])


def test_rows_of_a_batch_and_threads_have_the_same_bits(model, tmp_path):
    check_bits(model, make_inputs(3), tmp_path, "separate")
