"""Pointwise functions of MLPs, and gating by them."""

from collections.abc import Callable

import numpy as np

from .erf import erf

Function = Callable[[np.ndarray], np.ndarray]


def _weigh(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return x * weight, 0 where the weight is 0: the limit at -infinity."""
    x = np.asarray(x, np.float64)
    return np.where(weight == 0.0, 0.0, np.where(weight == 0.0, 0.0, x) * weight)


def none(x: np.ndarray) -> np.ndarray:
    """Return x."""
    return np.asarray(x, np.float64)


def gelu_erf(x: np.ndarray) -> np.ndarray:
    """Return x * Phi(x), Phi the normal distribution function; any shape.

    GELU paper (arXiv 1606.08415), exact form: Hugging Face "gelu", krasserm, lucidrains.
    """
    x = np.asarray(x, np.float64)
    return _weigh(x, 0.5 * (1.0 + erf(x * np.sqrt(0.5))))


def gelu_tanh(x: np.ndarray) -> np.ndarray:
    """Return the tanh approximation of GELU; any shape.

    GELU paper (arXiv 1606.08415), section 2; what DeepMind's models use: jax.nn.gelu by default.
    """
    x = np.asarray(x, np.float64)
    inner = np.sqrt(2.0 / np.pi) * (x + 0.044715 * x * x * x)
    return _weigh(x, 0.5 * (1.0 + np.tanh(inner)))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-x)); any shape."""
    x = np.asarray(x, np.float64)
    decay = np.exp(-np.abs(x))
    return np.where(x < 0.0, decay, 1.0) / (1.0 + decay)


def quick_gelu(x: np.ndarray) -> np.ndarray:
    """Return x * sigmoid(1.702 x); any shape. GELU paper (arXiv 1606.08415), section 2."""
    return _weigh(x, sigmoid(1.702 * np.asarray(x, np.float64)))


def silu(x: np.ndarray) -> np.ndarray:
    """Return x * sigmoid(x); any shape. Elfwing et al. (arXiv 1702.03118); also called swish."""
    return _weigh(x, sigmoid(x))


def mish(x: np.ndarray) -> np.ndarray:
    """Return x * tanh(ln(1 + exp(x))); any shape. Misra (arXiv 1908.08681)."""
    x = np.asarray(x, np.float64)
    softplus = np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))
    return _weigh(x, np.tanh(softplus))


def relu(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0); any shape. NaN stays NaN."""
    return np.maximum(np.asarray(x, np.float64), 0.0)


def relu_squared(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0)^2; any shape. Primer (arXiv 2109.08668); Perceiver AR's MLP."""
    return relu(x) ** 2


def leaky_relu(x: np.ndarray) -> np.ndarray:
    """Return x, but 0.01 x where it is negative; any shape."""
    x = np.asarray(x, np.float64)
    return np.where(x < 0.0, 0.01 * x, x)


def tanh(x: np.ndarray) -> np.ndarray:
    """Return the hyperbolic tangent; any shape."""
    return np.tanh(np.asarray(x, np.float64))


ACTIVATIONS: dict[str, Function] = {
    function.__name__: function
    for function in (
        none,
        gelu_erf,
        gelu_tanh,
        quick_gelu,
        relu,
        relu_squared,
        silu,
        sigmoid,
        tanh,
        leaky_relu,
        mish,
    )
}


def gated(function: Function, x: np.ndarray) -> np.ndarray:
    """Return value * function(gate): x [..., 2n] holds the n values first, then the n gates;
    result [..., n].

    GLU variants (arXiv 2002.05202), section 2; lucidrains' feed-forward is GEGLU, that is
    gated(gelu_erf). ValueError if the last axis is odd.
    """
    x = np.asarray(x, np.float64)
    if x.shape[-1] % 2:
        raise ValueError(f"expected an even last axis for gates, but got {x.shape[-1]}")
    values, gates = np.split(x, 2, axis=-1)
    return values * function(gates)


def activation(name: str) -> Function:
    """Return the function of a name of the dialect: one of ACTIVATIONS, or `gated(..)` of one.
    ValueError for another name.
    """
    inner = name[len("gated(") : -1] if name.startswith("gated(") and name[-1] == ")" else name
    if inner not in ACTIVATIONS:
        known = ", ".join(sorted(ACTIVATIONS))
        raise ValueError(f"expected an activation among {known}, but got {name}")
    function = ACTIVATIONS[inner]
    return function if inner == name else lambda x: gated(function, x)
