"""Perceivers of krasserm's perceiver-io, 0.11: its models, its wrapper around Hugging Face's
transformers, and Lightning's checkpoints.

config.py reads configurations, names.py knows the tensors' names, graph.py has encoder, decoder and
entries, which the others make models of.
"""

from __future__ import annotations

from collections.abc import Callable

from ...checkpoint import Checkpoint, Fields, shown
from ..description import Description, finish
from ..signature import Signature
from ..sources import Options
from . import attention, names, text, vision
from .config import (
    ATTENTION,
    DECODER,
    ENCODER,
    IMAGE_CLASSIFIER,
    MASKED_LANGUAGE_MODEL,
    MODELS,
    OPTICAL_FLOW,
    TEXT_CLASSIFIER,
    Source,
    find_source,
)
from .graph import Graph, Inputs

_BUILDERS: dict[str, Callable[[Graph, Fields], None]] = {
    TEXT_CLASSIFIER: text.build_text_classifier,
    MASKED_LANGUAGE_MODEL: text.build_masked_lm,
    IMAGE_CLASSIFIER: vision.build_image_classifier,
    OPTICAL_FLOW: vision.build_optical_flow,
    ENCODER: text.build_encoder,
    DECODER: text.build_decoder,
    ATTENTION: attention.build,
}
_INPUTS = {
    MASKED_LANGUAGE_MODEL: Inputs("x_masked"),
    DECODER: Inputs("x_latent"),
    ATTENTION: Inputs("x_q", result="last_hidden_state"),
}
_IS_IMAGE = (IMAGE_CLASSIFIER, OPTICAL_FLOW)
_TITLE = (
    "{} of krasserm's perceiver-io. Written by perceiver-import for the\n"
    "weights of {}, under the names that they have there.\n\n{}"
)


def import_checkpoint(checkpoint: Checkpoint, options: Options) -> Description:
    """Return the description of a checkpoint. CheckpointError if it is refused."""
    source = find_source(checkpoint, options.task)
    _check_settings(source, Fields(options.settings, "--set"))
    inner = checkpoint.within(source.prefix)
    signature = Signature(options.shapes, "--shape")
    parts = (names.ENCODER, names.DECODER) if source.name in MODELS else ("", "")
    graph = Graph(inner, signature, _inputs_of(source), *parts)
    _BUILDERS[source.name](graph, source.arguments)
    graph.weights.parameters.check(names.is_known)
    first, *rest = graph.stages
    stages = "\n".join([f"  {first}", *(f"    {line}" for line in rest)])
    graph.model.header = _TITLE.format(source.name, checkpoint.weights_file.name, stages)
    remarks = source.arguments.remarks()
    report = [*remarks, *(f"input {line}" for line in signature.describe())]
    return finish(source.name, graph.model, inner, graph.weights.parameters, report)


def _check_settings(source: Source, settings: Fields) -> None:
    if source.name == ATTENTION and settings.boolean("right_align", False):
        raise settings.error("right_align", f"expected false, but got {shown(True)}")
    settings.refuse_unknown("setting")


def _inputs_of(source: Source) -> Inputs:
    """The names of inputs and results: the library's, or those of the wrapper."""
    if not source.is_wrapped:
        return _INPUTS.get(source.name, Inputs("x"))
    data = "inputs" if source.name in _IS_IMAGE else "input_ids"
    aliases = ("pixel_values",) if source.name == IMAGE_CLASSIFIER else ()
    return Inputs(data, "attention_mask", aliases, "logits", is_padding=False)
