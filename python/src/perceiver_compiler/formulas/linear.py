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


def grouped_linear(x: np.ndarray, parameters: LinearParameters, groups: int) -> np.ndarray:
    """Return x W + b for each of the groups of channels: x [..., groups*in] ->
    [..., groups*out], with a weight [in, groups*out] of matrices side by side.

    Attention is all you need (arXiv 1706.03762), section 3.2.2. ValueError for channels that are
    no such groups.
    """
    x = np.asarray(x, np.float64)
    weight = np.asarray(parameters.weight, np.float64)
    if x.shape[-1] != groups * weight.shape[0] or weight.shape[1] % groups:
        raise ValueError(f"expected {groups} groups, but got {x.shape[-1]} and {weight.shape}")
    by_group = x.reshape(*x.shape[:-1], groups, -1)
    weights = weight.reshape(weight.shape[0], groups, -1)
    y = np.einsum("...gk,kgn->...gn", by_group, weights).reshape(*x.shape[:-1], -1)
    return y if parameters.bias is None else y + parameters.bias
