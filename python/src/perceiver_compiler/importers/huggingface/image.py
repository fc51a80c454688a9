"""The three image classifiers: Fourier positions, learned positions, a convolutional stem."""

from __future__ import annotations

import math

from ... import builder as ops
from ...builder import Fourier, Function, Layer, Size, Value
from ...checkpoint import CheckpointError
from ..signature import Signature
from .config import Config
from .graph import MASK, Graph

_BANDS = 64
#: The resolutions of the bands do not depend on the images.
_FOURIER_RESOLUTION = (224.0, 224.0)
_STEM_RESOLUTION = (56.0, 56.0)
_LEARNED_CHANNELS = 256
_STEM_CHANNELS = 64
_STEM_WINDOW, _STEM_PADDING = (7, 7), ((3, 3), (3, 3))
_POOL_WINDOW, _POOL_PADDING = (3, 3), ((0, 0), (0, 0))
_STRIDE = (2, 2)
#: What is left of the stem's pooling of smaller images is nothing.
_LEAST_STEM_SIZE = 5


def _declare_pixels(signature: Signature, rows) -> None:
    signature.input("inputs", ("batch", 3, "height", "width"), aliases=("pixel_values",))
    signature.mask(MASK, ("batch", rows), is_named=True)


def _grid(signature: Signature) -> tuple[Size, Size]:
    return signature.size("height"), signature.size("width")


def _pixel_count(signature: Signature) -> Size:
    return ops.multiply_sizes(_grid(signature))


def _finish(graph: Graph) -> None:
    graph.add_process()
    graph.add_run(graph.add_class_decode(graph.config.labels))
    graph.stages.append(f"-> logits [batch, {graph.config.labels}]")


# Fourier positions


def declare_fourier(config: Config, signature: Signature) -> None:
    """Images of any size."""
    _declare_pixels(signature, _pixel_count)


def build_fourier(graph: Graph) -> None:
    """PerceiverForImageClassificationFourier: each pixel with its Fourier position."""
    grid = _grid(graph.signature)
    fourier = Fourier(grid, _BANDS, _FOURIER_RESOLUTION)

    def make_rows(function: Function) -> Value:
        image = graph.signature.argument(function, "inputs")
        pixels = function.let("pixels", ops.to_channels_last(function, image))
        positions = function.let("positions", ops.fourier_positions(function, fourier))
        return function.let("x", ops.concat(function, [pixels, positions]))

    graph.stages.append("inputs [batch, 3, height, width]")
    graph.stages.append(f"-> rows of {3 + fourier.channels} channels: colours, Fourier position")
    graph.add_encode(3 + fourier.channels, make_rows)
    _finish(graph)


# Learned positions


def declare_learned(config: Config, signature: Signature) -> None:
    """Images of the table's size, square if the caller does not say otherwise."""
    given = signature.given.get("inputs", signature.given.get("pixel_values"))
    height: Size = config.image_size
    width: Size = config.image_size
    if given and len(given) == 4 and isinstance(given[2], int) and isinstance(given[3], int):
        height, width = given[2], given[3]
    shape = ("batch", 3, height, width)
    rule = f"image_size {config.image_size}; other sizes are two numbers"
    signature.input("inputs", shape, aliases=("pixel_values",), rule=rule)
    signature.mask(MASK, ("batch", height * width), is_named=True)


def build_learned(graph: Graph, interpolate: bool) -> None:
    """PerceiverForImageClassificationLearned: each pixel through a linear layer, with a learned
    position through another; `interpolate` resizes the table of positions to the images.
    """
    config = graph.config
    _, _, height, width = graph.signature.inputs["inputs"].type.shape
    places = config.image_size**2
    if height * width != places and not interpolate:
        raise CheckpointError(
            graph.checkpoint.origin,
            "inputs",
            f"input 'inputs': expected {places} pixels (image_size {config.image_size}), but got "
            f"{height} x {width}; --set interpolate_pos_encoding=true resizes the positions",
        )
    names, weights, channels = graph.names, graph.weights, _LEARNED_CHANNELS

    def make_rows(function: Function) -> Value:
        image = graph.signature.argument(function, "inputs")
        weights.section("A 1 x 1 convolution of the pixels, and their places.")
        colours = Layer(
            weights.bind(
                "pixels.weight",
                (3, channels),
                f"{names.pixels}.weight",
                source=(channels, 3, 1, 1),
                permutation=(1, 0, 2, 3),
            ),
            weights.bind("pixels.bias", (channels,), f"{names.pixels}.bias"),
        )
        weights.bind("places", (places, channels), names.pixel_places)
        projection = weights.linear(
            "places_projection", names.pixel_places_projection, channels, channels
        )
        pixels = ops.to_channels_last(function, image)
        pixels = function.let("pixels", ops.project(function, pixels, colours, channels))
        table = ops.get_parameter(function, "places", (places, channels))
        side = math.isqrt(places)
        if (height, width) != (side, side) and interpolate:
            table = function.let("table", table)
            table = ops.resize_grid(function, table, (side, side), (height, width))
        positions = ops.project(function, function.let("places", table), projection, channels)
        return function.let("x", ops.concat(function, [pixels, positions]))

    graph.stages.append(f"inputs [batch, 3, {height}, {width}]")
    graph.stages.append(f"-> rows of {2 * channels} channels: colours, learned position")
    graph.add_encode(2 * channels, make_rows)
    _finish(graph)


# A convolutional stem


def _after_convolution(size: Size) -> Size:
    return ops.add_sizes([ops.divide_size(ops.add_sizes([size, -1]), 2), 1])


def _after_stem(size: Size) -> Size:
    pooled = ops.add_sizes([_after_convolution(size), -3])
    return ops.add_sizes([ops.divide_size(pooled, 2), 1])


def declare_conv_processing(config: Config, signature: Signature) -> None:
    """Images of any size that leaves something of the stem."""
    _declare_pixels(signature, lambda each: ops.multiply_sizes(map(_after_stem, _grid(each))))


def build_conv_processing(graph: Graph) -> None:
    """PerceiverForImageClassificationConvProcessing: a convolution, and Fourier positions on what
    is left of the grid.
    """
    names, weights = graph.names, graph.weights
    height, width = _grid(graph.signature)
    for axis, size in (("height", height), ("width", width)):
        if isinstance(size, int) and size < _LEAST_STEM_SIZE:
            raise CheckpointError(
                graph.checkpoint.origin,
                "inputs",
                f"input 'inputs': expected a {axis} of at least {_LEAST_STEM_SIZE}, but got {size}",
            )
    fourier = Fourier((_after_stem(height), _after_stem(width)), _BANDS, _STEM_RESOLUTION)
    batch, taps = graph.signature.size("batch"), _STEM_WINDOW[0] * _STEM_WINDOW[1] * 3

    def make_rows(function: Function) -> Value:
        image = graph.signature.argument(function, "inputs")
        _require_grid(function, height, width)
        weights.section("The convolutional stem.")
        kernel = weights.bind(
            "stem.weight",
            (taps, _STEM_CHANNELS),
            names.convolution,
            source=(_STEM_CHANNELS, 3, *_STEM_WINDOW),
            permutation=(2, 3, 1, 0),
        )
        norm = tuple(
            weights.bind(f"stem_norm.{role}", (_STEM_CHANNELS,), f"{names.batch_norm}.{key}")
            for role, key in (
                ("weight", "weight"),
                ("bias", "bias"),
                ("mean", "running_mean"),
                ("variance", "running_var"),
            )
        )
        rows = ops.to_channels_last(function, image)
        pixels = ops.split(function, rows, (batch, height, width, 3), [[0], [1, 2], [3]])
        (x,) = ops.call(function, graph.add(_stem(pixels, Layer(kernel), norm)), [pixels])
        features = function.let("features", ops.collapse(function, x, [[0], [1, 2], [3]]))
        positions = function.let("positions", ops.fourier_positions(function, fourier))
        return function.let("x", ops.concat(function, [features, positions]))

    channels = _STEM_CHANNELS + fourier.channels
    graph.stages.append("inputs [batch, 3, height, width]")
    graph.stages.append(f"-> rows of {channels} channels: convolved pixels, Fourier position")
    graph.add_encode(channels, make_rows)
    _finish(graph)


def _stem(pixels: Value, kernel: Layer, norm: tuple[str, str, str, str]) -> Function:
    """A function from a grid of pixels [B, H, W, 3] to one of features: convolution, batch norm,
    ReLU, pooling.
    """
    function = Function("stem", is_entry=False, comment="The convolutional stem.")
    grid = function.add_argument("pixels", pixels.type)
    _require_grid(function, *pixels.shape[1:3])
    windows = ops.windows(function, grid, _STEM_WINDOW, _STRIDE, _STEM_PADDING)
    batch, height, width, _ = windows.shape
    x = ops.collapse(function, windows, [[0], [1, 2], [3]])
    x = ops.project(function, x, kernel, _STEM_CHANNELS)
    x = ops.activate(function, ops.batch_norm(function, x, norm), "relu")
    x = ops.split(function, x, (batch, height, width, _STEM_CHANNELS), [[0], [1, 2], [3]])
    function.add_result("grid", ops.max_pool(function, x, _POOL_WINDOW, _STRIDE, _POOL_PADDING))
    return function


def _require_grid(function: Function, height: Size, width: Size) -> None:
    """Append that the stem leaves something. Each function that counts on it says so."""
    for axis, size in (("height", height), ("width", width)):
        if not isinstance(size, int):
            least = f"expected a {axis} of at least {_LEAST_STEM_SIZE}"
            ops.require(function, _LEAST_STEM_SIZE, "<=", size, least)
