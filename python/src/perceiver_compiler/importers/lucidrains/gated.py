"""The Perceiver of gated.py: the state of a gated recurrent unit, of which attention is the input,
where others have the residual of attention.
"""

from __future__ import annotations

from ... import builder as ops
from ...builder import Function, Layer, Value
from .config import PerceiverConfig
from .graph import Graph, Layers
from .perceiver import add_head, add_unread, describe_layers, make_rows

#: torch stacks the gates in this order.
_GATES = ("reset", "update", "new")


def build(graph: Graph, config: PerceiverConfig) -> None:
    """perceiver_pytorch.gated.Perceiver."""
    encode = _add_encode(graph, config) if config.depth else add_unread(graph, config)
    graph.add_run([encode, add_head(graph, config, first=0)])


def _add_encode(graph: Graph, config: PerceiverConfig) -> Function:
    encode = graph.entry("encode", "From the inputs, which are read in each layer, to the latents.")
    rows = make_rows(graph, encode, config)
    mask = graph.read_mask(encode)
    z = graph.bind_latents(encode)
    width, depth = config.latent_dim, config.depth
    # The latents have no batch before the first layer, so it stands apart.
    for scope, layers in (
        ("first_", Layers(0, 1)),
        ("", Layers(1, depth - 1, config.tied)),
    ):
        if layers.count < 1:
            continue
        graph.weights.section("The cross-attention to the inputs.")
        cross = graph.cross_block(
            f"{scope}cross", "layers.{}.0.fn", None, width, config.input_dim, layers, False
        )
        first = _bind_rest(graph, config, f"{scope}cross", 0, layers)
        graph.weights.section("The self-attention of the latents behind it.")
        attention = graph.self_block(f"{scope}self", "layers.{}.2.fn", None, layers, False)
        second = _bind_rest(graph, config, f"{scope}self", 2, layers)

        def body(state: Value, cross=cross, attention=attention, rest=(first, second)) -> Value:
            attended = ops.cross(encode, "cross_block", state, rows, cross, width, mask)
            state = _continue(graph, encode, state, attended, rest[0])
            attended = ops.self_block(encode, state, attention)
            return _continue(graph, encode, state, attended, rest[1])

        z = body(z) if scope else graph.add_process(z, encode, layers.count, body)
    encode.add_result("latents", encode.let("z", z))
    describe_layers(graph, config)
    graph.stages.append("  each in a gated recurrent unit")
    return graph.add(encode)


def _bind_rest(
    graph: Graph, config: PerceiverConfig, scope: str, index: int, layers: Layers
) -> dict[str, Layer]:
    """Bind the unit of attention number `index` of a layer, and the feed-forward behind it."""
    width, key = config.latent_dim, f"layers.{{}}.{index}.gru"
    bound = {}
    for source, stored in (("input", "ih"), ("state", "hh")):
        for gate, name in enumerate(_GATES):
            first, last = gate * width, (gate + 1) * width
            weight = graph.bind(
                f"{scope}.{source}_{name}.weight",
                (width, width),
                f"{key}.weight_{stored}",
                layers,
                ranges=((first, last), (0, width)),
                source=(3 * width, width),
                permutation=(1, 0),
            )
            bias = graph.bind(
                f"{scope}.{source}_{name}.bias",
                (width,),
                f"{key}.bias_{stored}",
                layers,
                ranges=((first, last),),
                source=(3 * width,),
            )
            bound[f"{source}_{name}"] = Layer(weight, bias)
    ff = graph.feed_forward(f"{scope}_ff", f"layers.{{}}.{index + 1}.fn", width, layers)
    return bound | ff


def _continue(
    graph: Graph, function: Function, state: Value, attended: Value, layers: dict[str, Layer]
) -> Value:
    """Append a gated recurrent unit and the feed-forward behind it."""
    width = graph.config.latent_dim

    def part(source: str, gate: str) -> Value:
        value = attended if source == "input" else state
        return ops.project(function, value, layers[f"{source}_{gate}"], width)

    def gate(name: str) -> Value:
        total = ops.add(function, part("input", name), part("state", name))
        return ops.activate(function, total, "sigmoid")

    reset, update = gate("reset"), gate("update")
    remembered = ops.multiply(function, reset, part("state", "new"))
    total = ops.add(function, part("input", "new"), remembered)
    new = ops.activate(function, total, "tanh")
    # new (1 - update) + state update, with one product.
    change = ops.add(function, ops.scale(function, new, -1.0), state)
    state = ops.add(function, new, ops.multiply(function, update, change))
    return graph.apply_feed_forward(function, state, layers)
