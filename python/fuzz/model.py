"""A random model: its description, its weights, and what the caller may choose."""

from dataclasses import dataclass, field

import numpy as np
from perceiver_compiler.builder import Function, Mask, Model, Size


@dataclass
class RandomModel(Model):
    """A description with weights.

    `largest` are the largest sizes that the caller chooses and the largest numbers in integer
    inputs, by name; `bound` are sizes of which something is required, `conditions`, and
    `follows` those that are what others make; `masks` says which rows of an input take part.
    """

    weights: dict[str, np.ndarray] = field(default_factory=dict)
    largest: dict[str, Size] = field(default_factory=dict)
    masks: dict[str, Mask] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    follows: dict[str, Size] = field(default_factory=dict)
    conditions: list[tuple[Size, str, Size]] = field(default_factory=list)

    def compute(
        self,
        entry: Function,
        inputs: dict[str, np.ndarray],
        rounding: np.random.Generator | None = None,
    ) -> dict[str, np.ndarray]:
        """Return an entry's results by name, as `evaluate` does, for these weights."""
        return self.evaluate(entry, inputs, self.weights, rounding=rounding)
