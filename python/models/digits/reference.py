"""The `digits` Perceiver IO in float64 NumPy.

    inputs [B,8,8,1] -> 64 tokens of 35 channels: the pixel, then 34 Fourier position features
    encode   Cross(latents [16,48], tokens), 1 head of width 35, query residual
    process  4 Self blocks, 3 heads of width 16; the stack runs twice with the same weights
    decode   Cross(query [1,48], latents), 1 head of width 48, query residual; Linear
             -> logits [B,10]

It is a small Hugging Face classifier of images with Fourier positions. Its parameters carry the
names that they have there without the prefixes "perceiver." and, in the decoder,
"perceiver.decoder."; the weights of linear layers are stored [out, in].
"""

from pathlib import Path

from safetensors.numpy import load_file

import reference as r
from reference.hf_image import append_fourier_positions

WEIGHTS = Path(__file__).parent / "digits.safetensors"

CONFIG = r.HuggingFaceConfig(
    "image_classification_fourier",
    num_latents=16,
    d_latents=48,
    d_model=35,
    num_blocks=2,
    num_self_attends_per_block=4,
    num_self_attention_heads=3,
    num_cross_attention_heads=1,
    num_labels=10,
    num_bands=8,
    max_resolution=(8, 8),
)


def _short_name(name):
    return name.removeprefix("perceiver.").replace("decoder.decoder.", "decoder.")


def parameter_shapes():
    """Return {name: shape} of all parameters, in the order of the computation."""
    return {_short_name(name): shape for name, shape in r.parameter_shapes(CONFIG).items()}


def load_parameters(path=WEIGHTS):
    """Read a safetensors file into {name: array}."""
    return load_file(path)


def fourier_positions():
    """Return the position features [64, 34]: those of a row of tokens after its pixel."""
    return r.fourier_positions(CONFIG.max_resolution, CONFIG.num_bands)


def forward(parameters, inputs, config=CONFIG):
    """Return the logits [B,10] of `inputs` [B,8,8,1], or of other sizes with a configuration of
    them."""
    weights = {name: parameters[_short_name(name)] for name in r.parameter_shapes(config)}
    latents = r.hf_last_hidden_state(weights, config, append_fourier_positions(inputs, config))
    return r.first_row(r.hf_decode(weights, config, r.hf_query_table(weights, config), latents))


def accuracy(parameters, inputs, labels):
    """Return the share of `inputs` whose largest logit is at their label."""
    return float((forward(parameters, inputs).argmax(axis=-1) == labels).mean())
