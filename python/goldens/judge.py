"""When a result is right: close to what the library computes in float64, by its own measure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

#: A result may be off by so many times the largest error of the library's own float32 ..
FACTOR = 10.0
#: .. or by this much of its largest element.
LEAST = 1e-5


def tolerance(single: np.ndarray, double: np.ndarray) -> float:
    """Return how far an element may be off: max(10 e, 1e-5 s), e the largest difference of the
    library's float32 from its float64, s the largest element of a result.
    """
    double = np.asarray(double, np.float64)
    return max(FACTOR * _largest(single - double), LEAST * _largest(double))


def error(ours: np.ndarray, single: np.ndarray, double: np.ndarray, effect: float = 0.0) -> float:
    """Return the largest error of a result in units of the tolerance: right up to 1. Infinity for
    another shape, and for NaN. `effect` is that of rounding Fourier positions, which may show
    twice.
    """
    ours = np.asarray(ours)
    if ours.shape != double.shape or not np.isfinite(ours).all():
        return float("inf")
    if ours.size == 0:
        return 0.0
    allowed = tolerance(single, double) + 2 * effect
    found = _largest(ours - np.asarray(double, np.float64))
    return found / allowed if allowed else (0.0 if found == 0 else float("inf"))


def worst(
    ours: Mapping[str, np.ndarray],
    single: Mapping[str, np.ndarray],
    double: Mapping[str, np.ndarray],
    effects: Mapping[str, float] | None = None,
) -> float:
    """Return the largest error of all results; infinity if their names differ."""
    if ours.keys() != double.keys():
        return float("inf")
    effects = effects or {}
    return max(
        error(ours[name], single[name], double[name], effects.get(name, 0.0)) for name in double
    )


def _largest(array: np.ndarray) -> float:
    return float(np.abs(array).max(initial=0.0))
