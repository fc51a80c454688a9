"""Pointwise functions: both forms of GELU, gated GEGLU, and the squared ReLU of Perceiver AR."""

import numpy as np

from .erf import erf


def gelu_erf(x: np.ndarray) -> np.ndarray:
    """Return x * Phi(x), Phi the normal distribution function; any shape.

    GELU paper (arXiv 1606.08415), exact form: Hugging Face "gelu", krasserm, lucidrains.
    """
    x = np.asarray(x, np.float64)
    return 0.5 * x * (1.0 + erf(x * np.sqrt(0.5)))


def gelu_tanh(x: np.ndarray) -> np.ndarray:
    """Return the tanh approximation of GELU; any shape.

    GELU paper (arXiv 1606.08415), section 2; what DeepMind's models use: jax.nn.gelu by default.
    """
    x = np.asarray(x, np.float64)
    return 0.5 * x * (1.0 + np.tanh(np.sqrt(2.0 / np.pi) * (x + 0.044715 * x * x * x)))


def geglu(x: np.ndarray) -> np.ndarray:
    """Return value * gelu_erf(gate): x [..., 2n] holds the n values first, then the n gates;
    result [..., n].

    GLU variants (arXiv 2002.05202), section 2; lucidrains' feed-forward. ValueError if the last
    axis is odd.
    """
    x = np.asarray(x, np.float64)
    if x.shape[-1] % 2:
        raise ValueError(f"expected an even last axis for geglu, but got {x.shape[-1]}")
    half = x.shape[-1] // 2
    return x[..., :half] * gelu_erf(x[..., half:])


def relu(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0); any shape. NaN stays NaN."""
    return np.maximum(np.asarray(x, np.float64), 0.0)


def squared_relu(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0)^2; any shape. Primer (arXiv 2109.08668); Perceiver AR's MLP."""
    return relu(x) ** 2


ACTIVATIONS = {
    "gelu_erf": gelu_erf,
    "gelu_tanh": gelu_tanh,
    "geglu": geglu,
    "relu": relu,
    "squared_relu": squared_relu,
}
