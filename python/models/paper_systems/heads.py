"""From latents to results."""

from __future__ import annotations

from dataclasses import dataclass

from perceiver_compiler import builder as ops
from perceiver_compiler.builder import Function, Layer, Type, Value

from bench import flops

from .graph import Graph, count
from .latents import Latents
from .text import TOKENS, Text


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
        graph.add(function, is_step=True)
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


@dataclass(frozen=True)
class PredictTokens:
    """The masked language model: a learned query for each place of the text attends to the latents,
    and logits share the table of tokens (arXiv 2107.14795, section 4.1 and appendix).
    """

    text: Text
    heads: int = 8
    qk: int = 256

    def build(self, graph: Graph, latents: Latents) -> None:
        """Add the entry `decode`, which takes a list of places, and what decodes all."""
        length, width = self.text.length, self.text.channels
        binding = graph.binding
        binding.section("The queries of the decoder, one for each place.")
        binding.bind("queries", (length, width), "queries.position_embeddings")
        block = graph.cross_block(
            "decode",
            "The cross-attention of the decoder.",
            width,
            latents.channels,
            qk=self.qk,
            v=width,
            heads=self.heads,
            residual=False,
        )
        binding.section("Logits share the table of tokens.")
        shape = (width, self.text.vocabulary)
        head = Layer(
            binding.bind("final.weight", shape, TOKENS, permutation=(1, 0)),
            binding.bind("final.bias", shape[1:], "final.bias"),
        )

        def finish(function: Function, queries: Value, z: Value) -> None:
            decoded = ops.cross(function, "decode", queries, z, block, width)
            logits = ops.project(function, decoded, head, self.text.vocabulary)
            function.add_result("logits", function.let("logits", logits))

        decode = graph.entry("decode", "From the latents to logits of some places.")
        z = decode.add_argument("latents", latents.type())
        positions = Type(("queries",), "i64")
        positions = decode.add_argument("positions", positions, bounds=(0, length))
        queries = ops.embedding(decode, positions, "queries", None, width)
        finish(decode, decode.let("rows", queries), z)
        graph.add(decode)
        everywhere = Function("decode_all", False, comment="From the latents to logits.")
        z = everywhere.add_argument("latents", latents.type())
        finish(everywhere, ops.get_parameter(everywhere, "queries", (length, width)), z)
        graph.add(everywhere, is_step=True)
        heads = count(self.heads, "head")
        graph.stages += [
            f"decode   a query for each of {length:,} places attends to the latents, {heads}",
            f"-> logits [batch, {length:,}, {self.text.vocabulary:,}]",
        ]

    def flops(self, latents: Latents) -> int:
        """Of one array of latents."""
        length, width = self.text.length, self.text.channels
        mlp, source = flops.plain_mlp(width), (latents.number, latents.channels)
        block = flops.block(length, width, *source, self.qk, width, mlp)
        return block + 2 * length * width * self.text.vocabulary
