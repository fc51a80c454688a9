"""Encode, process, decode as the papers of Perceiver and Perceiver IO draw them, with weights of
their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

import reference as r

# isort: split
from perceiver_compiler import builder as ops
from perceiver_compiler.builder import (
    Binding,
    Block,
    BlockShape,
    Function,
    Layer,
    Mask,
    Model,
    Parameter,
    Type,
    Value,
)

_LAYERS = (
    *("q_norm", "kv_norm", "query", "key", "value", "output"),
    *("mlp_norm", "mlp_in", "mlp_out"),
)
#: DeepMind's code, and so every model of the papers, has the GELU of tanh.
_ACTIVATION = "gelu_tanh"


class NewWeights(Binding):
    """Parameters of a model without a checkpoint: `shapes` are those of the tensors that it needs,
    by name.
    """

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self.shapes: dict[str, tuple[int, ...]] = {}

    def add(self, parameter: Parameter) -> None:
        super().add(parameter)
        for names in parameter.all_names():
            self.shapes[names[0]] = parameter.source_shape


@dataclass(frozen=True)
class Sizes:
    """What a model of the papers is made of.

    `latents` x `channels` latents; `layers` of self-attention with `heads` heads, applied `blocks`
    times in all; `cross_heads` of the encoder. `qk` and `v` are the widths of queries and keys, and
    of values, where they are not those of the inputs (encoder) and of the latents (layers).
    """

    latents: int
    channels: int
    layers: int
    blocks: int
    heads: int
    classes: int
    cross_heads: int = 1
    qk: int | None = None
    v: int | None = None


@dataclass
class Graph:
    """A model while it is built."""

    sizes: Sizes
    model: Model = field(default_factory=Model)

    def __post_init__(self) -> None:
        self.weights = NewWeights(self.model)
        self.run = Function("run", is_entry=True)

    def finish(self, result: str, value: Value) -> None:
        """Add the entry `run` with its result."""
        self.run.add_result(result, self.run.let(result, value))
        self.model.functions.append(self.run)

    def parameter(self, symbol: str, shape: tuple[int, ...]) -> Value:
        """Append a learned array, whose key is its symbol."""
        self.weights.bind(symbol, shape, symbol)
        return self.run.let(symbol.replace(".", "_"), ops.get_parameter(self.run, symbol, shape))

    def linear(self, symbol: str, inputs: int, outputs: int) -> Layer:
        """Add a linear layer, whose keys are its symbols."""
        return self.weights.linear(symbol, symbol, inputs, outputs)

    # Blocks

    def cross_block(
        self,
        scope: str,
        query: int,
        source: int,
        *,
        qk: int | None = None,
        v: int | None = None,
        heads: int = 1,
        residual: bool = True,
    ) -> Block:
        """Add a cross-attention; queries and keys are as wide as the source if `qk` is None."""
        qk = qk or source
        v = v or qk
        shape = BlockShape(query, source, qk, v, query, query)
        layers = self.weights.block(scope, _keys(scope), shape)
        return Block(heads, qk, v, _ACTIVATION, layers, residual=residual, scope=scope)

    def self_blocks(self, scope: str) -> Block:
        """Add the layers of a latent transformer, a family."""
        sizes = self.sizes
        width = sizes.channels
        qk = sizes.qk or width
        v = sizes.v or qk
        shape = BlockShape(width, None, qk, v, width, width)
        keys = _keys(f"{scope}.{{}}")
        layers = self.weights.block(scope, keys, shape, count=sizes.layers)
        return Block(sizes.heads, qk, v, _ACTIVATION, layers, scope=scope)

    # Stages

    def encode(self, rows: Value, scope: str = "encoder", mask: Mask | None = None) -> Value:
        """Append the first cross-attention, of learned latents to rows [B, M, C]."""
        sizes = self.sizes
        latents = self.parameter("latents", (sizes.latents, sizes.channels))
        block = self.cross_block(
            scope,
            sizes.channels,
            rows.shape[-1],
            qk=sizes.qk,
            v=sizes.v,
            heads=sizes.cross_heads,
        )
        return ops.cross(self.run, "encode", latents, rows, block, sizes.channels, mask)

    def process(self, latents: Value, block: Block, times: int) -> Value:
        """Append the layers of a latent transformer, one after the other and `times` in turn."""
        return ops.process(
            self.run,
            latents,
            latents.type,
            self.sizes.layers * times,
            lambda state: ops.self_block(self.run, state, block),
        )

    def iterate(self, rows: Value, *, shared: bool) -> Value:
        """Append the original Perceiver: in each of `blocks` iterations a cross-attention to the
        rows and the layers. If weights are `shared`, the first cross-attention has its own, the
        others have the same, and so have all layers (Perceiver, arXiv 2103.03206, section 3.1 and
        appendix); else nothing is shared.
        """
        blocks, width = self.sizes.blocks, self.sizes.channels
        latents = self.encode(rows, "cross_1")
        if not shared:
            latents = self.process(latents, self.self_blocks("self_1"), 1)
            for number in range(2, blocks + 1):
                cross = self.cross_block(f"cross_{number}", width, rows.shape[-1])
                latents = ops.cross(self.run, "cross_block", latents, rows, cross, width)
                latents = self.process(latents, self.self_blocks(f"self_{number}"), 1)
            return latents
        layers = self.self_blocks("self")
        latents = self.process(latents, layers, 1)
        if blocks == 1:
            return latents
        cross = self.cross_block("cross_n", width, rows.shape[-1])

        def again(state: Value) -> Value:
            state = ops.cross(self.run, "cross_block", state, rows, cross, width)
            return self.process(state, layers, 1)

        return ops.process(self.run, latents, latents.type, blocks - 1, again)

    # Heads

    def average(self, latents: Value) -> None:
        """Append the head of the original Perceiver: the mean latent through a linear layer."""
        layer = self.linear("final", self.sizes.channels, self.sizes.classes)
        mean = self.run.let("mean", ops.mean_pool(self.run, latents, keep=False))
        self.finish("logits", ops.project(self.run, mean, layer, self.sizes.classes))

    def decode_class(self, latents: Value, width: int, block: Block) -> Value:
        """Append one learned query [1, width] that attends to the latents, [B, width]."""
        query = self.parameter("class_query", (1, width))
        decoded = ops.cross(self.run, "decode", query, latents, block, width)
        return self.run.let("row", ops.collapse(self.run, decoded, [[0, 1], [2]]))

    def classify(self, latents: Value, width: int, *, residual: bool) -> None:
        """Append the decoder of Perceiver IO's classifiers: a learned query, a linear layer."""
        block = self.cross_block("decoder", width, self.sizes.channels, residual=residual)
        row = self.decode_class(latents, width, block)
        layer = self.linear("final", width, self.sizes.classes)
        self.finish("logits", ops.project(self.run, row, layer, self.sizes.classes))


def _keys(block: str) -> dict[str, str]:
    return {layer: f"{block}.{layer}" for layer in _LAYERS}


def make_tensors(shapes: dict[str, tuple[int, ...]], gain: float) -> dict[str, np.ndarray]:
    """Return the seeded tensors of these names and shapes, float32: see reference.deterministic."""
    return {
        name: r.deterministic_parameter(name, shape, gain).astype(np.float32)
        for name, shape in shapes.items()
    }


def add_input(function: Function, name: str, shape: tuple, element: str = "f32") -> Value:
    """Append an argument [batch, *shape]."""
    return function.add_argument(name, Type(("batch", *shape), element))
