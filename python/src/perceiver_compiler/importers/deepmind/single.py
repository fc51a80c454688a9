"""Models of one input and one output."""

from __future__ import annotations

from ... import builder as ops
from ...builder import Function, Layer, Size, Type, Value
from ...checkpoint import CheckpointError
from ..signature import add_range
from . import names
from .config import Config, InputConfig, OutputConfig
from .graph import INPUT_MASK, QUERY_MASK, Graph
from .inputs import (
    FLOW_PATCH,
    Preprocessor,
    add_features,
    add_rows,
    declare,
    flow_windows,
    make_preprocessor,
)
from .outputs import (
    OUTPUT,
    add_projection,
    bind_decoder,
    bind_head,
    bind_queries,
    decoder_scope,
    describe_decoder,
    first_row,
    query_grid,
    row_count,
)

INPUTS, SUBSAMPLED = "inputs", "subsampled"
_ALIAS = "subsampled_output_points"


def build(graph: Graph) -> None:
    """Build the model."""
    config = graph.config
    if config.decoder.kind == "multimodal" or not _is_one(config):
        raise CheckpointError(
            graph.checkpoint.origin,
            "modalities",
            "expected several modalities in preprocessor, decoder and postprocessor alike",
        )
    if config.vocabulary:
        _check_postprocessor(graph)
        _build_text(graph)
        return
    if config.decoder.kind == "flow":
        _check_postprocessor(graph)
        _build_flow(graph)
        return
    made = _declare_inputs(graph)
    has_points = _declare_outputs(graph)
    _check_postprocessor(graph, has_points)
    graph.signature.resolve()
    encode = graph.add_encode(_rows_maker(graph, made))
    stages = [encode, *graph.add_process()]
    if config.decoder.kind == "projection":
        stages.append(add_projection(graph))
        _add_run(graph, stages)
        return
    stages.append(_add_decode(graph, made, has_points))
    _add_run(graph, stages)


def _check_postprocessor(graph: Graph, has_points: bool = False) -> None:
    """Refuse a postprocessor where results are no rows, one for each query, as those of the basic
    decoder are.
    """
    kind = "text" if graph.config.vocabulary else graph.config.decoder.kind
    if graph.config.postprocessor is not None and kind != "basic" and not has_points:
        raise CheckpointError(
            graph.checkpoint.origin,
            "postprocessor",
            f"field 'kwargs.postprocessor': expected none behind a decoder of {kind}, whose "
            "results are no rows",
        )


def _is_one(config: Config) -> bool:
    return all(
        part is None or isinstance(part, InputConfig | OutputConfig)
        for part in (config.preprocessor, config.postprocessor)
    )


# Inputs


def _rows_width(graph: Graph) -> int:
    """The channels of the rows that the encoder reads."""
    scope = graph.config.encoder.name
    return graph.size_in(f"{scope}/~/cross_attention/layer_norm_1:scale", 0)


def _declare_inputs(graph: Graph) -> Preprocessor | None:
    """Declare the inputs and their mask."""
    signature, config = graph.signature, graph.config.preprocessor
    width = _rows_width(graph)
    if config is None:
        signature.input(INPUTS, ("batch", "rows", width))
        signature.mask(INPUT_MASK, ("batch", "rows"), "i32")
        return None
    assert isinstance(config, InputConfig)
    given = signature.given.get(INPUTS, "")
    made = make_preprocessor(graph, config, INPUTS, width, given)
    declare(made, signature)
    signature.mask(INPUT_MASK, ("batch", made.rows), "i32", is_named=True)
    return made


def _rows_maker(graph: Graph, made: Preprocessor | None):
    def make_rows(function: Function) -> Value:
        value = graph.signature.argument(function, INPUTS)
        graph.stages.append(f"{INPUTS} [{', '.join(map(str, value.shape))}]")
        rows = value if made is None else add_rows(made, function, value)
        graph.stages.append(f"-> rows of {rows.shape[-1]} channels")
        return function.let("x", rows)

    return make_rows


# Outputs


def _declare_outputs(graph: Graph) -> bool:
    """Declare the list of points, if the caller names it, and the mask of queries where it has an
    effect. Return whether there is such a list.
    """
    signature, config = graph.signature, graph.config.decoder
    names_of_points = (SUBSAMPLED, _ALIAS)
    has_points = (
        config.kind in ("basic", "video")
        and config.positions.kind == "fourier"
        and any(name in signature.given for name in names_of_points)
    )
    queries = "points" if has_points else None
    if has_points:
        points = int(row_count(query_grid(graph, config)))
        signature.input(SUBSAMPLED, ("points",), "i64", aliases=(_ALIAS,), bounds=(0, points))
    if config.kind == "basic":
        rows = queries or row_count(query_grid(graph, config))
        signature.mask(QUERY_MASK, ("batch", rows), "i32")
    return has_points


def _add_decode(graph: Graph, made: Preprocessor | None, has_points: bool) -> Function:
    """Add the entry `decode` of a decoder with positions as queries."""
    config = graph.config.decoder
    scope = decoder_scope(graph, config)
    queries = bind_queries(graph, config, scope)
    decode = Function("decode", is_entry=True, comment="From the latents to results.")
    latents = decode.add_argument("latents", graph.latents)
    inputs = None
    if config.has_inputs:
        inputs = _features(graph, made, decode, queries.positions.points, has_points)
    points = graph.signature.argument(decode, SUBSAMPLED) if has_points else None
    mask = graph.read_mask(decode, QUERY_MASK)
    query = queries.add(decode, points)
    if inputs is not None:
        query = decode.let("queries", ops.concat(decode, [inputs, query]))
    decoder = bind_decoder(graph, config, scope, query.shape[-1])
    head = bind_head(graph, graph.config.postprocessor, decoder.outputs)
    rows = decoder.decode(decode, query, latents, mask)
    if config.kind == "classification":
        rows = first_row(decode, rows)
    elif config.kind == "video" and not has_points:
        shape = (latents.shape[0], *config.shape[1:], rows.shape[-1])
        rows = ops.split(decode, rows, shape, [[0], [1, 2, 3], [4]])
    else:
        rows = head.add(decode, rows)
    decode.add_result(OUTPUT, decode.let(OUTPUT, rows))
    count = row_count(query_grid(graph, config))
    describe_decoder(graph, decoder, "1 query" if count == 1 else f"each of {count} queries")
    return graph.add(decode)


def _features(
    graph: Graph, made: Preprocessor | None, function: Function, queries: Size, has_points: bool
) -> Value:
    """Append the inputs and what rows are of them but for their positions, a part of each query."""
    if made is None or has_points or made.rows != queries:
        raise CheckpointError(
            graph.checkpoint.origin,
            "concat_preprocessed_input",
            "field 'kwargs.decoder.concat_preprocessed_input': expected a preprocessor, and as "
            f"many rows as queries, all of the {queries}",
        )
    return add_features(made, function, graph.signature.argument(function, INPUTS))


def _add_run(graph: Graph, stages: list[Function]) -> None:
    run, _, value = graph.new_run(stages)
    run.add_result(OUTPUT, run.let(OUTPUT, value))
    graph.add(run)
    shape = ", ".join(map(str, value.shape))
    graph.stages.append(f"-> {OUTPUT} [{shape}]")


# Texts


def _build_text(graph: Graph) -> None:
    """A masked language model: `decode` takes a list of places."""
    config, signature = graph.config, graph.signature
    tokens, width = config.vocabulary, config.text_channels
    places = graph.size_in(names.PLACES, 0)
    signature.input(INPUTS, ("batch", places), "i64", bounds=(0, tokens))
    signature.mask(INPUT_MASK, ("batch", places), "i32")
    _declare_outputs(graph)
    signature.resolve()

    def make_rows(function: Function) -> Value:
        ids = signature.argument(function, INPUTS)
        graph.weights.section("Tokens and their places in the text.")
        graph.weights.bind("tokens", (tokens, width), names.TOKENS)
        graph.weights.bind("places", (places, width), names.PLACES)
        return function.let("x", ops.embedding(function, ids, "tokens", "places", width))

    graph.stages.append(f"{INPUTS} [batch, {places}], ids of {tokens:,} tokens")
    encode = graph.add_encode(make_rows)
    stages = [encode, *graph.add_process()]
    scope = decoder_scope(graph, config.decoder)
    queries = bind_queries(graph, config.decoder, scope)
    decoder = bind_decoder(graph, config.decoder, scope, queries.positions.channels)
    if decoder.outputs != width:
        raise CheckpointError(
            graph.checkpoint.origin,
            "d_model",
            f"field 'kwargs.d_model': expected {decoder.outputs}, the channels of the decoder's "
            f"results, but got {width}",
        )
    graph.weights.section("Logits share the table of tokens.")
    head = Layer(
        graph.weights.bind("logits.weight", (width, tokens), names.TOKENS, permutation=(1, 0)),
        graph.weights.bind("logits.bias", (tokens,), names.TOKEN_BIAS),
    )

    def finish(function: Function, query: Value, latents: Value, mask: Value | None = None) -> None:
        rows = decoder.decode(function, query, latents, mask)
        result = ops.project(function, rows, head, tokens)
        function.add_result(OUTPUT, function.let(OUTPUT, result))
        graph.add(function)

    count = int(queries.positions.points)
    decode = Function("decode", is_entry=True, comment="From the latents to logits of some places.")
    latents = decode.add_argument("latents", graph.latents)
    positions = decode.add_argument("positions", Type(("queries",), "i64"), bounds=(0, count))
    query = queries.positions.at_points(decode, positions, "inclusive")
    finish(decode, decode.let("query", query), latents)

    run, arguments, latents = graph.new_run(stages)
    query = queries.add(run, None)
    mask = arguments.get(QUERY_MASK)
    if mask is not None and mask.type.element != "i1":
        mask = ops.to_mask(run, mask)
    finish(run, query, latents, mask)
    describe_decoder(graph, decoder, "a query for each place")
    graph.stages.append(f"-> {OUTPUT} [batch, {count}, {tokens}]")


# Optical flow


def _build_flow(graph: Graph) -> None:
    """Optical flow: each row is the query of its pixel; `decode` takes a range of pixels,
    `decode_points` a list.
    """
    config, signature = graph.config, graph.signature
    decoder_config, preprocessor = config.decoder, config.preprocessor
    if not isinstance(preprocessor, InputConfig) or len(decoder_config.shape) != 2:
        raise CheckpointError(
            graph.checkpoint.origin,
            "output_image_shape",
            "field 'kwargs.decoder.output_image_shape': expected height and width, and a "
            "preprocessor of images",
        )
    grid = decoder_config.shape
    rank = 5 if config.has_flow_patches or preprocessor.temporal > 1 else 4
    given = (None,) * (rank - 3) + grid + (None,)
    made = make_preprocessor(graph, preprocessor, INPUTS, _rows_width(graph), given)
    channels = made.inputs_channels
    if config.has_flow_patches:
        channels //= FLOW_PATCH
    rule = f"output_image_shape {list(grid)}"
    signature.input(INPUTS, ("batch", *made.axes, channels), rule=rule)
    signature.mask(INPUT_MASK, ("batch", made.rows), "i32", is_named=True)
    signature.resolve()
    pixels = grid[0] * grid[1]
    if made.rows != pixels:
        raise CheckpointError(
            graph.checkpoint.origin,
            "output_image_shape",
            f"field 'kwargs.decoder.output_image_shape': expected the {made.rows} rows of the "
            f"preprocessor, but got {pixels} pixels",
        )
    rows_function = _add_flow_rows(graph, made)

    def rows_of(function: Function, images: Value) -> Value:
        (rows,) = ops.call(function, rows_function, [images])
        return function.let("x", rows)

    def make_rows(function: Function) -> Value:
        return rows_of(function, signature.argument(function, INPUTS))

    encode = graph.add_encode(make_rows)
    stages = [encode, *graph.add_process()]
    scope = decoder_scope(graph, decoder_config)
    decoder = bind_decoder(graph, decoder_config, scope, made.rows_width)

    def flow_of(function: Function, query: Value, latents: Value) -> Value:
        flow = decoder.decode(function, query, latents)
        return function.let("flow", ops.scale(function, flow, 1 / decoder_config.rescale))

    decode = Function("decode", is_entry=True, comment="The flow of a range of pixels, row by row.")
    latents = decode.add_argument("latents", graph.latents)
    images = signature.argument(decode, INPUTS)
    add_range(decode, pixels, "pixels")
    some = ops.slice_of(decode, rows_of(decode, images), 1, "first", "count")
    decode.add_result(OUTPUT, flow_of(decode, decode.let("query", some), latents))
    graph.add(decode)

    decode = Function("decode_points", is_entry=True, comment="The flow of a list of pixels.")
    latents = decode.add_argument("latents", graph.latents)
    images = signature.argument(decode, INPUTS)
    points = decode.add_argument("points", Type(("queries",), "i64"), bounds=(0, pixels))
    some = ops.take_rows(decode, rows_of(decode, images), points)
    decode.add_result(OUTPUT, flow_of(decode, decode.let("query", some), latents))
    graph.add(decode)

    run, arguments, latents = graph.new_run(stages)
    flow = flow_of(run, rows_of(run, arguments[INPUTS]), latents)
    result = ops.split(run, flow, (flow.shape[0], *grid, flow.shape[-1]), [[0], [1, 2], [3]])
    run.add_result(OUTPUT, run.let(OUTPUT, result))
    graph.add(run)
    describe_decoder(graph, decoder, "each row")
    graph.stages.append(f"-> {OUTPUT} [batch, {grid[0]}, {grid[1]}, {decoder.outputs}]")


def _add_flow_rows(graph: Graph, made: Preprocessor) -> Function:
    """Add the private function that makes the rows."""
    function = Function("rows", is_entry=False, comment="The rows of both images.")
    declared = graph.signature.inputs[INPUTS].type
    assert declared is not None
    images = function.add_argument("images", declared)
    graph.stages.append(f"{INPUTS} [{', '.join(map(str, declared.shape))}]")
    value = flow_windows(function, images) if graph.config.has_flow_patches else images
    rows = add_rows(made, function, function.let("patches", value))
    function.add_result("rows", function.let("x", rows))
    graph.stages.append(f"-> rows of {made.rows_width} channels")
    return graph.add(function)
