"""What becomes of a learned table of positions for a grid of another size."""

import numpy as np

_CUBIC = -0.75


def resize_grid(table: np.ndarray, before: tuple[int, int], after: tuple[int, int]) -> np.ndarray:
    """Return the table [h' * w', C] of a grid (h', w') from that of a grid (h, w), [h * w, C], by
    bicubic interpolation.

    Keys, Cubic convolution interpolation (IEEE TASSP 29, 1981) with a = -0.75; pixel i lies at
    (i + 0.5) n / n' - 0.5, indices are clamped at the edges, nothing is smoothed: PyTorch's
    interpolate(mode="bicubic", align_corners=False). Equal sizes give the table as it is.
    """
    grid = np.asarray(table, np.float64).reshape(*before, -1)
    if before != after:
        rows, columns = (_weights(n, m) for n, m in zip(before, after))
        grid = np.einsum("ih,jw,hwc->ijc", rows, columns, grid)
    return grid.reshape(after[0] * after[1], -1)


def _weights(before: int, after: int) -> np.ndarray:
    """The matrix [after, before] that interpolates along one axis."""
    weights = np.zeros((after, before))
    for target in range(after):
        place = (target + 0.5) * before / after - 0.5
        first = int(np.floor(place))
        for tap in range(-1, 3):
            source = min(max(first + tap, 0), before - 1)
            weights[target, source] += _kernel(abs(place - (first + tap)))
    return weights


def _kernel(x: float) -> float:
    if x <= 1:
        return ((_CUBIC + 2) * x - (_CUBIC + 3)) * x * x + 1
    return ((_CUBIC * x - 5 * _CUBIC) * x + 8 * _CUBIC) * x - 4 * _CUBIC if x < 2 else 0.0
