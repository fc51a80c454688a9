"""The random checkpoints: sizes, both forms of tied tensors, golden files, the command line."""

import sys

import numpy as np
import pytest
import random_weights
from safetensors import safe_open
from safetensors.numpy import load_file

import reference as r


@pytest.mark.parametrize(
    ("name", "parameters", "shape"),
    [
        ("perceiver_io_imagenet_fourier", 48_440_627, (3, 224, 224)),
        ("perceiver_lucidrains", 45_187_140, (224, 224, 3)),
        ("perceiver_lucidrains_tied", 15_492_444, (224, 224, 3)),
    ],
)
def test_full_sizes(name, parameters, shape):
    model = random_weights.get_model(name)
    repeated = {name for group in model.tied_groups for name in group[1:]}
    shapes = [shape for name, shape in model.shapes.items() if name not in repeated]
    assert sum(int(np.prod(shape)) for shape in shapes) == parameters
    assert model.input_shape == shape


def test_unknown_names():
    with pytest.raises(ValueError, match="model among"):
        random_weights.get_model("perceiver_ar")
    with pytest.raises(ValueError, match="size among"):
        random_weights.get_model("perceiver_lucidrains", "tiny")


@pytest.mark.parametrize("name", random_weights.MODELS)
def test_attention_is_not_nearly_uniform(name):
    model = random_weights.get_model(name, "small")
    columns, plain, raised = random_weights.measure(model).values()
    assert len(columns) == 3 and len(plain) == len(raised)
    for ln_keys, mean, _ in raised:
        assert mean < ln_keys - 0.5
    assert sum(row[1] for row in raised) < 0.7 * sum(row[1] for row in plain)


def test_gain_scales_queries_and_keys_alone():
    model = random_weights.get_model("perceiver_lucidrains", "small")
    plain, raised = (random_weights.make_weights(model, gain) for gain in (1.0, 2.0))
    scaled = {name for name in plain if (plain[name] != raised[name]).any()}
    assert scaled == {name for name in plain if name.endswith(("to_q.weight", "to_kv.weight"))}
    for name in scaled:
        keys = len(plain[name]) // (2 if "to_kv" in name else 1)
        np.testing.assert_array_equal(raised[name][:keys], 2 * plain[name][:keys])
        np.testing.assert_array_equal(raised[name][keys:], plain[name][keys:])


def test_both_forms_of_tied_tensors(tmp_path):
    model = random_weights.get_model("perceiver_lucidrains_tied", "small")
    weights = random_weights.make_weights(model)
    random_weights.save_weights(model, weights, tmp_path / "repeated")
    random_weights.save_weights(model, weights, tmp_path / "aliases", with_aliases=True)
    repeated, kept = load_file(tmp_path / "repeated"), load_file(tmp_path / "aliases")
    assert set(repeated) == set(model.shapes)
    with safe_open(tmp_path / "aliases", "np") as file:
        aliases = file.metadata()
    assert aliases and set(kept) | set(aliases) == set(repeated)
    assert not set(kept) & set(aliases)
    for alias, name in aliases.items():
        assert alias.startswith("layers.2.") and name == alias.replace("layers.2.", "layers.1.")
        np.testing.assert_array_equal(repeated[alias], kept[name])
        expected = r.deterministic_parameter(alias, repeated[alias].shape, 2.0)
        np.testing.assert_array_equal(repeated[alias], expected.astype(np.float32))
    data = random_weights.make_inputs(model)["data"]
    np.testing.assert_array_equal(model.run(kept, data), model.run(repeated, data))


@pytest.mark.parametrize("name", random_weights.MODELS)
def test_command_line(name, tmp_path, monkeypatch, capsys):
    weights_path, golden_path = tmp_path / "w.safetensors", tmp_path / "golden.safetensors"
    arguments = [name, "--size", "small", "--batch", "2"]
    arguments += ["--output", str(weights_path), "--golden", str(golden_path)]
    arguments += ["--inputs", str(tmp_path / "in.safetensors")]
    monkeypatch.setattr(sys, "argv", ["random_weights.py", *arguments])
    random_weights.main()
    assert "parameters" in capsys.readouterr().out
    model = random_weights.get_model(name, "small")
    weights, golden = load_file(weights_path), load_file(golden_path)
    assert {key: value.shape for key, value in weights.items()} == model.shapes
    assert set(golden) == {model.input_name, "logits"}
    inputs = load_file(tmp_path / "in.safetensors")
    assert set(inputs) == {model.input_name}
    np.testing.assert_array_equal(inputs[model.input_name], golden[model.input_name])
    assert all(value.dtype == np.float32 for value in (*weights.values(), *golden.values()))
    expected = model.run(weights, golden[model.input_name])
    assert expected.shape == (2, 10)
    np.testing.assert_allclose(golden["logits"], expected, rtol=1e-6, atol=1e-7)
    assert np.linalg.norm(expected[0] - expected[1]) > 1e-2 * np.linalg.norm(expected[0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [([], "expected --output"), (["--golden", "g", "--batch", "0"], "batch of at least 1")],
)
def test_command_line_errors(arguments, message, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["random_weights.py", "perceiver_lucidrains", *arguments])
    with pytest.raises(SystemExit):
        random_weights.main()
    assert message in capsys.readouterr().err
