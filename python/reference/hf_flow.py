"""Hugging Face optical flow. Perceiver IO (arXiv 2107.14795), section 4.2 and its appendix on
optical flow.
"""

import numpy as np
from perceiver_compiler.formulas.linear import linear
from perceiver_compiler.formulas.patches import neighbourhood_patches, space_to_depth

from .hf_config import HuggingFaceConfig
from .hf_image import append_fourier_positions
from .hf_parameters import Weights, linear_parameters
from .hf_stages import hf_decode, hf_last_hidden_state

_RESCALE = 100.0


def flow_patches(frames: np.ndarray) -> np.ndarray:
    """Return the model's inputs [B, 2, 27, H, W] of two frames [B, 2, H, W, 3]: each pixel's 3x3
    neighbourhood.
    """
    return np.moveaxis(neighbourhood_patches(frames), -1, 2)


def flow_inputs(weights: Weights, config: HuggingFaceConfig, inputs: np.ndarray) -> np.ndarray:
    """Return the array [B, H*W, C] that the encoder reads and the decoder queries with; inputs [B,
    2, 27, H, W].
    """
    inputs = np.asarray(inputs, np.float64)
    if inputs.ndim != 5 or inputs.shape[1:3] != (2, 27):
        raise ValueError(f"expected inputs of shape [B, 2, 27, H, W], but got {inputs.shape}")
    pixels = space_to_depth(np.moveaxis(inputs, 2, -1), spatial=1, temporal=2)
    name = "perceiver.input_preprocessor.conv_after_patches"
    return append_fourier_positions(linear(pixels, linear_parameters(weights, name)), config)


def optical_flow(weights: Weights, config: HuggingFaceConfig, inputs: np.ndarray) -> np.ndarray:
    """Return the flow [B, H, W, 2] of patches [B, 2, 27, H, W]. The caller multiplies by 20 to get
    pixels.
    """
    x = flow_inputs(weights, config, inputs)
    decoded = hf_decode(weights, config, x, hf_last_hidden_state(weights, config, x)) / _RESCALE
    return decoded.reshape(len(x), *inputs.shape[3:], 2)
