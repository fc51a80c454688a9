"""From latents to results."""

from __future__ import annotations

from dataclasses import dataclass

from perceiver_compiler import builder as ops
from perceiver_compiler.builder import Function, Value

from bench import flops

from .graph import Graph, count
from .latents import Latents


@dataclass(frozen=True)
class Outputs:
    """What a classifier gives: logits, or of classes that do not exclude each other `scores`."""

    classes: int
    independent: bool = False

    @property
    def name(self) -> str:
        """The name of the result."""
        return "scores" if self.independent else "logits"

    def finish(self, graph: Graph, function: Function, row: Value) -> None:
        """Append the last linear layer to rows [B, C], and add the entry."""
        channels = row.shape[-1]
        assert isinstance(channels, int)
        activation = "sigmoid" if self.independent else "none"
        layer = graph.linear("final", channels, self.classes)
        result = ops.project(function, row, layer, self.classes, activation)
        function.add_result(self.name, function.let(self.name, result))
        graph.add(function)
        graph.stages.append(f"-> {self.name} [batch, {self.classes:,}]")

    def flops(self, channels: int) -> int:
        """Of the last linear layer."""
        return 2 * channels * self.classes


def _decode(graph: Graph, latents: Latents) -> tuple[Function, Value]:
    decode = graph.entry("decode", "From the latents to the result.")
    return decode, decode.add_argument("latents", latents.type())


@dataclass(frozen=True)
class Average:
    """The head of the Perceiver: the mean latent through a linear layer (arXiv 2103.03206, section
    3.1).
    """

    outputs: Outputs

    def build(self, graph: Graph, latents: Latents) -> None:
        """Add the entry `decode`."""
        decode, z = _decode(graph, latents)
        graph.stages.append("decode   average of the latents; linear layer")
        mean = decode.let("mean", ops.mean_pool(decode, z, keep=False))
        graph.binding.section("The linear layer behind the average.")
        self.outputs.finish(graph, decode, mean)

    def flops(self, latents: Latents) -> int:
        """Of one array of latents."""
        return self.outputs.flops(latents.channels)


@dataclass(frozen=True)
class Query:
    """A learned query of `channels` channels, which attends to the latents (arXiv 2107.14795,
    section 3.2): queries and keys of `qk` and values of `v` channels, as wide as the latents
    without them.
    """

    channels: int
    residual: bool
    heads: int = 1
    qk: int | None = None
    v: int | None = None

    def _widths(self, latents: Latents) -> tuple[int, int]:
        qk = self.qk or latents.channels
        return qk, self.v or qk

    def add(self, graph: Graph, function: Function, latents: Latents, z: Value) -> Value:
        """Append what the query reads, [B, channels]."""
        graph.binding.section("The query of the decoder, which stands for the class.")
        shape = (1, self.channels)
        query = graph.table(function, "query", "query.position_embeddings", shape)
        qk, v = self._widths(latents)
        block = graph.cross_block(
            "decode",
            "The cross-attention of the decoder.",
            self.channels,
            latents.channels,
            qk=qk,
            v=v,
            heads=self.heads,
            residual=self.residual,
        )
        decoded = ops.cross(function, "decode", query, z, block, self.channels)
        return function.let("row", ops.collapse(function, decoded, [[0, 1], [2]]))

    def describe(self) -> str:
        """What the header says of it."""
        return f"decode   1 query attends to the latents, {count(self.heads, 'head')}"

    def flops(self, latents: Latents) -> int:
        """Of one array of latents."""
        mlp = flops.plain_mlp(self.channels)
        widths = self._widths(latents)
        return flops.block(1, self.channels, latents.number, latents.channels, *widths, mlp)


@dataclass(frozen=True)
class Classify:
    """Perceiver IO's classifier: a query and a linear layer."""

    query: Query
    outputs: Outputs

    def build(self, graph: Graph, latents: Latents) -> None:
        """Add the entry `decode`."""
        decode, z = _decode(graph, latents)
        graph.stages.append(f"{self.query.describe()}; linear layer")
        row = self.query.add(graph, decode, latents, z)
        graph.binding.section("The linear layer behind the decoder.")
        self.outputs.finish(graph, decode, row)

    def flops(self, latents: Latents) -> int:
        """Of one array of latents."""
        return self.query.flops(latents) + self.outputs.flops(self.query.channels)


@dataclass(frozen=True)
class ClassifyText:
    """The head of a GLUE task: a query, a layer with tanh, a linear layer (arXiv 2107.14795,
    appendix on language).
    """

    query: Query
    outputs: Outputs

    def build(self, graph: Graph, latents: Latents) -> None:
        """Add the entry `decode`."""
        width = self.query.channels
        decode, z = _decode(graph, latents)
        graph.stages.append(f"{self.query.describe()}; tanh layer; linear layer")
        row = self.query.add(graph, decode, latents, z)
        graph.binding.section("The layers behind the decoder.")
        layer = graph.linear("hidden", width, width)
        hidden = decode.let("hidden", ops.project(decode, row, layer, width, "tanh"))
        self.outputs.finish(graph, decode, hidden)

    def flops(self, latents: Latents) -> int:
        """Of one array of latents."""
        width = self.query.channels
        hidden = 2 * width * width
        return self.query.flops(latents) + hidden + self.outputs.flops(width)
