"""The convolutional stem: 2-D convolution, max pooling, and the two paddings in use."""

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

Padding = Sequence[tuple[int, int]]


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Return (low, high) padding of one axis so that the result has ceil(size / stride) elements.

    The odd element goes to the high side: the SAME rule of TensorFlow and JAX.
    """
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def conv2d(
    x: np.ndarray,
    kernel: np.ndarray,
    bias: np.ndarray | None = None,
    stride: int = 1,
    padding: Padding = ((0, 0), (0, 0)),
) -> np.ndarray:
    """Return the cross-correlation of x [B, H, W, C] with kernel [out, C, kh, kw]: [B, H', W',
    out].

    padding is ((top, bottom), (left, right)), filled with zeros. ValueError if the channels
    differ.
    """
    if x.shape[-1] != kernel.shape[1]:
        raise ValueError(f"expected {kernel.shape[1]} channels, but got {x.shape[-1]}")
    windows = _windows(x, kernel.shape[2:], stride, padding, 0.0)
    y = np.tensordot(windows, np.asarray(kernel, np.float64), axes=((3, 4, 5), (1, 2, 3)))
    return y if bias is None else y + bias


def image_windows(
    x: np.ndarray,
    size: tuple[int, int],
    stride: tuple[int, int],
    padding: Padding = ((0, 0), (0, 0)),
) -> np.ndarray:
    """Return the windows of x [B, H, W, C] as channels, [B, H', W', kh * kw * C] in the order row,
    column, channel; zero outside. A convolution is this and a linear layer.
    """
    windows = _windows(x, size, stride, padding, 0.0)
    return np.moveaxis(windows, 3, -1).reshape(*windows.shape[:3], -1)


def max_pool2d(
    x: np.ndarray,
    size: int | tuple[int, int],
    stride: int | tuple[int, int],
    padding: Padding = ((0, 0), (0, 0)),
) -> np.ndarray:
    """Return the maximum over windows of x [B, H, W, C]; padding never wins. One size or stride
    is that of both axes.
    """
    size = (size, size) if isinstance(size, int) else size
    return _windows(x, size, stride, padding, -np.inf).max(axis=(4, 5))


def _windows(x, kernel, stride, padding, fill) -> np.ndarray:
    """Return [B, H', W', C, kh, kw]."""
    x = np.asarray(x, np.float64)
    padded = np.pad(x, ((0, 0), *padding, (0, 0)), constant_values=fill)
    windows = sliding_window_view(padded, kernel, axis=(1, 2))
    rows, columns = (stride, stride) if isinstance(stride, int) else stride
    return windows[:, ::rows, ::columns]
