"""Encoder, latent stack and decoder of a Hugging Face Perceiver, bound to its checkpoint."""

import numpy as np
from perceiver_compiler.formulas.stages import decode, encode, process, tied

from .hf_config import HuggingFaceConfig
from .hf_parameters import (
    Weights,
    array,
    cross_parameters,
    decoder_prefix,
    linear_parameters,
    self_parameters,
)


def hf_encode(
    weights: Weights,
    config: HuggingFaceConfig,
    inputs: np.ndarray,
    attention_mask: np.ndarray | None = None,
) -> np.ndarray:
    """Return the latents [B, N, D] after the cross-attend to preprocessed inputs [B, M, C]; mask
    [B, M].
    """
    heads = config.num_cross_attention_heads
    return encode(
        array(weights, "perceiver.embeddings.latents"),
        inputs,
        cross_parameters(weights, "perceiver.encoder.cross_attention", heads, config),
        residual=config.use_query_residual,
        key_mask=attention_mask,
        masked_rows=config.variant.masked_rows,
    )


def hf_process(weights: Weights, config: HuggingFaceConfig, latents: np.ndarray) -> np.ndarray:
    """Return the latents [B, N, D] after num_blocks repeats of the same self-attention layers."""
    layers = [
        self_parameters(
            weights,
            f"perceiver.encoder.self_attends.{layer}",
            config.num_self_attention_heads,
            config,
        )
        for layer in range(config.num_self_attends_per_block)
    ]
    return process(latents, tied(layers, config.num_blocks))


def hf_last_hidden_state(
    weights: Weights,
    config: HuggingFaceConfig,
    inputs: np.ndarray,
    attention_mask: np.ndarray | None = None,
) -> np.ndarray:
    """Return the latents [B, N, D] after encoder and latent stack; inputs [B, M, C]."""
    return hf_process(weights, config, hf_encode(weights, config, inputs, attention_mask))


def hf_decode(
    weights: Weights,
    config: HuggingFaceConfig,
    queries: np.ndarray,
    latents: np.ndarray,
    query_mask: np.ndarray | None = None,
) -> np.ndarray:
    """Return the decoded rows [B, O, out] for queries [B, O, E] or [O, E]; 8 heads for masked_lm,
    else 1.
    """
    masked_lm = config.task == "masked_lm"
    block = decoder_prefix(config)
    final = block.replace("decoding_cross_attention", "final_layer")
    return decode(
        queries,
        latents,
        cross_parameters(weights, block, 8 if masked_lm else 1, config),
        residual=config.decoder_residual,
        final=None if masked_lm else linear_parameters(weights, final),
        query_mask=query_mask if config.variant.mask_decoder_queries else None,
        masked_rows=config.variant.masked_rows,
    )


def hf_query_table(weights: Weights, config: HuggingFaceConfig) -> np.ndarray:
    """Return the decoder's learned queries [O, E]."""
    block = decoder_prefix(config)
    name = block.replace("decoding_cross_attention", "output_position_encodings")
    return array(weights, f"{name}.position_embeddings")
