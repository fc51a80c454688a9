"""Models of images: classifier and optical flow."""

from __future__ import annotations

from ... import builder as ops
from ...builder import INDEX, Fourier, Function, Type, Value, multiply_sizes
from ...checkpoint import Fields
from . import names
from .config import read_decoder, read_encoder, read_latents
from .graph import Graph, heads_text
from .heads import add_classes, read_classes


def build_image_classifier(graph: Graph, arguments: Fields) -> None:
    """ImageClassifier: rows are the channels of points, and Fourier positions of them."""
    latents, fields = read_latents(arguments), arguments.record("encoder")
    shape = fields.integers("image_shape", (224, 224, 3))
    if not 2 <= len(shape) <= 8:
        raise fields.error("image_shape", "expected sizes of axes and the channels")
    bands = fields.integer("num_frequency_bands", 32)
    encoder = read_encoder(fields)
    classes = read_classes(arguments.record("decoder"), queries=1)
    classes.fields.without_effect("num_output_queries")
    for each in (fields, classes.fields, arguments):
        each.refuse_unknown()
    inputs, grid = graph.inputs, shape[:-1]
    rule = f"image_shape {list(shape)}"
    graph.signature.input(inputs.data, ("batch", *shape), aliases=inputs.aliases, rule=rule)
    graph.declare_mask(multiply_sizes(grid), is_named=True)
    graph.signature.resolve()

    encode = Function("encode", is_entry=True, comment="From the image to the latents.")
    image = graph.signature.argument(encode, inputs.data)
    rows = image
    if len(grid) > 1:
        groups = [[0], list(range(1, len(shape))), [len(shape)]]
        rows = encode.let("points", ops.collapse(encode, image, groups))
    fourier = Fourier(grid, bands, tuple(map(float, grid)))
    rows = encode.let("x", ops.concat(encode, [rows, graph.positions(encode, fourier)]))
    graph.stages += [
        f"{inputs.data} [batch, {', '.join(map(str, shape))}]",
        f"  -> {rows.shape[1]} rows of {rows.shape[2]} channels: values and positions",
    ]
    # Queries and keys are as wide as the rows where nothing says it.
    widths = encoder.cross.resolve(rows.shape[2])
    stages = graph.encode_rows(encode, rows, fields, encoder, latents, widths=widths)
    stages.append(add_classes(graph, classes, latents))
    graph.add_run(stages)


def build_optical_flow(graph: Graph, arguments: Fields) -> None:
    """OpticalFlow: each point of the image is a row, and asks for its flow by the same row."""
    latents, fields = read_latents(arguments), arguments.record("encoder")
    grid = fields.integers("image_shape", (368, 496), length=2)
    patch = fields.integer("num_patch_input_channels", 27)
    hidden = fields.integer("num_patch_hidden_channels", 64)
    bands = fields.integer("num_frequency_bands", 64)
    encoder = read_encoder(fields)
    decoder_fields = arguments.record("decoder")
    decoder = read_decoder(decoder_fields)
    result_grid = decoder_fields.integers("image_shape", (368, 496), length=2)
    factor = decoder_fields.number("rescale_factor", 100.0)
    for each in (fields, decoder_fields, arguments):
        each.refuse_unknown()
    if result_grid != grid:
        raise decoder_fields.error(
            "image_shape", f"expected {list(grid)} as the encoder has, but got {list(result_grid)}"
        )
    if factor == 0:
        raise decoder_fields.error("rescale_factor", "expected a number other than 0, but got 0")
    inputs = graph.inputs
    size, rule = ("batch", 2, patch, *grid), f"image_shape {list(grid)}"
    graph.signature.input(inputs.data, size, aliases=inputs.aliases, rule=rule)
    graph.signature.resolve()

    fourier = Fourier(grid, bands, tuple(map(float, grid)))
    channels = hidden + fourier.channels
    rows_function = _add_rows(graph, patch, hidden, fourier)
    encode = Function("encode", is_entry=True, comment="From both images to the latents.")
    (rows,) = ops.call(encode, rows_function, [graph.signature.argument(encode, inputs.data)])
    graph.stages += [
        f"{inputs.data} [batch, 2, {patch}, {grid[0]}, {grid[1]}]",
        f"  -> {grid[0] * grid[1]} rows of {channels} channels: both images and positions",
    ]
    qk = encoder.cross.qk or channels
    widths = (qk, encoder.cross.v or channels)
    stages = graph.encode_rows(
        encode, encode.let("x", rows), fields, encoder, latents, widths=widths
    )
    block = graph.decoder_block(decoder_fields, decoder, channels, latents.channels)
    head = graph.bind_logits(channels, 2)

    def flow_of(function: Function, query: Value, z: Value) -> Value:
        decoded = ops.cross(function, "decode", query, z, block, channels)
        flow = ops.project(function, function.let("decoded", decoded), head, 2)
        return function.let("flow", ops.scale(function, flow, 1 / factor))

    points = grid[0] * grid[1]
    for name, comment in (
        ("decode", "From the latents to the flow of `count` points from number `first`."),
        ("decode_points", "From the latents to the flow of the points of these numbers."),
    ):
        decode, z = graph.new_decode(graph.latents_type(latents), name, comment)
        images = graph.signature.argument(decode, inputs.data)
        if name == "decode":
            first, count = (decode.add_argument(each, INDEX) for each in ("first", "count"))
            total = f"{first.name[1:]} + {count.name[1:]}"
            ops.require(decode, total, "<=", points, f"expected at most {points:,} points")
            (rows,) = ops.call(decode, rows_function, [images])
            query = ops.slice_of(decode, rows, 1, "first", "count")
        else:
            numbers = decode.add_argument("points", Type(("queries",), "i64"), bounds=(0, points))
            (rows,) = ops.call(decode, rows_function, [images])
            query = ops.take_rows(decode, rows, numbers)
        decode.add_result(inputs.result, flow_of(decode, decode.let("query", query), z))
        graph.add(decode)

    run, arguments_of, z = graph.new_run(stages)
    (query,) = ops.call(run, rows_function, [arguments_of[inputs.data]])
    flow = flow_of(run, run.let("query", query), z)
    shape = (flow.shape[0], *grid, 2)
    result = ops.split(run, flow, shape, [[0], [1, 2], [3]])
    run.add_result(inputs.result, run.let(inputs.result, result))
    graph.add(run)
    graph.stages += [
        f"decode   each row attends to the latents, {heads_text(block.heads)}; / {factor:g}",
        f"-> {inputs.result} [batch, {grid[0]}, {grid[1]}, 2]",
    ]


def _add_rows(graph: Graph, patch: int, hidden: int, fourier: Fourier) -> Function:
    """Add the private function `rows`: both images of a point side by side, a linear layer, and its
    position.
    """
    function = Function("rows", is_entry=False, comment="Rows of the points of both images.")
    argument = graph.signature.inputs[graph.inputs.data].type
    assert argument is not None
    images = function.add_argument("images", argument)
    channels = ops.collapse(function, images, [[0], [1, 2], [3], [4]])
    points = ops.to_channels_last(function, channels)
    graph.weights.section("Both patches of a point become its features.")
    key = f"{graph.encoder}{names.INPUT_LINEAR}"
    linear = graph.weights.linear("patches", key, 2 * patch, hidden)
    features = ops.project(function, function.let("points", points), linear, hidden)
    positions = graph.positions(function, fourier)
    rows = ops.concat(function, [function.let("features", features), positions])
    function.add_result("rows", function.let("x", rows))
    return graph.add(function)
