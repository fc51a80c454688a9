"""The rows of `tools/bench models`: each has a model, a command and a test; small ones are measured
here, without peers.
"""

import importlib
import json
import os
import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import krasserm_checkpoints
import numpy as np
import pytest
from perceiver_compiler.importers.huggingface.config import CLASSES

from bench import checkpoints, measure, report, sizes, systems
from bench.__main__ import Task, _measure
from bench.lines import STATIC, Line
from bench.markdown_models import HEADER, models_to_markdown
from bench.models import ROWS
from bench.transformers_peer import nested
from bench.workload import ToolError
from models.papers import SYSTEMS

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("PERCEIVER_BUILD", ROOT / "build"))


# The table


def test_every_class_of_transformers_and_every_system_has_a_row():
    classes = {row.source.cls for row in ROWS.values() if hasattr(row.source, "cls")}
    assert classes == set(CLASSES) - {"PerceiverModel"}
    names = {row.source.name for row in ROWS.values() if isinstance(row.source, checkpoints.Paper)}
    assert names == set(SYSTEMS)
    libraries = {name.partition("-")[0] for name in ROWS}
    assert libraries >= {"deepmind", "lucidrains", "krasserm"}
    assert all(row.name == name for name, row in ROWS.items())


def ids_of(function):
    """The ids of a test's cases, of arguments that are texts or have ids."""
    marks = [mark for mark in getattr(function, "pytestmark", ()) if mark.name == "parametrize"]
    values = [
        [getattr(each, "id", None) or getattr(each, "values", (each,))[0] for each in mark.args[1]]
        for mark in marks
    ]
    return {"-".join(map(str, case)) for case in product(*values)}


@pytest.mark.parametrize("name", ROWS)
def test_the_test_of_each_row_exists(name):
    file, function, case = re.fullmatch(r"(\w+)\.py::(\w+)\[(.+)\]", ROWS[name].test).groups()
    assert case in ids_of(getattr(importlib.import_module(file), function))


def test_the_table_of_the_readme_has_all_rows():
    lines = (ROOT / "README.md").read_text().splitlines()
    first = lines.index(f"| {' | '.join(HEADER)} |")
    table = {
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in lines[first + 2 : lines.index("", first)]
    }
    wanted = {(row.title, f"`{row.command}`", f"`{row.test}`") for row in ROWS.values()}
    assert {(cells[0], *cells[-2:]) for cells in table} == wanted
    assert all(len(cells) == len(HEADER) for cells in table)


def make_line(**changes):
    line = {
        "name": "a", "title": "A class", "refused": None, "command": "perceiver-import a",
        "test": "test_a.py::test_b[c]", "gflop": 307.28, "weight_bytes": 80 * 2**20,
        "plan_mib": 216.4, "code_bytes": 700 * 1024, "compile_cpu_s": 18.26,
        "systems": {"ours": {"median_ms": 6600.0, "peak_resident_mib": 308.2, "ms": [1.0] * 3}},
    }  # fmt: skip
    return line | changes


def test_markdown():
    peer = {"median_ms": 14806.0, "peak_resident_mib": 1655.3, "ours_to_it": 0.446,
            "ours_to_it_interval": [0.44, 0.451]}  # fmt: skip
    compared = make_line(systems=make_line()["systems"] | {"transformers": peer})
    planned = make_line(title="Large", systems={"ours": {}})
    document = {
        "processor": "A processor",
        "processors": 2,
        "versions": {"transformers": "5.2", "torch": "2.1"},
        "lines": [compared, planned, make_line(title="Bad", refused="outputs differ")],
    }
    header, rule, first, second, third, *legend = models_to_markdown(document).splitlines()
    assert header == f"| {' | '.join(HEADER)} |"
    assert rule.count("|") == header.count("|")
    facts = "307 | 80 + 216 | 700 | 18.3"
    texts = "`perceiver-import a` | `test_a.py::test_b[c]`"
    times = "6,600 (308) | 14,806 (1,655) | 0.45 (0.44 .. 0.45)"
    assert first == f"| A class | {facts} | {times} | {texts} |"
    assert second == f"| Large | {facts} |  |  |  | {texts} |"
    assert third == f"| Bad | refused |{'  |' * 8}"
    assert legend[0] == "" and "medians of up to 3 rounds" in " ".join(legend)
    assert "transformers 5.2 on torch 2.1" in " ".join(legend)


# Sizes


def test_sizes_are_evaluated():
    bound = {"batch": 3, "rows": 10}
    assert sizes.evaluate(7, bound) == 7
    assert sizes.evaluate("rows", bound) == 10
    assert sizes.evaluate({"text": "rows * 16", "value": [{"size": 1}, 16, "*"]}, bound) == 160
    program = [{"size": 1}, 4, "floordiv", {"size": 1}, 4, "ceildiv", "*", {"size": 0}, "max"]
    assert sizes.evaluate(program, bound) == 6
    with pytest.raises(ValueError, match="unknown operation xor"):
        sizes.evaluate([1, 2, "xor"], bound)


def test_sizes_follow_from_shapes():
    entry = {
        "name": "run",
        "sizes": [{"name": "batch"}, {"name": "first"}, {"name": "rows"}],
        "arguments": [
            {"name": "x", "output": False, "shape": ["batch", "rows", 8]},
            {"name": "mask", "output": False, "shape": ["batch", "rows"]},
            {"name": "y", "output": True, "shape": ["batch", "others"]},
        ],
    }
    bound = sizes.bind(entry, {"x": (2, 5, 8)}, {"first": 9, "unused": 1})
    assert list(bound.items())[:2] == [("batch", 2), ("first", 9)] and bound["rows"] == 5
    with pytest.raises(ValueError, match="expected rows = 5, but got 4"):
        sizes.bind(entry, {"x": (2, 5, 8), "mask": (2, 4)}, {"first": 9})
    with pytest.raises(ValueError, match="nothing says what first is in run"):
        sizes.bind(entry, {"x": (2, 5, 8)}, {})


# Inputs and systems


def test_inputs():
    ids = {"name": "x", "dtype": "i64", "shape": ["batch", 3], "bounds": [2, 40]}
    made = checkpoints.make_input(ids, {"batch": 2})
    assert made.shape == (2, 3) and made.min() >= 2 and made.max() < 40
    points = {"name": "p", "dtype": "i64", "shape": ["points"], "bounds": [0, 9]}
    assert checkpoints.make_input(points, {"points": 4}).tolist() == [0, 1, 2, 3]
    rows = {"name": "x", "dtype": "f32", "shape": [5, 2]}
    made = checkpoints.make_input(rows, {})
    assert made.dtype == np.float32 and np.abs(made).max() <= 1
    assert nested({"a.b": 1, "a.c": 2, "d": 3}) == {"a": {"b": 1, "c": 2}, "d": 3}


class Fake:
    """A system that takes the same time in each run."""

    def __init__(self, ms, results, mib=1.0):
        self.ms, self.results, self.mib = ms, results, mib

    def run(self, times):
        return [self.ms] * times

    def result(self):
        return self.results

    def peak_mib(self):
        return self.mib

    plan_mib = peak_mib


def test_parts_count_as_often_as_a_run_needs_them():
    parts = [(Fake(5.0, {"latents": 1}, 30.0), 1), (Fake(2.0, {"image": 2}, 7.0), 128)]
    system = systems.Parts("ours", parts, ["image"])
    assert system.run(2) == [261.0, 261.0]
    assert system.result() == {"image": 2}
    assert system.peak_mib() == system.plan_mib() == 30.0


# Measured

ATTENTION = checkpoints.Row(
    "small-attention", "An attention", "alone", "small-attention", threads=1,
    source=checkpoints.Saved("small-attention", krasserm_checkpoints.CASES["MultiHeadAttention"]),
    sizes={"batch": 1, "queries": 3, "rows": 5}, test="",
)  # fmt: skip


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """A build folder of its own with the build's programs."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "bin").symlink_to(BUILD / "bin")
    return folder


def test_a_model_beside_one_of_static_sizes(build):
    shapes = ("x_q=1x3x6", "x_kv=1x5x5")
    line = replace(ATTENTION, kind="run", peers=(STATIC,), static_shapes=shapes)
    bench = measure.Bench(build, 2, 1, (), checkpoints.Model)
    document = report.to_json(bench.measure(line))
    assert document["refused"] is None
    assert list(document["systems"]) == ["ours", STATIC]
    assert all(len(found["ms"]) == 2 for found in document["systems"].values())
    assert document["systems"][STATIC]["difference"] < 1e-6
    assert document["command"] == "perceiver-import small-attention"
    for fact in ("gflop", "plan_mib", "code_bytes", "weight_bytes", "compile_cpu_s"):
        assert document[fact] > 0, fact
    # Nothing has changed, so nothing is made again.
    model = checkpoints.Model(line, build)
    before = model.binary.stat().st_mtime_ns
    assert model.compiled().stat().st_mtime_ns == before


def test_a_long_run_is_planned_only(build, monkeypatch):
    monkeypatch.setattr(measure, "SHORT_FLOP", 1)
    bench = measure.Bench(build, 2, 1, (), checkpoints.Model)
    document = report.to_json(bench.measure(ATTENTION))
    assert document["refused"] is None and document["systems"] == {"ours": {}}
    assert document["plan_mib"] > 0 and document["gflop"] > 0
    _, flop, files, *_ = report.to_table(document).splitlines()
    assert flop.endswith(" GFLOP, not run") and "plan" in files


def test_files_are_deleted_unless_they_are_to_stay(build):
    model = checkpoints.Model(ATTENTION, build, keep=False)
    assert model.weights.exists()
    model.close()
    assert not model.folder.exists()


def test_a_checkpoint_that_cannot_be_made_is_told(capfd):
    def fail():
        raise RuntimeError("no such library")

    with pytest.raises(ToolError, match="could not make a checkpoint"):
        checkpoints.apart(fail)
    assert "no such library" in capfd.readouterr().err


def test_lines_that_are_not_measured_again_stay(tmp_path, capsys):
    path = tmp_path / "models.json"
    outcome = {"refused": None, "ms": 2}
    before = ({"name": "a", "ms": 1}, {"name": "c", "ms": 1})
    lines = [Line("c", "C", "run", "c"), Line("b", "B", "run", "b")]
    task = Task(lines, lambda line: {"name": line.name, **outcome}, str, before, ("a", "b", "c"))
    assert _measure(task, {}, path) == 0
    found = [(line["name"], line["ms"]) for line in json.loads(path.read_text())["lines"]]
    assert found == [("a", 1), ("b", 2), ("c", 2)]
    assert "all numbers: " in capsys.readouterr().out
