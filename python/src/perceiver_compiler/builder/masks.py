"""Masks (dialect/Model/MaskOps.td)."""

from __future__ import annotations

from .. import formulas as r
from .function import Function
from .types import Type, Value


def to_mask(function: Function, value: Value, inverted: bool = False) -> Value:
    """Append a to_mask: (value != 0) xor inverted."""
    type_ = Type(value.shape, "i1")
    attribute = " {inverted}" if inverted else ""
    text = f"perceiver.to_mask {value.name}{attribute} : {value.type} -> {type_}"
    return function.add(type_, text, lambda env: r.to_mask(env[value], inverted))
