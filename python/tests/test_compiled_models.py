"""Descriptions compiled to shared objects, against the float64 reference."""

import numpy as np
import pytest
import random_weights
from compiled import MODELS, TOLERANCE, relative_errors, run, tool

from models.digits import data, reference


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
    expected = reference.forward(reference.load_parameters(), held_out.inputs)
    logits = run(digits, {"inputs": inputs}, tmp_path, threads)["logits"]
    assert np.array_equal(logits.argmax(1), expected.argmax(1))
    assert relative_errors(logits, expected).max() <= TOLERANCE


def test_digits_gives_the_same_bits_however_it_is_run(digits, tmp_path):
    inputs = data.load_split()[2].inputs[:33].astype(np.float32)
    together = run(digits, {"inputs": inputs}, tmp_path, threads=2)["logits"]
    assert np.array_equal(run(digits, {"inputs": inputs}, tmp_path)["logits"], together)
    for row in (0, 1, 7, 32):
        alone = run(digits, {"inputs": inputs[row : row + 1]}, tmp_path)["logits"]
        assert np.array_equal(alone[0], together[row])


def test_digits_in_steps_is_digits_at_once(digits, tmp_path):
    inputs = data.load_split()[2].inputs[:3].astype(np.float32)
    latents = run(digits, {"inputs": inputs}, tmp_path, entry="encode")
    latents = run(digits, latents, tmp_path, entry="process")
    logits = run(digits, latents, tmp_path, entry="decode")["logits"]
    expected = run(digits, {"inputs": inputs}, tmp_path)["logits"]
    assert relative_errors(logits, expected.astype(np.float64)).max() <= TOLERANCE


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
    model = tmp_path / f"{name}.so"
    description = MODELS / folder / f"{name}.mlir"
    tool("perceiver-compile", description, f"--weights={checkpoint}", "-o", model)
    inputs = {generated.input_name: np.asarray(golden[generated.input_name], np.float32)}
    for threads in (1, 2):
        logits = run(model, inputs, tmp_path, threads)[generated.output_name]
        expected = np.asarray(golden[generated.output_name], np.float64)
        assert relative_errors(logits, expected).max() <= TOLERANCE
