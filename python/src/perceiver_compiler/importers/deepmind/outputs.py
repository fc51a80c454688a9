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
        config = self.config
        if config is not None and config.kind == "image":
            return self._add_image(function, rows, config)
        if self.layer is not None:
            rows = ops.project(function, rows, self.layer, self.channels)
        if config is None or config.kind == "projection":
            return rows
        if config.kind == "audio":
            return ops.collapse(function, rows, [[0], [1, 2]])
        return first_row(function, rows)

    def _add_image(self, function: Function, rows: Value, config: OutputConfig) -> Value:
        """The rows as a grid: as they are, through a 1 x 1 convolution, or each a patch of it."""
        grid = config.shape
        if grid:
            last = len(grid) + 1
            shape = (rows.shape[0], *grid, rows.shape[-1])
            groups = [[0], list(range(1, last)), [last]]
            rows = rows if len(grid) == 1 else ops.split(function, rows, shape, groups)
        if config.post == "patches":
            return _patches(function, rows, config)
        if config.post == "pixels" or self.layer is None:
            return rows
        if config.upsample > 1:
            step = (config.upsample, config.upsample)
            rows = ops.windows(function, rows, (1, 1), step, ((0, 0), (0, 0)))
        batch, height, width, _ = rows.shape
        flat = ops.collapse(function, rows, [[0], [1, 2], [3]])
        flat = ops.project(function, flat, self.layer, self.channels)
        shape = (batch, height, width, self.channels)
        return ops.split(function, flat, shape, [[0], [1, 2], [3]])


def _patches(function: Function, grid: Value, config: OutputConfig) -> Value:
    """Append what makes pixels of the channels of a grid, as they were made channels."""
    batch, *axes, channels = grid.shape
    steps = [config.upsample] * 2
    steps = [config.temporal, *steps] if len(axes) == 3 else steps
    count = len(axes)
    shape = (batch, *axes, *steps, channels // multiply_sizes(steps))
    groups = [[axis] for axis in range(count + 1)] + [list(range(count + 1, 2 * count + 2))]
    blocks = ops.split(function, grid, shape, groups)
    pairs = [axis for pair in range(count) for axis in (1 + pair, 1 + count + pair)]
    blocks = ops.transpose(function, blocks, (0, *pairs, 2 * count + 1))
    merged = [[1 + 2 * pair, 2 + 2 * pair] for pair in range(count)]
    return ops.collapse(function, blocks, [[0], *merged, [2 * count + 1]])


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
        return _bind_image(graph, config, scope, inputs, symbol)
    channels = config.samples if config.kind == "audio" else config.outputs
    graph.weights.section("The postprocessor.")
    return Head(config, graph.linear(symbol, f"{scope}/linear", inputs, channels), channels)


def _bind_image(graph: Graph, config: OutputConfig, scope: str, inputs: int, symbol: str) -> Head:
    axes = len(config.shape)
    block = config.upsample**2 * (config.temporal if axes == 3 else 1)
    if config.post != "pixels" and axes not in (2, 3) or (config.post == "conv1x1" and axes != 2):
        raise CheckpointError(
            graph.checkpoint.origin,
            "input_reshape_size",
            "field 'kwargs.postprocessor.input_reshape_size': expected the sizes of a grid",
        )
    if config.post == "patches" and inputs % block:
        raise CheckpointError(
            graph.checkpoint.origin,
            "spatial_upsample",
            f"field 'kwargs.postprocessor.spatial_upsample': expected patches of {inputs} channels",
        )
    if config.post != "conv1x1":
        return Head(config, channels=inputs)
    graph.weights.section("The 1 x 1 convolution of the postprocessor.")
    outputs, key = config.outputs, f"{scope}/~/conv2_d"
    weight = graph.weights.bind(
        f"{symbol}.weight", (inputs, outputs), f"{key}:w", source=(1, 1, inputs, outputs)
    )
    bias = graph.weights.bind(f"{symbol}.bias", (outputs,), f"{key}:b")
    return Head(config, Layer(weight, bias), outputs)


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
