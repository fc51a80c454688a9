"""Perceivers of Hugging Face's transformers.

config.py reads what config.json says, names.py knows the tensors' names, and the others build the
graph: graph.py what all classes have in common, text.py, image.py, flow.py and multimodal.py the
rest of them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ...checkpoint import Checkpoint, CheckpointError, Fields, quoted
from ..description import Description, finish
from ..signature import Signature
from ..sources import Options
from . import flow, image, multimodal, text
from .config import Config, choose_class, read_config
from .graph import Graph
from .names import MARKS, Names, body_of, is_counter, is_known, is_part_of_task

#: Arguments of `forward` that may be given as false, which is what they are.
_FALSE_SETTINGS = ("output_attentions", "output_hidden_states", "return_dict")


@dataclass(frozen=True)
class _Class:
    """How a class is built: its inputs are declared, then its graph is made."""

    declare: Callable[[Config, Signature], None]
    build: Callable[[Graph], None]
    title: str


_CLASSES = {
    "PerceiverModel": _Class(text.declare_bare, text.build_bare, "the bare model"),
    "PerceiverForMaskedLM": _Class(
        text.declare_text, text.build_masked_lm, "masked language modelling"
    ),
    "PerceiverForSequenceClassification": _Class(
        text.declare_text, text.build_sequence_classification, "classification of texts"
    ),
    "PerceiverForImageClassificationLearned": _Class(
        image.declare_learned,
        partial(image.build_learned, interpolate=False),
        "classification of images with learned positions",
    ),
    "PerceiverForImageClassificationFourier": _Class(
        image.declare_fourier,
        image.build_fourier,
        "classification of images with Fourier positions",
    ),
    "PerceiverForImageClassificationConvProcessing": _Class(
        image.declare_conv_processing,
        image.build_conv_processing,
        "classification of images with a convolutional stem",
    ),
    "PerceiverForOpticalFlow": _Class(flow.declare, flow.build, "optical flow"),
    "PerceiverForMultimodalAutoencoding": _Class(
        multimodal.declare, multimodal.build, "autoencoding of video, audio and a label"
    ),
}


def import_checkpoint(checkpoint: Checkpoint, options: Options) -> Description:
    """Return the description of a checkpoint. CheckpointError if it is refused."""
    report: list[str] = []
    name = choose_class(checkpoint, options.task)
    config = read_config(checkpoint, name, report)
    kind = _with_settings(name, options)
    body = body_of(checkpoint.tensors) if name == "PerceiverModel" else Names().body
    signature = Signature(options.shapes, "--shape")
    kind.declare(config, signature)
    signature.resolve()
    _check_class(checkpoint, name)
    graph = Graph(checkpoint, config, signature, Names(body))
    kind.build(graph)
    _check_tensors(checkpoint, graph, name)
    graph.model.header = _header(checkpoint, name, kind, graph)
    report += (f"input {line}" for line in signature.describe())
    return finish(name, graph.model, checkpoint, graph.weights.parameters, report)


def _with_settings(name: str, options: Options) -> _Class:
    """The class with what --set fixes of its `forward`."""
    fields = Fields(options.settings, "--set")
    for setting in _FALSE_SETTINGS:
        if fields.has(setting) and fields.boolean(setting):
            raise fields.error(setting, "expected false: only results are computed")
    kind = _CLASSES[name]
    if name == "PerceiverForImageClassificationLearned":
        interpolate = fields.boolean("interpolate_pos_encoding", False)
        kind = _Class(
            kind.declare, partial(image.build_learned, interpolate=interpolate), kind.title
        )
    fields.refuse_unknown("setting")
    return kind


def _check_class(checkpoint: Checkpoint, name: str) -> None:
    """Tensors of another class are one mistake, not many."""
    found = [each for each, has in MARKS.items() if has(checkpoint.tensors)]
    if name != "PerceiverModel" and found and found != [name]:
        raise CheckpointError(
            checkpoint.weights_file,
            name,
            f"the class is to be {name}, but the tensors are those of {' or '.join(found)}",
        )


def _check_tensors(checkpoint: Checkpoint, graph: Graph, name: str) -> None:
    if name != "PerceiverModel":
        graph.weights.parameters.check(is_known, is_counter)
        return
    both = Names("").latents in checkpoint.tensors and Names().latents in checkpoint.tensors
    if both:
        raise CheckpointError(
            checkpoint.weights_file,
            Names("").latents,
            f"has both {quoted(Names('').latents)} and {quoted(Names().latents)}",
        )
    graph.weights.parameters.check(
        lambda key: is_known(key) and not is_part_of_task(key),
        lambda key: is_counter(key) or is_part_of_task(key),
    )


def _header(checkpoint: Checkpoint, name: str, kind: _Class, graph: Graph) -> str:
    first, *rest = graph.stages
    stages = "\n".join([f"  {first}", *(f"    {line}" for line in rest)])
    title = (
        f"{name} of Hugging Face's transformers (Perceiver IO, arXiv 2107.14795), {kind.title}. "
        f"Written by perceiver-import for the weights in {checkpoint.weights_file.name}, under the "
        "names that they have there."
    )
    return f"{textwrap.fill(title, 77)}\n\n{stages}"
