"""DeepMind's Perceiver, built anew with dm-haiku: their code is on no package index.

What is computed follows the papers (arXiv 2103.03206 and 2107.14795) and models.md; where which
module is made decides the names of its parameters, and is as in their released code.
"""

import math

import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np

_NOT_ATTENDED = -1e30


def attend(query, key, value, heads, mask):
    """Attention of several heads; `mask` [B, queries, keys] is nonzero where a key takes part."""
    batch, queries, _ = query.shape
    q, k, v = (x.reshape(*x.shape[:2], heads, -1) for x in (query, key, value))
    scores = jnp.einsum("bthd,bThd->bhtT", q, k) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = jnp.where(mask[:, None] != 0, scores, _NOT_ATTENDED)
    weights = jax.nn.softmax(scores)
    summed = jnp.einsum("bhtT,bThd->bthd", weights, v).reshape(batch, queries, -1)
    if mask is not None:
        # A query that may not attend to anything gets nothing.
        summed = jnp.where(jnp.all(mask == 0, axis=-1)[..., None], 0, summed)
    return summed


class Attention(hk.Module):
    def __init__(self, heads, qk, v, outputs, name="attention"):
        super().__init__(name)
        self.heads, self.qk, self.v, self.outputs = heads, qk, v, outputs

    def __call__(self, query, source, mask=None):
        q = hk.Linear(self.qk)(query)
        k = hk.Linear(self.qk)(source)
        v = hk.Linear(self.v)(source)
        return hk.Linear(self.outputs)(attend(q, k, v, self.heads, mask))


class MLP(hk.Module):
    def __init__(self, widening, name="mlp"):
        super().__init__(name)
        self.widening = widening

    def __call__(self, x):
        width = x.shape[-1]
        hidden = jax.nn.gelu(hk.Linear(self.widening * width)(x))
        return hk.Linear(width)(hidden)


def _norm(x):
    return hk.LayerNorm(axis=-1, create_scale=True, create_offset=True)(x)


class SelfAttention(hk.Module):
    def __init__(self, widening, heads, qk, v, name="self_attention"):
        super().__init__(name)
        self.widening, self.heads, self.qk, self.v = widening, heads, qk, v

    def __call__(self, x):
        width = x.shape[-1]
        qk = self.qk or width
        v = self.v or qk
        normed = _norm(x)
        x = x + Attention(self.heads, qk, v, v)(normed, normed)
        return x + MLP(self.widening)(_norm(x))


class CrossAttention(hk.Module):
    def __init__(self, widening, heads, qk, v, shape="kv", residual=True, name="cross_attention"):
        super().__init__(name)
        self.widening, self.heads, self.qk, self.v = widening, heads, qk, v
        self.shape, self.residual = shape, residual

    def __call__(self, query, source, mask=None):
        width = query.shape[-1]
        qk = self.qk or (source if self.shape == "kv" else query).shape[-1]
        v = self.v or qk
        attention = Attention(self.heads, qk, v, width)
        attended = attention(_norm(query), _norm(source), mask)
        x = query + attended if self.residual else attended
        return x + MLP(self.widening)(_norm(x))


# Positions


class TrainablePositionEncoding(hk.Module):
    def __init__(self, index_dim, num_channels=128, name="trainable_position_encoding"):
        super().__init__(name)
        self.shape = (index_dim, num_channels)

    def __call__(self, batch, points=None):
        table = hk.get_parameter("pos_embs", self.shape, init=jnp.zeros)
        return jnp.broadcast_to(table[None], (batch, *table.shape))


def fourier_features(positions, bands, resolution, concat_pos, sine_only):
    """Features of positions [points, axes], in float32 whatever type the model is computed in."""
    positions = jnp.asarray(positions, jnp.float32)
    frequencies = [jnp.linspace(1.0, r / 2, bands, dtype=jnp.float32) for r in resolution]
    angles = [positions[:, i, None] * each for i, each in enumerate(frequencies)]
    angles = np.float32(np.pi) * jnp.concatenate(angles, axis=1)
    waves = [jnp.sin(angles)] if sine_only else [jnp.sin(angles), jnp.cos(angles)]
    return jnp.concatenate([positions, *waves] if concat_pos else waves, axis=1)


class FourierPositionEncoding(hk.Module):
    def __init__(
        self,
        index_dims,
        num_bands,
        concat_pos=True,
        max_resolution=None,
        sine_only=False,
        name="fourier_position_encoding",
    ):
        super().__init__(name)
        self.index_dims = tuple(index_dims)
        self.options = (num_bands, max_resolution or index_dims, concat_pos, sine_only)

    def __call__(self, batch, points=None):
        if points is None:
            axes = [jnp.linspace(-1, 1, n, dtype=jnp.float32) for n in self.index_dims]
            grid = jnp.meshgrid(*axes, indexing="ij")
            points = jnp.stack([axis.reshape(-1) for axis in grid], axis=-1)
        features = fourier_features(points, *self.options)
        return jnp.broadcast_to(features[None], (batch, *features.shape))


class PositionEncodingProjector(hk.Module):
    def __init__(self, channels, base, name="position_encoding_projector"):
        super().__init__(name)
        self.channels, self.base = channels, base

    def __call__(self, batch, points=None):
        return hk.Linear(self.channels)(self.base(batch, points))


def make_positions(config, index_dims):
    """Return an encoding by the position arguments of a class, and its projector."""
    kind = config["position_encoding_type"]
    if kind == "trainable":
        arguments = {
            key: value
            for key, value in config.get("trainable_position_encoding_kwargs", {}).items()
            if key != "init_scale"
        }
        base = TrainablePositionEncoding(math.prod(index_dims), **arguments)
    else:
        base = FourierPositionEncoding(index_dims, **config["fourier_position_encoding_kwargs"])
    channels = config.get("project_pos_dim", -1)
    return base if channels <= 0 else PositionEncodingProjector(channels, base)
