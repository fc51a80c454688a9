"""Descriptions that are built: their text, and what they compute without the compiler.

That operations compute what compiled ones do is the matter of test_fuzz_models.py.
"""

import numpy as np
import pytest
from perceiver_compiler import builder as ops
from perceiver_compiler.builder import INDEX, Function, Layer, Model, Parameter, Type


def small_model():
    model = Model(header="A small model.\n\nIts mask may be left out.")
    model.add(Parameter("head.weight", (8, 3), "head.weight", permutation=(1, 0), comment="Head."))
    model.add(Parameter("head.bias", (3,), "head.bias"))
    run = Function("run", is_entry=True, comment="The mean row.")
    x = run.add_argument("inputs", Type(("batch", "rows", 8)), aliases=("pixel_values",))
    mask = run.add_argument("attention_mask", Type(("batch", "rows"), "i64"), optional=True)
    run.note("Rows that count.")
    kept = run.let("kept", ops.to_mask(run, mask))
    pooled = ops.mean_pool(run, x, keep=False, mask=kept)
    run.add_result("logits", ops.project(run, pooled, Layer("head.weight", "head.bias"), 3))
    model.functions.append(run)
    return model


TEXT = """\
// A small model.
//
// Its mask may be left out.

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// The mean row.
func.func @run(
    %inputs: tensor<?x?x8xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch", "rows"], \
perceiver.aliases = ["pixel_values"]},
    %attention_mask: tensor<?x?xi64> {perceiver.name = "attention_mask", \
perceiver.sizes = ["batch", "rows"], perceiver.default = true})
    -> (tensor<?x3xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  // Rows that count.
  %kept = perceiver.to_mask %attention_mask : tensor<?x?xi64> -> tensor<?x?xi1>
  %0 = perceiver.mean_pool %inputs mask(%kept : tensor<?x?xi1>)
      : tensor<?x?x8xf32> -> tensor<?x8xf32>
  %1 = perceiver.project %0 weight @head.weight bias @head.bias : tensor<?x8xf32> -> tensor<?x3xf32>
  return %1 : tensor<?x3xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// Head.
perceiver.parameter @head.weight : tensor<8x3xf32> key "head.weight" transpose
perceiver.parameter @head.bias : tensor<3xf32> key "head.bias"
"""


def test_text():
    assert str(small_model()) == TEXT


def test_masks_may_be_left_out_and_inputs_have_aliases():
    model, values = small_model(), np.random.default_rng(0)
    weights = {"head.weight": values.random((3, 8)), "head.bias": values.random(3)}
    x = values.random((2, 5, 8))
    expected = x.mean(axis=1) @ weights["head.weight"].T + weights["head.bias"]
    for inputs in ({"inputs": x}, {"pixel_values": x, "attention_mask": np.full((2, 5), 7)}):
        result = model.evaluate("run", inputs, weights)["logits"]
        np.testing.assert_allclose(result, expected, rtol=1e-12)
    mask = np.arange(5) < np.array([[2], [0]])
    result = model.evaluate("run", {"inputs": x, "attention_mask": mask}, weights)["logits"]
    np.testing.assert_allclose(result[1], weights["head.bias"], rtol=1e-12)
    for inputs, message in [
        ({"attention_mask": mask}, "needs an input 'inputs'"),
        ({"inputs": x, "mask": mask}, "has no input 'mask'"),
        ({"inputs": x, "attention_mask": mask[:, :4]}, "expected rows = 5"),
        ({"inputs": x[0]}, "expected inputs of rank 3"),
    ]:
        with pytest.raises(ValueError, match=message):
            model.evaluate("run", inputs, weights)
    with pytest.raises(KeyError, match="head.bias"):
        model.evaluate("run", {"inputs": x}, {"head.weight": weights["head.weight"]})


def test_parameters_bind_tensors():
    family = Parameter(
        "key.weight",
        (2, 3),
        "layers.{}.kv",
        aliases=("tied.{}.kv",),
        count=2,
        first=3,
        stride=2,
        ranges=((4, 7), (0, 2)),
        source=(9, 2),
        permutation=(1, 0),
    )
    assert str(family) == (
        'perceiver.parameter @key.weight : tensor<2x3xf32>\n    key "layers.{}.kv" aliases '
        '["tied.{}.kv"] count 2 first 3 stride 2 slice [4:7, 0:2] of [9, 2] transpose'
    )
    assert family.all_names() == [["layers.3.kv", "tied.3.kv"], ["layers.5.kv", "tied.5.kv"]]
    tensor = np.arange(18.0).reshape(9, 2)
    np.testing.assert_array_equal(family.value({"tied.5.kv": tensor}, 1), tensor[4:7].T)
    with pytest.raises(ValueError, match=r"expected layers.3.kv of shape \(9, 2\)"):
        family.value({"layers.3.kv": tensor.T})
    convolution = Parameter("w", (4, 5), "c", source=(5, 1, 2, 2), permutation=(2, 3, 1, 0))
    tensor = np.arange(20.0).reshape(5, 1, 2, 2)
    np.testing.assert_array_equal(convolution.value({"c": tensor}), tensor.reshape(5, 4).T)
    assert 'key "a\\"\\\\\\0A\u00e9"' in str(Parameter("w", (1,), 'a"\\\n\u00e9'))


def test_sizes_are_expressions():
    assert ops.multiply_sizes([2, "points", 8]) == "points * 16"
    assert ops.multiply_sizes([ops.add_sizes(["rows", 1]), "batch"]) == "(rows + 1) * batch"
    assert ops.multiply_sizes([3, 4]) == 12
    assert ops.add_sizes(["(n - 1) / 2 + 1", -3]) == "(n - 1) / 2 - 2"
    assert ops.add_sizes(["rows + 2", 1, "points - 3"]) == "rows + points"
    assert ops.divide_size("samples", 16) == "samples / 16"
    size = ops.add_sizes([ops.divide_size(ops.add_sizes(["n", -3]), 2), 1])
    assert ops.evaluate_size(size, {"n": 112}) == (112 - 3) // 2 + 1
    with pytest.raises(KeyError):
        ops.evaluate_size("rows + 1", {})


def test_operands_are_made_of_sizes():
    """Each is made once, in the block that asks for it first."""
    function = Function("split", is_entry=True)
    x = function.add_argument("samples", Type(("batch", "samples", 1)))
    first, count = (function.add_argument(name, INDEX) for name in ("first", "count"))
    patches = ops.divide_size("samples", 4)
    rows = ops.split(function, x, ("batch", patches, 4), [[0], [1], [2]])
    rows = ops.slice_rows(function, rows, "first", "count")
    function.add_result("rows", rows)
    text = str(function)
    assert text.count("tensor.dim") == 2 and text.count("arith.floordivsi") == 1
    assert "[%1" not in text and "[0, %first, 0]" in text and "%first: index" in text
    assert 'perceiver.sizes = ["batch", "count"]' in text
    model = Model(functions=[function])
    x = np.arange(24.0).reshape(2, 12, 1)
    result = model.evaluate("split", {"samples": x, "first": 1, "count": 2}, {})["rows"]
    np.testing.assert_array_equal(result, x.reshape(2, 3, 4)[:, 1:3])
    assert first.type == count.type == INDEX


def test_conditions_and_bounds_are_checked():
    function = Function("embed", is_entry=True)
    ids = function.add_argument("ids", Type(("batch", "rows"), "i64"), bounds=(0, 5))
    ops.require(function, "rows", "<=", 3, "at most 3 tokens")
    function.add_result("x", ops.embedding(function, ids, "table", None, 2))
    model = Model({"table": Parameter("table", (5, 2), "table")}, [function])
    assert "perceiver.bounds = [0, 5]" in str(model)
    weights = {"table": np.arange(10.0).reshape(5, 2)}
    for ids, message in [
        ([[0, 5]], "expected ids in 0..4, but got 0..5"),
        ([[0, 1, 2, 3]], "at most 3 tokens, but got 4"),
    ]:
        with pytest.raises(ValueError, match=message):
            model.evaluate("embed", {"ids": np.array(ids)}, weights)


def test_resized_tables():
    """The cubic kernel with a = -0.75 at a quarter of a pixel, and nothing beyond the edge."""
    function = Function("table", is_entry=True)
    table = ops.get_parameter(function, "table", (8, 1))
    function.add_result("x", ops.resize_grid(function, table, (8, 1), (16, 3)))
    model = Model({"table": Parameter("table", (8, 1), "table")}, [function])
    taps = [-0.10546875, 0.87890625, 0.26171875, -0.03515625]
    for source in range(8):
        result = model.evaluate("table", {}, {"table": np.eye(8)[:, source : source + 1]})["x"]
        result = result.reshape(16, 3)
        np.testing.assert_allclose(result, np.repeat(result[:, :1], 3, axis=1), atol=1e-15)
        # Pixel 7 of 16 lies at 3.25 of 8.
        expected = taps[source - 2] if 2 <= source <= 5 else 0.0
        assert result[7, 0] == pytest.approx(expected, abs=1e-15)
        # Pixel 0 lies at -0.25: its first two taps are both the pixel at the edge.
        edge = {0: taps[3] + taps[2] + taps[1], 1: taps[0]}
        assert result[0, 0] == pytest.approx(edge.get(source, 0.0), abs=1e-15)


def test_entries_that_are_not_kept_go_with_what_they_alone_call():
    model = Model()
    for name, callee in (("twice", None), ("encode", "twice"), ("other", None), ("run", "encode")):
        function = Function(name, is_entry=True)
        x = function.add_argument("x", Type(("batch", 8)))
        called = {each.name: each for each in model.functions}.get(callee)
        (y,) = ops.call(function, called, [x]) if called else [ops.add(function, x, x)]
        function.add_result("y", y)
        model.functions.append(function)
    model.keep_entries("run")
    assert [(each.name, each.is_entry) for each in model.functions] == [
        ("twice", False),
        ("encode", False),
        ("run", True),
    ]
    assert model.evaluate("run", {"x": np.ones((1, 8))}, {})["y"].sum() == 16
    with pytest.raises(KeyError, match="decode"):
        model.keep_entries("decode")


def test_windows_of_dynamic_channels_are_refused():
    function = Function("run", is_entry=True)
    image = function.add_argument("image", Type(("batch", 4, 4, "channels")))
    with pytest.raises(ValueError, match="expected an image with static channels"):
        ops.windows(function, image, (1, 1), (1, 1), "same")
