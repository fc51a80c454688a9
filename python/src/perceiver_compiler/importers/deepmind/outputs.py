"""Decoders of one output, and postprocessors: from latents to results."""

from __future__ import annotations

from dataclasses import dataclass

from ... import builder as ops
from ...builder import Block, BlockShape, Function, Layer, Mask, Size, Value, multiply_sizes
from ...checkpoint import CheckpointError
from .config import DecoderConfig, OutputConfig
from .graph import ACTIVATION, Graph, heads_text
from .names import inner_decoder
from .positions import Positions

OUTPUT = "output"


@dataclass
class Decoder:
    """A basic decoder: cross-attention of queries of `channels` to the latents, and perhaps a
    linear layer.
    """

    graph: Graph
    config: DecoderConfig
    block: Block
    final: Layer | None
    channels: int

    @property
    def outputs(self) -> int:
        """The channels of a result."""
        return self.channels if self.final is None else self.config.outputs

    def decode(
        self, function: Function, query: Value, latents: Value, mask: Value | None = None
    ) -> Value:
        """Append all from queries to results [B, queries, outputs]; where a mask of queries is
        false, attention gives zero.
        """
        queries = Mask(query=mask)
        x = ops.cross(function, "decode", query, latents, self.block, self.channels, queries)
        if self.final is None:
            return function.let("decoded", x)
        return ops.project(function, function.let("decoded", x), self.final, self.outputs)


def bind_decoder(graph: Graph, config: DecoderConfig, scope: str, channels: int) -> Decoder:
    """Bind a basic decoder of this scope."""
    width = graph.config.encoder.channels
    qk = config.qk or width
    v = config.v or qk
    graph.check_heads("kwargs.decoder.num_heads", config.heads, qk, v)
    shape = BlockShape(channels, width, qk, v, channels, channels)
    graph.weights.section("The cross-attention of the decoder.")
    layers = graph.block("decoder", f"{scope}/cross_attention", shape)
    block = Block(
        config.heads, qk, v, ACTIVATION, layers, residual=config.residual, scope="decoder"
    )
    final = None
    if config.is_projected:
        final = graph.linear("final", f"{scope}/output", channels, config.outputs)
    return Decoder(graph, config, block, final, channels)


@dataclass(frozen=True)
class Queries:
    """Queries that positions make: of all points of `positions`, or of some."""

    positions: Positions

    def add(self, function: Function, points: Value | None) -> Value:
        """Append the queries: of all points, or of those that are given."""
        if points is None or self.positions.config.kind == "trainable":
            found = self.positions.all(function)
        else:
            found = self.positions.at_points(function, points)
        return function.let("query", found)


def query_grid(graph: Graph, config: DecoderConfig) -> tuple[Size, ...]:
    """The grid that queries stand for."""
    if not config.shape:
        raise CheckpointError(
            graph.checkpoint.origin,
            "output_index_dims",
            "field 'kwargs.decoder.output_index_dims': expected the sizes of the queries' grid",
        )
    return config.shape[1:] if config.kind == "video" else config.shape


def bind_queries(
    graph: Graph, config: DecoderConfig, scope: str, symbol: str = "queries"
) -> Queries:
    """Bind the positions of a decoder of this scope (that of its basic decoder)."""
    if config.positions.kind == "none":
        raise CheckpointError(
            graph.checkpoint.origin,
            "position_encoding_type",
            "field 'kwargs.decoder.position_encoding_type': expected trainable or fourier",
        )
    positions = Positions(config.positions, query_grid(graph, config), f"{scope}/~", symbol)
    positions.check(graph)
    graph.weights.section("The queries of the decoder.")
    positions.bind(graph)
    return Queries(positions)


# Results


@dataclass
class Head:
    """A postprocessor, bound: `layer` has `channels` outputs."""

    config: OutputConfig | None
    layer: Layer | None = None
    channels: int = 0

    def add(self, function: Function, rows: Value) -> Value:
        """Append it to rows [B, queries, C]."""
        if self.layer is not None:
            rows = ops.project(function, rows, self.layer, self.channels)
        if self.config is None or self.config.kind == "projection":
            return rows
        if self.config.kind == "audio":
            return ops.collapse(function, rows, [[0], [1, 2]])
        if self.config.kind == "classification":
            return first_row(function, rows)
        shape = (rows.shape[0], *self.config.shape[1:], rows.shape[-1])
        if len(shape) == 2:
            return rows
        return ops.split(
            function, rows, shape, [[0], list(range(1, len(shape) - 1)), [len(shape) - 1]]
        )


def first_row(function: Function, rows: Value) -> Value:
    """Append what takes the first of the rows [B, queries, C]."""
    if rows.shape[1] != 1:
        rows = ops.slice_rows(function, rows, 0, 1)
    return ops.collapse(function, rows, [[0, 1], [2]])


def bind_head(graph: Graph, config: OutputConfig | None, inputs: int, symbol: str = "head") -> Head:
    """Bind a postprocessor of rows of `inputs` channels; None leaves them as they are."""
    if config is None:
        return Head(None)
    scope = graph.scopes.take(config.name)
    if config.kind == "image":
        return Head(config, channels=inputs)
    channels = config.samples if config.kind == "audio" else config.outputs
    graph.weights.section("The postprocessor.")
    return Head(config, graph.linear(symbol, f"{scope}/linear", inputs, channels), channels)


def add_projection(graph: Graph) -> Function:
    """Add the entry `decode` of the projection decoder: the average of the latents, a linear
    layer.
    """
    config, width = graph.config.decoder, graph.config.encoder.channels
    scope = graph.scopes.take(config.name)
    graph.weights.section("The linear layer of the average of the latents.")
    layer = graph.linear("final", f"{scope}/~/logits", width, config.outputs)
    decode = Function("decode", is_entry=True, comment="From the latents to results.")
    latents = decode.add_argument("latents", graph.latents)
    mean = decode.let("mean", ops.mean_pool(decode, latents, keep=False))
    result = ops.project(decode, mean, layer, config.outputs)
    decode.add_result(OUTPUT, decode.let(OUTPUT, result))
    graph.stages.append("decode   average over the latents, linear layer")
    return graph.add(decode)


def decoder_scope(graph: Graph, config: DecoderConfig) -> str:
    """Take the scope of a decoder and return that of its basic decoder."""
    return inner_decoder(graph.scopes.take(config.name), config.kind)


def describe_decoder(graph: Graph, decoder: Decoder, queries: str) -> None:
    """Say in the header what the decoder does."""
    linear = "" if decoder.final is None else "; linear layer"
    graph.stages.append(
        f"decode   {queries} attends to the latents, {heads_text(decoder.config.heads)}{linear}"
    )


def row_count(grid: tuple[Size, ...]) -> Size:
    """The number of points of a grid."""
    return multiply_sizes(grid)
