"""A system of the papers: its description, its weights, inputs for it, and what it costs."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from perceiver_compiler.builder import DTYPES, Argument, Model, evaluate_size

import reference as r
from models.random_weights import ATTENTION_GAIN, DECODER_GAIN

from .graph import Graph
from .inputs import Inputs
from .latents import Latents

_COLUMNS = 77


class Body(Protocol):
    """What makes latents of rows."""

    latents: Latents

    def build(self, graph: Graph, inputs: Inputs) -> None:
        """Add entries from inputs to latents."""

    def flops(self, rows: int, channels: int) -> int:
        """Of one array of rows."""


class Head(Protocol):
    """What makes a result of latents."""

    def build(self, graph: Graph, latents: Latents) -> None:
        """Add the entry `decode`."""

    def flops(self, latents: Latents) -> int:
        """Of one array of latents."""


@dataclass(frozen=True)
class System:
    """A system: `title` says what it is for and where the paper has it, `open_points` what the
    paper does not say, and what was chosen.
    """

    name: str
    title: str
    inputs: Inputs
    body: Body
    head: Head
    open_points: tuple[str, ...] = ()

    @cached_property
    def graph(self) -> Graph:
        """Its description with what is known of it."""
        graph = Graph()
        self.body.build(graph, self.inputs)
        self.head.build(graph, self.body.latents)
        graph.add_run()
        graph.model.header = self._header(graph)
        return graph

    @property
    def model(self) -> Model:
        """Its description."""
        return self.graph.model

    def _header(self, graph: Graph) -> str:
        title = f"{self.title}. Written by python/models/papers.py {self.name}."
        first, *rest = graph.stages
        stages = [f"  {first}", *(f"    {line}" for line in rest)]
        parts = [_fill(title), "\n".join(stages)]
        if self.open_points:
            parts.append("What the papers leave open:")
            points = (_fill(point, "  * ", "    ") for point in self.open_points)
            parts[-1] += "\n" + "\n".join(points)
        return "\n\n".join(parts)

    # Weights and inputs.

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the tensors that it needs, by name."""
        parameters = self.model.parameters.values()
        return {names[0]: p.source_shape for p in parameters for names in p.all_names()}

    @property
    def parameters(self) -> int:
        """How many numbers are learned: not the averages that a batch norm has gathered."""
        learned = (s for name, s in self.shapes.items() if ".running_" not in name)
        return sum(int(np.prod(shape, dtype=np.int64)) for shape in learned)

    def make_weights(self) -> dict[str, np.ndarray]:
        """Return the tensors, float32, each made of its name (reference.deterministic)."""
        return {
            name: r.deterministic_parameter(
                name, shape, DECODER_GAIN if name.startswith("decode.") else ATTENTION_GAIN
            ).astype(np.float32)
            for name, shape in self.shapes.items()
        }

    def make_inputs(
        self, batch: int = 1, sizes: Mapping[str, int] | None = None
    ) -> dict[str, np.ndarray]:
        """Return arrays for all inputs, made of their names; `sizes` are those of the paper where
        they are not given.
        """
        bound = {"batch": batch, **self.inputs.sizes, **(sizes or {})}
        arguments = self.model.entry("run").arguments
        return {each.name: _make_input(each, bound) for each in arguments}

    def evaluate(
        self, inputs: Mapping[str, np.ndarray], weights: Mapping[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        """Return the results by name, computed in float64 by NumPy."""
        return self.model.evaluate("run", inputs, weights)

    # What it costs.

    @property
    def latents(self) -> Latents:
        """Its latents."""
        return self.body.latents

    @property
    def rows(self) -> tuple[int, int]:
        """Number and channels of the rows that the encoder reads, at the sizes of the paper."""
        rows = self.graph.rows
        return evaluate_size(rows.value.shape[-2], self.inputs.sizes), rows.channels

    @property
    def flops(self) -> int:
        """Of one example, two for each multiply-add of a matrix product."""
        body = self.body.flops(*self.rows)
        return self.inputs.flops() + body + self.head.flops(self.latents)


def _fill(text: str, first: str = "", others: str = "") -> str:
    """The text in lines of a comment."""
    return textwrap.fill(
        text,
        _COLUMNS,
        initial_indent=first,
        subsequent_indent=others,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _make_input(argument: Argument, sizes: Mapping[str, int]) -> np.ndarray:
    """Numbers in [-1, 1); ids that are all different where they can be; a mask whose rows end."""
    type_ = argument.value.type
    shape = type_.sizes(sizes)
    values = r.deterministic_values(f"input.{argument.name}", shape)
    if type_.element == "i1":
        lengths = 1 + (np.arange(shape[0]) + 1) * shape[1] // (shape[0] + 1)
        return np.arange(shape[1]) < lengths[:, None]
    if argument.bounds is None:
        return values.astype(DTYPES[type_.element])
    first, last = argument.bounds
    if shape == (last - first,):
        return first + np.argsort(values, kind="stable").astype(np.int64)
    return first + ((values + 1) / 2 * (last - first)).astype(np.int64)
