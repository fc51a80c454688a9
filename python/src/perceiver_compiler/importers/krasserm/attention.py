"""MultiHeadAttention alone."""

from __future__ import annotations

from ... import builder as ops
from ...builder import Function, Mask
from ...checkpoint import Fields
from . import names
from .config import check_heads
from .graph import Graph


def build(graph: Graph, arguments: Fields) -> None:
    """MultiHeadAttention: linear layers of queries, keys and values, and of the result."""
    heads = arguments.integer("num_heads")
    query = arguments.integer("num_q_input_channels")
    source = arguments.integer("num_kv_input_channels")
    qk = arguments.integer("num_qk_channels", None, null=True) or query
    v = arguments.integer("num_v_channels", None, null=True) or qk
    output = arguments.integer("num_output_channels", None, null=True) or query
    qkv_bias, out_bias = (arguments.boolean(f"{name}_bias", True) for name in ("qkv", "out"))
    if arguments.boolean("causal_attention", False):
        raise arguments.error("causal_attention", "expected false: it is not supported")
    arguments.without_effect("max_heads_parallel", "dropout")
    arguments.refuse_unknown("argument")
    check_heads(arguments, "num_heads", heads, qk, v)
    signature, weights = graph.signature, graph.weights
    signature.input("x_q", ("batch", "queries", query))
    signature.input("x_kv", ("batch", "rows", source))
    graph.declare_mask()
    signature.resolve()

    run = Function("run", is_entry=True, comment="Attention of x_q to x_kv.")
    x_q, x_kv = signature.argument(run, "x_q"), signature.argument(run, "x_kv")
    mask: Mask = graph.read_mask(run)
    values = []
    for name, rows, inputs, outputs in (
        ("query", x_q, query, qk),
        ("key", x_kv, source, qk),
        ("value", x_kv, source, v),
    ):
        layer = weights.linear(name, names.LINEARS[name], inputs, outputs, bias=qkv_bias)
        values.append(run.let(name, ops.project(run, rows, layer, outputs)))
    (attended,) = ops.attend(run, *values, heads, None, mask, log_sum_exp=False)
    layer = weights.linear("output", names.LINEARS["output"], v, output, bias=out_bias)
    result = ops.project(run, run.let("attended", attended), layer, output)
    run.add_result(graph.inputs.result, run.let("result", result))
    graph.add(run)
    graph.stages += [
        f"x_q [batch, queries, {query}], x_kv [batch, rows, {source}]",
        f"-> {graph.inputs.result} [batch, queries, {output}]",
    ]
