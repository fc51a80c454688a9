"""Pointwise functions of MLPs, and gating by them."""

from collections.abc import Callable

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
    return gated(gelu_erf, x)


def gated(function: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
    """Return value * function(gate): x [..., 2n] holds the n values first, then the n gates;
    result [..., n].

    GLU variants (arXiv 2002.05202), section 2. ValueError if the last axis is odd.
    """
    x = np.asarray(x, np.float64)
    if x.shape[-1] % 2:
        raise ValueError(f"expected an even last axis for gating, but got {x.shape[-1]}")
    half = x.shape[-1] // 2
    return x[..., :half] * function(x[..., half:])


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-x)); any shape."""
    x = np.asarray(x, np.float64)
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def quick_gelu(x: np.ndarray) -> np.ndarray:
    """Return x * sigmoid(1.702 x); any shape. GELU paper (arXiv 1606.08415), section 2."""
    x = np.asarray(x, np.float64)
    return x * sigmoid(1.702 * x)


def silu(x: np.ndarray) -> np.ndarray:
    """Return x * sigmoid(x); any shape. Swish (arXiv 1710.05941)."""
    x = np.asarray(x, np.float64)
    return x * sigmoid(x)


def relu(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0); any shape. NaN stays NaN."""
    return np.maximum(np.asarray(x, np.float64), 0.0)


def relu_squared(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0)^2; any shape. Primer (arXiv 2109.08668); Perceiver AR's MLP."""
    return relu(x) ** 2


def leaky_relu(x: np.ndarray) -> np.ndarray:
    """Return x where it is positive, 0.01 x elsewhere; any shape."""
    x = np.asarray(x, np.float64)
    return np.where(x < 0, 0.01 * x, x)


def mish(x: np.ndarray) -> np.ndarray:
    """Return x * tanh(ln(1 + exp(x))); any shape. Mish (arXiv 1908.08681)."""
    x = np.asarray(x, np.float64)
    return x * np.tanh(np.logaddexp(0.0, x))


ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": lambda x: np.asarray(x, np.float64),
    "gelu_erf": gelu_erf,
    "gelu_tanh": gelu_tanh,
    "quick_gelu": quick_gelu,
    "relu": relu,
    "relu_squared": relu_squared,
    "silu": silu,
    "sigmoid": sigmoid,
    "tanh": lambda x: np.tanh(np.asarray(x, np.float64)),
    "leaky_relu": leaky_relu,
    "mish": mish,
}


def activation(name: str) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function of a name of the dialect: one of ACTIVATIONS, or `gated(..)` of one;
    `geglu` is gated(gelu_erf). ValueError for another name.
    """
    if name == "geglu":
        return geglu
    inner = name[len("gated(") : -1] if name.startswith("gated(") and name[-1] == ")" else name
    if inner not in ACTIVATIONS:
        known = ", ".join(sorted(ACTIVATIONS))
        raise ValueError(f"expected an activation among {known}, but got {name}")
    function = ACTIVATIONS[inner]
    return function if inner == name else lambda x: gated(function, x)
