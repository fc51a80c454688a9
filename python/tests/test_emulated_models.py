"""Whole models on the emulated device, against the float64 reference.

perceiver-run ends with an error if the device finds anything, so each run here is one without
findings.
"""

import re

import numpy as np
import pytest
import random_weights
from compiled import MODELS, TOLERANCE, compile_model, run_emulated
from test_compiled_small_models import IMAGENET, LUCIDRAINS

import reference as r
from models.digits import data
from models.digits import reference as digits_reference
from models.sizes import with_sizes
from ptx import count_model

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


SMALL = {
    "imagenet": ("perceiver_io_imagenet_fourier", "perceiver_io_imagenet_fourier", IMAGENET),
    "lucidrains": ("perceiver_lucidrains", "perceiver_lucidrains", LUCIDRAINS),
    "tied": ("perceiver_lucidrains_tied", "perceiver_lucidrains", LUCIDRAINS),
}


class SmallModel:
    """A compiled model of small sizes, and what the reference needs."""

    def __init__(self, name, folder, sizes, directory):
        self.generated = random_weights.get_model(name, "small")
        self.weights = random_weights.make_weights(self.generated)
        checkpoint = directory / "weights.safetensors"
        random_weights.save_weights(self.generated, self.weights, checkpoint)
        full = (MODELS / folder / f"{name}.mlir").read_text()
        self.entries = re.findall(r"func\.func @(\w+)", full)
        description = directory / f"{name}.mlir"
        description.write_text(with_sizes(full, sizes))
        self.binary = compile_model(description, checkpoint, directory / f"{name}.so", *CUDA)

    def inputs(self, batch):
        return random_weights.make_inputs(self.generated, batch=batch)


@pytest.fixture(scope="module", params=SMALL)
def small_model(request, tmp_path_factory):
    return SmallModel(*SMALL[request.param], tmp_path_factory.mktemp(request.param))


@pytest.mark.parametrize(("batch", "ulp"), [(1, "ulp=2"), (3, "ulp=0"), (3, "ulp=2")])
def test_small_models_agree_with_the_reference(small_model, tmp_path, batch, ulp):
    output = small_model.generated.output_name
    *steps, at_once = small_model.entries
    inputs = small_model.inputs(batch)
    expected = small_model.generated.run(
        small_model.weights, inputs[small_model.generated.input_name]
    )
    logits = run_emulated(small_model.binary, inputs, tmp_path, at_once, ulp)[output]
    assert r.relative_errors(logits, expected).max() <= TOLERANCE

    state = inputs
    for entry in steps:
        state = run_emulated(small_model.binary, state, tmp_path, entry, ulp)
    assert r.relative_errors(state[output], expected).max() <= TOLERANCE


def test_small_models_give_the_same_bits_however_they_are_run(small_model, tmp_path):
    inputs = small_model.inputs(3)
    first, *others = (
        run_emulated(small_model.binary, inputs, tmp_path, words=words, options=options)
        for words, options in [
            ("seed=1 threads=2", []),
            ("seed=2 threads=1", []),
            ("seed=3 threads=2", ["--separate-buffers"]),
        ]
    )
    for other in others:
        for name, values in first.items():
            assert np.array_equal(other[name], values)


def test_kernels_use_the_device_well(small_model, tmp_path):
    """Seven kernels for each latent layer, and accesses of whole lines of memory."""
    counters = count_model.count(small_model.binary, small_model.inputs(1))
    calls = counters["calls"]
    every = count_model.add_kernels(counters["kernels"])
    assert every["launches"] == calls["cuLaunchKernel"]
    layers = {"imagenet": 6 * 3, "lucidrains": 3 * 4}
    (kind,) = [name for name in layers if name in small_model.binary.name]
    work = ("cuLaunchKernel", "cuMemcpyDtoDAsync_v2", "cuMemsetD8Async")
    assert sum(calls.get(name, 0) for name in work) <= 7 * layers[kind] + 29
    for kernel in counters["kernels"]:
        assert count_model.figures(kernel)["shared"] <= 1.1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["perceiver_lucidrains", "perceiver_io_imagenet_fourier"])
def test_full_size_models_agree_with_the_reference(tmp_path, name):
    generated = random_weights.get_model(name)
    weights = random_weights.make_weights(generated)
    checkpoint = tmp_path / "weights.safetensors"
    random_weights.save_weights(generated, weights, checkpoint)
    golden = random_weights.make_golden(generated, weights, batch=1)
    description = MODELS / name / f"{name}.mlir"
    model = compile_model(description, checkpoint, tmp_path / f"{name}.so", *CUDA)
    inputs = {generated.input_name: golden[generated.input_name]}
    logits = run_emulated(model, inputs, tmp_path)[generated.output_name]
    assert r.relative_errors(logits, golden[generated.output_name]).max() <= TOLERANCE
