"""The values that tensors get: a function of their names."""

from __future__ import annotations

import math

import numpy as np

from reference.deterministic import deterministic_parameter, deterministic_values


def parameter_values(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return the values of a tensor in float64; haiku's are named `module:name`, and their last
    axis is that of the outputs.
    """
    module, colon, leaf = name.partition(":")
    if not colon:
        return deterministic_parameter(name, shape)
    values = deterministic_values(name, shape)
    if leaf == "w":
        return values * math.sqrt(3 / math.prod(shape[:-1]))
    if leaf == "scale" or (leaf == "average" and module.endswith("var_ema")):
        return 1 + (0.1 if leaf == "scale" else 0.5) * values
    return (0.1 if leaf in ("b", "offset", "bias", "average") else 0.5) * values
