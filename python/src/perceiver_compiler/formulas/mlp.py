"""The position-wise network of every block."""

from dataclasses import dataclass

import numpy as np

from .activations import activation
from .linear import LinearParameters, linear


@dataclass(frozen=True)
class MlpParameters:
    """up [D, w*D] (gated: [D, 2*w*D], values first, gates second), down [w*D, D], and an
    activation's name.
    """

    up: LinearParameters
    down: LinearParameters
    activation: str = "gelu_erf"


def mlp(x: np.ndarray, parameters: MlpParameters) -> np.ndarray:
    """Return down(activation(up(x))); x [..., D] -> [..., D]. Without norm and without residual.

    Perceiver (arXiv 2103.03206), appendix. ValueError for an unknown activation.
    """
    hidden = activation(parameters.activation)(linear(x, parameters.up))
    return linear(hidden, parameters.down)
