"""The decoder of classifiers: learned queries and a linear layer."""

from __future__ import annotations

from dataclasses import dataclass

from ... import builder as ops
from ...builder import Function, Type
from ...checkpoint import Fields
from .config import DecoderConfig, Latents, read_decoder
from .graph import Graph, heads_text


@dataclass(frozen=True)
class Classes:
    """The fields of a ClassificationDecoderConfig."""

    fields: Fields
    decoder: DecoderConfig
    queries: int
    width: int
    classes: int


def read_classes(
    fields: Fields,
    heads: int = 8,
    queries: int | None = None,
    width: int | None = None,
    classes: int | None = None,
) -> Classes:
    """Return the fields of a classifier's decoder, but for those that are given."""
    return Classes(
        fields,
        read_decoder(fields, heads),
        fields.integer("num_output_queries", 1) if queries is None else queries,
        fields.integer("num_output_query_channels", 256) if width is None else width,
        fields.integer("num_classes", 100) if classes is None else classes,
    )


def add_classes(graph: Graph, classes: Classes, latents: Latents, is_run: bool = False) -> Function:
    """Add the entry `decode`, or `run` of a decoder alone: logits of each query; of a single one
    without its axis.
    """
    width, count = classes.width, classes.queries
    graph.bind_queries(count, width)
    block = graph.decoder_block(classes.fields, classes.decoder, width, latents.channels)
    logits = graph.bind_logits(width, classes.classes)
    if is_run:
        function = Function("run", is_entry=True, comment="From latents to logits.")
        z = graph.signature.argument(function, graph.inputs.data)
    else:
        function, z = graph.new_decode(
            graph.latents_type(latents), comment="From the latents to logits."
        )
    query = function.let("query", ops.get_parameter(function, "queries", (count, width)))
    rows = ops.cross(function, "decode", query, z, block, width)
    if count == 1:
        rows = ops.collapse(function, rows, [[0, 1], [2]])
    result = ops.project(function, function.let("decoded", rows), logits, classes.classes)
    function.add_result(graph.inputs.result, function.let("logits", result))
    queries = "1 query attends" if count == 1 else f"{count} queries attend"
    graph.stages += [
        f"decode   {queries} to the latents, {heads_text(block.heads)}; linear layer",
        f"-> {graph.inputs.result} [{', '.join(map(str, Type(result.shape).shape))}]",
    ]
    return graph.add(function)
