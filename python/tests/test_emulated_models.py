"""Whole models on the emulated device, against the float64 reference.

perceiver-run ends with an error if the device finds anything, so each run here is one without
findings.
"""

import re

import numpy as np
import pytest
import random_weights
from compiled import MODELS, TOLERANCE, compile_model, run_emulated
from test_compiled_small_models import IMAGENET, LUCIDRAINS, with_sizes

import reference as r
from models.digits import data
from models.digits import reference as digits_reference

CUDA = ("--target=cuda", "--cuda-arch=80")
ULPS = ("ulp=0", "ulp=2")
"""How far the device's approximations are off: exact, and as far as a real one may be."""


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    folder = MODELS / "digits"
    model = tmp_path_factory.mktemp("digits") / "digits.so"
    return compile_model(folder / "digits.mlir", folder / "digits.safetensors", model, *CUDA)


@pytest.mark.parametrize("ulp", ULPS)
def test_digits_agrees_with_the_reference(digits, tmp_path, ulp):
    inputs = data.load_split()[2].inputs[:33].astype(np.float32)
    expected = digits_reference.forward(
        digits_reference.load_parameters(), inputs.astype(np.float64)
    )
    logits = run_emulated(digits, {"inputs": inputs}, tmp_path, words=ulp)["logits"]
    assert r.relative_errors(logits, expected).max() <= TOLERANCE


def test_digits_gives_the_same_bits_however_it_is_run(digits, tmp_path):
    inputs = {"inputs": data.load_split()[2].inputs[:3].astype(np.float32)}
    expected = run_emulated(digits, inputs, tmp_path)["logits"]
    for words in ["threads=1", "threads=2", *(f"seed={seed}" for seed in range(1, 9))]:
        logits = run_emulated(digits, inputs, tmp_path, words=words)["logits"]
        assert np.array_equal(logits, expected)
    for option in ("--separate-buffers", "--sync-launches"):
        logits = run_emulated(digits, inputs, tmp_path, options=[option])["logits"]
        assert np.array_equal(logits, expected)


@pytest.mark.parametrize(
    ("name", "folder", "sizes"),
    [
        ("perceiver_io_imagenet_fourier", "perceiver_io_imagenet_fourier", IMAGENET),
        ("perceiver_lucidrains", "perceiver_lucidrains", LUCIDRAINS),
        ("perceiver_lucidrains_tied", "perceiver_lucidrains", LUCIDRAINS),
    ],
    ids=["imagenet", "lucidrains", "tied"],
)
def test_small_models_agree_with_the_reference(tmp_path, name, folder, sizes):
    model = random_weights.get_model(name, "small")
    weights = random_weights.make_weights(model)
    checkpoint = tmp_path / "weights.safetensors"
    random_weights.save_weights(model, weights, checkpoint)
    description = tmp_path / f"{name}.mlir"
    full = (MODELS / folder / f"{name}.mlir").read_text()
    description.write_text(with_sizes(full, sizes))
    binary = compile_model(description, checkpoint, tmp_path / f"{name}.so", *CUDA)

    *steps, at_once = re.findall(r"func\.func @(\w+)", full)
    for batch, ulp in ((1, "ulp=2"), (3, "ulp=0"), (3, "ulp=2")):
        inputs = random_weights.make_inputs(model, batch=batch)
        expected = model.run(weights, inputs[model.input_name])
        logits = run_emulated(binary, inputs, tmp_path, at_once, ulp)[model.output_name]
        assert r.relative_errors(logits, expected).max() <= TOLERANCE

        state = inputs
        for entry in steps:
            state = run_emulated(binary, state, tmp_path, entry, ulp)
        assert r.relative_errors(state[model.output_name], expected).max() <= TOLERANCE
