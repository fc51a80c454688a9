"""The `digits` Perceiver IO in float64 NumPy, formula by formula.

    inputs [B,8,8,1] -> 64 tokens of 35 channels: the pixel, then 34 Fourier position features
    encode   Cross(latents [16,48], tokens), 1 head of width 35, query residual
    process  4 Self blocks, 3 heads of width 16; the stack runs twice with the same weights
    decode   Cross(query [1,48], latents), 1 head of width 48, query residual; Linear
             -> logits [B,10]

Blocks are pre-norm. Every MLP has widening 1 and the exact (erf) GELU; LayerNorm has eps 1e-5.
Parameters carry the names that Hugging Face gives them, without the prefix "perceiver."; the
weights of linear layers are stored [out, in].
"""

import json
import math
from pathlib import Path

import numpy as np

WEIGHTS = Path(__file__).parent / "digits.safetensors"

IMAGE_SHAPE = (8, 8)
NUM_BANDS = 8
INPUT_CHANNELS = 1 + len(IMAGE_SHAPE) * (2 * NUM_BANDS + 1)
NUM_LATENTS = 16
LATENT_CHANNELS = 48
NUM_SELF_LAYERS = 4
NUM_REPEATS = 2
NUM_SELF_HEADS = 3
QUERY_CHANNELS = 48
NUM_CLASSES = 10
LAYER_NORM_EPS = 1e-5

ENCODER_CROSS = "encoder.cross_attention"
DECODER_CROSS = "decoder.decoding_cross_attention"
LATENTS = "embeddings.latents"
QUERY = "decoder.output_position_encodings.position_embeddings"
FINAL_LAYER = "decoder.final_layer"


def self_layer(index):
    """Return the prefix of the parameters of self-attention layer `index`."""
    return f"encoder.self_attends.{index}"


def parameter_shapes():
    """Return {name: shape} of all parameters, in the order of the computation."""
    shapes = {LATENTS: (NUM_LATENTS, LATENT_CHANNELS)}

    def add_linear(prefix, channels_in, channels_out):
        shapes[f"{prefix}.weight"] = (channels_out, channels_in)
        shapes[f"{prefix}.bias"] = (channels_out,)

    def add_layer_norm(prefix, channels):
        shapes[f"{prefix}.weight"] = (channels,)
        shapes[f"{prefix}.bias"] = (channels,)

    def add_block(prefix, query_channels, kv_channels, inner_channels, is_cross):
        attention = f"{prefix}.attention.self"
        add_layer_norm(f"{attention}.layernorm1", query_channels)
        if is_cross:
            add_layer_norm(f"{attention}.layernorm2", kv_channels)
        add_linear(f"{attention}.query", query_channels, inner_channels)
        add_linear(f"{attention}.key", kv_channels, inner_channels)
        add_linear(f"{attention}.value", kv_channels, inner_channels)
        add_linear(f"{prefix}.attention.output.dense", inner_channels, query_channels)
        add_layer_norm(f"{prefix}.layernorm", query_channels)
        add_linear(f"{prefix}.mlp.dense1", query_channels, query_channels)
        add_linear(f"{prefix}.mlp.dense2", query_channels, query_channels)

    latent, token, query = LATENT_CHANNELS, INPUT_CHANNELS, QUERY_CHANNELS
    add_block(ENCODER_CROSS, latent, token, token, is_cross=True)
    for index in range(NUM_SELF_LAYERS):
        add_block(self_layer(index), latent, latent, latent, is_cross=False)
    shapes[QUERY] = (1, query)
    add_block(DECODER_CROSS, query, latent, latent, is_cross=True)
    add_linear(FINAL_LAYER, query, NUM_CLASSES)
    return shapes


def load_parameters(path=WEIGHTS):
    """Read a safetensors file of float32 tensors into {name: float64 array}."""
    content = Path(path).read_bytes()
    header_end = 8 + int.from_bytes(content[:8], "little")
    parameters = {}
    for name, entry in json.loads(content[8:header_end]).items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            raise ValueError(f"expected F32 for {name}, but got {entry['dtype']}")
        begin, end = (header_end + offset for offset in entry["data_offsets"])
        values = np.frombuffer(content[begin:end], "<f4").reshape(entry["shape"])
        parameters[name] = values.astype(np.float64)
    return parameters


def linspace_f32(start, stop, count):
    """Return float32 values from start to stop; each half counts from its own end, as in torch."""
    start, stop = np.float32(start), np.float32(stop)
    step = (stop - start) / np.float32(count - 1)
    index = np.arange(count, dtype=np.float32)
    low = start + step * index
    high = stop - step * (count - 1 - index)
    return np.where(index < count // 2, low, high)


def fourier_positions():
    """Return the position features [64, 34] in float32 (recipe torch_f32).

    Columns: positions (row, column); sin(pi x) of the row's 8 bands, then of the column's; cos
    likewise. Positions reach from -1 to +1 inclusive and bands from 1 to 4, half the resolution.
    """
    axes = [linspace_f32(-1, 1, size) for size in IMAGE_SHAPE]
    positions = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
    bands = np.stack([linspace_f32(1, size / 2, NUM_BANDS) for size in IMAGE_SHAPE])
    angles = np.float32(np.pi) * (positions[:, :, np.newaxis] * bands).reshape(len(positions), -1)
    # Rounded from float64, because float32 sine and cosine differ between NumPy's builds.
    sine, cosine = np.sin(angles.astype(np.float64)), np.cos(angles.astype(np.float64))
    return np.concatenate([positions, sine, cosine], axis=-1).astype(np.float32)


def gelu(x):
    """Exact GELU: x times the normal distribution function."""
    return 0.5 * x * (1 + np.vectorize(math.erf, otypes=[np.float64])(x / math.sqrt(2)))


def softmax(x):
    """Softmax over the last axis."""
    exponentials = np.exp(x - x.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def layer_norm(parameters, prefix, x):
    """LayerNorm over the last axis with the biased variance."""
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred**2).mean(axis=-1, keepdims=True)
    normed = centred / np.sqrt(variance + LAYER_NORM_EPS)
    return normed * parameters[f"{prefix}.weight"] + parameters[f"{prefix}.bias"]


def linear(parameters, prefix, x):
    """x W^T + b with W [out, in]."""
    return x @ parameters[f"{prefix}.weight"].T + parameters[f"{prefix}.bias"]


def block(parameters, prefix, query, kv, heads):
    """Pre-norm attention with query residual and MLP; self-attention where `kv` is None."""
    attention = f"{prefix}.attention.self"
    normed_query = layer_norm(parameters, f"{attention}.layernorm1", query)
    if kv is None:
        normed_kv = normed_query
    else:
        normed_kv = layer_norm(parameters, f"{attention}.layernorm2", kv)

    def project_heads(name, x):
        projected = linear(parameters, f"{attention}.{name}", x)
        return projected.reshape(*projected.shape[:-1], heads, -1).swapaxes(-3, -2)

    q = project_heads("query", normed_query)
    k = project_heads("key", normed_kv)
    v = project_heads("value", normed_kv)
    weights = softmax(q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1]))
    merged = (weights @ v).swapaxes(-3, -2)
    merged = merged.reshape(*merged.shape[:-2], -1)
    x = query + linear(parameters, f"{prefix}.attention.output.dense", merged)

    hidden = linear(
        parameters, f"{prefix}.mlp.dense1", layer_norm(parameters, f"{prefix}.layernorm", x)
    )
    return x + linear(parameters, f"{prefix}.mlp.dense2", gelu(hidden))


def forward(parameters, inputs):
    """Return the logits [B,10] of `inputs` [B,8,8,1]."""
    batch = len(inputs)
    pixels = inputs.reshape(batch, -1, 1).astype(np.float64)
    positions = fourier_positions()
    tokens = np.concatenate(
        [pixels, np.broadcast_to(positions, (batch, *positions.shape))], axis=-1
    )

    latents = np.broadcast_to(parameters[LATENTS], (batch, NUM_LATENTS, LATENT_CHANNELS))
    latents = block(parameters, ENCODER_CROSS, latents, tokens, heads=1)
    for _ in range(NUM_REPEATS):
        for index in range(NUM_SELF_LAYERS):
            latents = block(parameters, self_layer(index), latents, None, heads=NUM_SELF_HEADS)

    query = np.broadcast_to(parameters[QUERY], (batch, 1, QUERY_CHANNELS))
    decoded = block(parameters, DECODER_CROSS, query, latents, heads=1)
    return linear(parameters, FINAL_LAYER, decoded)[:, 0, :]


def accuracy(parameters, inputs, labels):
    """Return the share of `inputs` whose largest logit is at their label."""
    return float((forward(parameters, inputs).argmax(axis=-1) == labels).mean())
