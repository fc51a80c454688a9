"""Random parameters, bound to checkpoint tensors in random ways."""

import random

import numpy as np
from perceiver_compiler.builder import Parameter

from .model import RandomModel

# Queries and keys have larger weights: with unit variance, attention is close to an average,
# which hides errors in queries, keys and masks.
SCALES = {"matrix": 1.0, "score": 1.5, "bias": 0.3, "gain": 0.3, "variance": 0.5, "table": 1.0}


class ParameterMaker:
    """Adds parameters to a model, each bound to tensors of its own."""

    def __init__(self, model: RandomModel, choice: random.Random, values: np.random.Generator):
        self.model = model
        self.choice = choice
        self.values = values

    def make(self, symbol: str, shape: tuple[int, ...], kind: str, count: int | None = None) -> str:
        """Add a parameter, a family if there is a count, and return its symbol."""
        members = [self._values(shape, kind) for _ in range(count or 1)]
        number = self.choice.choice([0, 0, 3]) if count else None
        stride = self.choice.choice([1, 1, 2]) if count else None
        binding, tensors = self._bind(shape, members)
        parameter = Parameter(
            symbol,
            shape,
            f"{symbol}.{{}}" if count else symbol,
            count=count,
            first=number or 0,
            stride=stride or 1,
            **binding,
        )
        self.model.add(parameter)
        names = (names[0] for names in parameter.all_names())
        self.model.weights.update(zip(names, tensors))
        return symbol

    def _values(self, shape: tuple[int, ...], kind: str) -> np.ndarray:
        """float32 values: a linear layer's weight has variance 1 / inputs times its scale."""
        values = self.values.standard_normal(shape) * SCALES[kind]
        if kind in ("matrix", "score"):
            values /= np.sqrt(shape[0])
        if kind == "gain":
            values += 1.0
        if kind == "variance":
            values = np.abs(values) + 0.25
        return values.astype(np.float32)

    def _bind(
        self, shape: tuple[int, ...], members: list[np.ndarray]
    ) -> tuple[dict[str, tuple], list[np.ndarray]]:
        """Choose how the checkpoint stores the members: fields of the parameter, and the tensors.
        A binding reads forwards, from the tensor to the member; this goes backwards.
        """
        if len(shape) != 2:
            return {}, members
        rows, columns = shape
        kind = self.choice.choice(["plain", "transpose", "transpose", "slice", "convolution"])
        if kind == "plain":
            return {}, members
        if kind == "transpose":
            tensors = [np.ascontiguousarray(member.T) for member in members]
            return {"permutation": (1, 0)}, tensors
        if kind == "convolution":
            # A 1 x 1 convolution [outputs, inputs, 1, 1].
            binding = {"source": (columns, rows, 1, 1), "permutation": (1, 0, 2, 3)}
            return binding, [np.ascontiguousarray(m.T)[:, :, None, None] for m in members]
        # A part of a fused weight, [.. | outputs | .., inputs].
        before, after = self.choice.randrange(4), self.choice.randrange(4)
        total = before + columns + after
        binding = {
            "ranges": ((before, before + columns), (0, rows)),
            "source": (total, rows),
            "permutation": (1, 0),
        }
        tensors = []
        for member in members:
            tensor = self.values.standard_normal((total, rows)).astype(np.float32)
            tensor[before : before + columns] = member.T
            tensors.append(tensor)
        return binding, tensors
