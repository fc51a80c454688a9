"""Compiled attention of a number of queries that the caller chooses, against the reference."""

from dataclasses import dataclass

import numpy as np
import pytest
from compiled import TOLERANCE, compile_model, run

import reference as r

QUERY_CHANNELS, KEY_CHANNELS, CHANNELS = 12, 20, 24


@dataclass(frozen=True)
class Case:
    """An entry `name` that attends with `heads` heads to `keys` rows; `?` is any number of them."""

    name: str
    heads: int
    keys: int | str


CASES = [
    Case("one_head", 1, 40),
    Case("several_heads", 3, 40),
    Case("as_many_heads_as_tasks", 8, 40),
    Case("one_head_split", 1, 1024),
    Case("several_heads_split", 3, 1100),
    Case("any_keys", 3, "?"),
]

SHAPES = {
    "query": (QUERY_CHANNELS, CHANNELS),
    "key": (KEY_CHANNELS, CHANNELS),
    "value": (KEY_CHANNELS, CHANNELS),
    "output": (CHANNELS, QUERY_CHANNELS),
}


def description():
    lines = [
        f'perceiver.parameter @{name} : tensor<{rows}x{columns}xf32> key "{name}"'
        for name, (rows, columns) in SHAPES.items()
    ]
    weights = ", ".join(f"{name} = [@{name}]" for name in SHAPES)
    for case in CASES:
        queries = f"tensor<?x{QUERY_CHANNELS}xf32>"
        inputs = f"tensor<?x{case.keys}x{KEY_CHANNELS}xf32>"
        outputs = f"tensor<?x?x{QUERY_CHANNELS}xf32>"
        sizes = '"batch", "rows"' if case.keys == "?" else '"batch"'
        lines.append(
            f"""func.func @{case.name}(
    %queries: {queries} {{perceiver.name = "queries", perceiver.sizes = ["outputs"]}},
    %inputs: {inputs} {{perceiver.name = "inputs", perceiver.sizes = [{sizes}]}})
    -> ({outputs} {{perceiver.name = "outputs", perceiver.sizes = ["batch", "outputs"]}})
    attributes {{perceiver.entry}} {{
  %y = perceiver.decode %queries, %inputs heads = {case.heads} qk_channels = {CHANNELS}
      v_channels = {CHANNELS} mlp = none weights {{{weights}}} {{residual = false}}
      : {queries}, {inputs} -> {outputs}
  return %y : {outputs}
}}"""
        )
    return "\n".join(lines)


def make_weights():
    return {name: 2 * r.deterministic_values(name, shape) for name, shape in SHAPES.items()}


@pytest.fixture(scope="module", params=["native", "x86-64-v3"])
def model(request, tmp_path_factory):
    directory = tmp_path_factory.mktemp("queries")
    (directory / "queries.mlir").write_text(description())
    return compile_model(
        directory / "queries.mlir",
        make_weights(),
        directory / "queries.so",
        f"--target-cpu={request.param}",
    )


def make_inputs(case, outputs):
    keys = 2100 if case.keys == "?" else case.keys
    return {
        "queries": r.deterministic_values("queries", (outputs, QUERY_CHANNELS)),
        "inputs": r.deterministic_values("inputs", (2, keys, KEY_CHANNELS)),
    }


def attend(case, inputs):
    """The reference: a decoder block without norms and MLP."""
    projections = {name: r.LinearParameters(value) for name, value in make_weights().items()}
    parameters = r.AttentionParameters(**projections, heads=case.heads)
    return r.multi_head_attention(inputs["queries"][None], inputs["inputs"], parameters)[0]


def single(inputs):
    return {name: np.ascontiguousarray(value, np.float32) for name, value in inputs.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_any_number_of_queries(model, tmp_path, case):
    inputs = make_inputs(case, 200)
    expected = attend(case, inputs)
    inputs = single(inputs)
    all_queries = run(model, inputs, tmp_path, entry=case.name)["outputs"]
    assert r.relative_errors(all_queries, expected).max() <= TOLERANCE
    for threads, count in ((2, 200), (1, 65), (2, 64), (1, 63), (2, 17), (1, 16), (2, 15), (1, 1)):
        # From the end, so that a query of a full block comes to stand in a tail.
        some = inputs | {"queries": np.ascontiguousarray(inputs["queries"][-count:])}
        y = run(model, some, tmp_path, threads, case.name)["outputs"]
        assert y.shape == (2, count, QUERY_CHANNELS)
        assert np.array_equal(y, all_queries[:, -count:])
