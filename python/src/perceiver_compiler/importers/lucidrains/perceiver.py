"""The Perceiver: cross-attention to the inputs in every layer (arXiv 2103.03206)."""

from __future__ import annotations

from ... import builder as ops
from ...builder import Block, Fourier, Function, Size, Value, multiply_sizes
from ..signature import Signature
from .config import PerceiverConfig
from .graph import MASK, Graph, heads_text

DATA = "data"
_AXES = {1: ("length",), 2: ("height", "width"), 3: ("frames", "height", "width")}


def axes_of(config: PerceiverConfig) -> tuple[str, ...]:
    """Return the names of the axes that elements lie on."""
    count = config.input_axis
    return _AXES.get(count, tuple(f"axis{axis}" for axis in range(count)))


def declare(config: PerceiverConfig, signature: Signature) -> None:
    """Declare data and mask. A mask that is given flattened has one row per element."""
    axes = axes_of(config)
    signature.input(DATA, ("batch", *axes, config.input_channels))
    given = signature.given.get(MASK) or ()
    sizes = [size for size in given if not isinstance(size, str)]
    if len(sizes) == 2 and config.input_axis > 1:
        signature.mask(MASK, ("batch", _flattened(axes)), "i1")
    else:
        signature.mask(MASK, ("batch", *axes), "i1")


def _flattened(axes: tuple[str, ...]):
    def size(signature: Signature) -> Size:
        return multiply_sizes(signature.size(axis) for axis in axes)

    return size


def make_rows(graph: Graph, function: Function, config: PerceiverConfig) -> Value:
    """Append the argument `data` and make rows of it: channels, then positions of each axis."""
    data = graph.signature.argument(function, DATA)
    axes = data.shape[1:-1]
    rows = data
    if len(axes) > 1:
        groups = [[0], list(range(1, len(axes) + 1)), [len(axes) + 1]]
        rows = function.let("elements", ops.collapse(function, data, groups))
    graph.stages.append(f"{DATA} [{', '.join(map(str, data.shape))}]")
    if config.fourier:
        resolution = (config.max_freq,) * len(axes)
        fourier = Fourier(axes, config.bands, resolution, layout="axis_major")
        positions = function.let("positions", ops.fourier_positions(function, fourier))
        rows = function.let("x", ops.concat(function, [rows, positions]))
    graph.stages.append(f"  -> rows of {config.input_dim} channels")
    return rows


def build(graph: Graph, config: PerceiverConfig, return_embeddings: bool) -> None:
    """perceiver_pytorch.Perceiver."""
    stages = [_add_encode(graph, config) if config.depth else add_unread(graph, config)]
    has_head = config.classes is not None and not return_embeddings
    if has_head:
        stages.append(add_head(graph, config, first=1))
    elif config.classes is not None:
        expect_head(graph, config, first=1)
    graph.add_run(stages)


def add_unread(graph: Graph, config: PerceiverConfig) -> Function:
    """Add the entry `encode` of a model without layers, in which nothing reads the inputs."""
    encode = graph.entry("encode", "The latents: without layers, nothing reads the inputs.")
    for name in graph.signature.inputs:
        graph.signature.argument(encode, name)
    latents = graph.bind_latents(encode)
    z = ops.broadcast(encode, latents, graph.signature.size("batch"))
    encode.add_result("latents", encode.let("z", z))
    graph.stages.append(
        f"encode   {config.num_latents} latents of {config.latent_dim} channels, whatever "
        f"{DATA} holds"
    )
    return graph.add(encode)


def _add_encode(graph: Graph, config: PerceiverConfig) -> Function:
    names = graph.names
    encode = graph.entry("encode", "From the inputs, which are read in each layer, to the latents.")
    rows = make_rows(graph, encode, config)
    mask = graph.read_mask(encode)
    z = graph.bind_latents(encode)
    for scope, layers in graph.layers():
        which = "first " if scope else ""
        graph.weights.section(f"The {which}cross-attention to the inputs.")
        cross = graph.cross_block(
            f"{scope}cross",
            names.cross_attention,
            names.cross_ff,
            config.latent_dim,
            config.input_dim,
            layers,
        )
        blocks = []
        for index in range(config.self_per_cross):
            graph.weights.section(f"The {which}self-attention of the latents behind it.")
            suffix = "" if config.self_per_cross == 1 else str(index)
            scope_of = f"{scope}self{suffix}"
            blocks.append(
                graph.self_block(
                    scope_of, names.self_attention(index), names.self_ff(index), layers
                )
            )

        def body(state: Value, cross: Block = cross, blocks: list[Block] = blocks) -> Value:
            state = ops.cross(encode, "cross_block", state, rows, cross, config.latent_dim, mask)
            for block in blocks:
                state = ops.self_block(encode, state, block)
            return state

        z = body(z) if scope else graph.add_process(z, encode, layers.count, body)
    encode.add_result("latents", encode.let("z", z))
    describe_layers(graph, config)
    return graph.add(encode)


def describe_layers(graph: Graph, config: PerceiverConfig, between: str = "self-attention") -> None:
    """Say in the header what the layers are, and what is between the cross-attentions."""
    tied = ", the first with weights of its own, the others tied" if config.tied else ""
    graph.stages += [
        f"encode   {config.num_latents} latents of {config.latent_dim} channels; {config.depth} "
        f"times{tied}:",
        "  cross-attention to the rows, " + heads_text(config.cross_heads, config.cross_dim_head),
    ]
    if config.self_per_cross:
        times = "" if config.self_per_cross == 1 else f"{config.self_per_cross} times "
        heads = f", {heads_text(config.latent_heads, config.latent_dim_head)}"
        graph.stages.append(f"  {times}{between}{heads if between == 'self-attention' else ''}")


def expect_head(graph: Graph, config: PerceiverConfig, first: int) -> None:
    """Have the tensors of a head that is not used checked, too."""
    width, classes = config.latent_dim, config.classes
    assert classes is not None
    logits = graph.names.logits
    for key, shape in (
        (f"{logits}.{first}.weight", (width,)),
        (f"{logits}.{first}.bias", (width,)),
        (f"{logits}.{first + 1}.weight", (classes, width)),
        (f"{logits}.{first + 1}.bias", (classes,)),
    ):
        graph.weights.expect(key, shape)


def add_head(graph: Graph, config: PerceiverConfig, first: int) -> Function:
    """Add the entry `decode`: the average of the latents, a norm and a linear layer, which are
    `to_logits.first` and the next.
    """
    width, classes, logits = config.latent_dim, config.classes, graph.names.logits
    assert classes is not None
    decode = graph.entry("decode", "From the latents to logits.")
    latents = decode.add_argument("latents", graph.latents)
    graph.weights.section("The head.")
    norm = graph.weights.norm("head_norm", f"{logits}.{first}", width)
    linear = graph.weights.linear("classes", f"{logits}.{first + 1}", width, classes)
    mean = decode.let("mean", ops.mean_pool(decode, latents, keep=False))
    normed = decode.let("normed", ops.norm(decode, mean, norm))
    decode.add_result("output", decode.let("logits", ops.project(decode, normed, linear, classes)))
    graph.stages += [
        "decode   average over the latents, layer norm, linear layer",
        f"-> output [batch, {classes}]",
    ]
    return graph.add(decode)
