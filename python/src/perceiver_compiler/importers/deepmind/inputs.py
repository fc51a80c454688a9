"""Preprocessors: from images, audio and labels to rows with positions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ... import builder as ops
from ...builder import Function, Layer, Size, Type, Value, add_sizes, divide_size, multiply_sizes
from ...checkpoint import CheckpointError, quoted
from ..signature import GivenShape, Signature
from .config import InputConfig
from .graph import Graph
from .positions import Positions

_STEM_WINDOW, _POOL_WINDOW, _STRIDE = (7, 7), (3, 3), (2, 2)
_IMAGE_AXES = ("height", "width")
#: 3.6 of the code: the values around a pixel, and how many there are.
FLOW_PATCH = 9


@dataclass
class Preprocessor:
    """What makes rows of one input. `axes` are the sizes of the input's grid, `grid` those of the
    rows'; `features` and `channels` are the widths of a row without and with its position.
    """

    graph: Graph
    config: InputConfig
    name: str
    scope: str
    rows_width: int
    axes: tuple[Size, ...] = ()
    inputs_channels: int = 0
    positions: Positions | None = None

    @property
    def symbol(self) -> str:
        """What the parameters are called here."""
        return self.name.replace(".", "_")

    @property
    def features(self) -> int:
        """The channels of a row without its position."""
        if self.positions is None or self.config.is_added:
            return self.rows_width
        return self.rows_width - self.positions.channels

    @property
    def grid(self) -> tuple[Size, ...]:
        """The grid of the rows."""
        config = self.config
        if config.kind == "onehot":
            return (1,)
        if config.kind == "audio":
            return (divide_size(self.axes[0], config.samples),)
        spatial = self.axes[-2:]
        if config.prep == "patches":
            spatial = tuple(divide_size(size, config.spatial) for size in spatial)
        elif config.prep == "conv":
            for _ in range(conv_layers(config)):
                spatial = tuple(_same(_same(size)) for size in spatial)
        else:
            spatial = tuple(_strided(size, config.spatial) for size in spatial)
        if len(self.axes) == 2:
            return spatial
        frames = self.axes[0]
        if config.prep == "patches":
            frames = divide_size(frames, config.temporal)
            return spatial if frames == 1 else (frames, *spatial)
        return (_strided(frames, config.temporal), *spatial)

    @property
    def rows(self) -> Size:
        """The number of rows."""
        return multiply_sizes(self.grid)

    @property
    def shape(self) -> tuple[Size, ...]:
        """The input's sizes behind the batch."""
        if self.config.kind == "audio":
            return (*self.axes, 1)
        return (*self.axes, self.inputs_channels)


def conv_layers(config: InputConfig) -> int:
    """How many times a convolution and a pooling halve the grid, each: not at all for 1."""
    return (config.spatial.bit_length() - 1) // 2


def _same(size: Size) -> Size:
    return divide_size(add_sizes([size, 1]), 2)


def _strided(size: Size, stride: int) -> Size:
    if stride == 1:
        return size
    return add_sizes([divide_size(add_sizes([size, -1]), stride), 1])


# Which sizes an input has


def make_preprocessor(
    graph: Graph,
    config: InputConfig,
    name: str,
    rows_width: int,
    given: GivenShape | str,
    prefix: str = "",
) -> Preprocessor:
    """Return the preprocessor of an input of this name, whose rows have `rows_width` channels.

    `given` are the sizes that the caller fixed of it; `prefix` makes sizes of several inputs
    differ.
    """
    scope = graph.scopes.take(config.name)
    made = Preprocessor(graph, config, name, scope, rows_width)
    if config.kind == "onehot":
        made.inputs_channels = rows_width
        return made
    made.axes = _axes(graph, config, name, given, prefix)
    if config.positions.kind != "none":
        inner = f"{scope}/~_build_network_inputs"
        made.positions = Positions(config.positions, made.grid, inner, f"{made.symbol}_positions")
    if made.features < 1:
        raise CheckpointError(
            graph.checkpoint.origin,
            name,
            f"expected rows of more than {rows_width} channels, as positions have "
            f"{config.positions.width(len(made.grid))}",
        )
    made.inputs_channels = _channels(graph, made)
    return made


def _axes(
    graph: Graph, config: InputConfig, name: str, given: GivenShape | str, prefix: str
) -> tuple[Size, ...]:
    """The names of the axes, or their numbers where positions need them."""
    resolution = config.positions.resolution
    if config.kind == "audio":
        axes: tuple[Size, ...] = (f"{prefix}samples",)
    else:
        merges = config.prep == "patches" and config.temporal > 1
        rank = len(given) - 2 if given else 0
        if rank not in (2, 3):
            rank = 2 if resolution is None else len(resolution) + (merges and len(resolution) == 2)
        if rank not in (2, 3):
            raise CheckpointError(
                graph.checkpoint.origin,
                "max_resolution",
                f"field 'max_resolution': expected 2 or 3 numbers, but got {len(resolution or ())}",
            )
        axes = tuple(f"{prefix}{axis}" for axis in _IMAGE_AXES)
        if rank == 3:
            is_merged = merges and resolution is not None and len(resolution) == 2
            axes = (config.temporal if is_merged else f"{prefix}frames", *axes)
    numbers = given[1:-1] if given and len(given) == len(axes) + 2 else (None,) * len(axes)
    return tuple(
        size if number is None else number for size, number in zip(axes, numbers, strict=True)
    )


def _channels(graph: Graph, made: Preprocessor) -> int:
    """The channels of the input, which only tensors tell."""
    config, features = made.config, made.features
    if config.kind == "audio":
        if features != config.samples:
            raise CheckpointError(
                graph.checkpoint.origin,
                "samples_per_patch",
                f"field 'samples_per_patch': expected {features}, the channels of a row but for "
                f"its position, but got {config.samples}",
            )
        return 1
    if config.prep == "conv1x1":
        return graph.size_in(f"{made.scope}/~/conv2_d:w", 2)
    if config.prep == "conv" and conv_layers(config):
        return graph.size_in(f"{made.scope}/~/conv2_d_downsample/~/conv:w", 2)
    if config.prep in ("pixels", "conv"):
        return features
    block = config.spatial**2 * (config.temporal if len(made.axes) == 3 else 1)
    if config.has_linear:
        features = graph.size_in(f"{made.scope}/patches_linear:w", 0)
    if features % block:
        raise CheckpointError(
            graph.checkpoint.origin,
            "spatial_downsample",
            f"field 'spatial_downsample': expected patches of {features} channels, but {block} "
            "points do not divide them",
        )
    return features // block


def require_multiples(function: Function, made: Preprocessor) -> None:
    """Refuse inputs that are not of whole patches, when they are imported or when they are run."""
    config = made.config
    if config.kind == "audio":
        steps = [(made.axes[0], config.samples)]
    elif config.kind == "image" and config.prep == "patches":
        steps = [(size, config.spatial) for size in made.axes[-2:]]
        steps += [(made.axes[0], config.temporal)] if len(made.axes) == 3 else []
    else:
        return
    for size, step in steps:
        sentence = f"expected {quoted(made.name)} in patches of {step}"
        if isinstance(size, int) and size % step:
            raise CheckpointError(
                made.graph.signature.file, made.name, f"{sentence}, but got {size}"
            )
        if not isinstance(size, int) and step > 1:
            ops.require(function, size, "multiple_of", step, sentence.replace("'", ""))


# From an input to rows


def add_features(made: Preprocessor, function: Function, value: Value) -> Value:
    """Append what makes rows of an input, without their positions."""
    require_multiples(function, made)
    if made.config.kind == "onehot":
        batch, channels = value.shape
        return ops.split(function, value, (batch, 1, channels), [[0], [1, 2]])
    return function.let("features", _features(made, function, value))


def add_rows(made: Preprocessor, function: Function, value: Value) -> Value:
    """Append what makes rows [B, M, channels] of an input."""
    rows = add_features(made, function, value)
    if made.positions is None:
        return rows
    made.positions.check(made.graph)
    made.graph.weights.section(f"Positions of {quoted(made.name)}.")
    made.positions.bind(made.graph)
    positions = _extra_layers(made, function, made.positions.all(function))
    if made.config.is_added:
        return ops.add(function, rows, positions)
    return ops.concat(function, [rows, positions])


def _extra_layers(made: Preprocessor, function: Function, positions: Value) -> Value:
    """Append the layers that are added to positions, with ReLU between them."""
    assert made.positions is not None
    width = made.positions.channels
    for index in range(made.config.extra_layers):
        key = f"{made.positions.scope}/linear" + (f"_{index}" if index else "")
        layer = made.graph.linear(f"{made.positions.symbol}.extra{index}", key, width, width)
        positions = ops.add(function, positions, ops.project(function, positions, layer, width))
        if index + 1 < made.config.extra_layers:
            positions = ops.activate(function, positions, "relu")
    return positions


def _features(made: Preprocessor, function: Function, value: Value) -> Value:
    config = made.config
    if config.kind == "audio":
        batch, samples, _ = value.shape
        flat = ops.collapse(function, value, [[0], [1, 2]])
        shape = (batch, divide_size(samples, config.samples), config.samples)
        return ops.split(function, flat, shape, [[0], [1, 2]])
    makers: dict[str, Callable[[Preprocessor, Function, Value], Value]] = {
        "pixels": _pixels,
        "conv1x1": _pixels,
        "conv": _convolution,
        "patches": _patches,
    }
    return makers[config.prep](made, function, value)


def _flat(function: Function, value: Value) -> Value:
    """Append a collapse of all axes but the first and the last."""
    last = len(value.shape) - 1
    if last == 2:
        return value
    return ops.collapse(function, value, [[0], list(range(1, last)), [last]])


def _pixels(made: Preprocessor, function: Function, value: Value) -> Value:
    """Some of the pixels; with conv1x1, a linear layer of each."""
    config, stride = made.config, made.config.spatial
    if len(value.shape) == 5:
        value = _frames(function, value, config.temporal)
    if stride > 1:
        value = _strided_pixels(function, value, stride)
    rows = _flat(function, value)
    if config.prep != "conv1x1":
        return rows
    inputs, outputs = value.shape[-1], made.features
    key = f"{made.scope}/~/conv2_d"
    made.graph.weights.section("A 1 x 1 convolution of the pixels.")
    weight = made.graph.weights.bind(
        f"{made.symbol}_pixels.weight",
        (inputs, outputs),
        f"{key}:w",
        source=(1, 1, inputs, outputs),
    )
    bias = made.graph.weights.bind(f"{made.symbol}_pixels.bias", (outputs,), f"{key}:b")
    return ops.project(function, rows, Layer(weight, bias), outputs)


def _frames(function: Function, video: Value, step: int) -> Value:
    """Every so manieth frame of a video."""
    if step == 1:
        return video
    batch, _, height, width, channels = video.shape
    # As an image whose rows are frames: channels stay apart, because windows need their number.
    frames_and_pixels = [[0], [1], [2, 3], [4]]
    image = ops.collapse(function, video, frames_and_pixels)
    taken = ops.windows(function, image, (1, 1), (step, 1), ((0, 0), (0, 0)))
    shape = (batch, taken.shape[1], height, width, channels)
    return ops.split(function, taken, shape, frames_and_pixels)


def _strided_pixels(function: Function, value: Value, stride: int) -> Value:
    """Every so manieth pixel of each axis; of a video, of each frame."""
    return _each_frame(
        function,
        value,
        lambda image: ops.windows(function, image, (1, 1), (stride, stride), ((0, 0), (0, 0))),
    )


def _each_frame(function: Function, value: Value, make: Callable[[Value], Value]) -> Value:
    """Append `make` of an image [B, H, W, C], or of each frame of a video."""
    if len(value.shape) == 4:
        return make(value)
    batch, frames = value.shape[:2]
    made = make(ops.collapse(function, value, [[0, 1], [2], [3], [4]]))
    shape = (batch, frames, *made.shape[1:])
    return ops.split(function, made, shape, [[0, 1], [2], [3], [4]])


def _convolution(made: Preprocessor, function: Function, value: Value) -> Value:
    """Layers of convolution, batch norm, ReLU and pooling."""
    graph = made.graph
    if not conv_layers(made.config):
        return _pixels(made, function, value)

    def stem(image: Value) -> Value:
        x = image
        for index in range(conv_layers(made.config)):
            x = _convolve(graph, made, function, x, index)
        return x

    return _flat(function, _each_frame(function, value, stem))


def _convolve(
    graph: Graph, made: Preprocessor, function: Function, image: Value, index: int
) -> Value:
    weights, suffix = graph.weights, f"_{index}" if index else ""
    inner = f"{made.scope}/~/conv2_d_downsample/~"
    inputs, outputs = int(image.shape[-1]), made.config.channels
    symbol = f"{made.symbol}_stem{index}"
    weights.section("A convolution of the image.")
    kernel = weights.bind(
        f"{symbol}.weight",
        (_STEM_WINDOW[0] * _STEM_WINDOW[1] * inputs, outputs),
        f"{inner}/conv{suffix}:w",
        source=(*_STEM_WINDOW, inputs, outputs),
    )
    windows = ops.windows(function, image, _STEM_WINDOW, _STRIDE, "same")
    batch, height, width, _ = windows.shape
    x = ops.project(function, _flat(function, windows), Layer(kernel), outputs)
    if made.config.has_batch_norm:
        norm = f"{inner}/batchnorm{suffix}"
        keys = {
            "weight": f"{norm}:scale",
            "bias": f"{norm}:offset",
            "mean": f"{norm}/~/mean_ema:average",
            "variance": f"{norm}/~/var_ema:average",
        }
        symbols = tuple(
            weights.bind(f"{symbol}_norm.{role}", (outputs,), key, source=(1, 1, 1, outputs))
            for role, key in keys.items()
        )
        x = ops.batch_norm(function, x, symbols)
    x = ops.activate(function, x, "relu")
    x = ops.split(function, x, (batch, height, width, outputs), [[0], [1, 2], [3]])
    return ops.max_pool(function, x, _POOL_WINDOW, _STRIDE, "same")


def _patches(made: Preprocessor, function: Function, value: Value) -> Value:
    """Blocks of pixels as channels, the channel fastest, then the column, the row, the frame."""
    config = made.config
    batch, *axes, channels = value.shape
    steps = [config.spatial] * 2
    steps = [config.temporal, *steps] if len(axes) == 3 else steps
    shape: list[Size] = [batch]
    groups, outer, inner = [[0]], [0], []
    for size, step in zip(axes, steps, strict=True):
        at = len(shape)
        shape += [divide_size(size, step), step]
        groups.append([at, at + 1])
        outer.append(at)
        inner.append(at + 1)
    at = len(shape)
    blocks = ops.split(function, value, (*shape, channels), [*groups, [at]])
    blocks = ops.transpose(function, blocks, (*outer, *inner, at))
    count = len(axes)
    rows = ops.collapse(
        function, blocks, [[0], list(range(1, count + 1)), list(range(count + 1, 2 * count + 2))]
    )
    if not config.has_linear:
        return rows
    made.graph.weights.section("A linear layer of the patches.")
    inputs = int(rows.shape[-1])
    layer = made.graph.linear(
        f"{made.symbol}_patches", f"{made.scope}/patches_linear", inputs, made.features
    )
    return ops.project(function, function.let("patches", rows), layer, made.features)


# Declarations


def declare(made: Preprocessor, signature: Signature) -> None:
    """Declare the input."""
    signature.input(made.name, ("batch", *made.shape))


def flow_windows(function: Function, images: Value) -> Value:
    """Append the 3 x 3 pixels around each of both images [B, 2, H, W, C], [B, 2, H, W, 9 C]."""
    return _each_frame(
        function,
        images,
        lambda image: ops.windows(function, image, (3, 3), (1, 1), ((1, 1), (1, 1))),
    )


def rows_type(made: Preprocessor) -> Type:
    """The type of the rows of a batch."""
    return Type((made.graph.signature.size("batch"), made.rows, made.rows_width))
