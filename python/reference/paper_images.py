"""Images as rows of the papers' systems: pixels are [B, H, W, 3].

Perceiver (arXiv 2103.03206), section 4.1; Perceiver IO (arXiv 2107.14795), section 4.4 and its
appendix on ImageNet.
"""

import numpy as np
from perceiver_compiler.formulas.activations import relu
from perceiver_compiler.formulas.convolution import conv2d, max_pool2d, same_padding
from perceiver_compiler.formulas.linear import linear
from perceiver_compiler.formulas.norm import batch_norm
from perceiver_compiler.formulas.positions import fourier_positions
from perceiver_compiler.formulas.rows import concat_channels

from .hf_parameters import Weights, array, linear_parameters


def with_fourier_positions(
    features: np.ndarray, bands: int, resolution: tuple[int, ...]
) -> np.ndarray:
    """Return rows [B, M, C + width] of a grid [B, *sizes, C]: features, then positions."""
    table = fourier_positions(features.shape[1:-1], bands, resolution, recipe="jax_f32")
    return concat_channels([features.reshape(len(features), -1, features.shape[-1]), table])


def permuted_pixels(
    pixels: np.ndarray, points: np.ndarray, grid: tuple[int, int], bands: int
) -> np.ndarray:
    """Return rows [B, P, 3 + width] of pixels [B, P, 3], of which number i was points[i] of the
    grid.
    """
    table = fourier_positions(grid, bands, grid, recipe="jax_f32")
    return concat_channels([np.asarray(pixels, np.float64), table[points]])


def with_learned_positions(weights: Weights, pixels: np.ndarray, projected: bool) -> np.ndarray:
    """Return rows [B, M, C]: pixels, then the learned table of places; projected, both through a
    linear layer before.
    """
    rows = pixels.reshape(len(pixels), -1, pixels.shape[-1])
    table = array(weights, "positions.position_embeddings")
    if projected:
        rows = linear(rows, linear_parameters(weights, "pixels"))
        table = linear(table, linear_parameters(weights, "positions_projection"))
    return concat_channels([rows, table])


def convolved_pixels(weights: Weights, pixels: np.ndarray) -> np.ndarray:
    """Return features [B, ceil(ceil(H / 2) / 2), .., C]: convolution, batch norm, ReLU, max pool,
    whose paddings make strides of 2 halve and round up.
    """
    kernel = array(weights, "stem.conv.weight")
    size = kernel.shape[2]
    padding = [same_padding(length, size, 2) for length in pixels.shape[1:3]]
    x = conv2d(pixels, kernel, stride=2, padding=padding)
    statistics = ("weight", "bias", "running_mean", "running_var")
    x = relu(batch_norm(x, *(array(weights, f"stem.batchnorm.{each}") for each in statistics)))
    return max_pool2d(x, 3, 2, [same_padding(length, 3, 2) for length in x.shape[1:3]])
