"""Multi-head attention with its projections, and the two blocks that every Perceiver is made of."""

from dataclasses import dataclass

import numpy as np

from .attention import attention
from .linear import LinearParameters, linear
from .mlp import MlpParameters, mlp
from .norm import layer_norm


@dataclass(frozen=True)
class NormParameters:
    """Layer norm: weight [C], bias [C] (either may be None), eps."""

    weight: np.ndarray | None
    bias: np.ndarray | None
    eps: float = 1e-5


@dataclass(frozen=True)
class AttentionParameters:
    """Projections query [Dq, H*dqk], key [Dk, H*dqk], value [Dk, H*dv], output [H*dv, out]; number
    of heads.
    """

    query: LinearParameters
    key: LinearParameters
    value: LinearParameters
    output: LinearParameters
    heads: int = 1


@dataclass(frozen=True)
class CrossBlockParameters:
    """Norms of queries and inputs, attention back to the queries' width, and an optional normed
    MLP.
    """

    norm_queries: NormParameters
    norm_inputs: NormParameters
    attention: AttentionParameters
    norm_mlp: NormParameters | None = None
    mlp: MlpParameters | None = None


@dataclass(frozen=True)
class SelfBlockParameters:
    """Norm, attention of the latents to themselves, and a normed MLP."""

    norm: NormParameters
    attention: AttentionParameters
    norm_mlp: NormParameters | None = None
    mlp: MlpParameters | None = None


def multi_head_attention(
    queries: np.ndarray, inputs: np.ndarray, parameters: AttentionParameters, **masks
) -> tuple[np.ndarray, np.ndarray]:
    """Return (output [B, Nq, out], lse [B, H, Nq]) of queries [B, Nq, Dq] attending to inputs [B,
    Nk, Dk].

    No norm and no residual inside. masks as in `attention`; with masked_rows "zero" a row without
    keys leaves as the output bias. Perceiver IO (arXiv 2107.14795), appendix.
    """
    weighted, lse = attention(
        linear(queries, parameters.query),
        linear(inputs, parameters.key),
        linear(inputs, parameters.value),
        heads=parameters.heads,
        **masks,
    )
    return linear(weighted, parameters.output), lse


def normed_mlp(
    x: np.ndarray, norm: NormParameters | None, parameters: MlpParameters | None
) -> np.ndarray:
    """Return x + mlp(norm(x)), or x where the model has no MLP; x [B, N, D]."""
    return x if parameters is None else x + mlp(apply_norm(x, norm), parameters)


def apply_norm(x: np.ndarray, parameters: NormParameters) -> np.ndarray:
    """Return `layer_norm` with the given parameters; x [..., C]."""
    return layer_norm(x, parameters.weight, parameters.bias, parameters.eps)


def cross_block(
    queries: np.ndarray,
    inputs: np.ndarray,
    parameters: CrossBlockParameters,
    *,
    residual: bool = True,
    **masks,
) -> np.ndarray:
    """Return [B, Nq, Dq]: x = [queries +] attention(norm(queries), norm(inputs)); x +
    mlp(norm(x)).

    queries [B, Nq, Dq] or [Nq, Dq], inputs [B, Nk, Dk]; only the query residual is optional, the
    MLP's is not. Perceiver IO (arXiv 2107.14795), appendix on the architecture.
    """
    queries = as_batch(queries)
    update, _ = multi_head_attention(
        apply_norm(queries, parameters.norm_queries),
        apply_norm(inputs, parameters.norm_inputs),
        parameters.attention,
        **masks,
    )
    x = queries + update if residual else update
    return normed_mlp(x, parameters.norm_mlp, parameters.mlp)


def self_block(x: np.ndarray, parameters: SelfBlockParameters, **masks) -> np.ndarray:
    """Return [B, N, D]: y = x + attention(norm(x)); y + mlp(norm(y)). Perceiver IO, appendix."""
    normed = apply_norm(x, parameters.norm)
    update, _ = multi_head_attention(normed, normed, parameters.attention, **masks)
    return normed_mlp(x + update, parameters.norm_mlp, parameters.mlp)


def as_batch(x: np.ndarray) -> np.ndarray:
    """Give an array without a batch axis, [N, D], a batch of one."""
    x = np.asarray(x, np.float64)
    return x[None] if x.ndim == 2 else x
