"""Optical flow: every pixel of a pair of frames is a row of the encoder and a query of the decoder
(Perceiver IO, arXiv 2107.14795, section 4.2).
"""

from __future__ import annotations

from ... import builder as ops
from ...builder import Fourier, Function, Type, Value
from ..signature import Signature, add_range
from .config import Config
from .graph import MASK, Graph

_FRAMES, _PATCH = 2, 27
_FEATURES = 64
_BANDS = 64
_RESCALE = 1.0 / 100.0


def declare(config: Config, signature: Signature) -> None:
    """Pairs of frames, each pixel with its 3 x 3 neighbourhood."""
    height, width = config.train_size
    shape = ("batch", _FRAMES, _PATCH, height, width)
    signature.input("inputs", shape, rule=f"train_size [{height}, {width}]")
    signature.mask(MASK, ("batch", height * width), is_named=True)


def build(graph: Graph) -> None:
    """PerceiverForOpticalFlow; `decode` takes a range of pixels, `decode_points` a list."""
    config, batch = graph.config, graph.signature.size("batch")
    height, width = config.train_size
    pixels, channels = height * width, _FRAMES * _PATCH
    fourier = Fourier((height, width), _BANDS, (float(height), float(width)))
    query = _FEATURES + fourier.channels
    graph.weights.section("What is known of a pixel, both frames side by side.")
    patches = graph.weights.linear("patches", graph.names.patches, channels, _FEATURES)

    def read_grid(function: Function) -> Value:
        """The channels of both frames, channels first: [B, 54, pixels]."""
        frames = graph.signature.argument(function, "inputs")
        return ops.collapse(function, frames, [[0], [1, 2], [3, 4]])

    def with_positions(function: Function, grid: Value, positions: Value) -> Value:
        rows = ops.to_channels_last(function, grid)
        features = function.let("features", ops.project(function, rows, patches, _FEATURES))
        return function.let("x", ops.concat(function, [features, positions]))

    def make_rows(function: Function) -> Value:
        grid = read_grid(function)
        positions = ops.fourier_positions(function, fourier)
        return with_positions(function, grid, function.let("positions", positions))

    graph.stages.append(f"inputs [batch, {_FRAMES}, {_PATCH}, {height}, {width}]")
    graph.stages.append(f"-> {pixels:,} rows of {query} channels: features, Fourier position")
    graph.add_encode(query, make_rows)
    graph.add_process()
    block = graph.plain_decoder(query, residual=False)
    final = graph.bind_final(query, 2)

    def decode(function: Function, queries: Value, latents: Value) -> Value:
        decoded = ops.cross(function, "decode", queries, latents, block, query)
        flow = ops.project(function, decoded, final, 2)
        return function.let("logits", ops.scale(function, flow, _RESCALE))

    function, latents = graph.new_decode("decode", "The flow of a range of pixels, row by row.")
    grid = read_grid(function)
    first, count = add_range(function, pixels, "pixels")
    grid = ops.slice_of(function, grid, 2, "first", "count")
    positions = ops.fourier_at_range(function, fourier, first, count)
    queries = with_positions(function, grid, positions)
    function.add_result("logits", decode(function, queries, latents))
    graph.add(function)

    function, latents = graph.new_decode("decode_points", "The flow of a list of pixels.")
    rows = ops.to_channels_last(function, read_grid(function))
    points = function.add_argument("points", Type(("queries",), "i64"), bounds=(0, pixels))
    taken = ops.take_rows(function, rows, points)
    features = ops.project(function, taken, patches, _FEATURES)
    positions = ops.fourier_at_points(function, fourier, points)
    queries = ops.concat(function, [features, positions])
    function.add_result("logits", decode(function, queries, latents))
    graph.add(function)

    run, arguments, latents = graph.new_run()
    grid = ops.collapse(run, arguments["inputs"], [[0], [1, 2], [3, 4]])
    queries = with_positions(run, grid, ops.fourier_positions(run, fourier))
    flow = decode(run, queries, latents)
    shape = (batch, height, width, 2)
    run.add_result("logits", ops.split(run, flow, shape, [[0], [1, 2], [3]]))
    graph.add(run)
    graph.stages.append("decode   each pixel attends to the latents, 1 head; linear layer; / 100")
    graph.stages.append(f"-> logits [batch, {height}, {width}, 2]; the flow is 20 times that")
