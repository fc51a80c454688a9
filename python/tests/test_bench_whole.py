"""The lines of whole models, and what other systems are told of them; none of those runs here."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from perceiver_compiler.formulas.positions import fourier_positions
from safetensors.numpy import save_file

from bench import peers, whole
from bench.against import Comparer
from bench.checkpoints import Model, Paper
from bench.configurations import VISION_FOURIER
from bench.lines import IMAGENET, LIBRARY, LINES, LUCIDRAINS, PEERS
from bench.models import ROWS
from bench.torch_perceiver import positions
from bench.transformers_peer import in_order
from bench.workload import Workload

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("PERCEIVER_BUILD", ROOT / "build"))


def test_lines_have_the_files_of_the_model_table(tmp_path):
    assert len(whole.TABLE) == len(LINES) + len(whole.WHOLE)
    for line in whole.WHOLE:
        (row,) = (
            row
            for row in ROWS.values()
            if (row.model, row.parts, row.peers[:1]) == (line.model, line.parts, (LIBRARY,))
            or (isinstance(line.source, Paper) and row.model == line.source.name)
        )
        # Of the paper the description for its size of images alone.
        source = replace(row.source, static=True) if isinstance(row.source, Paper) else row.source
        assert (line.source, line.sizes, line.shapes) == (source, row.sizes, row.shapes)
        assert line.kind == "run" and line.peers == PEERS and line.goal
        workload = whole.open_workload(line, tmp_path)
        assert (
            isinstance(workload, Model)
            and workload.folder == tmp_path / "bench/models" / line.model
        )
    assert not isinstance(whole.open_workload(LINES["digits"], tmp_path), Model)


def test_what_the_library_makes():
    names = [name for name, line in whole.TABLE.items() if whole.needs_library(line)]
    assert names == ["flow", "bytes", "multimodal"]


def test_runs_of_several_entries_are_not_compared(tmp_path):
    (tmp_path / "bin").symlink_to(BUILD / "bin")
    line = whole.TABLE["multimodal"]
    assert not line.does_run and whole.TABLE["flow"].does_run
    comparer = Comparer(tmp_path, BUILD, ROOT, 1, 1, whole.open_workload)
    assert comparer.measure(line).refused == "expected a line of one entry, but got 5"


# What other systems are told


def test_jobs_say_what_the_model_is(tmp_path, monkeypatch):
    for workload in (Workload, Model):
        monkeypatch.setattr(workload, "weights", tmp_path / "w.safetensors")
    job = Workload(IMAGENET, tmp_path).job()
    assert job["class"] == "PerceiverForImageClassificationFourier"
    assert job["config"] == VISION_FOURIER
    assert Workload(LUCIDRAINS, tmp_path).job().keys() == {"model", "weights"}
    job = whole.open_workload(whole.TABLE["perceiver-imagenet"], tmp_path).job()
    sizes = {"reads": 8, "layers": 6, "heads": 8, "side": 224, "bands": 64}
    assert job["perceiver"] == sizes and Path(job["weights"]).parent == Path(job["checkpoint"])
    # Inputs that no module of torch reads.
    assert "perceiver" not in Model(ROWS["perceiver-modelnet40"], tmp_path).job()


def test_inputs_have_an_order(tmp_path):
    path = tmp_path / "inputs.safetensors"
    save_file({"b": np.zeros(1, np.float32), "a.c": np.zeros(1, np.int64)}, path)
    assert peers.input_names({"model": "x", "inputs": str(path)}) == ["a.c", "b"]
    assert peers.input_names({"model": "attention-self"}) == ["query", "key", "value"]


def test_results_have_the_order_of_ours():
    assert in_order(3, ["logits"]) == (3,)
    assert in_order({"label": 1, "image": 2}, ["logits.image", "logits.label"]) == (2, 1)


@pytest.mark.parametrize(("side", "bands"), [(56, 16), (5, 3)])
def test_positions_of_the_torch_module_are_the_models(side, bands):
    expected = fourier_positions((side, side), bands, (side, side), recipe="jax_f32")
    found = positions(side, bands)
    assert found.dtype == np.float32 and found.shape == (side * side, 2 + 4 * bands)
    # The order of two products differs: a last place of angles up to pi * side / 2.
    assert np.abs(found - expected).max() < 4 * np.pi * side / 2 * np.finfo(np.float32).eps


def test_a_class_that_is_not_known_is_told():
    with pytest.raises(ValueError, match="no torch model of x"):
        peers.build_model(None, {"model": "x"})
