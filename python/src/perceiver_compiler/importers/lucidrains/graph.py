"""What all classes have in common: layers, the encoder's mask, and entries that call each other."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ... import builder as ops
from ...builder import Block, Function, Layer, Mask, Model, Type, Value
from ...checkpoint import Checkpoint, CheckpointError
from ..signature import Signature
from ..weights import Weights
from .config import Config
from .names import Names, layers_of

MASK = "mask"
GEGLU = "gated(gelu_erf)"
_MULTIPLE = 4
#: Further layers than there are tensors of are missing anyway.
_MOST_MISSING = 100


@dataclass(frozen=True)
class Layers:
    """Layers `first` .. `first + count - 1`, which share one set of tensors if they are tied."""

    first: int
    count: int
    tied: bool = False

    def binding(self, key: str, present: Sequence[int]) -> dict[str, Any]:
        """Return what binds the tensors `key` of these layers; `present` are the numbers of layers
        that the checkpoint has.
        """
        if not self.tied and self.count > 1:
            return {"key": key, "count": self.count, "first": self.first}
        others = [i for i in present if self.first < i < self.first + self.count]
        aliases = tuple(key.replace("{}", str(i)) for i in others)
        return {"key": key.replace("{}", str(self.first)), "aliases": aliases}


#: What is no layer: its keys have no number.
ONCE = Layers(0, 1)


class Graph:
    """A model of one class while it is built."""

    def __init__(
        self, checkpoint: Checkpoint, config: Config, signature: Signature, names: Names
    ) -> None:
        self.checkpoint = checkpoint
        self.config = config
        self.signature = signature
        self.names = names
        self.model = Model()
        self.weights = Weights(checkpoint, self.model)
        #: What the header says of the stages.
        self.stages: list[str] = []
        self._present = layers_of(checkpoint.tensors)
        self._check_depth()

    def _check_depth(self) -> None:
        depth, present = self.config.depth, len(self._present)
        if not self.config.tied and depth > present + _MOST_MISSING:
            raise CheckpointError(
                self.checkpoint.origin,
                "kwargs.depth",
                f"field 'kwargs.depth': expected the {present} layers of "
                f"{self.checkpoint.weights_file}, but got {depth}",
            )

    def apart(self) -> Graph:
        """Return a graph of the same checkpoint: what it binds has to be there, and is not used."""
        other = copy.copy(self)
        other.model = Model()
        other.weights = Weights(self.checkpoint, other.model)
        other.weights.parameters = self.weights.parameters
        return other

    @property
    def latents(self) -> Type:
        """The type of the latents of a batch."""
        config = self.config
        return Type((self.signature.size("batch"), config.num_latents, config.latent_dim))

    # Parameters.

    def bind(self, symbol: str, shape: tuple[int, ...], key: str, layers: Layers, **how) -> str:
        """Bind a tensor of each of the layers."""
        return self.weights.bind(symbol, shape, **layers.binding(key, self._present), **how)

    def linear(
        self, symbol: str, key: str, inputs: int, outputs: int, layers: Layers, bias: bool = True
    ) -> Layer:
        """Bind a linear layer of torch."""
        weight = self.bind(
            f"{symbol}.weight", (inputs, outputs), f"{key}.weight", layers, permutation=(1, 0)
        )
        if not bias:
            return Layer(weight)
        return Layer(weight, self.bind(f"{symbol}.bias", (outputs,), f"{key}.bias", layers))

    def norm(self, symbol: str, key: str, channels: int, layers: Layers) -> Layer:
        """Bind a layer norm of torch."""
        weight = self.bind(f"{symbol}.weight", (channels,), f"{key}.weight", layers)
        return Layer(weight, self.bind(f"{symbol}.bias", (channels,), f"{key}.bias", layers))

    def attention(
        self,
        scope: str,
        key: str,
        query: int,
        source: int | None,
        inner: int,
        layers: Layers,
    ) -> dict[str, Layer]:
        """Bind an attention with its norms: `to_kv` holds keys and values in one matrix."""
        channels = query if source is None else source
        bound = {"q_norm": self.norm(f"{scope}.q_norm", f"{key}.norm", query, layers)}
        if source is not None:
            kv_norm = self.norm(f"{scope}.kv_norm", f"{key}.norm_context", source, layers)
            bound["kv_norm"] = kv_norm
        key = f"{key}.fn"
        bound["query"] = self.linear(
            f"{scope}.query", f"{key}.to_q", query, inner, layers, bias=False
        )
        for index, name in enumerate(("key", "value")):
            half = self.bind(
                f"{scope}.{name}.weight",
                (channels, inner),
                f"{key}.to_kv.weight",
                layers,
                ranges=((index * inner, (index + 1) * inner), (0, channels)),
                source=(2 * inner, channels),
                permutation=(1, 0),
            )
            bound[name] = Layer(half)
        bound["output"] = self.linear(f"{scope}.output", f"{key}.to_out", inner, query, layers)
        return bound

    def feed_forward(self, scope: str, key: str, channels: int, layers: Layers) -> dict[str, Layer]:
        """Bind a feed-forward with its norm."""
        hidden, net = _MULTIPLE * channels, f"{key}.fn.net"
        return {
            "mlp_norm": self.norm(f"{scope}.mlp_norm", f"{key}.norm", channels, layers),
            "mlp_in": self.linear(f"{scope}.mlp_in", f"{net}.0", channels, 2 * hidden, layers),
            "mlp_out": self.linear(f"{scope}.mlp_out", f"{net}.2", hidden, channels, layers),
        }

    def cross_block(
        self,
        scope: str,
        attention: str,
        ff: str | None,
        query: int,
        source: int,
        layers: Layers = ONCE,
        residual: bool = True,
    ) -> Block:
        """Bind a cross-attention and, if there is one, the feed-forward behind it."""
        heads, width = self.config.cross_heads, self.config.cross_dim_head
        bound = self.attention(scope, attention, query, source, heads * width, layers)
        if ff is not None:
            bound |= self.feed_forward(scope, ff, query, layers)
        mlp = "none" if ff is None else GEGLU
        inner = heads * width
        return Block(heads, inner, inner, mlp, bound, residual=residual, scope=scope)

    def self_block(
        self,
        scope: str,
        attention: str,
        ff: str | None,
        layers: Layers,
        residual: bool = True,
    ) -> Block:
        """Bind a self-attention of the latents and, if there is one, the feed-forward behind it."""
        heads, width = self.config.latent_heads, self.config.latent_dim
        inner = heads * self.config.latent_dim_head
        bound = self.attention(scope, attention, width, None, inner, layers)
        if ff is not None:
            bound |= self.feed_forward(scope, ff, width, layers)
        mlp = "none" if ff is None else GEGLU
        return Block(heads, inner, inner, mlp, bound, residual=residual, scope=scope)

    def apply_feed_forward(
        self, function: Function, rows: Value, layers: dict[str, Layer]
    ) -> Value:
        """Append a feed-forward that stands alone, with its residual."""
        width = self.config.latent_dim
        normed = ops.norm(function, rows, layers["mlp_norm"])
        hidden = ops.project(
            function, normed, layers["mlp_in"], 2 * _MULTIPLE * width, activation=GEGLU
        )
        return ops.add(function, rows, ops.project(function, hidden, layers["mlp_out"], width))

    def layers(self) -> list[tuple[str, Layers]]:
        """The sets of layers and the prefixes of their symbols: of tied ones the first has weights
        of its own.
        """
        depth, tied = self.config.depth, self.config.tied
        alone = 1 if tied and depth > 1 else 0
        sets = [("first_", Layers(0, alone)), ("", Layers(alone, depth - alone, tied))]
        return [(scope, layers) for scope, layers in sets if layers.count]

    def bind_latents(self, function: Function) -> Value:
        """Bind the latents' table and append its value."""
        shape = (self.config.num_latents, self.config.latent_dim)
        self.weights.bind("latents", shape, self.names.latents)
        return function.let("latents", ops.get_parameter(function, "latents", shape))

    # Entries.

    def read_mask(self, function: Function) -> Mask:
        """The keys that take part; a row without any averages all."""
        if not self.signature.has(MASK):
            return Mask()
        keys = self.signature.argument(function, MASK)
        if keys.type.element != "i1":
            keys = ops.to_mask(function, keys)
        if len(keys.shape) > 2:
            axes = list(range(1, len(keys.shape)))
            keys = ops.collapse(function, keys, [[0], axes])
        return Mask(mask=function.let("keys", keys), uniform=True)

    def add(self, function: Function) -> Function:
        """Add a function to the model."""
        self.model.functions.append(function)
        return function

    def add_run(self, stages: Sequence[Function], result: str = "output") -> Function:
        """Add the entry `run`, which calls the stages in turn: each reads the result of the one
        before it, and arguments of the model.
        """
        run = Function("run", is_entry=True, comment="All of it.")
        arguments = {name: self.signature.argument(run, name) for name in self.signature.inputs}
        value: Value | None = None
        for stage in stages:
            names = [each.name for each in stage.arguments]
            operands = [value if name == "latents" else arguments[name] for name in names]
            (value,) = ops.call(run, stage, operands)
        assert value is not None, "expected a stage"
        run.add_result(result, run.let(result, value))
        return self.add(run)

    def entry(self, name: str, comment: str) -> Function:
        """Return an entry, not yet added."""
        return Function(name, is_entry=True, comment=comment)

    def add_process(
        self, init: Value, function: Function, iterations: int, body: Callable[[Value], Value]
    ) -> Value:
        """Append a process on the latents; one of no iterations is nothing."""
        if iterations == 0:
            return init
        return ops.process(function, init, self.latents, iterations, body)


def heads_text(count: int, width: int) -> str:
    """Return "8 heads of 64 channels"."""
    return f"{count} head{'s' if count != 1 else ''} of {width} channels"
