"""From rows to latents, as the papers draw it."""

from __future__ import annotations

from dataclasses import dataclass

from perceiver_compiler import builder as ops
from perceiver_compiler.builder import Block, Function, Type, Value

from bench import flops

from .graph import Graph, Rows, count
from .inputs import Inputs


@dataclass(frozen=True)
class Latents:
    """`number` latents of `channels` channels, and a transformer of `layers` layers on them.

    `qk` and `v` are the widths of queries and keys, and of values, in all attention; without them
    those of cross-attention are as wide as what it reads, those of the transformer as the latents.
    """

    number: int = 512
    channels: int = 1024
    layers: int = 6
    heads: int = 8
    cross_heads: int = 1
    qk: int | None = None
    v: int | None = None

    def widths(self, source: int) -> tuple[int, int]:
        """Queries and keys, and values, of attention to so many channels."""
        qk = self.qk or source
        return qk, self.v or qk

    def type(self, batch: str = "batch") -> Type:
        """The latents of a batch."""
        return Type((batch, self.number, self.channels))

    def cross_flops(self, rows: int, channels: int) -> int:
        """Of a cross-attention to rows."""
        widths = self.widths(channels)
        mlp = flops.plain_mlp(self.channels)
        return flops.block(self.number, self.channels, rows, channels, *widths, mlp)

    def layer_flops(self) -> int:
        """Of a layer of the transformer."""
        return self.cross_flops(self.number, self.channels)

    def cross_block(self, graph: Graph, scope: str, comment: str, channels: int) -> Block:
        """Add a cross-attention to rows of so many channels."""
        qk, v = self.widths(channels)
        return graph.cross_block(
            scope, comment, self.channels, channels, qk=qk, v=v, heads=self.cross_heads
        )

    def self_blocks(self, graph: Graph, scope: str, comment: str) -> Block:
        """Add a transformer."""
        qk, v = self.widths(self.channels)
        return graph.self_blocks(
            scope, comment, self.channels, count=self.layers, qk=qk, v=v, heads=self.heads
        )

    def transform(self, function: Function, state: Value, block: Block, times: int = 1) -> Value:
        """Append a transformer, applied `times` in turn."""
        return ops.process(
            function,
            state,
            self.type(),
            self.layers * times,
            lambda latents: ops.self_block(function, latents, block),
        )

    def encode(self, graph: Graph, function: Function, inputs: Inputs, scope: str) -> Value:
        """Append the inputs and the first cross-attention, which starts from learned latents."""
        rows = graph.read(inputs.add_rows(graph, function))
        shape = (self.number, self.channels)
        start = graph.table(function, "latents", "latents", shape)
        block = self.cross_block(graph, scope, "The cross-attention to the inputs.", rows.channels)
        return ops.cross(function, "encode", start, rows.value, block, self.channels, rows.mask)

    def describe(self) -> str:
        """What the header says of them."""
        return f"{self.number:,} latents of {self.channels:,} channels"


@dataclass(frozen=True)
class Iterative:
    """The Perceiver: `reads` times a cross-attention to the inputs and the transformer (arXiv
    2103.03206, section 3.1, figure 1).

    If weights are `shared`, the first cross-attention has its own, the others have the same, and
    so have all transformers, that of the first iteration included; else nothing is shared.
    """

    latents: Latents
    reads: int
    shared: bool

    def build(self, graph: Graph, inputs: Inputs) -> None:
        """Add the entry `encode`: all iterations."""
        encode = graph.entry("encode", "From the inputs, which are read again and again.")
        state = self.latents.encode(graph, encode, inputs, "cross_attention_1")
        state = encode.let("z1", state)
        self._describe(graph)
        add_others = self._add_shared if self.shared else self._add_others
        encode.add_result("latents", encode.let("z", add_others(graph, encode, state)))
        graph.add(encode, is_step=True)

    def _add_shared(self, graph: Graph, encode: Function, state: Value) -> Value:
        rows, latents = graph.rows, self.latents
        comment = f"The {count(latents.layers, 'layer')} of the latent transformer."
        layers = latents.self_blocks(graph, "latent_transformer", comment)
        state = latents.transform(encode, state, layers)
        if self.reads == 1:
            return state
        comment = "The cross-attention of all further iterations."
        cross = latents.cross_block(graph, "cross_attention_2", comment, rows.channels)

        def iterate(state: Value) -> Value:
            state = _cross(encode, state, rows, cross)
            return latents.transform(encode, state, layers)

        return ops.process(encode, state, latents.type(), self.reads - 1, iterate)

    def _add_others(self, graph: Graph, encode: Function, state: Value) -> Value:
        rows, latents = graph.rows, self.latents
        for number in range(1, self.reads + 1):
            of = f"of iteration {number}"
            if number > 1:
                cross = latents.cross_block(
                    graph, f"cross_attention_{number}", f"The cross-attention {of}.", rows.channels
                )
                state = encode.let(f"z{number}", _cross(encode, state, rows, cross))
            comment = f"The {count(latents.layers, 'layer')} of the latent transformer {of}."
            layers = latents.self_blocks(graph, f"latent_transformer_{number}", comment)
            state = latents.transform(encode, state, layers)
        return state

    def _describe(self, graph: Graph) -> None:
        latents = self.latents
        graph.stages += [
            f"encode   {latents.describe()}; {self.reads} times in turn:",
            f"           cross-attention to the rows, {count(latents.cross_heads, 'head')}",
            f"           {count(latents.layers, 'self-attention layer')} with "
            f"{count(latents.heads, 'head')}",
        ]

    def flops(self, rows: int, channels: int) -> int:
        """Of one array of rows."""
        iteration = self.latents.cross_flops(rows, channels)
        iteration += self.latents.layers * self.latents.layer_flops()
        return self.reads * iteration


def _cross(function: Function, state: Value, rows: Rows, block: Block) -> Value:
    channels = state.shape[-1]
    assert isinstance(channels, int)
    return ops.cross(function, "cross_block", state, rows.value, block, channels, rows.mask)


@dataclass(frozen=True)
class EncodeProcess:
    """Perceiver IO up to its decoder: one cross-attention to the inputs, then the transformer
    `repeats` times (arXiv 2107.14795, section 3.1, figure 2).
    """

    latents: Latents
    repeats: int = 1

    def build(self, graph: Graph, inputs: Inputs) -> None:
        """Add the entries `encode` and `process`."""
        latents = self.latents
        encode = graph.entry("encode", "From the inputs to the latents.")
        z = latents.encode(graph, encode, inputs, "encode")
        encode.add_result("latents", encode.let("z", z))
        graph.add(encode, is_step=True)
        process = graph.entry("process", "From latents to latents.")
        state = process.add_argument("latents", latents.type())
        comment = f"The {count(latents.layers, 'layer')} of self-attention."
        layers = latents.self_blocks(graph, "process", comment)
        z = latents.transform(process, state, layers, self.repeats)
        process.add_result("latents", process.let("z", z))
        graph.add(process, is_step=True)
        times = "" if self.repeats == 1 else f", applied {self.repeats} times in turn"
        graph.stages += [
            f"encode   {latents.describe()} attend to them, {count(latents.cross_heads, 'head')}",
            f"process  {count(latents.layers, 'self-attention layer')} with "
            f"{count(latents.heads, 'head')}{times}",
        ]

    def flops(self, rows: int, channels: int) -> int:
        """Of one array of rows."""
        layers = self.repeats * self.latents.layers
        return self.latents.cross_flops(rows, channels) + layers * self.latents.layer_flops()
