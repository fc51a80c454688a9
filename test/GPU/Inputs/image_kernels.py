"""Kernels of windows of images."""

import kernels
import numpy as np
from kernels import Operand

import reference as r

rng = np.random.default_rng(1)
suite = kernels.Suite()


def windows(name, operation, image, size, stride, padding, tile):
    """Windows or their largest elements in tasks of `tile` rows."""
    x = rng.standard_normal(image).astype(np.float32)
    pads = padding
    if padding == "same":
        pads = [r.same_padding(*axis) for axis in zip(image[1:3], size, stride)]
    apply = r.image_windows if operation == "windows" else r.max_pool2d
    y = apply(x, size, stride, pads)
    y = y.reshape(y.shape[0], -1, y.shape[-1])
    suite.add(
        name,
        f"block.{operation} ins({{x}} : {{x:t}}) offset({{from[1]}}) outs({{y}} : {{y:t}})"
        f" size = {list(size)} stride = {list(stride)} padding = {padding}",
        [image[0], (y.shape[1], tile)],
        {
            "x": Operand(x, [0, None, None, None]),
            "y": Operand(y.shape, [0, 1, None], output=True),
        },
        {"y": y.astype(np.float32)},
        tolerance=0,
    )


windows("windows", "windows", (2, 7, 9, 3), (3, 2), (2, 1), "same", 8)
windows("windows_wide", "windows", (1, 8, 8, 8), (7, 7), (2, 2), "same", 16)
windows("windows_padded", "windows", (2, 6, 5, 4), (3, 3), (1, 2), [[1, 2], [2, 0]], 5)
windows("pool", "max_pool", (2, 9, 7, 8), (3, 3), (2, 2), [[0, 0], [0, 0]], 4)
windows("pool_same", "max_pool", (1, 6, 6, 5), (3, 3), (2, 2), "same", 8)
suite.run()
