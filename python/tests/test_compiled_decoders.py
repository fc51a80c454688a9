"""Compiled decoders that absorb the layers of their queries and output, beside the same decoder
with all of its layers.
"""

import numpy as np
import pytest
from compiled import check_bits, check_rewritten, compile_model

import reference as r

ROWS, CHANNELS = 270, 29
LATENTS, LATENT_CHANNELS = 33, 40
QK_CHANNELS, V_CHANNELS = 48, 45
NORMS = {"q_norm": CHANNELS, "kv_norm": LATENT_CHANNELS}
LAYERS = {
    "query": (CHANNELS, QK_CHANNELS),
    "key": (LATENT_CHANNELS, QK_CHANNELS),
    "value": (LATENT_CHANNELS, V_CHANNELS),
    "output": (V_CHANNELS, CHANNELS),
}
ENTRIES = {"whole": "project", "absorbed": "absorb_queries_and_output"}


def make_weights(gain=1):
    values = np.random.default_rng(0)
    weights = {}
    for name, channels in NORMS.items():
        weights[f"{name}.weight"] = 1 + 0.3 * values.standard_normal(channels)
        weights[f"{name}.bias"] = 0.3 * values.standard_normal(channels)
    for name, shape in LAYERS.items():
        scale = gain if name in ("query", "key") else 1
        weights[f"{name}.weight"] = scale * values.standard_normal(shape) / np.sqrt(shape[0])
        weights[f"{name}.bias"] = 0.3 * values.standard_normal(shape[1])
    return {name: value.astype(np.float32) for name, value in weights.items()}


def description():
    lines = [
        f'perceiver.parameter @{name} : tensor<{"x".join(map(str, value.shape))}xf32> key "{name}"'
        for name, value in make_weights().items()
    ]
    names = ", ".join(f"{name} = [@{name}.weight, @{name}.bias]" for name in [*NORMS, *LAYERS])
    rows = f"tensor<?x{ROWS}x{CHANNELS}xf32>"
    latents = f"tensor<?x{LATENTS}x{LATENT_CHANNELS}xf32>"
    lines += [
        f"""func.func @{name}(
    %q: {rows} {{perceiver.name = "queries", perceiver.sizes = ["batch"]}},
    %z: {latents} {{perceiver.name = "latents", perceiver.sizes = ["batch"]}})
    -> ({rows} {{perceiver.name = "result", perceiver.sizes = ["batch"]}})
    attributes {{perceiver.entry}} {{
  %y = perceiver.decode %q, %z heads = 1 qk_channels = {QK_CHANNELS} v_channels = {V_CHANNELS}
      mlp = none weights {{{names}}}
      {{residual = false, perceiver.algebra = #perceiver.algebra<{algebra}>}}
      : {rows}, {latents} -> {rows}
  return %y : {rows}
}}"""
        for name, algebra in ENTRIES.items()
    ]
    return "\n".join(lines)


def make_inputs(batch, offset=0):
    values = np.random.default_rng(1)
    inputs = {
        "queries": offset + values.standard_normal((batch, ROWS, CHANNELS)),
        "latents": offset + values.standard_normal((batch, LATENTS, LATENT_CHANNELS)),
    }
    return {name: value.astype(np.float32) for name, value in inputs.items()}


def decode(weights, inputs):
    """The result in float64."""
    w, x = (
        {name: np.asarray(value, np.float64) for name, value in arrays.items()}
        for arrays in (weights, inputs)
    )
    q, z = (
        r.layer_norm(x[name], w[f"{norm}.weight"], w[f"{norm}.bias"])
        for name, norm in (("queries", "q_norm"), ("latents", "kv_norm"))
    )
    operands = (
        rows @ w[f"{name}.weight"] + w[f"{name}.bias"]
        for rows, name in ((q, "query"), (z, "key"), (z, "value"))
    )
    return r.attention(*operands, heads=1)[0] @ w["output.weight"] + w["output.bias"]


@pytest.fixture(scope="module", params=[1, 5])
def case(request, tmp_path_factory):
    """A model whose scores a gain multiplies with its square, and its weights."""
    folder = tmp_path_factory.mktemp("decoders")
    file = folder / "decoders.mlir"
    file.write_text(description())
    weights = make_weights(request.param)
    return compile_model(file, weights, folder / "decoders.so", "--target-cpu=native"), weights


@pytest.mark.parametrize("offset", [0, 1, 100, 1e4])
def test_errors_stay_what_they_were(case, offset, tmp_path):
    model, weights = case
    inputs = make_inputs(2, offset)
    expected = decode(weights, inputs)
    check_rewritten(model, inputs, expected, tmp_path, ["absorbed", "whole"])


def test_rows_of_a_batch_and_threads_have_the_same_bits(case, tmp_path):
    model, _ = case
    check_bits(model, make_inputs(3), tmp_path, "absorbed")
