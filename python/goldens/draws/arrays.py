"""Random inputs, by the choices of a draw."""

from __future__ import annotations

import math
import zlib

import numpy as np

from ..choices import Choices

#: Every result has so many numbers at least, or it could agree by chance.
LEAST_NUMBERS = 16


def floats(choices: Choices, name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return numbers of the normal distribution."""
    return _random(choices, name).standard_normal(shape).astype(np.float32)


def ids(choices: Choices, name: str, shape: tuple[int, ...], count: int) -> np.ndarray:
    """Return numbers in 0 .. count - 1."""
    return _random(choices, name).integers(0, count, shape)


def mask(choices: Choices, name: str, shape: tuple[int, ...], dtype: type) -> np.ndarray:
    """Return a mask that takes out none, some or all of each row."""
    random = _random(choices, name)
    shares = random.choice([0.0, 0.3, 0.8, 1.0, 1.0], size=(shape[0], *([1] * (len(shape) - 1))))
    return (random.random(shape) < shares).astype(dtype)


def batch(choices: Choices, numbers: int) -> int:
    """Return the size of a batch whose elements have so many numbers as result."""
    return (
        choices.integer("batch", max(1, math.ceil(LEAST_NUMBERS / numbers)), 20)
        if (numbers < LEAST_NUMBERS)
        else choices.integer("batch", 1, 3)
    )


def _random(choices: Choices, name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(f"{choices.seed}.{name}".encode()))
