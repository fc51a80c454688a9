"""The committed descriptions, with small sizes put in, against the float64 reference.

Small sizes let the reference compute every row of a batch, which test_compiled_models.py leaves out
at full size, and they are not multiples of any tile.
"""

import re

import numpy as np
import pytest
import random_weights
from compiled import MODELS, TOLERANCE, compile_model, run

import reference as r
from models.sizes import with_sizes

IMAGENET = {
    "iterations = 48": "iterations = 6",
    "count 6": "count 3",
    "50176": "1024",
    "224x224xf32": "32x32xf32",
    "grid = [224, 224]": "grid = [32, 32]",
    "512": "32",
    "1024": "64",
    "1000": "10",
}
LUCIDRAINS = {
    "iterations = 6": "iterations = 3",
    "iterations = 5": "iterations = 2",
    "count 6": "count 3",
    "heads = 8": "heads = 4",
    "50176": "560",
    "224x224x3": "20x28x3",
    "[224, 224]": "[20, 28]",
    "4096": "256",
    "2048": "128",
    "1024": "64",
    "512": "32",
    "256": "16",
    "128": "32",
    "64": "16",
    "1000": "10",
}
"""The sizes of a full-size description, and those of random_weights.get_model(.., "small")."""


@pytest.mark.parametrize(
    ("name", "folder", "sizes", "with_aliases"),
    [
        ("perceiver_io_imagenet_fourier", "perceiver_io_imagenet_fourier", IMAGENET, False),
        ("perceiver_lucidrains", "perceiver_lucidrains", LUCIDRAINS, False),
        ("perceiver_lucidrains_tied", "perceiver_lucidrains", LUCIDRAINS, False),
        ("perceiver_lucidrains_tied", "perceiver_lucidrains", LUCIDRAINS, True),
    ],
    ids=["imagenet", "lucidrains", "tied-repeated", "tied-aliases"],
)
def test_small_models_agree_with_the_reference(tmp_path, name, folder, sizes, with_aliases):
    model = random_weights.get_model(name, "small")
    weights = random_weights.make_weights(model)
    checkpoint = tmp_path / "weights.safetensors"
    random_weights.save_weights(model, weights, checkpoint, with_aliases)
    description = tmp_path / f"{name}.mlir"
    full = (MODELS / folder / f"{name}.mlir").read_text()
    description.write_text(with_sizes(full, sizes))
    binary = compile_model(description, checkpoint, tmp_path / f"{name}.so")

    inputs = random_weights.make_inputs(model, batch=3)
    expected = model.run(weights, inputs[model.input_name])
    results = []
    for threads in (1, 2):
        logits = run(binary, inputs, tmp_path, threads)[model.output_name]
        assert r.relative_errors(logits, expected).max() <= TOLERANCE
        results.append(logits)
    assert np.array_equal(*results)

    *steps, at_once = re.findall(r"func\.func @(\w+)", full)
    assert at_once == "run" and steps[0] == "encode" and steps[-1] == "decode"
    state = inputs
    for entry in steps:
        state = run(binary, state, tmp_path, threads=2, entry=entry)
    assert r.relative_errors(state[model.output_name], expected).max() <= TOLERANCE
