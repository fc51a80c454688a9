"""Compiled descriptions against the golden vectors that test_golden_vectors.py has."""

from dataclasses import replace

import numpy as np
import pytest
import test_golden_vectors as golden
from compiled import GOLDEN, TOLERANCE, compile_model, run

import reference as r


def v3_fourier():
    config = replace(golden.FOURIER, variant=golden.HF)
    weights = golden.parameters(r.parameter_shapes(config))
    images = golden.v3_images()
    return weights, {"inputs": images}, r.image_classification(weights, config, images)


def v5_perceiver_io():
    config = replace(golden.IO, decoder_ff=True)
    weights = golden.parameters(r.perceiver_io_shapes(config))
    data, queries, _ = golden.v5_inputs()
    expected = r.lucidrains_perceiver_io(weights, config, data, queries)
    return weights, {"data": data, "queries": queries}, expected


def v5_perceiver_io_masked():
    weights = golden.parameters(r.perceiver_io_shapes(golden.IO))
    data, queries, mask = golden.v5_inputs()
    expected = r.lucidrains_perceiver_io(weights, golden.IO, data, queries, mask)
    return weights, {"data": data, "queries": queries, "mask": mask}, expected


def v6_perceiver():
    weights = golden.parameters(r.perceiver_shapes(golden.LUCIDRAINS))
    data = golden.v6_data()
    return weights, {"data": data}, r.lucidrains_perceiver(weights, golden.LUCIDRAINS, data)


def v6_perceiver_tied():
    config, weights = golden.v6_tied()
    data = golden.v6_data()
    return weights, {"data": data}, r.lucidrains_perceiver(weights, config, data)


@pytest.mark.parametrize("target", ["native", "x86-64-v3"])
@pytest.mark.parametrize(
    ("case", "printed"),
    [
        (v3_fourier, golden.V3_FOURIER[1]),
        (v5_perceiver_io, golden.V5),
        (v5_perceiver_io_masked, golden.V5_MASKED),
        (v6_perceiver, golden.V6),
        (v6_perceiver_tied, golden.V6_TIED),
    ],
)
def test_compiled_code_reproduces_golden_vectors(tmp_path, case, printed, target):
    weights, inputs, expected = case()
    name = case.__name__
    model = compile_model(
        GOLDEN / f"{name}.mlir", weights, tmp_path / f"{name}.so", f"--target-cpu={target}"
    )
    inputs = {
        key: np.ascontiguousarray(value, value.dtype if value.dtype == bool else np.float32)
        for key, value in inputs.items()
    }
    logits = run(model, inputs, tmp_path, threads=2)["logits"]
    tolerance = TOLERANCE * np.abs(printed).max()
    np.testing.assert_allclose(logits.reshape(-1)[: len(printed)], printed, rtol=0, atol=tolerance)
    np.testing.assert_allclose(logits, expected, rtol=0, atol=tolerance)
