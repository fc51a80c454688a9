"""Parameters: how a description names the tensors of a checkpoint, and what it makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .text import comment_lines, quote
from .types import Type

#: A tensor by name: an array, or something that `read()` makes one of.
Tensors = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter, as dialect/Model/ParameterOps.td defines it.

    `shape` is what the model sees. In this order: `ranges` takes a part of the checkpoint's tensor
    of shape `source`, (first, last) for each dimension; dimension i of the outcome is dimension
    permutation[i] of that; the outcome is reshaped. With `count` it is a family: `{}` in the key
    and the aliases stands for first + member * stride. `comment` is printed above it.
    """

    symbol: str
    shape: tuple[int, ...]
    key: str
    aliases: tuple[str, ...] = ()
    count: int | None = None
    first: int = 0
    stride: int = 1
    ranges: tuple[tuple[int, int], ...] | None = None
    source: tuple[int, ...] | None = None
    permutation: tuple[int, ...] | None = None
    comment: str = ""

    @property
    def members(self) -> int:
        """The number of members; 1 if it is no family."""
        return 1 if self.count is None else self.count

    @property
    def source_shape(self) -> tuple[int, ...]:
        """The shape of the checkpoint's tensor."""
        if self.source is not None:
            return self.source
        if self.permutation is None:
            return self.shape
        shape = [0] * len(self.shape)
        for size, dimension in zip(self.shape, self.permutation, strict=True):
            shape[dimension] = size
        return tuple(shape)

    def names(self, member: int = 0) -> list[str]:
        """The names under which the checkpoint may hold a member."""
        number = str(self.first + member * self.stride)
        names = [self.key, *self.aliases]
        return names if self.count is None else [name.replace("{}", number) for name in names]

    def all_names(self) -> list[list[str]]:
        """The names of each member."""
        return [self.names(member) for member in range(self.members)]

    def value(self, tensors: Tensors, member: int = 0) -> np.ndarray:
        """Return a member [*shape] from the checkpoint's tensors.

        KeyError if none of its names is there, ValueError for a tensor of another shape.
        """
        names = self.names(member)
        found = next((name for name in names if name in tensors), None)
        if found is None:
            raise KeyError(names[0])
        tensor = tensors[found]
        array = np.asarray(tensor.read() if hasattr(tensor, "read") else tensor)
        if array.shape != self.source_shape:
            raise ValueError(
                f"expected {found} of shape {self.source_shape}, but got {array.shape}"
            )
        if self.ranges is not None:
            array = array[tuple(slice(first, last) for first, last in self.ranges)]
        if self.permutation is not None:
            array = array.transpose(self.permutation)
        return array.reshape(self.shape)

    def __str__(self) -> str:
        parts = [f"key {quote(self.key)}"]
        if self.aliases:
            parts.append(f"aliases [{', '.join(map(quote, self.aliases))}]")
        if self.count is not None:
            parts.append(f"count {self.count}")
            parts += [f"first {self.first}"] if self.first else []
            parts += [f"stride {self.stride}"] if self.stride != 1 else []
        if self.ranges is not None:
            ranges = ", ".join(f"{first}:{last}" for first, last in self.ranges)
            parts.append(f"slice [{ranges}]")
        if self.source is not None:
            parts.append(f"of [{', '.join(map(str, self.source))}]")
        if self.permutation == (1, 0):
            parts.append("transpose")
        elif self.permutation is not None:
            parts.append(f"permutation [{', '.join(map(str, self.permutation))}]")
        head, binding = f"perceiver.parameter @{self.symbol} : {Type(self.shape)}", " ".join(parts)
        one_line = f"{head} {binding}"
        text = one_line if len(one_line) <= 80 else f"{head}\n    {binding}"
        return "\n".join([*comment_lines(self.comment), text])
