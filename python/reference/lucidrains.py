"""lucidrains' models: the iterative Perceiver, PerceiverIO and PerceiverLM (perceiver-pytorch
0.8).

They differ from DeepMind's: GEGLU four times as wide, no biases of query, key and value, a fixed
head width, axis-major Fourier positions after the data, a layer norm in the classifier, and no MLP
nor residual in the decoder by default.
"""

import numpy as np
from perceiver_compiler.formulas.blocks import as_batch
from perceiver_compiler.formulas.embedding import embedding
from perceiver_compiler.formulas.linear import linear
from perceiver_compiler.formulas.positions import fourier_positions
from perceiver_compiler.formulas.stages import decode, encode, process

from .heads import norm_mean_pool
from .lucidrains_parameters import (
    LucidrainsConfig,
    LucidrainsIOConfig,
    Weights,
    cross_parameters,
    linear_parameters,
    norm_parameters,
    self_parameters,
    untie,
)

_MASKED_ROWS = "uniform"


def lucidrains_inputs(config: LucidrainsConfig, data: np.ndarray) -> np.ndarray:
    """Return the inputs [B, M, C] of data [B, *axes, channels]: channels, then the position of
    each axis.
    """
    data = np.asarray(data, np.float64)
    if data.ndim != config.input_axis + 2 or data.shape[-1] != config.input_channels:
        raise ValueError(
            f"expected {config.input_axis} axes and {config.input_channels} channels, "
            f"but got shape {data.shape}"
        )
    flat = data.reshape(len(data), -1, data.shape[-1])
    if not config.fourier_encode_data:
        return flat
    table = fourier_positions(
        data.shape[1:-1],
        config.num_freq_bands,
        (config.max_freq,) * config.input_axis,
        recipe=config.recipe,
        layout="axis_major",
    )
    return np.concatenate([flat, np.broadcast_to(table, (len(flat), *table.shape))], axis=-1)


def lucidrains_perceiver(
    weights: Weights,
    config: LucidrainsConfig,
    data: np.ndarray,
    mask: np.ndarray | None = None,
    return_embeddings: bool = False,
) -> np.ndarray:
    """Return logits [B, classes] of data [B, *axes, channels]; mask [B, M], true where an element
    exists.

    Each layer is a cross-attend and self_per_cross_attn self-attends. return_embeddings gives the
    latents [B, N, D]. Tied weights may be given under any one of their names, or under several if
    they are equal.
    """
    weights = untie(weights, config)
    x = lucidrains_inputs(config, data)
    layers = []
    for layer in range(config.depth):
        name = f"layers.{layer}"
        cross = cross_parameters(weights, f"{name}.0", f"{name}.1", config.cross_heads)
        latent = [
            self_parameters(weights, f"{name}.2.{j}.0", f"{name}.2.{j}.1", config.latent_heads)
            for j in range(config.self_per_cross_attn)
        ]
        layers.append([cross, *latent])
    latents = process(weights["latents"], layers, x, key_mask=mask, masked_rows=_MASKED_ROWS)
    latents = np.broadcast_to(latents, (len(x), *latents.shape[1:]))  # without layers none has it
    if return_embeddings:
        return latents
    norm = norm_parameters(weights, "to_logits.1")
    return norm_mean_pool(latents, norm, linear_parameters(weights, "to_logits.2"))


def lucidrains_perceiver_io(
    weights: Weights,
    config: LucidrainsIOConfig,
    data: np.ndarray,
    queries: np.ndarray | None = None,
    mask: np.ndarray | None = None,
) -> np.ndarray:
    """Return [B, O, logits_dim] (queries_dim without logits) for data [B, M, dim] and queries [B,
    O, E] or [O, E].

    Without queries the latents [B, N, D] are the result. mask [B, M] is true where an element
    exists.
    """
    weights = untie(weights, config)
    block = cross_parameters(
        weights, "cross_attend_blocks.0", "cross_attend_blocks.1", config.cross_heads
    )
    latents = encode(
        weights["latents"], as_batch(data), block, key_mask=mask, masked_rows=_MASKED_ROWS
    )
    layers = [
        self_parameters(weights, f"layers.{layer}.0", f"layers.{layer}.1", config.latent_heads)
        for layer in range(config.depth)
    ]
    latents = process(latents, [layers])
    if queries is None:
        return latents
    mlp = "decoder_ff" if config.decoder_ff else None
    block = cross_parameters(weights, "decoder_cross_attn", mlp, config.cross_heads)
    decoded = decode(queries, latents, block)
    if config.logits_dim is None:
        return decoded
    return linear(decoded, linear_parameters(weights, "to_logits"))


def lucidrains_perceiver_lm(
    weights: Weights,
    config: LucidrainsIOConfig,
    inputs: np.ndarray,
    mask: np.ndarray | None = None,
) -> np.ndarray:
    """Return logits [B, M, logits_dim] of ids [B, M]; the embedded ids, with positions, are also
    the queries.

    ValueError if M exceeds max_seq_len.
    """
    inputs = np.asarray(inputs)
    positions = np.asarray(weights["pos_emb.weight"], np.float64)
    if inputs.shape[1] > len(positions):
        raise ValueError(f"expected at most {len(positions)} ids, but got {inputs.shape[1]}")
    x = embedding(weights["token_emb.weight"], inputs) + positions[: inputs.shape[1]]
    prefix = "perceiver_io."
    inner = {
        name.removeprefix(prefix): value
        for name, value in weights.items()
        if name.startswith(prefix)
    }
    return lucidrains_perceiver_io(inner, config, x, x, mask)
