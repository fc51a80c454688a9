"""Element by element on rows: what blocks cannot say is composed of these."""

from __future__ import annotations

from .. import formulas as r
from .function import Function
from .text import number
from .types import Type, Value


def add(function: Function, left: Value, right: Value) -> Value:
    """Append an add; an operand may lack the batch, or be [C] or [1]."""
    return _combine(function, "add", left, right)


def multiply(function: Function, left: Value, right: Value) -> Value:
    """Append a multiply; an operand may lack the batch, or be [C] or [1]."""
    return _combine(function, "multiply", left, right)


def _combine(function: Function, name: str, left: Value, right: Value) -> Value:
    type_ = Type(max(left.shape, right.shape, key=len))
    text = f"perceiver.{name} {left.name}, {right.name} : {left.type}, {right.type} -> {type_}"
    if name == "add":
        return function.add(type_, text, lambda env: env[left] + env[right])
    return function.add(type_, text, lambda env: env[left] * env[right])


def scale(function: Function, rows: Value, factor: float) -> Value:
    """Append a scale."""
    text = f"perceiver.scale {rows.name} by {number(factor)} : {rows.type}"
    return function.add(rows.type, text, lambda env: env[rows] * factor)


def activate(function: Function, rows: Value, activation: str) -> Value:
    """Append an activate; a gated one leaves half of the channels."""
    *outer, channels = rows.shape
    gated = activation.startswith("gated(")
    type_ = Type((*outer, channels // 2 if gated else channels))
    text = f"perceiver.activate {rows.name} with {activation} : {rows.type} -> {type_}"
    apply = r.activation(activation)
    return function.add(type_, text, lambda env: apply(env[rows]))
