"""Differential fuzzing: random small models, compiled and compared with the float64 reference."""

import checkout  # noqa: F401

# isort: split
from .generate import generate
from .harness import DEVICES, Failure, Tools, check, read_rewrites

__all__ = ["DEVICES", "SEEDS", "Failure", "Tools", "check", "generate", "read_rewrites"]

# Of models which together have every operation of descriptions and every kind of binding, in few
# seconds: tests compile these.
SEEDS = [6, 9, 10, 16, 46, 58, 99, 121, 206, 264, 267, 280, 327, 1013, 1121, 1276, 3008, 3059]
