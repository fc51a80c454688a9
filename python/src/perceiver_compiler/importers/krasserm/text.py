"""Models of texts: classifier, masked language model, and the encoder alone."""

from __future__ import annotations

from ... import builder as ops
from ...builder import Function, Layer, Type, Value
from ...checkpoint import Fields, quoted
from . import names
from .config import (
    Latents,
    Text,
    read_decoder,
    read_encoder,
    read_latents,
    read_text,
    read_text_adapter,
)
from .graph import Graph, heads_text
from .heads import add_classes, read_classes


def build_text_classifier(graph: Graph, arguments: Fields) -> None:
    """TextClassifier."""
    latents, encoder_fields = read_latents(arguments), arguments.record("encoder")
    text, encoder = read_text(encoder_fields), read_encoder(encoder_fields)
    classes = read_classes(arguments.record("decoder"))
    for fields in (encoder_fields, classes.fields, arguments):
        fields.refuse_unknown()
    _declare(graph, text)
    encode = Function("encode", is_entry=True, comment="From ids to the latents.")
    rows = graph.embed(encode, text)
    stages = graph.encode_rows(encode, rows, encoder_fields, encoder, latents)
    stages.append(add_classes(graph, classes, latents))
    graph.add_run(stages)


def build_encoder(graph: Graph, arguments: Fields) -> None:
    """PerceiverEncoder of a text: the latents are the result."""
    adapter = arguments.record("input_adapter")
    text, latents = read_text_adapter(adapter), read_latents(arguments)
    encoder = read_encoder(arguments, heads=4, layers=6, without_effect=("residual_dropout",))
    for fields in (adapter, arguments):
        fields.refuse_unknown("argument")
    _declare(graph, text)
    encode = Function("encode", is_entry=True, comment="From ids to the latents.")
    rows = graph.embed(encode, text)
    graph.add_run(graph.encode_rows(encode, rows, arguments, encoder, latents))
    graph.stages.append(f"-> {graph.inputs.result} [batch, {latents.count}, {latents.channels}]")


def _declare(graph: Graph, text: Text) -> None:
    inputs = graph.inputs
    graph.signature.input(
        inputs.data, ("batch", "rows"), "i64", aliases=inputs.aliases, bounds=(0, text.tokens)
    )
    graph.declare_mask()
    graph.signature.resolve()


def build_masked_lm(graph: Graph, arguments: Fields) -> None:
    """MaskedLanguageModel: as many queries as the text has tokens, the first of the table; `decode`
    takes a list of them.
    """
    latents, encoder_fields = read_latents(arguments), arguments.record("encoder")
    text, encoder = read_text(encoder_fields), read_encoder(encoder_fields)
    fields = arguments.record("decoder")
    decoder = read_decoder(fields)
    tokens, places = fields.integer("vocab_size", 10003), fields.integer("max_seq_len", 512)
    width = fields.integer("num_output_query_channels", None, null=True)
    is_tied = width is None
    width = width or text.channels
    for each in (encoder_fields, fields, arguments):
        each.refuse_unknown()
    if is_tied and tokens != text.tokens:
        raise fields.error(
            "vocab_size", f"expected {text.tokens}, as logits share the encoder's, but got {tokens}"
        )
    if not is_tied and places == 1:
        raise fields.error("max_seq_len", "expected at least 2 where logits have their own layer")
    _declare(graph, text)

    encode = Function("encode", is_entry=True, comment="From ids to the latents.")
    rows = graph.embed(encode, text)
    stages = graph.encode_rows(encode, rows, encoder_fields, encoder, latents)
    graph.bind_queries(places, width)
    block = graph.decoder_block(fields, decoder, width, latents.channels)
    head = _bind_tied(graph, text) if is_tied else graph.bind_logits(width, tokens)

    def finish(function: Function, query: Value, z: Value) -> None:
        decoded = ops.cross(function, "decode", query, z, block, width)
        result = ops.project(function, function.let("decoded", decoded), head, tokens)
        function.add_result(graph.inputs.result, function.let("logits", result))
        graph.add(function)

    decode, z = graph.new_decode(
        graph.latents_type(latents), comment="From the latents to logits of some places."
    )
    positions = decode.add_argument("positions", Type(("queries",), "i64"), bounds=(0, places))
    query = ops.embedding(decode, positions, "queries", None, width)
    finish(decode, decode.let("query", query), z)

    run, inputs, z = graph.new_run(stages)
    ids = inputs[graph.inputs.data]
    graph.check_rows(run, ids, places, "the decoder's max_seq_len")
    table = run.let("queries", ops.get_parameter(run, "queries", (places, width)))
    query = table if ids.shape[1] == places else ops.slice_rows(run, table, 0, ids.shape[1])
    finish(run, run.let("query", query), z)
    graph.stages += [
        f"decode   a query for each place, {heads_text(block.heads)}",
        f"-> {graph.inputs.result} [batch, rows, {tokens}]",
    ]


def _bind_tied(graph: Graph, text: Text) -> Layer:
    """Bind the linear layer that shares the table of tokens."""
    graph.weights.section("Logits share the table of tokens.")
    key = f"{graph.encoder}{names.TOKENS}"
    shape = (text.channels, text.tokens)
    weight = graph.weights.bind("logits.weight", shape, key, permutation=(1, 0))
    bias = f"{graph.decoder}{names.TOKEN_BIAS}"
    return Layer(weight, graph.weights.bind("logits.bias", (text.tokens,), bias))


def build_decoder(graph: Graph, arguments: Fields) -> None:
    """PerceiverDecoder: a classifier of latents that the caller has, as many as there are."""
    adapter, provider = (
        arguments.record("output_adapter"),
        arguments.record("output_query_provider"),
    )
    width = adapter.integer("num_output_query_channels")
    if width != provider.integer("num_query_channels"):
        raise provider.error(
            "num_query_channels", f"expected {width} as {quoted('output_adapter')} has"
        )
    provider.without_effect("init_scale")
    classes = read_classes(
        arguments,
        heads=4,
        queries=provider.integer("num_queries"),
        width=width,
        classes=adapter.integer("num_classes"),
    )
    channels = arguments.integer("num_latent_channels")
    arguments.without_effect("activation_checkpointing", "activation_offloading")
    for fields in (adapter, provider, arguments):
        fields.refuse_unknown("argument")
    graph.signature.input(graph.inputs.data, ("batch", "rows", channels))
    graph.signature.resolve()
    add_classes(graph, classes, Latents(0, channels), is_run=True)
