"""The stages of the papers' systems, bound to the names of python/models/paper_systems.

Perceiver (arXiv 2103.03206), section 3.1; Perceiver IO (arXiv 2107.14795), sections 3.1 and 3.2.
"""

import numpy as np
from perceiver_compiler.formulas.blocks import (
    AttentionParameters,
    CrossBlockParameters,
    NormParameters,
    SelfBlockParameters,
)
from perceiver_compiler.formulas.mlp import MlpParameters
from perceiver_compiler.formulas.stages import decode, encode, process, tied

from .heads import first_row, mean_pool
from .hf_parameters import Weights, array, linear_parameters


def perceiver_latents(
    weights: Weights, inputs: np.ndarray, *, reads: int, layers: int, heads: int, shared: bool
) -> np.ndarray:
    """Return the latents [B, N, D] of a Perceiver that reads inputs [B, M, C] so often, each time
    followed by a latent transformer.

    Shared: the first cross-attention has its own weights, the others have the same, and so have all
    transformers. Else every one has its own.
    """
    latents = array(weights, "latents")
    repeats = []
    for number in range(1, reads + 1):
        cross = _cross(weights, f"cross_attention_{min(number, 2) if shared else number}", heads=1)
        scope = "latent_transformer" if shared else f"latent_transformer_{number}"
        repeats.append([cross, *_transformer(weights, scope, layers, heads)])
    return process(np.broadcast_to(latents, (len(inputs), *latents.shape)), repeats, inputs)


def perceiver_io_latents(
    weights: Weights,
    inputs: np.ndarray,
    *,
    repeats: int,
    layers: int,
    heads: int,
    cross_heads: int = 1,
    key_mask: np.ndarray | None = None,
) -> np.ndarray:
    """Return the latents [B, N, D] that read inputs [B, M, C] once and pass the layers of
    self-attention so often; key_mask [B, M] marks the inputs that exist.
    """
    cross = _cross(weights, "encode", cross_heads)
    latents = encode(array(weights, "latents"), inputs, cross, key_mask=key_mask)
    return process(latents, tied(_transformer(weights, "process", layers, heads), repeats))


def average_logits(weights: Weights, latents: np.ndarray) -> np.ndarray:
    """Return the projection of the mean latent: [B, N, D] -> [B, classes]."""
    return mean_pool(latents, linear_parameters(weights, "final"))


def query_row(
    weights: Weights, latents: np.ndarray, *, residual: bool, heads: int = 1
) -> np.ndarray:
    """Return what the one learned query reads: [B, N, D] -> [B, E]."""
    query = array(weights, "query.position_embeddings")
    return first_row(decode(query, latents, _cross(weights, "decode", heads), residual=residual))


def query_rows(weights: Weights, latents: np.ndarray, heads: int) -> np.ndarray:
    """Return what the learned queries of all places read, without a residual: [B, N, D] ->
    [B, O, E].
    """
    queries = array(weights, "queries.position_embeddings")
    return decode(queries, latents, _cross(weights, "decode", heads))


def _cross(weights: Weights, scope: str, heads: int) -> CrossBlockParameters:
    return CrossBlockParameters(
        norm_queries=_norm(weights, f"{scope}.q_norm"),
        norm_inputs=_norm(weights, f"{scope}.kv_norm"),
        attention=_attention(weights, scope, heads),
        norm_mlp=_norm(weights, f"{scope}.mlp_norm"),
        mlp=_mlp(weights, scope),
    )


def _transformer(
    weights: Weights, scope: str, layers: int, heads: int
) -> list[SelfBlockParameters]:
    names = [f"{scope}.{layer}" for layer in range(layers)]
    return [
        SelfBlockParameters(
            norm=_norm(weights, f"{name}.q_norm"),
            attention=_attention(weights, name, heads),
            norm_mlp=_norm(weights, f"{name}.mlp_norm"),
            mlp=_mlp(weights, name),
        )
        for name in names
    ]


def _norm(weights: Weights, name: str) -> NormParameters:
    return NormParameters(array(weights, f"{name}.weight"), array(weights, f"{name}.bias"))


def _attention(weights: Weights, scope: str, heads: int) -> AttentionParameters:
    layers = ("query", "key", "value", "output")
    return AttentionParameters(
        *(linear_parameters(weights, f"{scope}.{layer}") for layer in layers), heads
    )


def _mlp(weights: Weights, scope: str) -> MlpParameters:
    layers = ("mlp_in", "mlp_out")
    return MlpParameters(
        *(linear_parameters(weights, f"{scope}.{layer}") for layer in layers), "gelu_tanh"
    )
