"""Images as rows: pixels with Fourier or learned positions, in any order, or behind a
convolutional stem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perceiver_compiler import builder as ops
from perceiver_compiler.builder import Function, Layer, Type, Value, evaluate_size

from .graph import Graph, Rows, argument, flatten
from .positions import append_positions, fourier

_COLOURS = 3
_GRID = ("height", "width")


@dataclass(frozen=True)
class FourierPixels:
    """Each pixel with the Fourier features of its place. Images of any size; all have that of the
    paper if `is_static`.
    """

    side: int = 224
    bands: int = 64
    is_static: bool = False

    @property
    def sizes(self) -> Mapping[str, int]:
        return {} if self.is_static else {axis: self.side for axis in _GRID}

    def add_rows(self, graph: Graph, function: Function) -> Rows:
        """Append the argument `image` [batch, height, width, 3]."""
        resolution = (self.side, self.side)
        grid = resolution if self.is_static else _GRID
        image = argument(function, "image", (*grid, _COLOURS))
        pixels = function.let("pixels", flatten(function, image))
        positions = fourier(grid, self.bands, resolution)
        rows = Rows(append_positions(function, pixels, positions))
        graph.stages += [
            f"image [batch, {grid[0]}, {grid[1]}, 3]",
            f"-> rows of {rows.channels} channels: colours, Fourier position",
        ]
        return rows

    def flops(self) -> int:
        return 0


@dataclass(frozen=True)
class PermutedPixels:
    """Pixels in any order, each with the Fourier features of the place that it came from."""

    height: int = 224
    width: int = 224
    bands: int = 64

    @property
    def sizes(self) -> Mapping[str, int]:
        return {"pixels": self.height * self.width}

    def add_rows(self, graph: Graph, function: Function) -> Rows:
        """Append the arguments `image` [batch, pixels, 3] and `points` [pixels]."""
        grid = (self.height, self.width)
        image = argument(function, "image", ("pixels", _COLOURS))
        points = function.add_argument(
            "points", Type(("pixels",), "i64"), bounds=(0, self.height * self.width)
        )
        features = fourier(grid, self.bands, grid)
        positions = ops.fourier_at_points(function, features, points)
        positions = function.let("positions", positions)
        rows = Rows(function.let("x", ops.concat(function, [image, positions])))
        graph.stages += [
            "image [batch, pixels, 3] in any order, points [pixels]: pixel i was number",
            f"points[i] of the {self.height} x {self.width} of the image, row by row",
            f"-> rows of {rows.channels} channels: colours, Fourier position",
        ]
        return rows

    def flops(self) -> int:
        return 0


@dataclass(frozen=True)
class LearnedPositions:
    """Each pixel with a row of a learned table. With `projected`, both go through a linear layer,
    that of the pixels a convolution of one pixel, to as many channels.
    """

    height: int = 224
    width: int = 224
    channels: int = 128
    projected: bool = False

    @property
    def sizes(self) -> Mapping[str, int]:
        return {}

    def add_rows(self, graph: Graph, function: Function) -> Rows:
        """Append the argument `image`, whose sizes the table fixes."""
        places, channels = self.height * self.width, self.channels
        image = argument(function, "image", (self.height, self.width, _COLOURS))
        pixels = flatten(function, image)
        graph.binding.section("What is learned of the places.")
        shape = (places, channels)
        table = graph.table(function, "positions", "positions.position_embeddings", shape)
        if self.projected:
            graph.binding.section("The layers of the places and of the pixels.")
            layer = graph.linear("positions_projection", channels, channels)
            table = ops.project(function, table, layer, channels)
            layer = graph.linear("pixels", _COLOURS, channels)
            pixels = ops.project(function, pixels, layer, channels)
        function.let("pixels", pixels)
        rows = Rows(function.let("x", ops.concat(function, [pixels, table])))
        graph.stages += [
            f"image [batch, {self.height}, {self.width}, 3]",
            f"-> rows of {rows.channels} channels: colours, learned position"
            + (", each through a linear layer" if self.projected else ""),
        ]
        return rows

    def flops(self) -> int:
        layers = (_COLOURS + self.channels) * self.channels if self.projected else 0
        return 2 * self.height * self.width * layers


@dataclass(frozen=True)
class ConvolvedPixels:
    """A convolution, batch norm, ReLU and pooling, each of which that has a stride halves the image
    and rounds up; then what is left with the Fourier features of its places.
    """

    side: int = 224
    bands: int = 64
    channels: int = 64
    window: int = 7

    @property
    def sizes(self) -> Mapping[str, int]:
        return {axis: self.side for axis in _GRID}

    def add_rows(self, graph: Graph, function: Function) -> Rows:
        """Append the argument `image` [batch, height, width, 3]."""
        image = argument(function, "image", (*_GRID, _COLOURS))
        grid = graph.call(function, self._stem(graph, image), [image])
        features = function.let("features", flatten(function, grid))
        resolution = [evaluate_size(size, self.sizes) for size in grid.shape[1:3]]
        positions = fourier(grid.shape[1:3], self.bands, resolution)
        rows = Rows(append_positions(function, features, positions))
        graph.stages += [
            "image [batch, height, width, 3]",
            "-> a quarter of height and width, by a convolution and pooling",
            f"-> rows of {rows.channels} channels: features, Fourier position",
        ]
        return rows

    def _stem(self, graph: Graph, image: Value) -> Function:
        """A function from a grid of pixels to one of features."""
        binding, channels, window = graph.binding, self.channels, self.window
        binding.section("The convolutional stem.")
        kernel = binding.bind(
            "stem.weight",
            (window * window * _COLOURS, channels),
            "stem.conv.weight",
            source=(channels, _COLOURS, window, window),
            permutation=(2, 3, 1, 0),
        )
        norm = tuple(
            binding.bind(f"stem_norm.{role}", (channels,), f"stem.batchnorm.{key}")
            for role, key in (
                ("weight", "weight"),
                ("bias", "bias"),
                ("mean", "running_mean"),
                ("variance", "running_var"),
            )
        )
        function = Function("stem", is_entry=False, comment="The convolutional stem.")
        pixels = function.add_argument("pixels", image.type)
        windows = ops.windows(function, pixels, (window, window), (2, 2), "same")
        x = ops.project(function, flatten(function, windows), Layer(kernel), channels)
        x = ops.activate(function, ops.batch_norm(function, x, norm), "relu")
        shape = (*windows.shape[:3], channels)
        x = ops.split(function, x, shape, [[0], [1, 2], [3]])
        x = ops.max_pool(function, x, (3, 3), (2, 2), "same")
        function.add_result("grid", x)
        return function

    def flops(self) -> int:
        points = ((self.side + 1) // 2) ** 2
        return 2 * points * self.window**2 * _COLOURS * self.channels
