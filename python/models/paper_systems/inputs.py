"""What the kinds of inputs have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from perceiver_compiler.builder import Function

from .graph import Graph, Rows


class Inputs(Protocol):
    """The inputs of a system, and how they become rows."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """What the sizes that the caller chooses are in the paper, but for the batch."""

    def add_rows(self, graph: Graph, function: Function) -> Rows:
        """Append the arguments, and rows made of them."""

    def flops(self) -> int:
        """What making the rows of one example takes, at the sizes of the paper."""
