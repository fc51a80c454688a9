"""Calls as users make them: masks that are left out, other names, numbers as sizes, conditions,
bounds, dicts of dicts; and checkpoints of several files."""

import json
import subprocess
from pathlib import Path

import numpy as np
import perceiver_compiler as pc
import pytest
from safetensors.numpy import load_file, save_file

import reference as r

ROOT = Path(__file__).resolve().parents[2]

MODEL = """
perceiver.parameter @table : tensor<12x3xf32> key "table"
perceiver.parameter @latents : tensor<4x8xf32> key "latents"
perceiver.parameter @q : tensor<8x8xf32> key "q"
perceiver.parameter @k : tensor<3x8xf32> key "k"
perceiver.parameter @v : tensor<3x8xf32> key "v"
perceiver.parameter @o : tensor<8x8xf32> key "o"

func.func @encode(
    %ids: tensor<?x?xi64> {perceiver.name = "inputs.ids", perceiver.aliases = ["input_ids"],
                           perceiver.sizes = ["batch", "rows"], perceiver.bounds = [0, 12]},
    %numbers: tensor<?x?xi64> {perceiver.name = "mask", perceiver.sizes = ["batch", "rows"],
                               perceiver.default = true})
    -> (tensor<?x4x8xf32> {perceiver.name = "state.latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c1 = arith.constant 1 : index
  %c6 = arith.constant 6 : index
  %n = tensor.dim %ids, %c1 : tensor<?x?xi64>
  perceiver.require %n <= %c6, "at most 6 ids"
  %x = perceiver.embedding %ids table @table : tensor<?x?xi64> -> tensor<?x?x3xf32>
  %mask = perceiver.to_mask %numbers : tensor<?x?xi64> -> tensor<?x?xi1>
  %latents = perceiver.get_parameter @latents : tensor<4x8xf32>
  %z = perceiver.encode %latents, %x mask(%mask : tensor<?x?xi1>)
      heads = 2 qk_channels = 8 v_channels = 8 mlp = none
      weights {query = [@q], key = [@k], value = [@v], output = [@o]}
      : tensor<4x8xf32>, tensor<?x?x3xf32> -> tensor<?x4x8xf32>
  return %z : tensor<?x4x8xf32>
}

func.func @rows(
    %x: tensor<?x3xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]},
    %first: index {perceiver.name = "first"}, %count: index {perceiver.name = "count"})
    -> (tensor<?x8xf32> {perceiver.name = "rows", perceiver.sizes = ["count"]},
        tensor<?xf32> {perceiver.name = "flat", perceiver.sizes = ["count * 8"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x3xf32>
  %end = arith.addi %first, %count : index
  perceiver.require %end <= %n, "first and count lie within the rows"
  %part = tensor.extract_slice %x[%first, 0] [%count, 3] [1, 1]
      : tensor<?x3xf32> to tensor<?x3xf32>
  %y = perceiver.project %part weight @k : tensor<?x3xf32> -> tensor<?x8xf32>
  %flat = tensor.collapse_shape %y [[0, 1]] : tensor<?x8xf32> into tensor<?xf32>
  return %y, %flat : tensor<?x8xf32>, tensor<?xf32>
}
"""


def weights():
    rng = np.random.default_rng(3)
    shapes = {"table": (12, 3), "latents": (4, 8), "q": (8, 8), "k": (3, 8), "v": (3, 8)}
    shapes["o"] = (8, 8)
    return {name: rng.standard_normal(shape, np.float32) for name, shape in shapes.items()}


@pytest.fixture(scope="module", params=["cpu", "cuda"])
def model(request, tmp_path_factory):
    output = tmp_path_factory.mktemp("calls") / "calls.so"
    device = "emulated" if request.param == "cuda" else None
    return pc.compile(MODEL, weights(), output, target=request.param, device=device)


IDS = np.array([[0, 1, 11, 3, 4], [5, 5, 6, 7, 8]])
MASK = np.array([[1, 1, 0, 1, 0], [1, 1, 1, 1, 1]], bool)


def expected_state(mask):
    w = {name: value.astype(np.float64) for name, value in weights().items()}
    x = w["table"][IDS]
    q, k, v = w["latents"] @ w["q"], x @ w["k"], x @ w["v"]
    output, _ = r.attention(np.broadcast_to(q, (2, 4, 8)), k, v, heads=2, key_mask=mask)
    return w["latents"] + output @ w["o"]


def latents(outputs):
    return outputs["state"]["latents"]


def test_masks_may_be_left_out_and_have_any_type(model):
    np.testing.assert_allclose(
        latents(model.encode(input_ids=IDS)),
        expected_state(np.ones_like(MASK)),
        rtol=1e-4,
        atol=1e-5,
    )
    expected = latents(model.encode(input_ids=IDS, mask=MASK))
    np.testing.assert_allclose(expected, expected_state(MASK), rtol=1e-4, atol=1e-5)
    for dtype in (np.uint8, np.int32, np.int64, np.uint32, np.uint64, np.float16, np.float32):
        outputs = model.encode(input_ids=IDS, mask=MASK.astype(dtype) * dtype(3))
        np.testing.assert_array_equal(latents(outputs), expected)


def test_ids_have_other_names_and_shorter_types(model):
    expected = latents(model.encode(input_ids=IDS))
    for inputs in ({"inputs": {"ids": IDS}}, {"inputs.ids": IDS}, {"input_ids": IDS.astype("u1")}):
        np.testing.assert_array_equal(latents(model.encode(inputs)), expected)
    with pytest.raises(pc.InputError, match=r"input 'inputs\.ids' is given twice"):
        model.encode({"inputs": {"ids": IDS}, "inputs.ids": IDS})
    with pytest.raises(pc.InputError, match=r"is given twice, as 'inputs\.ids' and as 'input_ids'"):
        model.encode({"inputs.ids": IDS, "input_ids": IDS})
    with pytest.raises(pc.InputError, match=r"expected i64 \[batch, rows\], but got ndarray of fl"):
        model.encode(input_ids=IDS.astype(np.float32))


def test_ids_lie_within_their_bounds(model):
    ids = IDS.copy()
    ids[1, 2] = 12
    with pytest.raises(pc.InputError, match=r"inputs\.ids\[1, 2\] is 12, but must be from 0 to 11"):
        model.encode(input_ids=ids)


def test_numbers_are_sizes(model):
    x = np.random.default_rng(4).standard_normal((9, 3), np.float32)
    outputs = model.rows(x=x, first=0, count=9)
    expected = x.astype(np.float64) @ weights()["k"].astype(np.float64)
    np.testing.assert_allclose(outputs["rows"], expected, rtol=1e-4, atol=1e-5)
    outputs = model.rows({"x": x, "first": np.int64(2), "count": 3})
    np.testing.assert_allclose(outputs["rows"], expected[2:5], rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(outputs["flat"], outputs["rows"].ravel())
    with pytest.raises(pc.InputError, match="determines the size 'count'; pass it as a number"):
        model.rows(x=x, first=0)
    with pytest.raises(pc.InputError, match="size 'first': expected an integer, but got .* float"):
        model.rows(x=x, first=0.5, count=1)
    with pytest.raises(pc.InputError, match="size 'first': expected an integer of 64 bits"):
        model.rows(x=x, first=2**63, count=1)


def test_sizes_meet_the_conditions(model):
    sentence = r"entry 'encode': at most 6 ids \(rows is 7\)"
    with pytest.raises(pc.InputError, match=sentence):
        model.encode(input_ids=np.zeros((1, 7), np.int64))
    with pytest.raises(pc.InputError, match='entry "encode": at most 6 ids'):
        model.encode.workspace_size(batch=1, rows=7)
    with pytest.raises(pc.InputError, match="first and count lie within the rows"):
        model.rows(x=np.zeros((4, 3), np.float32), first=2, count=3)


def test_a_model_tells_how_it_is_called(model):
    ids, mask = model.encode.inputs
    assert (ids.aliases, ids.bounds, ids.optional) == (("input_ids",), (0, 12), False)
    assert mask.optional and mask.bounds is None
    assert str(model.rows.outputs[1]) == "flat: float32 [count * 8]"


def test_checkpoints_have_several_files(tmp_path):
    names = sorted(weights())
    shards = {"1.safetensors": names[:2], "2.safetensors": names[2:]}
    for shard, held in shards.items():
        save_file({name: weights()[name] for name in held}, tmp_path / shard)
    index = {"weight_map": {name: shard for shard, held in shards.items() for name in held}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    paths = [tmp_path / shard for shard in shards]
    for given in (tmp_path, str(tmp_path / "model.safetensors.index.json"), paths):
        model = pc.compile(MODEL, given, strict=True)
        np.testing.assert_allclose(
            latents(model.encode(input_ids=IDS)),
            expected_state(np.ones_like(MASK)),
            rtol=1e-4,
            atol=1e-5,
        )
    with pytest.raises(pc.CompilerError, match="'table'") as caught:
        pc.compile(MODEL, paths[:1])
    assert "1.safetensors" in str(caught.value)


def test_the_command_line_takes_numbers_and_judges_by_float64(model, tmp_path):
    x = np.random.default_rng(4).standard_normal((9, 3), np.float32)
    exact = x[2:5].astype(np.float64) @ weights()["k"].astype(np.float64)
    rows = exact.astype(np.float32)
    golden = {"rows": rows, "rows.f64": exact}
    save_file({"x": x}, tmp_path / "in.safetensors")
    save_file(golden, tmp_path / "golden.safetensors")

    def run(*arguments):
        return subprocess.run(
            [ROOT / "build/bin/perceiver-run", tmp_path / "rows.so", "--entry=rows", *arguments]
            + [f"--input={tmp_path / 'in.safetensors'}"],
            capture_output=True,
            text=True,
            check=False,
        )

    pc.compile_file(MODEL, tmp_path / "rows.so", weights())
    verify = f"--verify={tmp_path / 'golden.safetensors'}"
    result = run("--size=first=2", "--size", "count=3", verify)
    assert result.returncode == 0, result.stderr
    assert "that pass (the golden tensor's is" in result.stdout
    save_file({**golden, "rows.f64": exact + 1}, tmp_path / "golden.safetensors")
    assert run("--size=first=2", "--size=count=3", verify).returncode == 0
    save_file({**golden, "rows.f64": exact + 1, "rows": rows + 1}, tmp_path / "golden.safetensors")
    result = run("--size=first=2", "--size=count=3", verify)
    assert result.returncode == 1
    assert "further off than the tolerance: 'rows'" in result.stderr
    output = f"--output={tmp_path / 'out.safetensors'}"
    assert run("--size=first=2", "--size=count=3", output).returncode == 0
    assert load_file(tmp_path / "out.safetensors")["flat"].shape == (24,)
    for size in ("first", "=1", "first=", "first=1x", "first=9223372036854775808"):
        result = run(f"--size={size}", output)
        assert "--size: expected a name and a number, as first=1000, but got" in result.stderr
    result = run("--size=first=8", "--size=count=3", output)
    assert result.returncode == 1
    assert (
        "first and count lie within the rows (rows is 9, first is 8, count is 3)" in result.stderr
    )
