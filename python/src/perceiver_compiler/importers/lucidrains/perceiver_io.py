"""PerceiverIO and PerceiverLM: one encoder, latent self-attention, queries of the caller or of the
text itself (arXiv 2107.14795).
"""

from __future__ import annotations

from ... import builder as ops
from ...builder import Block, Function, Layer, Type, Value
from ...checkpoint import CheckpointError
from ..signature import Signature
from .config import IOConfig
from .graph import MASK, Graph, Layers, heads_text
from .names import PLACES, TOKENS

DATA, QUERIES, IDS = "data", "queries", "x"


def declare_io(config: IOConfig, signature: Signature) -> None:
    """Declare data, mask and, unless the caller leaves them out, queries."""
    signature.input(DATA, ("batch", "rows", config.dim))
    signature.mask(MASK, ("batch", "rows"), "i1")
    given = signature.given.get(QUERIES, ())
    if given is None:
        signature.given = {name: g for name, g in signature.given.items() if name != QUERIES}
        return
    outer = ("batch",) if len(given) == 3 else ()
    signature.input(QUERIES, (*outer, "queries", config.queries_dim))


def declare_lm(config: IOConfig, signature: Signature) -> None:
    """Declare ids and mask."""
    signature.input(IDS, ("batch", "rows"), "i64", bounds=(0, config.tokens))
    signature.mask(MASK, ("batch", "rows"), "i1")


def build_io(graph: Graph, config: IOConfig) -> None:
    """perceiver_pytorch.PerceiverIO."""
    encode = graph.entry("encode", "From the inputs to the latents.")
    data = graph.signature.argument(encode, DATA)
    graph.stages.append(f"{DATA} [{', '.join(map(str, data.shape))}]")
    stages = [_add_encode(graph, config, encode, data), *_add_process(graph, config)]
    if graph.signature.has(QUERIES):
        decode = graph.entry("decode", "From the latents to an output for each query.")
        latents = decode.add_argument("latents", graph.latents)
        queries = graph.signature.argument(decode, QUERIES)
        stages.append(_add_decode(graph, config, decode, latents, queries))
    else:
        _expect_decoder(graph, config)
    graph.add_run(stages)


def build_lm(graph: Graph, config: IOConfig) -> None:
    """perceiver_pytorch.PerceiverLM: the embedded text is both inputs and queries."""
    encode = graph.entry("encode", "From ids to the latents.")
    graph.weights.section("Tokens and their places in the text.")
    graph.weights.bind("tokens", (config.tokens, config.dim), TOKENS)
    graph.weights.bind("places", (config.places, config.dim), PLACES)
    rows = _embed(graph, config, encode)
    graph.stages.append(
        f"{IDS} [batch, rows], ids of {config.tokens:,} tokens, at most {config.places:,}: "
        "token + place"
    )
    stages = [_add_encode(graph, config, encode, rows), *_add_process(graph, config)]
    decode = graph.entry("decode", "From the latents to logits for each id of the text.")
    latents = decode.add_argument("latents", graph.latents)
    queries = _embed(graph, config, decode)
    stages.append(_add_decode(graph, config, decode, latents, queries))
    graph.add_run(stages)


def _embed(graph: Graph, config: IOConfig, function: Function) -> Value:
    """Append the ids and make rows of them."""
    ids = graph.signature.argument(function, IDS)
    rows = ids.shape[1]
    if isinstance(rows, int) and rows > config.places:
        raise CheckpointError(
            graph.signature.file,
            IDS,
            f"input '{IDS}': expected at most {config.places} rows (max_seq_len), but got {rows}",
        )
    if not isinstance(rows, int):
        sentence = f"expected at most {config.places:,} tokens"
        ops.require(function, rows, "<=", config.places, sentence)
    return function.let("rows", ops.embedding(function, ids, "tokens", "places", config.dim))


def _add_encode(graph: Graph, config: IOConfig, encode: Function, rows: Value) -> Function:
    mask = graph.read_mask(encode)
    latents = graph.bind_latents(encode)
    names, width = graph.names, config.latent_dim
    graph.weights.section("The cross-attention of the encoder.")
    block = graph.cross_block(
        "encoder", names.encoder_attention, names.encoder_ff, width, config.dim
    )
    z = ops.cross(encode, "encode", latents, rows, block, width, mask)
    encode.add_result("latents", encode.let("z", z))
    graph.stages.append(
        f"encode   {config.num_latents} latents of {width} channels attend to the rows, "
        + heads_text(config.cross_heads, config.cross_dim_head)
    )
    return graph.add(encode)


def _add_process(graph: Graph, config: IOConfig) -> list[Function]:
    """Add the entry `process`, if there are layers; tied ones share all weights."""
    if config.depth == 0:
        return []
    names = graph.names
    graph.weights.section("The self-attention of the latents.")
    layers = Layers(0, config.depth, config.tied)
    block = graph.self_block("self", names.io_attention, names.io_ff, layers)
    process = graph.entry("process", "From latents to latents.")
    latents = process.add_argument("latents", graph.latents)

    def body(state: Value) -> Value:
        return ops.self_block(process, state, block)

    process.add_result(
        "latents", process.let("z", graph.add_process(latents, process, config.depth, body))
    )
    tied = " with the same weights" if config.tied else ""
    graph.stages.append(
        f"process  {config.depth} times self-attention{tied}, "
        + heads_text(config.latent_heads, config.latent_dim_head)
    )
    return [graph.add(process)]


def _bind_decoder(graph: Graph, config: IOConfig) -> tuple[Block, Layer | None]:
    names, width = graph.names, config.queries_dim
    graph.weights.section("The cross-attention of the decoder.")
    block = graph.cross_block(
        "decoder",
        names.decoder_attention,
        names.decoder_ff if config.decoder_ff else None,
        width,
        config.latent_dim,
        residual=False,
    )
    if config.logits_dim is None:
        return block, None
    return block, graph.weights.linear("logits", names.logits, width, config.logits_dim)


def _add_decode(
    graph: Graph, config: IOConfig, decode: Function, latents: Value, queries: Value
) -> Function:
    block, logits = _bind_decoder(graph, config)
    output = ops.cross(decode, "decode", queries, latents, block, config.queries_dim)
    channels = config.queries_dim
    if logits is not None:
        assert config.logits_dim is not None
        channels = config.logits_dim
        output = ops.project(decode, decode.let("decoded", output), logits, channels)
    decode.add_result("output", decode.let("output", output))
    shape = Type((*latents.shape[:1], queries.shape[-2], channels)).shape
    graph.stages += [
        f"decode   queries of {config.queries_dim} channels attend to the latents",
        f"-> output [{', '.join(map(str, shape))}]",
    ]
    return graph.add(decode)


def _expect_decoder(graph: Graph, config: IOConfig) -> None:
    """Have the tensors of a decoder that is not used checked, too."""
    _bind_decoder(graph.apart(), config)
