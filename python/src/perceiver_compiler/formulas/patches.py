"""Moving pixels into channels: space-to-depth and the 3x3 neighbourhoods of optical flow."""

import numpy as np


def space_to_depth(x: np.ndarray, spatial: int = 1, temporal: int = 1) -> np.ndarray:
    """Return blocks of pixels as channels; channel fastest, then column, row and frame within the
    block.

    x [B, H, W, C] -> [B, H/s, W/s, s*s*C], or [B, T, H, W, C] -> [B, T/t, H/s, W/s, t*s*s*C]; a
    single resulting frame loses its axis. Perceiver IO (arXiv 2107.14795), appendix (optical flow,
    multimodal autoencoding). ValueError if a size is not divisible, or the rank is neither 4 nor
    5.
    """
    x = np.asarray(x)
    if x.ndim not in (4, 5):
        raise ValueError(f"expected 4 or 5 axes, but got {x.ndim}")
    blocks = (spatial, spatial) if x.ndim == 4 else (temporal, spatial, spatial)
    sizes = x.shape[1:-1]
    if any(size % block for size, block in zip(sizes, blocks)):
        raise ValueError(f"expected sizes divisible by {blocks}, but got {sizes}")
    split = [part for size, block in zip(sizes, blocks) for part in (size // block, block)]
    x = x.reshape(x.shape[0], *split, x.shape[-1])
    axes = len(sizes)
    outer = [1 + 2 * axis for axis in range(axes)]
    inner = [2 + 2 * axis for axis in range(axes)]
    x = x.transpose(0, *outer, *inner, 1 + 2 * axes)
    x = x.reshape(*x.shape[: 1 + axes], -1)
    return x[:, 0] if axes == 3 and x.shape[1] == 1 else x


def neighbourhood_patches(frames: np.ndarray, size: int = 3) -> np.ndarray:
    """Return each pixel's size x size neighbourhood: [..., H, W, C] -> [..., H, W, size*size*C].

    Zero padding at the border; channel index (row * size + column) * C + c. Perceiver IO, appendix
    on optical flow. ValueError for an even size.
    """
    if size % 2 == 0:
        raise ValueError(f"expected an odd patch size, but got {size}")
    frames = np.asarray(frames, np.float64)
    height, width = frames.shape[-3:-1]
    reach = size // 2
    padding = [(0, 0)] * (frames.ndim - 3) + [(reach, reach), (reach, reach), (0, 0)]
    padded = np.pad(frames, padding)
    shifted = [
        padded[..., row : row + height, column : column + width, :]
        for row in range(size)
        for column in range(size)
    ]
    return np.concatenate(shifted, axis=-1)
