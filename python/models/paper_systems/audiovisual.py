"""Sound and video as rows, alone or together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from perceiver_compiler import builder as ops
from perceiver_compiler.builder import Function, Type, Value, divide_size, evaluate_size

from .graph import Graph, Rows
from .positions import append_positions, fourier

_COLOURS = 3


class Modality(Protocol):
    """An input that becomes rows without parameters."""

    @property
    def name(self) -> str:
        """Of the argument."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """What the sizes that the caller chooses are in the paper, but for the batch."""

    def type(self) -> Type:
        """Of the argument."""

    def make_rows(self, function: Function, value: Value) -> Value:
        """Append what the sizes have to be, and rows [B, M, C], features and positions."""

    def describe(self) -> str:
        """What the rows are made of."""


@dataclass(frozen=True)
class Audio:
    """Samples in patches, each with the Fourier features of its place."""

    samples: int = 61_440
    patch: int = 128
    bands: int = 64
    name: str = "audio"

    @property
    def sizes(self) -> Mapping[str, int]:
        return {"samples": self.samples}

    def type(self) -> Type:
        return Type(("batch", "samples"))

    def make_rows(self, function: Function, value: Value) -> Value:
        sentence = f"expected samples in patches of {self.patch}"
        ops.require(function, "samples", "multiple_of", self.patch, sentence)
        patches = divide_size("samples", self.patch)
        shape = ("batch", patches, self.patch)
        rows = function.let("patches", ops.split(function, value, shape, [[0], [1, 2]]))
        positions = fourier((patches,), self.bands, (self.samples,))
        return append_positions(function, rows, positions)

    def describe(self) -> str:
        return f"{self.patch} samples, Fourier position"


@dataclass(frozen=True)
class Mel:
    """The numbers of a mel spectrogram, each with the Fourier features of its place."""

    times: int = 60
    frequencies: int = 80
    bands: int = 64
    name: str = "mel"

    @property
    def sizes(self) -> Mapping[str, int]:
        return {"times": self.times, "frequencies": self.frequencies}

    def type(self) -> Type:
        return Type(("batch", "times", "frequencies"))

    def make_rows(self, function: Function, value: Value) -> Value:
        grid = value.shape[1:]
        points = ops.multiply_sizes(grid)
        flat = ops.collapse(function, value, [[0], [1, 2]])
        rows = ops.split(function, flat, ("batch", points, 1), [[0], [1, 2]])
        positions = fourier(grid, self.bands, (self.times, self.frequencies))
        return append_positions(function, function.let("numbers", rows), positions)

    def describe(self) -> str:
        return "a number of the spectrogram, Fourier position"


@dataclass(frozen=True)
class Video:
    """Blocks of frames, rows and columns, each with the Fourier features of its place."""

    frames: int = 32
    height: int = 224
    width: int = 224
    block: tuple[int, int, int] = (2, 8, 8)
    bands: int = 16
    name: str = "video"

    @property
    def sizes(self) -> Mapping[str, int]:
        return {"frames": self.frames, "height": self.height, "width": self.width}

    def type(self) -> Type:
        return Type(("batch", *self.sizes, _COLOURS))

    def make_rows(self, function: Function, value: Value) -> Value:
        for axis, part in zip(self.sizes, self.block):
            which = axis if axis == "frames" else f"a {axis}"
            sentence = f"expected {which} in blocks of {part}"
            ops.require(function, axis, "multiple_of", part, sentence)
        grid = [divide_size(axis, part) for axis, part in zip(self.sizes, self.block)]
        pairs = [size for pair in zip(grid, self.block) for size in pair]
        groups = [[0], [1, 2], [3, 4], [5, 6], [7]]
        blocks = ops.split(function, value, ("batch", *pairs, _COLOURS), groups)
        blocks = ops.transpose(function, blocks, (0, 1, 3, 5, 2, 4, 6, 7))
        rows = ops.collapse(function, blocks, [[0], [1, 2, 3], [4, 5, 6, 7]])
        resolution = [evaluate_size(size, self.sizes) for size in grid]
        positions = fourier(grid, self.bands, resolution)
        return append_positions(function, function.let("blocks", rows), positions)

    def describe(self) -> str:
        return f"blocks of {' x '.join(map(str, self.block))} pixels, Fourier position"


def _read(function: Function, modality: Modality) -> Value:
    return function.add_argument(modality.name, modality.type())


def _rows_of(modality: Modality) -> tuple[Function, Value]:
    """A function that makes a modality's rows, and the rows, which are not its result yet."""
    comment = f"The rows of the {modality.name}."
    function = Function(f"{modality.name}_rows", is_entry=False, comment=comment)
    value = _read(function, modality)
    return function, modality.make_rows(function, value)


def _input_line(value: Value) -> str:
    return f"{value.name[1:]} [{', '.join(map(str, value.shape))}]"


@dataclass(frozen=True)
class Alone:
    """One modality."""

    modality: Modality

    @property
    def sizes(self) -> Mapping[str, int]:
        return self.modality.sizes

    def add_rows(self, graph: Graph, function: Function) -> Rows:
        """Append the argument of the modality's name."""
        value = _read(function, self.modality)
        own, made = _rows_of(self.modality)
        own.add_result("rows", made)
        rows = Rows(function.let("x", graph.call(function, own, [value])))
        graph.stages += [
            _input_line(value),
            f"-> rows of {rows.channels} channels: {self.modality.describe()}",
        ]
        return rows

    def flops(self) -> int:
        return 0


@dataclass(frozen=True)
class Together:
    """Several modalities in alphabetical order, the rows of each filled up to one width by a vector
    that it learns, of at least `least` channels.
    """

    modalities: tuple[Modality, ...]
    least: int = 4

    @property
    def sizes(self) -> Mapping[str, int]:
        return {name: size for each in self.modalities for name, size in each.sizes.items()}

    def add_rows(self, graph: Graph, function: Function) -> Rows:
        """Append an argument for each modality."""
        ordered = sorted(self.modalities, key=lambda modality: modality.name)
        values = [_read(function, each) for each in ordered]
        joined = self._join(graph, ordered)
        return Rows(function.let("x", graph.call(function, joined, values)))

    def _join(self, graph: Graph, modalities: list[Modality]) -> Function:
        """A function that makes the rows of all modalities."""
        made = [_rows_of(each) for each in modalities]
        channels = max(rows.shape[-1] for _, rows in made) + self.least
        graph.binding.section("What tells the modalities apart, and fills their rows up.")
        joined = Function("rows", is_entry=False, comment="The rows of all modalities.")
        values = [_read(joined, each) for each in modalities]
        parts = []
        for each, value, (own, rows) in zip(modalities, values, made):
            width, symbol = rows.shape[-1], f"padding.{each.name}"
            padding = graph.table(own, symbol, f"modality.{symbol}", (channels - width,))
            own.add_result("rows", ops.concat(own, [rows, padding]))
            parts.append(joined.let(f"{each.name}_rows", graph.call(joined, own, [value])))
            graph.stages += [
                _input_line(value),
                f"  rows of {width} channels: {each.describe()}; {channels - width} learned",
            ]
        graph.stages.append(f"-> rows of {channels} channels: those of all modalities")
        joined.add_result("rows", joined.let("rows", ops.concat_rows(joined, parts)))
        return joined

    def flops(self) -> int:
        return 0
