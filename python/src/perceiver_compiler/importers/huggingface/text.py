"""The bare model, and the models of texts: masked language modelling and classification."""

from __future__ import annotations

from ... import builder as ops
from ...builder import Function, Layer, Type, Value
from ...checkpoint import CheckpointError
from ..signature import Signature
from .config import Config, check_heads
from .graph import MASK, Graph

_HEADS = 8
_QK_CHANNELS = 256


def declare_bare(config: Config, signature: Signature) -> None:
    """The inputs of PerceiverModel: rows that a preprocessor made."""
    signature.input("inputs", ("batch", "rows", config.d_model))
    signature.mask(MASK, ("batch", "rows"))


def build_bare(graph: Graph) -> None:
    """PerceiverModel: encoder and latent transformer."""
    width = graph.config.d_model

    def make_rows(function: Function) -> Value:
        return graph.signature.argument(function, "inputs")

    graph.stages.append(f"inputs [batch, rows, {width}]")
    graph.add_encode(width, make_rows)
    graph.add_process()
    function, _, latents = graph.new_run()
    function.add_result("last_hidden_state", latents)
    graph.add(function)
    graph.stages.append(f"-> last_hidden_state {_shown(graph.latents)}")


def declare_text(config: Config, signature: Signature) -> None:
    """The inputs of both models of texts."""
    signature.input(
        "inputs",
        ("batch", "rows"),
        "i64",
        aliases=("input_ids",),
        bounds=(0, config.vocab_size),
    )
    signature.mask(MASK, ("batch", "rows"))


def _add_encode(graph: Graph) -> None:
    config, rows = graph.config, graph.signature.size("rows")
    places = config.max_position_embeddings
    if isinstance(rows, int) and rows > places:
        raise CheckpointError(
            graph.checkpoint.origin,
            "inputs",
            f"input 'inputs': expected at most {places} rows (max_position_embeddings), but got "
            f"{rows}",
        )

    def make_rows(function: Function) -> Value:
        ids = graph.signature.argument(function, "inputs")
        if not isinstance(rows, int):
            ops.require(function, rows, "<=", places, f"expected at most {places:,} tokens")
        width = config.d_model
        graph.weights.section("Tokens and their places in the text.")
        graph.weights.bind("tokens", (config.vocab_size, width), graph.names.tokens)
        graph.weights.bind("places", (places, width), graph.names.places)
        return function.let("x", ops.embedding(function, ids, "tokens", "places", width))

    graph.stages.append(
        f"inputs [batch, rows], ids of {config.vocab_size:,} tokens, at most {places:,}"
    )
    graph.stages.append(f"-> rows of {config.d_model} channels: token + place")
    graph.add_encode(config.d_model, make_rows)
    graph.add_process()


def build_sequence_classification(graph: Graph) -> None:
    """PerceiverForSequenceClassification."""
    _add_encode(graph)
    graph.add_run(graph.add_class_decode(graph.config.labels))
    graph.stages.append(f"-> logits [batch, {graph.config.labels}]")


def build_masked_lm(graph: Graph) -> None:
    """PerceiverForMaskedLM: each place of the text has a query of its own, whether a token stands
    there or not; `decode` takes a list of places.
    """
    config = graph.config
    width, places, tokens = config.d_model, config.max_position_embeddings, config.vocab_size
    _add_encode(graph)
    check_heads(graph.checkpoint, _HEADS, "d_model", {"d_model": width})
    weights = graph.weights
    weights.section("A query for each place.")
    weights.bind("place_queries", (places, width), graph.names.masked_lm_queries)
    block = graph.decoder_block(
        graph.names.masked_lm_decoder, _HEADS, width, _QK_CHANNELS, width, residual=False
    )
    weights.section("Logits share the table of tokens.")
    head = Layer(
        weights.bind("head.weight", (width, tokens), graph.names.tokens, permutation=(1, 0)),
        weights.bind("head.bias", (tokens,), graph.names.token_bias),
    )

    def decode(function: Function, query: Value, latents: Value) -> None:
        decoded = ops.cross(function, "decode", query, latents, block, width)
        logits = ops.project(function, decoded, head, tokens)
        function.add_result("logits", function.let("logits", logits))

    function, latents = graph.new_decode("decode", "From the latents to logits of some places.")
    positions = function.add_argument("positions", Type(("queries",), "i64"), bounds=(0, places))
    query = ops.embedding(function, positions, "place_queries", None, width)
    decode(function, function.let("query", query), latents)
    graph.add(function)
    run, _, latents = graph.new_run()
    query = ops.get_parameter(run, "place_queries", (places, width))
    decode(run, run.let("query", query), latents)
    graph.add(run)
    graph.stages.append(f"decode   a query for each place attends to the latents, {_HEADS} heads")
    graph.stages.append(f"-> logits [batch, {places}, {tokens}]")


def _shown(type_: Type) -> str:
    return f"[{', '.join(map(str, type_.shape))}]"
