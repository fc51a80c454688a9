"""Hugging Face image classifiers: Fourier positions, learned positions, convolutional stem.

Perceiver IO (arXiv 2107.14795), section 4.4 and its appendix on ImageNet. Inputs are
channels-first, [B, 3, H, W].
"""

import numpy as np
from perceiver_compiler.formulas.activations import relu
from perceiver_compiler.formulas.convolution import conv2d, max_pool2d, same_padding
from perceiver_compiler.formulas.linear import LinearParameters, linear
from perceiver_compiler.formulas.norm import batch_norm
from perceiver_compiler.formulas.positions import fourier_positions

from .heads import first_row
from .hf_config import HuggingFaceConfig
from .hf_parameters import Weights, array, linear_parameters
from .hf_stages import hf_decode, hf_last_hidden_state, hf_query_table

_PREPROCESSOR = "perceiver.input_preprocessor"


def image_classification(
    weights: Weights, config: HuggingFaceConfig, inputs: np.ndarray
) -> np.ndarray:
    """Return logits [B, labels] of images [B, 3, H, W] for any of the three image tasks."""
    x = image_inputs(weights, config, inputs)
    latents = hf_last_hidden_state(weights, config, x)
    return first_row(hf_decode(weights, config, hf_query_table(weights, config), latents))


def image_inputs(weights: Weights, config: HuggingFaceConfig, inputs: np.ndarray) -> np.ndarray:
    """Return the inputs [B, M, C] that the encoder reads: features first, then positions.
    ValueError for bad shapes.
    """
    inputs = np.asarray(inputs, np.float64)
    if inputs.ndim != 4 or inputs.shape[1] != 3:
        raise ValueError(f"expected images of shape [B, 3, H, W], but got {inputs.shape}")
    pixels = np.moveaxis(inputs, 1, -1)
    if config.task == "image_classification_learned":
        return _learned(weights, pixels)
    if config.task == "image_classification_conv_processing":
        pixels = convolutional_stem(weights, config, pixels)
    elif config.task != "image_classification_fourier":
        raise ValueError(f"expected an image classification task, but got {config.task}")
    return append_fourier_positions(pixels, config)


def append_fourier_positions(features: np.ndarray, config: HuggingFaceConfig) -> np.ndarray:
    """Return [B, M, C + width]: features [B, *grid, C], flattened, and the Fourier table of their
    grid.
    """
    grid = features.shape[1:-1]
    table = fourier_positions(
        grid, config.num_bands, config.max_resolution, recipe=config.variant.recipe
    )
    flat = features.reshape(len(features), -1, features.shape[-1])
    return np.concatenate([flat, np.broadcast_to(table, (len(flat), *table.shape))], axis=-1)


def convolutional_stem(
    weights: Weights, config: HuggingFaceConfig, pixels: np.ndarray
) -> np.ndarray:
    """Return features [B, H', W', 64] of pixels [B, H, W, 3]: 7x7 convolution, batch norm, ReLU,
    3x3 max pool.

    Both strides are 2. Hugging Face pads 3 on every side of the convolution and not at all around
    the pool (224 -> 55); DeepMind pads both so that each halves the size, rounded up (224 -> 56).
    """
    name = f"{_PREPROCESSOR}.convnet"
    kernel = array(weights, f"{name}.conv.weight")
    if config.variant.transpose_stem_kernel:
        kernel = kernel.swapaxes(2, 3)
    same = config.variant.same_padding
    padding = [same_padding(size, 7, 2) for size in pixels.shape[1:3]] if same else [(3, 3)] * 2
    x = conv2d(pixels, kernel, stride=2, padding=padding)
    statistics = ("weight", "bias", "running_mean", "running_var")
    x = relu(batch_norm(x, *(array(weights, f"{name}.batchnorm.{s}") for s in statistics)))
    padding = [same_padding(size, 3, 2) for size in x.shape[1:3]] if same else [(0, 0)] * 2
    return max_pool2d(x, 3, 2, padding)


def _learned(weights: Weights, pixels: np.ndarray) -> np.ndarray:
    kernel = array(weights, f"{_PREPROCESSOR}.convnet_1x1.weight")
    bias = array(weights, f"{_PREPROCESSOR}.convnet_1x1.bias")
    features = linear(pixels, LinearParameters(kernel[:, :, 0, 0].T, bias))
    features = features.reshape(len(pixels), -1, features.shape[-1])
    table = array(weights, f"{_PREPROCESSOR}.position_embeddings.position_embeddings")
    if len(table) != features.shape[1]:
        raise ValueError(f"expected {len(table)} pixels, but got {features.shape[1]}")
    table = linear(table, linear_parameters(weights, f"{_PREPROCESSOR}.positions_projection"))
    return np.concatenate([features, np.broadcast_to(table, features.shape)], axis=-1)
