"""Configurations, names, shapes and binding of lucidrains' Perceiver, PerceiverIO and PerceiverLM
checkpoints.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from perceiver_compiler.formulas.blocks import (
    AttentionParameters,
    CrossBlockParameters,
    NormParameters,
    SelfBlockParameters,
)
from perceiver_compiler.formulas.linear import LinearParameters
from perceiver_compiler.formulas.mlp import MlpParameters

Weights = Mapping[str, np.ndarray]
Shapes = dict[str, tuple[int, ...]]

_MLP_MULTIPLE = 4


@dataclass(frozen=True)
class LucidrainsConfig:
    """Arguments of lucidrains' Perceiver, under their own names; recipe is that of the Fourier
    table.
    """

    num_freq_bands: int = 6
    max_freq: float = 10.0
    depth: int = 6
    input_channels: int = 3
    input_axis: int = 2
    num_latents: int = 256
    latent_dim: int = 512
    cross_heads: int = 1
    latent_heads: int = 8
    cross_dim_head: int = 64
    latent_dim_head: int = 64
    num_classes: int = 1000
    weight_tie_layers: bool = False
    fourier_encode_data: bool = True
    self_per_cross_attn: int = 1
    recipe: str = "torch_f32"

    @property
    def input_dim(self) -> int:
        """Channels of the inputs that the cross-attends read."""
        positions = self.input_axis * (2 * self.num_freq_bands + 1)
        return self.input_channels + (positions if self.fourier_encode_data else 0)


@dataclass(frozen=True)
class LucidrainsIOConfig:
    """Arguments of lucidrains' PerceiverIO, and of PerceiverLM (num_tokens, max_seq_len)."""

    depth: int
    dim: int
    queries_dim: int
    logits_dim: int | None = None
    num_latents: int = 512
    latent_dim: int = 512
    cross_heads: int = 1
    latent_heads: int = 8
    cross_dim_head: int = 64
    latent_dim_head: int = 64
    weight_tie_layers: bool = False
    decoder_ff: bool = False
    num_tokens: int | None = None
    max_seq_len: int | None = None


def perceiver_shapes(config: LucidrainsConfig) -> Shapes:
    """Return every tensor's shape of a Perceiver's state dict, shared tensors under each of their
    names.
    """
    dim = config.latent_dim
    shapes: Shapes = {"latents": (config.num_latents, dim)}
    cross = config.cross_heads * config.cross_dim_head
    inner = config.latent_heads * config.latent_dim_head
    for layer in range(config.depth):
        name = f"layers.{layer}"
        shapes |= _attention_shapes(f"{name}.0", dim, config.input_dim, cross)
        shapes |= _mlp_shapes(f"{name}.1", dim)
        for j in range(config.self_per_cross_attn):
            shapes |= _attention_shapes(f"{name}.2.{j}.0", dim, None, inner)
            shapes |= _mlp_shapes(f"{name}.2.{j}.1", dim)
    shapes |= _affine("to_logits.1", dim)
    return shapes | _affine("to_logits.2", config.num_classes, dim)


def perceiver_io_shapes(config: LucidrainsIOConfig) -> Shapes:
    """Return every tensor's shape of a PerceiverIO's state dict, shared tensors under each of
    their names.
    """
    dim, queries = config.latent_dim, config.queries_dim
    cross = config.cross_heads * config.cross_dim_head
    inner = config.latent_heads * config.latent_dim_head
    shapes: Shapes = {"latents": (config.num_latents, dim)}
    shapes |= _attention_shapes("cross_attend_blocks.0", dim, config.dim, cross)
    shapes |= _mlp_shapes("cross_attend_blocks.1", dim)
    for layer in range(config.depth):
        shapes |= _attention_shapes(f"layers.{layer}.0", dim, None, inner)
        shapes |= _mlp_shapes(f"layers.{layer}.1", dim)
    shapes |= _attention_shapes("decoder_cross_attn", queries, dim, cross)
    if config.decoder_ff:
        shapes |= _mlp_shapes("decoder_ff", queries)
    if config.logits_dim is not None:
        shapes |= _affine("to_logits", config.logits_dim, queries)
    return shapes


def perceiver_lm_shapes(config: LucidrainsIOConfig) -> Shapes:
    """Return every tensor's shape of a PerceiverLM's state dict."""
    shapes = {
        "token_emb.weight": (config.num_tokens, config.dim),
        "pos_emb.weight": (config.max_seq_len, config.dim),
    }
    inner = perceiver_io_shapes(config)
    return shapes | {f"perceiver_io.{name}": shape for name, shape in inner.items()}


def tied_groups(config: LucidrainsConfig | LucidrainsIOConfig) -> list[list[str]]:
    """Return the groups of names that denote one tensor, in layer order; empty without
    weight_tie_layers.

    A tied Perceiver has layer 0 for itself and shares the others; a tied PerceiverIO shares all
    layers.
    """
    if not config.weight_tie_layers:
        return []
    io = isinstance(config, LucidrainsIOConfig)
    shapes = perceiver_io_shapes(config) if io else perceiver_shapes(config)
    first = 0 if io else 1
    prefix = f"layers.{first}."
    leaves = [name.removeprefix(prefix) for name in shapes if name.startswith(prefix)]
    layers = range(first, config.depth)
    return [[f"layers.{layer}.{leaf}" for layer in layers] for leaf in leaves]


def untie(
    weights: Mapping[str, np.ndarray], config: LucidrainsConfig | LucidrainsIOConfig
) -> dict[str, np.ndarray]:
    """Return weights with every tied name present, filled from whichever of its aliases is there.

    ValueError if two aliases that are both present differ in any bit. KeyError if none is.
    """
    complete = dict(weights)
    for group in tied_groups(config):
        present = [name for name in group if name in weights]
        if not present:
            raise KeyError(group[0])
        first = np.asarray(weights[present[0]])
        for name in present[1:]:
            if np.asarray(weights[name]).tobytes() != first.tobytes():
                raise ValueError(f"expected {present[0]} and {name} to be equal, as they are tied")
        complete |= dict.fromkeys(group, weights[present[0]])
    return complete


def cross_parameters(
    weights: Weights, attention: str, mlp: str | None, heads: int
) -> CrossBlockParameters:
    """Bind a cross-attention and, unless None, the feed-forward after it."""
    return CrossBlockParameters(
        norm_queries=norm_parameters(weights, f"{attention}.norm"),
        norm_inputs=norm_parameters(weights, f"{attention}.norm_context"),
        attention=_attention(weights, attention, heads),
        norm_mlp=norm_parameters(weights, f"{mlp}.norm") if mlp else None,
        mlp=_mlp(weights, mlp) if mlp else None,
    )


def self_parameters(weights: Weights, attention: str, mlp: str, heads: int) -> SelfBlockParameters:
    """Bind a latent self-attention and the feed-forward after it."""
    return SelfBlockParameters(
        norm=norm_parameters(weights, f"{attention}.norm"),
        attention=_attention(weights, attention, heads),
        norm_mlp=norm_parameters(weights, f"{mlp}.norm"),
        mlp=_mlp(weights, mlp),
    )


def norm_parameters(weights: Weights, name: str) -> NormParameters:
    """Bind name.weight and name.bias of a layer norm."""
    return NormParameters(_array(weights, f"{name}.weight"), _array(weights, f"{name}.bias"))


def linear_parameters(weights: Weights, name: str) -> LinearParameters:
    """Bind name.weight [out, in] (transposed) and name.bias if there is one."""
    bias = _array(weights, f"{name}.bias") if f"{name}.bias" in weights else None
    return LinearParameters(_array(weights, f"{name}.weight").T, bias)


def _array(weights: Weights, name: str) -> np.ndarray:
    return np.asarray(weights[name], np.float64)


def _attention(weights: Weights, name: str, heads: int) -> AttentionParameters:
    key, value = np.split(_array(weights, f"{name}.fn.to_kv.weight"), 2)
    return AttentionParameters(
        query=linear_parameters(weights, f"{name}.fn.to_q"),
        key=LinearParameters(key.T),
        value=LinearParameters(value.T),
        output=linear_parameters(weights, f"{name}.fn.to_out"),
        heads=heads,
    )


def _mlp(weights: Weights, name: str) -> MlpParameters:
    return MlpParameters(
        up=linear_parameters(weights, f"{name}.fn.net.0"),
        down=linear_parameters(weights, f"{name}.fn.net.2"),
        activation="gated(gelu_erf)",
    )


def _affine(name: str, outputs: int, *inputs: int) -> Shapes:
    return {f"{name}.weight": (outputs, *inputs), f"{name}.bias": (outputs,)}


def _attention_shapes(name: str, queries: int, inputs: int | None, inner: int) -> Shapes:
    shapes = _affine(f"{name}.norm", queries)
    if inputs is not None:
        shapes |= _affine(f"{name}.norm_context", inputs)
    context = queries if inputs is None else inputs
    shapes |= {
        f"{name}.fn.to_q.weight": (inner, queries),
        f"{name}.fn.to_kv.weight": (2 * inner, context),
    }
    return shapes | _affine(f"{name}.fn.to_out", queries, inner)


def _mlp_shapes(name: str, dim: int) -> Shapes:
    shapes = _affine(f"{name}.norm", dim)
    shapes |= _affine(f"{name}.fn.net.0", 2 * _MLP_MULTIPLE * dim, dim)
    return shapes | _affine(f"{name}.fn.net.2", dim, _MLP_MULTIPLE * dim)
