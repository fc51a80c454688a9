"""The Perceiver of mixed_latents.py: latents are mixed by two linear layers across them, as in
MLP-Mixer (arXiv 2105.01601), where others have self-attention.
"""

from __future__ import annotations

from ... import builder as ops
from ...builder import Function, Layer, Value
from .config import PerceiverConfig
from .graph import Graph, Layers
from .perceiver import add_head, add_unread, describe_layers, make_rows

_MULTIPLE = 4


def build(graph: Graph, config: PerceiverConfig) -> None:
    """perceiver_pytorch.mixed_latents.Perceiver."""
    encode = _add_encode(graph, config) if config.depth else add_unread(graph, config)
    graph.add_run([encode, add_head(graph, config, first=0)])


def _add_encode(graph: Graph, config: PerceiverConfig) -> Function:
    encode = graph.entry("encode", "From the inputs, which are read in each layer, to the latents.")
    rows = make_rows(graph, encode, config)
    mask = graph.read_mask(encode)
    z = graph.bind_latents(encode)
    width = config.latent_dim
    for scope, layers in graph.layers():
        graph.weights.section("The cross-attention to the inputs.")
        cross = graph.cross_block(
            f"{scope}cross", "layers.{}.0", "layers.{}.1", width, config.input_dim, layers
        )
        graph.weights.section("The layers that mix the latents of a channel.")
        mixer = _bind_mixer(graph, config, f"{scope}mixer", layers)
        graph.weights.section("The feed-forward behind them.")
        ff = graph.feed_forward(f"{scope}ff", "layers.{}.3", width, layers)

        def body(state: Value, cross=cross, mixer=mixer, ff=ff) -> Value:
            state = ops.cross(encode, "cross_block", state, rows, cross, width, mask)
            state = _mix(encode, state, mixer, config.num_latents)
            return graph.apply_feed_forward(encode, state, ff)

        z = body(z) if scope else graph.add_process(z, encode, layers.count, body)
    encode.add_result("latents", encode.let("z", z))
    describe_layers(graph, config, "linear layers across the latents")
    return graph.add(encode)


def _bind_mixer(
    graph: Graph, config: PerceiverConfig, scope: str, layers: Layers
) -> dict[str, Layer]:
    """Bind norm and both layers, which are stored as convolutions over one channel at a time."""
    count, key = config.num_latents, "layers.{}.2"
    hidden = _MULTIPLE * count
    bound = {"norm": graph.norm(f"{scope}.norm", f"{key}.norm", config.latent_dim, layers)}
    for name, index, inputs, outputs in (("in", 0, count, hidden), ("out", 3, hidden, count)):
        weight = graph.bind(
            f"{scope}.{name}.weight",
            (inputs, outputs),
            f"{key}.fn.{index}.weight",
            layers,
            source=(outputs, inputs, 1),
            permutation=(1, 0, 2),
        )
        bias = graph.bind(f"{scope}.{name}.bias", (outputs,), f"{key}.fn.{index}.bias", layers)
        bound[name] = Layer(weight, bias)
    return bound


def _mix(function: Function, state: Value, mixer: dict[str, Layer], count: int) -> Value:
    """Append norm, both layers on the latents of each channel, and the residual."""
    normed = ops.norm(function, state, mixer["norm"])
    columns = ops.transpose(function, normed, (0, 2, 1))
    hidden = ops.project(function, columns, mixer["in"], _MULTIPLE * count, activation="gelu_erf")
    mixed = ops.project(function, hidden, mixer["out"], count)
    return ops.add(function, state, ops.transpose(function, mixed, (0, 2, 1)))
