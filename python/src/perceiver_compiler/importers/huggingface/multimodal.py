"""Video, audio and a label through one set of latents (Perceiver IO, arXiv 2107.14795, section
4.3). Modalities stand in the order audio, image, label everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from ... import builder as ops
from ...builder import Block, Fourier, Function, Layer, Size, Type, Value
from ...checkpoint import CheckpointError
from ..signature import Signature, add_range
from .config import Config
from .graph import MASK, Graph

_PATCH = 4
_COLOURS = 3
_AUDIO_BANDS, _IMAGE_BANDS = 192, 32
_ROW_PADDING, _QUERY_PADDING = 4, 2
_LEAST_FRAMES = 2
MODALITIES = ("audio", "image", "label")


@dataclass(frozen=True)
class _Modality:
    """A modality: channels of its rows and of its queries before padding, where its queries are
    (None for learned ones), and how many numbers a query becomes.
    """

    name: str
    row_channels: int
    query_channels: int
    queries: Fourier | None
    outputs: int


def _modalities(config: Config) -> dict[str, _Modality]:
    samples = config.num_frames * config.audio_samples_per_frame
    audio = Fourier(
        (samples // config.samples_per_patch,),
        _AUDIO_BANDS,
        (float(samples),),
        spacing="fraction",
    )
    image = Fourier(
        tuple(config.output_shape[1:]), _IMAGE_BANDS, _image_resolution(config), spacing="fraction"
    )
    colours = _COLOURS * _PATCH * _PATCH
    found = (
        _Modality(
            "audio",
            config.samples_per_patch + audio.channels,
            audio.channels,
            audio,
            config.samples_per_patch,
        ),
        _Modality("image", colours + image.channels, image.channels, image, _COLOURS),
        _Modality("label", config.labels, config.label_query_channels, None, config.labels),
    )
    return {each.name: each for each in found}


def _image_resolution(config: Config) -> tuple[float, float, float]:
    return (float(config.num_frames), float(config.image_size), float(config.image_size))


def _rows(signature: Signature) -> Size:
    """The rows of all modalities together."""
    return ops.add_sizes([_audio_rows(signature), ops.multiply_sizes(_image_grid(signature)), 1])


def _audio_rows(signature: Signature) -> Size:
    return ops.divide_size(signature.size("samples"), _samples_per_patch(signature))


def _samples_per_patch(signature: Signature) -> int:
    return signature.constants["samples_per_patch"]


def _image_grid(signature: Signature) -> tuple[Size, Size, Size]:
    height, width = (ops.divide_size(signature.size(s), _PATCH) for s in ("height", "width"))
    return signature.size("frames"), height, width


def declare(config: Config, signature: Signature) -> None:
    """All modalities, and which of the outputs are wanted."""
    signature.constants["samples_per_patch"] = config.samples_per_patch
    signature.input("inputs.image", ("batch", "frames", _COLOURS, "height", "width"))
    signature.input("inputs.audio", ("batch", "samples", 1))
    signature.input("inputs.label", ("batch", config.labels))
    modalities = _modalities(config)
    for name in ("image", "audio"):
        points = _points(modalities[name])
        signature.input(
            f"subsampled_output_points.{name}", (f"{name}_points",), "i64", bounds=(0, points)
        )
    signature.mask(MASK, ("batch", _rows), is_named=True)


def _points(modality: _Modality) -> int:
    assert modality.queries is not None, "expected a modality with positions"
    return int(ops.multiply_sizes(modality.queries.grid))


class _Inputs:
    """The rows of all modalities, padded to one width."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.config = graph.config
        self.modalities = _modalities(graph.config)
        widths = [each.row_channels for each in self.modalities.values()]
        self.channels = max(widths) + _ROW_PADDING

    def bind(self) -> None:
        """The paddings, and of the tokens that stand for what is masked the one that is used:
        labels are always masked.
        """
        weights, names = self.graph.weights, self.graph.names
        weights.section("What fills the rows of a modality up, and the row of the unknown label.")
        for name, each in self.modalities.items():
            width = self.channels - each.row_channels
            if name == "label":
                weights.bind("label_row", (1, self.channels), names.input_mask(name))
                weights.expect(names.input_padding(name), (1, width))
            else:
                weights.expect(names.input_mask(name), (1, self.channels))
                weights.bind(
                    f"row_padding.{name}", (width,), names.input_padding(name), source=(1, width)
                )

    def make_rows(self, function: Function) -> Value:
        """Append the inputs and all rows."""
        signature = self.graph.signature
        image = signature.argument(function, "inputs.image")
        audio = signature.argument(function, "inputs.audio")
        signature.argument(function, "inputs.label")
        self.bind()
        (audio_rows,) = ops.call(function, self._audio_rows(audio.type), [audio])
        (image_rows,) = ops.call(function, self._image_rows(image.type), [image])
        label = ops.get_parameter(function, "label_row", (1, self.channels))
        rows = [
            function.let("audio_rows", audio_rows),
            function.let("image_rows", image_rows),
            function.let("label_row", label),
        ]
        return function.let("x", ops.concat_rows(function, rows))

    def _require(
        self, function: Function, left: Size, relation: str, right: Size, sentence: str
    ) -> None:
        """Append a condition, or check it if its sizes are numbers already."""
        if (relation, right) == ("multiple_of", 1):
            return
        if not isinstance(left, int) or not isinstance(right, int):
            ops.require(function, left, relation, right, sentence)
        elif (left > right) if relation == "<=" else (left % right):
            raise CheckpointError(self.graph.checkpoint.origin, "inputs", sentence)

    def _audio_rows(self, type_: Type) -> Function:
        """Add the function that makes the rows of the audio: patches of samples, positions."""
        config, signature = self.config, self.graph.signature
        function = Function("audio_rows", is_entry=False, comment="Patches of samples as rows.")
        audio = function.add_argument("audio", type_)
        patch, whole = config.samples_per_patch, signature.size("samples")
        self._require(
            function, whole, "multiple_of", patch, f"expected samples in patches of {patch}"
        )
        rows, samples = _audio_rows(signature), config.num_frames * config.audio_samples_per_frame
        shape = (signature.size("batch"), rows, config.samples_per_patch)
        flat = ops.collapse(function, audio, [[0], [1, 2]])
        patches = ops.split(function, flat, shape, [[0], [1, 2]])
        fourier = Fourier((rows,), _AUDIO_BANDS, (float(samples),))
        return self._pad(function, "audio", patches, fourier)

    def _image_rows(self, type_: Type) -> Function:
        """Add the function that makes the rows of the video: blocks of 4 x 4 pixels of each frame,
        positions.
        """
        frames, height, width = grid = _image_grid(self.graph.signature)
        function = Function("image_rows", is_entry=False, comment="Blocks of pixels as rows.")
        image = function.add_argument("image", type_)
        least = f"expected at least {_LEAST_FRAMES} frames"
        self._require(function, _LEAST_FRAMES, "<=", frames, least)
        for axis in ("height", "width"):
            size = self.graph.signature.size(axis)
            sentence = f"expected a {axis} in patches of {_PATCH}"
            self._require(function, size, "multiple_of", _PATCH, sentence)
        batch = self.graph.signature.size("batch")
        shape = (batch, frames, _COLOURS, height, _PATCH, width, _PATCH)
        blocks = ops.split(function, image, shape, [[0], [1], [2], [3, 4], [5, 6]])
        blocks = ops.transpose(function, blocks, (0, 1, 3, 5, 4, 6, 2))
        rows = ops.collapse(function, blocks, [[0], [1, 2, 3], [4, 5, 6]])
        fourier = Fourier(grid, _IMAGE_BANDS, _image_resolution(self.config))
        return self._pad(function, "image", rows, fourier)

    def _pad(self, function: Function, name: str, rows: Value, fourier: Fourier) -> Function:
        width = self.channels - self.modalities[name].row_channels
        positions = function.let("positions", ops.fourier_positions(function, fourier))
        padding = ops.get_parameter(function, f"row_padding.{name}", (width,))
        padding = function.let("padding", padding)
        function.add_result("rows", ops.concat(function, [rows, positions, padding]))
        return self.graph.add(function)


class _Outputs:
    """Queries of each modality, one decoder for all, and a head for each."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.modalities = _modalities(graph.config)
        widths = [each.query_channels for each in self.modalities.values()]
        self.channels = max(widths) + _QUERY_PADDING
        weights, names = graph.weights, graph.names
        weights.section("What fills the queries of a modality up, and the query of the label.")
        for name, each in self.modalities.items():
            width = self.channels - each.query_channels
            weights.bind(
                f"query_padding.{name}", (width,), names.query_padding(name), source=(1, width)
            )
        label = self.modalities["label"].query_channels
        weights.bind("label_query", (1, label), names.label_queries)
        self.block: Block = graph.plain_decoder(self.channels, residual=False)
        width = graph.config.output_num_channels
        self.final = graph.bind_final(self.channels, width)
        self.heads: dict[str, Layer] = {}
        for name, each in self.modalities.items():
            key = names.head(name)
            self.heads[name] = weights.linear(f"{name}_head", key, width, each.outputs)

    def decode(
        self, function: Function, modality: _Modality, positions: Value, latents: Value
    ) -> None:
        """Append all from the queries' positions to the result."""
        name = modality.name
        width = self.channels - modality.query_channels
        padding = ops.get_parameter(function, f"query_padding.{name}", (width,))
        query = function.let("query", ops.concat(function, [positions, padding]))
        decoded = ops.cross(function, "decode", query, latents, self.block, self.channels)
        hidden = ops.project(function, decoded, self.final, self.graph.config.output_num_channels)
        result = ops.project(function, hidden, self.heads[name], modality.outputs)
        if name == "audio":
            result = ops.collapse(function, result, [[0], [1, 2]])
        elif name == "label":
            result = ops.collapse(function, result, [[0, 1], [2]])
        function.add_result(f"logits.{name}", result)

    def add_range(self, modality: _Modality) -> None:
        """Add the entry that decodes a range."""
        assert modality.queries is not None
        name = modality.name
        function, latents = self.graph.new_decode(
            f"decode_{name}", f"A range of the {name}'s points."
        )
        first, count = add_range(function, _points(modality), "points")
        positions = ops.fourier_at_range(function, modality.queries, first, count)
        self.decode(function, modality, positions, latents)
        self.graph.add(function)

    def add_points(self, modality: _Modality) -> Function:
        """Add the entry that decodes a list of points. In `run`, they have another name."""
        assert modality.queries is not None
        name = modality.name
        function, latents = self.graph.new_decode(
            f"decode_{name}_points", f"A list of the {name}'s points."
        )
        bounds = (0, _points(modality))
        size = self.graph.signature.size(f"{name}_points")
        points = function.add_argument("points", Type((size,), "i64"), bounds=bounds)
        positions = ops.fourier_at_points(function, modality.queries, points)
        self.decode(function, modality, positions, latents)
        return self.graph.add(function)

    def add_label(self) -> Function:
        """Add the entry that decodes the label."""
        modality = self.modalities["label"]
        function, latents = self.graph.new_decode("decode_label", "The label.")
        table = ops.get_parameter(function, "label_query", (1, modality.query_channels))
        self.decode(function, modality, table, latents)
        return self.graph.add(function)


def build(graph: Graph) -> None:
    """PerceiverForMultimodalAutoencoding; `run` decodes lists of points."""
    config = graph.config
    inputs = _Inputs(graph)
    graph.stages.append("inputs.image [batch, frames, 3, height, width],")
    graph.stages.append(f"inputs.audio [batch, samples, 1], inputs.label [batch, {config.labels}]")
    graph.stages.append(
        f"-> rows of {inputs.channels} channels: patches of {config.samples_per_patch} samples, "
        f"of {_PATCH} x {_PATCH} pixels, one"
    )
    graph.stages.append("   that stands for the label, which is never looked at")
    graph.add_encode(inputs.channels, inputs.make_rows)
    graph.add_process()
    outputs = _Outputs(graph)
    decoders: dict[str, Function] = {}
    for name, modality in outputs.modalities.items():
        if modality.queries is None:
            decoders[name] = outputs.add_label()
        else:
            outputs.add_range(modality)
            decoders[name] = outputs.add_points(modality)
    run, arguments, latents = graph.new_run()
    for name in ("image", "audio", "label"):
        points = arguments.get(f"subsampled_output_points.{name}")
        operands = [latents] if points is None else [latents, points]
        (value,) = ops.call(run, decoders[name], operands)
        run.add_result(f"logits.{name}", value)
    graph.add(run)
    graph.stages.append("decode   a query for each point, one for the label, 1 head; linear layers")
    graph.stages.append(
        f"-> logits.image [batch, image_points, 3], logits.audio [batch, audio_points * "
        f"{config.samples_per_patch}],"
    )
    graph.stages.append(f"   logits.label [batch, {config.labels}]")
