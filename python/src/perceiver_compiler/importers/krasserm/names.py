"""Names of tensors in perceiver-io, within an encoder, a decoder or an attention."""

from __future__ import annotations

import re

ENCODER, DECODER = "0.", "1."

LATENTS = "latent_provider._query"
TOKENS = "input_adapter.txt_embedding.weight"
PLACES = "input_adapter.pos_embedding.weight"
INPUT_LINEAR = "input_adapter.linear"
FOURIER = "input_adapter.position_encoding.position_encoding"
QUERIES = "output_query_provider._query"
LOGITS = "output_adapter.linear"
TOKEN_BIAS = "output_adapter.bias"
LINEARS = {"query": "q_proj", "key": "k_proj", "value": "v_proj", "output": "o_proj"}

_AFFINE = r"(weight|bias)"
_LAYER = (
    rf"(module\.)?(q_norm|kv_norm|norm|attention\.[qkvo]_proj)\.{_AFFINE}"
    rf"|module\.[0-3]\.{_AFFINE}"
)
_KNOWN = re.compile(
    rf"(0\.)?(latent_provider\._query"
    rf"|input_adapter\.(txt_embedding\.weight|pos_embedding\.weight|linear\.{_AFFINE}"
    rf"|position_encoding\.position_encoding)"
    rf"|cross_attn_[1n]\.[01]\.({_LAYER})|self_attn_[1n]\.\d+\.[01]\.({_LAYER}))"
    rf"|(1\.)?(output_query_provider\._query|output_adapter\.(linear\.{_AFFINE}|bias)"
    rf"|cross_attn\.[01]\.({_LAYER}))|[qkvo]_proj\.{_AFFINE}"
)


def cross_attention(encoder: str, which: str) -> tuple[str, str]:
    """Return the names of a cross-attention (`1`, or `n`: the others) of an encoder, and of the MLP
    behind it.
    """
    return f"{encoder}cross_attn_{which}.0.module", f"{encoder}cross_attn_{which}.1.module"


def self_attention(encoder: str, which: str) -> tuple[str, str]:
    """Return the same of a block of self-attention; `{}` is the number of the layer."""
    block = f"{encoder}self_attn_{which}.{{}}"
    return f"{block}.0.module", f"{block}.1.module"


def decoder_attention(decoder: str, residual: bool) -> tuple[str, str]:
    """Return the same of a decoder, whose residual is a module of its own."""
    attention = f"{decoder}cross_attn.0"
    return f"{attention}.module" if residual else attention, f"{decoder}cross_attn.1.module"


def block_keys(attention: str, mlp: str, *, is_cross: bool) -> dict[str, str]:
    """Return the keys of a block's layers by name."""
    norms = {"q_norm": "q_norm", "kv_norm": "kv_norm"} if is_cross else {"q_norm": "norm"}
    keys = {name: f"{attention}.{key}" for name, key in norms.items()}
    keys |= {name: f"{attention}.attention.{key}" for name, key in LINEARS.items()}
    return keys | {
        name: f"{mlp}.{index}" for name, index in (("mlp_norm", 0), ("mlp_in", 1), ("mlp_out", 3))
    }


def is_known(name: str) -> bool:
    """Whether a tensor of this name belongs to one of the library's models."""
    return _KNOWN.fullmatch(name) is not None
