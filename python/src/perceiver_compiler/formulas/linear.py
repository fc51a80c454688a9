"""The affine map y = x W + b."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class LinearParameters:
    """weight [in, out] (torch stores the transpose) and bias [out], or None where the model has no
    bias.
    """

    weight: np.ndarray
    bias: np.ndarray | None = None


def linear(x: np.ndarray, parameters: LinearParameters) -> np.ndarray:
    """Return x W + b: x [..., in] -> [..., out]. ValueError if the last axis of x is not `in`."""
    x = np.asarray(x, np.float64)
    weight = np.asarray(parameters.weight, np.float64)
    if x.shape[-1] != weight.shape[0]:
        raise ValueError(f"expected {weight.shape[0]} channels, but got {x.shape[-1]}")
    rows = int(np.prod(x.shape[:-1], dtype=np.int64))
    y = (x.reshape(rows, x.shape[-1]) @ weight).reshape(*x.shape[:-1], weight.shape[1])
    if parameters.bias is not None:
        y += parameters.bias
    return y
