"""Windows of images, and what convolutional stems are made of besides."""

from __future__ import annotations

import numpy as np

from .. import formulas as r
from .function import Environment, Function
from .types import Size, Type, Value, add_sizes, divide_size

Pair = tuple[int, int]
#: (low, high) of both axes, or as much as makes ceil(n / stride) of n.
Padding = tuple[Pair, Pair] | str


def _result_size(size: Size, window: int, stride: int, padding: Pair | str) -> Size:
    if padding == "same":
        return divide_size(add_sizes([size, stride - 1]), stride)
    return add_sizes([divide_size(add_sizes([size, sum(padding) - window]), stride), 1])


def _window_shape(value: Value, size: Pair, stride: Pair, padding: Padding) -> list[Size]:
    if not isinstance(value.shape[3], int):
        raise ValueError(f"expected an image with static channels, but got {value.type}")
    pads = (padding, padding) if isinstance(padding, str) else padding
    axes = zip(value.shape[1:3], size, stride, pads)
    return [_result_size(*axis) for axis in axes]


def _pads(array: np.ndarray, size: Pair, stride: Pair, padding: Padding) -> list[Pair]:
    if isinstance(padding, str):
        return [r.same_padding(*axis) for axis in zip(array.shape[1:3], size, stride)]
    return list(padding)


def _attributes(size: Pair, stride: Pair, padding: Padding) -> str:
    pads = padding if isinstance(padding, str) else [list(pair) for pair in padding]
    return f"size = {list(size)} stride = {list(stride)} padding = {pads}"


def windows(function: Function, image: Value, size: Pair, stride: Pair, padding: Padding) -> Value:
    """Append the windows of [B, H, W, C] as channels; with a project, a convolution."""
    shape = _window_shape(image, size, stride, padding)
    type_ = Type((image.shape[0], *shape, size[0] * size[1] * image.shape[3]))
    text = f"perceiver.windows {image.name} {_attributes(size, stride, padding)}"

    def compute(env: Environment) -> np.ndarray:
        array = env[image]
        return r.image_windows(array, size, stride, _pads(array, size, stride, padding))

    return function.add(type_, f"{text} : {image.type} -> {type_}", compute)


def max_pool(function: Function, image: Value, size: Pair, stride: Pair, padding: Padding) -> Value:
    """Append a max_pool of [B, H, W, C]."""
    shape = _window_shape(image, size, stride, padding)
    type_ = Type((image.shape[0], *shape, image.shape[3]))
    text = f"perceiver.max_pool {image.name} {_attributes(size, stride, padding)}"

    def compute(env: Environment) -> np.ndarray:
        array = env[image]
        return r.max_pool2d(array, size, stride, _pads(array, size, stride, padding))

    return function.add(type_, f"{text} : {image.type} -> {type_}", compute)


def batch_norm(
    function: Function, rows: Value, symbols: tuple[str, str, str, str], epsilon: float = 1e-5
) -> Value:
    """Append a batch_norm; the symbols of weight, bias, mean and variance."""
    roles = ("weight", "bias", "mean", "variance")
    operands = " ".join(f"{role} @{symbol}" for role, symbol in zip(roles, symbols))
    attribute = f" {{epsilon = {epsilon:e} : f64}}" if epsilon != 1e-5 else ""
    text = f"perceiver.batch_norm {rows.name} {operands}{attribute} : {rows.type}"

    def compute(env: Environment) -> np.ndarray:
        return r.batch_norm(env[rows], *(env.parameter(symbol) for symbol in symbols), epsilon)

    return function.add(rows.type, text, compute)


def resize_grid(function: Function, table: Value, before: Pair, after: Pair) -> Value:
    """Append a resize_grid of a table of parameters [h * w, C]."""
    type_ = Type((after[0] * after[1], table.shape[1]))
    text = (
        f"perceiver.resize_grid {table.name} from {list(before)} to {list(after)} bicubic "
        f": {table.type} -> {type_}"
    )
    return function.add(type_, text, lambda env: r.resize_grid(env[table], before, after))
