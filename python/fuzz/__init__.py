"""Differential fuzzing: random small models, compiled and compared with the float64 reference."""

from .generate import generate
from .harness import Failure, Tools, check

__all__ = ["Failure", "Tools", "check", "generate"]
