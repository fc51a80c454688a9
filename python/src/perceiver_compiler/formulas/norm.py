"""Normalisations: layer norm over channels, and batch norm with stored statistics."""

import numpy as np


def layer_norm(
    x: np.ndarray,
    weight: np.ndarray | None = None,
    bias: np.ndarray | None = None,
    eps: float = 1e-5,
) -> np.ndarray:
    """Return weight * (x - mean) / sqrt(var + eps) + bias over the last axis, with the biased
    variance.

    x [..., C], weight and bias [C] or None. Layer normalization (arXiv 1607.06450), section 3.
    Every Perceiver uses eps 1e-5. ValueError if weight or bias does not have C elements.
    """
    x = np.asarray(x, np.float64)
    for name, operand in (("weight", weight), ("bias", bias)):
        if operand is not None and np.shape(operand) != x.shape[-1:]:
            raise ValueError(
                f"expected {name} of shape {x.shape[-1:]}, but got {np.shape(operand)}"
            )
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = np.mean(np.square(centred), axis=-1, keepdims=True)
    centred /= np.sqrt(variance + eps)
    if weight is not None:
        centred *= weight
    if bias is not None:
        centred += bias
    return centred


def batch_norm(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
    mean: np.ndarray,
    variance: np.ndarray,
    eps: float = 1e-5,
) -> np.ndarray:
    """Return (x - mean) * weight / sqrt(variance + eps) + bias with stored statistics; x [..., C],
    others [C].

    Batch normalization (arXiv 1502.03167), section 3.1, at inference.
    """
    scale = np.asarray(weight, np.float64) / np.sqrt(np.asarray(variance, np.float64) + eps)
    return (np.asarray(x, np.float64) - mean) * scale + bias
