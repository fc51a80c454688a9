"""What sizes that are not known, or large, cost an attention of few heads: its workspace grows with
its queries or with its keys, never with their product, and it has the tasks of known sizes.
"""

import functools
from dataclasses import dataclass

import pytest
from compiled import tool
from memory_plans import place, read_plans
from perceiver_compiler import builder
from perceiver_compiler.builder import Binding, Block, BlockShape, Model, Type
from test_compiled_tasks import count_tasks

MIB = 1 << 20


@dataclass(frozen=True)
class Attention:
    """An entry of one block, from queries to keys, and of `results` channels if that is not 0. With
    `source` 0 it is a self-attention.
    """

    queries: int | str
    keys: int | str
    channels: int
    source: int
    width: int
    heads: int = 1
    results: int = 0
    batch: int | str = "batch"


# The decoder of optical flow: its queries are the encoder's inputs, 368 x 496 pixels of 322
# channels (the paper's release has 2,048 latents of 512 channels).
FLOW = Attention("rows", 2048, 322, source=512, width=512, results=2)
FLOW_ROWS = 368 * 496


def describe(attention):
    """The text of a description."""
    model = Model()
    binding = Binding(model)
    is_self = attention.source == 0
    width, channels = attention.width, attention.channels
    shape = BlockShape(
        channels, None if is_self else attention.source, width, width, channels, channels
    )
    names = ("q_norm", "kv_norm", "query", "key", "value", "output")
    keys = {name: name for name in (*names, "mlp_norm", "mlp_in", "mlp_out")}
    layers = binding.block("block", keys, shape)
    block = Block(
        attention.heads, width, width, "gelu_erf", layers, residual=is_self, scope="block"
    )
    entry = builder.Function("run", is_entry=True)
    x = entry.add_argument("x", Type((attention.batch, attention.queries, channels)))
    if is_self:
        y = builder.self_block(entry, x, block)
    else:
        z = entry.add_argument("z", Type((attention.batch, attention.keys, attention.source)))
        y = builder.cross(entry, "decode", x, z, block, channels)
    if attention.results:
        head = binding.linear("head", "head", channels, attention.results)
        y = builder.project(entry, y, head, attention.results)
    entry.add_result("y", y)
    model.functions.append(entry)
    return str(model)


@pytest.fixture(scope="module")
def emit(tmp_path_factory):
    """The IR of a description after a stage."""

    @functools.cache
    def emitted(attention, stage):
        path = tmp_path_factory.mktemp("plans") / "model.mlir"
        path.write_text(describe(attention))
        return tool("perceiver-compile", path, f"--emit={stage}", "-o", "-")

    return emitted


def workspace(text, *sizes, workers=2):
    """The bytes of the workspace of a batch of 1."""
    return place(read_plans(text)["run"], [1, *sizes], workers)[0]


def test_the_decoder_of_optical_flow_takes_no_room_for_its_queries(emit):
    dynamic = emit(FLOW, "vectorize")
    plans = {rows: workspace(dynamic, rows) for rows in (1, 4096, FLOW_ROWS)}
    assert max(plans.values()) == min(plans.values()) <= 12 * MIB
    assert workspace(dynamic, FLOW_ROWS, workers=8) <= 32 * MIB
    static = emit(Attention(FLOW_ROWS, 2048, 322, source=512, width=512, results=2), "vectorize")
    assert workspace(static) <= 32 * MIB


def projections(rows, keys):
    """The bytes that projected keys and values take, 512 channels of each, and their tasks."""
    return 4 * rows * keys * 512 + 4 * MIB


@pytest.mark.parametrize("keys", [27_556, 27_557])
def test_as_many_queries_as_keys_take_room_for_the_keys(emit, keys):
    """Multimodal autoencoding has that many rows, 27,556."""
    static = Attention(27_556, keys, 512, source=512, width=512)
    dynamic = Attention("rows", "keys", 512, source=512, width=512)
    assert workspace(emit(static, "vectorize")) <= projections(keys, 2)
    assert workspace(emit(dynamic, "vectorize"), 27_556, keys) <= projections(keys, 2)


def test_any_number_of_rows_that_attend_to_themselves_take_room_for_the_rows(emit):
    text = emit(Attention("rows", 0, 512, source=0, width=512, heads=4), "vectorize")
    for rows in (1000, 100_000):
        # A projection has queries, keys and values side by side.
        assert workspace(text, rows) <= projections(rows, 3)


def test_dynamic_queries_have_no_fewer_tasks_than_static_ones(emit):
    """What 2,048 keys and values become, what keys add to their scores, a column that is little
    work, and all that has a row for each query, in one phase.
    """
    sizes = {"source": 512, "width": 512, "results": 2, "batch": 1}
    static = emit(Attention(4096, 2048, 322, **sizes), "tile")
    tasks = count_tasks(static, batch=0)
    assert min(tasks) >= 16
    dynamic = emit(Attention("rows", 2048, 322, **sizes), "tile")
    assert count_tasks(dynamic, batch=4096) == tasks
    assert count_tasks(dynamic, batch=1) == [*tasks[:-1], 1]


# The encoder of optical flow, which is the decoder the other way round.
ENCODER = Attention(2048, "rows", 512, source=322, width=322)


def test_an_encoder_of_any_number_of_rows_takes_no_room_for_them(emit):
    text = emit(ENCODER, "vectorize")
    plans = {workspace(text, rows) for rows in (4096, FLOW_ROWS, 1 << 22)}
    # 16 parts of 2,048 queries with 322 sums in float64, and those of all parts.
    assert len(plans) == 1 and max(plans) <= 17 * 2048 * (8 * 322 + 16) + 16 * MIB
