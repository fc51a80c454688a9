"""Operations on rows (dialect/Model/RowOps.td), and on parameters as values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import formulas as r
from .function import Environment, Function
from .types import Type, Value


@dataclass(frozen=True)
class Layer:
    """The symbols of a layer: a linear layer's bias may be missing, a norm has both."""

    weight: str
    bias: str | None = None

    def __str__(self) -> str:
        return f"[@{self.weight}]" if self.bias is None else f"[@{self.weight}, @{self.bias}]"

    @property
    def operands(self) -> str:
        """The text of the operation that has this layer alone."""
        return f"weight @{self.weight}" + (f" bias @{self.bias}" if self.bias else "")


def apply_linear(env: Environment, x: np.ndarray, layer: Layer) -> np.ndarray:
    """Return x W + b as it is stored."""
    bias = None if layer.bias is None else env.parameter(layer.bias)
    return env.store(r.linear(x, r.LinearParameters(env.parameter(layer.weight), bias)))


def apply_norm(env: Environment, x: np.ndarray, layer: Layer | None, epsilon: float) -> np.ndarray:
    """Return the layer norm as it is stored; without a layer, x."""
    if layer is None:
        return x
    gain, bias = env.parameter(layer.weight), env.parameter(layer.bias)
    return env.store(r.layer_norm(x, gain, bias, epsilon))


def get_parameter(function: Function, symbol: str, shape: tuple[int, ...]) -> Value:
    """Append a get_parameter."""
    type_ = Type(shape)
    text = f"perceiver.get_parameter @{symbol} : {type_}"
    return function.add(type_, text, lambda env: np.asarray(env.parameter(symbol), np.float64))


def mean_pool(function: Function, rows: Value, keep: bool, mask: Value | None = None) -> Value:
    """Append a mean_pool to [B, C], or to [B, 1, C]; of the rows where a mask [B, N] is true."""
    batch, _, channels = rows.shape
    type_ = Type((batch, 1, channels) if keep else (batch, channels))
    operand = f" mask({mask.name} : {mask.type})" if mask else ""
    text = f"perceiver.mean_pool {rows.name}{operand} : {rows.type} -> {type_}"
    first = slice(None) if keep else 0
    return function.add(
        type_, text, lambda env: r.mean_rows(env[rows], env[mask] if mask else None)[:, first]
    )


def norm(function: Function, rows: Value, layer: Layer, epsilon: float = 1e-5) -> Value:
    """Append a norm."""
    text = f"perceiver.norm {rows.name} {layer.operands}"
    text += f" {{epsilon = {epsilon:e} : f64}}" if epsilon != 1e-5 else ""
    return function.add(
        rows.type, f"{text} : {rows.type}", lambda env: apply_norm(env, env[rows], layer, epsilon)
    )


def project(
    function: Function, rows: Value, layer: Layer, channels: int, activation: str = "none"
) -> Value:
    """Append a project to so many channels, of which a gated activation leaves half."""
    gated = activation.startswith("gated(")
    type_ = Type((*rows.shape[:-1], channels // 2 if gated else channels))
    with_activation = "" if activation == "none" else f" activation = {activation}"
    text = f"perceiver.project {rows.name} {layer.operands}{with_activation}"
    apply = r.activation(activation)
    return function.add(
        type_,
        f"{text} : {rows.type} -> {type_}",
        lambda env: apply(apply_linear(env, env[rows], layer)),
    )
