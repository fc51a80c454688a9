"""Descriptions compiled to shared objects, against the float64 reference."""

import numpy as np
import pytest
import random_weights
from compiled import GOLDEN, MODELS, TOLERANCE, compile_model, run, tool
from safetensors.numpy import save_file
from test_golden_vectors import v6_tied

import reference as r
from models.digits import data
from models.digits import reference as digits_reference


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    model = tmp_path_factory.mktemp("digits") / "digits.so"
    description = MODELS / "digits" / "digits.mlir"
    weights = MODELS / "digits" / "digits.safetensors"
    tool("perceiver-compile", description, f"--weights={weights}", "-o", model)
    return model


@pytest.mark.parametrize("threads", [1, 2])
def test_digits_agrees_with_the_reference(digits, tmp_path, threads):
    held_out = data.load_split()[2]
    inputs = held_out.inputs.astype(np.float32)
    expected = digits_reference.forward(digits_reference.load_parameters(), held_out.inputs)
    logits = run(digits, {"inputs": inputs}, tmp_path, threads)["logits"]
    assert np.array_equal(logits.argmax(1), expected.argmax(1))
    assert r.relative_errors(logits, expected).max() <= TOLERANCE


def test_digits_gives_the_same_bits_however_it_is_run(digits, tmp_path):
    inputs = data.load_split()[2].inputs[:33].astype(np.float32)
    together = run(digits, {"inputs": inputs}, tmp_path)["logits"]
    for threads in (2, 3, 5, 16):
        logits = run(digits, {"inputs": inputs}, tmp_path, threads)["logits"]
        assert np.array_equal(logits, together)
    # More threads than tasks.
    alone = run(digits, {"inputs": inputs[:1]}, tmp_path, threads=16)["logits"]
    assert np.array_equal(alone[0], together[0])
    for row in (0, 1, 7, 32):
        alone = run(digits, {"inputs": inputs[row : row + 1]}, tmp_path)["logits"]
        assert np.array_equal(alone[0], together[row])


def test_digits_in_steps_is_digits_at_once(digits, tmp_path):
    inputs = data.load_split()[2].inputs[:3].astype(np.float32)
    latents = run(digits, {"inputs": inputs}, tmp_path, entry="encode")
    latents = run(digits, latents, tmp_path, entry="process")
    logits = run(digits, latents, tmp_path, entry="decode")["logits"]
    expected = run(digits, {"inputs": inputs}, tmp_path)["logits"]
    assert r.relative_errors(logits, expected.astype(np.float64)).max() <= TOLERANCE


def test_two_compilations_give_the_same_bytes(digits, tmp_path):
    model = tmp_path / "digits.so"
    weights = MODELS / "digits" / "digits.safetensors"
    description = MODELS / "digits" / "digits.mlir"
    tool("perceiver-compile", description, f"--weights={weights}", "-o", model)
    for suffix in (".so", ".weights", ".h"):
        again = model.with_suffix(suffix).read_bytes()
        assert again == digits.with_suffix(suffix).read_bytes()


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("perceiver_io_imagenet_fourier", "perceiver_io_imagenet_fourier"),
        ("perceiver_lucidrains", "perceiver_lucidrains"),
        ("perceiver_lucidrains_tied", "perceiver_lucidrains"),
    ],
)
def test_full_size_models_agree_with_the_reference(tmp_path, name, folder):
    generated = random_weights.get_model(name)
    weights = random_weights.make_weights(generated)
    checkpoint = tmp_path / "weights.safetensors"
    random_weights.save_weights(generated, weights, checkpoint)
    golden = random_weights.make_golden(generated, weights, batch=1)
    model = compile_model(MODELS / folder / f"{name}.mlir", checkpoint, tmp_path / f"{name}.so")

    def logits(rows, threads):
        inputs = {generated.input_name: np.ascontiguousarray(rows, np.float32)}
        return run(model, inputs, tmp_path, threads)[generated.output_name]

    rows = random_weights.make_inputs(generated, batch=3)[generated.input_name]
    assert np.array_equal(rows[:1], golden[generated.input_name])
    together = logits(rows, threads=2)
    assert r.relative_errors(together[:1], golden[generated.output_name]).max() <= TOLERANCE
    # float64 takes its time at this size: a row is that of a batch of one.
    for row, threads in ((0, 1), (1, 1), (2, 2)):
        assert np.array_equal(logits(rows[row : row + 1], threads)[0], together[row])
    assert not np.array_equal(together[0], together[1])


def test_perceiver_run_verifies_a_model(digits, tmp_path):
    inputs = data.load_split()[2].inputs[:2].astype(np.float32)
    expected = digits_reference.forward(
        digits_reference.load_parameters(), inputs.astype(np.float64)
    )
    save_file({"inputs": inputs}, tmp_path / "in.safetensors")
    save_file({"logits": expected.astype(np.float32)}, tmp_path / "golden.safetensors")
    printed = tool(
        "perceiver-run",
        digits,
        f"--input={tmp_path / 'in.safetensors'}",
        f"--verify={tmp_path / 'golden.safetensors'}",
    )
    assert "logits" in printed


def test_digits_for_avx2_agrees_with_the_reference(tmp_path):
    folder = MODELS / "digits"
    model = compile_model(
        folder / "digits.mlir",
        folder / "digits.safetensors",
        tmp_path / "digits.so",
        "--target-cpu=x86-64-v3",
    )
    inputs = data.load_split()[2].inputs[:50]
    expected = digits_reference.forward(digits_reference.load_parameters(), inputs)
    logits = run(model, {"inputs": inputs.astype(np.float32)}, tmp_path, threads=2)["logits"]
    assert r.relative_errors(logits, expected).max() <= TOLERANCE


def test_repeated_and_aliased_checkpoints_give_the_same_weights(tmp_path):
    """The tied golden model: every shared tensor under all its names, or under one of them."""
    config, _ = v6_tied()
    source = {name: group[-1] for group in r.tied_groups(config) for name in group}
    shapes = r.perceiver_shapes(config)
    repeated = {
        name: r.deterministic_parameter(source.get(name, name), shape).astype(np.float32)
        for name, shape in shapes.items()
    }
    alone = {name: repeated[name] for name in shapes if min_name(config, name) == name}
    assert len(alone) < len(repeated)
    packed = []
    for weights in (repeated, alone):
        model = compile_model(GOLDEN / "v6_perceiver_tied.mlir", weights, tmp_path / "tied.so")
        packed.append(model.with_suffix(".weights").read_bytes())
    assert packed[0] == packed[1]


def min_name(config, name):
    """The first of the names of a tensor, the one that safetensors' save_model keeps."""
    return min(next((group for group in r.tied_groups(config) if name in group), [name]))
