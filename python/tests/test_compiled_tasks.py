"""How many tasks the phases of the models have, counted in the IR after tiling, and that results
do not depend on it.

A phase with fewer tasks than threads leaves threads idle, so the phases that matter have 32 tasks
or more with a batch of 1: latents are cut by rows and by columns, and heads by queries. The
cross-attention to the input, which has one head, is split over its keys, in 16 parts as its last
bits depend on them.
"""

import functools
import re

import numpy as np
import pytest
from compiled import MODELS, compile_model, run, tool

BATCH = "batch"
_PHASE = re.compile(
    r"scf\.forall \([^)]*\) (?:= \(([^)]*)\) to \(([^)]*)\) step \(([^)]*)\)|in \(([^)]*)\))"
)


def count_tasks(text, batch):
    """The tasks of each phase in the text, in order; sizes that are no number are the batch."""
    counts = []
    for lower, upper, step, simple in _PHASE.findall(text):
        tasks = 1
        ends = (simple or upper).split(", ")
        starts = lower.split(", ") if lower else ["0"] * len(ends)
        steps = step.split(", ") if step else ["1"] * len(ends)
        for first, last, size in zip(starts, ends, steps):
            last = int(last) if last.isdigit() else batch
            tasks *= -(-(last - int(first)) // int(size))
        counts.append(tasks)
    return counts


@pytest.fixture(scope="module")
def tiled():
    """The functions of a model after tiling, by name."""

    @functools.cache
    def functions(name, folder):
        model = MODELS / folder / f"{name}.mlir"
        text = tool("perceiver-compile", model, "--target-cpu=x86-64-v4", "--emit=tile")
        parts = re.split(r"^  func\.func (?:private )?@(\w+)", text, flags=re.MULTILINE)
        return dict(zip(parts[1::2], parts[2::2]))

    return functions


IMAGENET = ("perceiver_io_imagenet_fourier", "perceiver_io_imagenet_fourier")
LUCIDRAINS = ("perceiver_lucidrains", "perceiver_lucidrains")
TIED = ("perceiver_lucidrains_tied", "perceiver_lucidrains")


def test_phases_are_counted():
    assert count_tasks("scf.forall (%a, %b) = (0, 0) to (%dim, 500) step (1, 64) {", 3) == [24]
    assert count_tasks("scf.forall (%a) in (7) {\n  scf.forall (%a) in (%b) {", 5) == [7, 5]


def test_one_head_has_a_task_for_each_of_16_threads(tiled):
    # For each batch entry: blocks of the 50,176 points that become rows, lines of points, queries
    # that attend to all of them. Then the rows of the latents, and their layers.
    assert count_tasks(tiled(*IMAGENET)["encode"], batch=1) == [392, 56, 32, 48, 32, 64, 64, 64]


@pytest.mark.parametrize("model", [LUCIDRAINS, TIED])
def test_each_cross_attention_to_the_input_has_16_tasks(tiled, model):
    # One for the first layer, and one in the loop over the others.
    text = tiled(*model)["encode"]
    phases, counts = text.split("scf.forall (")[1:], count_tasks(text, batch=1)
    assert len(phases) == len(counts)
    assert [count for phase, count in zip(phases, counts) if "grid_attention" in phase] == [16, 16]


# What has fewer tasks than 16 in a batch of 8: the merge of the parts of an attention, batch entry
# by batch entry, which reads little; and the one row of each entry that a decoder or the mean of
# the latents leaves, with its logits.
@pytest.mark.parametrize(
    ("model", "entry", "fewer"),
    [
        (IMAGENET, "encode", []),
        (IMAGENET, "process", []),
        (IMAGENET, "decode", [8, 8, 1]),
        (IMAGENET, "run", [8, 8, 1]),
        (LUCIDRAINS, "encode", []),
        (LUCIDRAINS, "decode", [8, 1]),
        (TIED, "encode", []),
        (TIED, "decode", [8, 1]),
    ],
)
def test_a_batch_of_8_has_enough_tasks(tiled, model, entry, fewer):
    counts = count_tasks(tiled(*model)[entry], batch=8)
    assert [count for count in counts if count < 16] == fewer


@pytest.mark.parametrize(("batch", "least"), [(1, 64), (2, 128), (8, 512)])
def test_a_latent_layer_has_enough_tasks(tiled, batch, least):
    counts = count_tasks(tiled(*IMAGENET)["process"], batch)
    assert len(counts) >= 2
    assert min(counts) >= least


STATE = "tensor<?x90x200xf32>"
SMALL = f"""
perceiver.parameter @self.q_norm.weight : tensor<200xf32> key "n"
perceiver.parameter @self.q_norm.bias : tensor<200xf32> key "n"
perceiver.parameter @self.query.weight : tensor<200x200xf32> key "q"
perceiver.parameter @self.query.bias : tensor<200xf32> key "b"
perceiver.parameter @self.key.weight : tensor<200x200xf32> key "k"
perceiver.parameter @self.key.bias : tensor<200xf32> key "b"
perceiver.parameter @self.value.weight : tensor<200x200xf32> key "v"
perceiver.parameter @self.value.bias : tensor<200xf32> key "b"
perceiver.parameter @self.output.weight : tensor<200x200xf32> key "o"
perceiver.parameter @self.output.bias : tensor<200xf32> key "b"
perceiver.parameter @self.mlp_norm.weight : tensor<200xf32> key "n"
perceiver.parameter @self.mlp_norm.bias : tensor<200xf32> key "n"
perceiver.parameter @self.mlp_in.weight : tensor<200x600xf32> key "i"
perceiver.parameter @self.mlp_in.bias : tensor<600xf32> key "c"
perceiver.parameter @self.mlp_out.weight : tensor<300x200xf32> key "p"
perceiver.parameter @self.mlp_out.bias : tensor<200xf32> key "b"
func.func @run(%latents: {STATE} {{perceiver.name = "latents", perceiver.sizes = ["batch"]}})
    -> ({STATE} {{perceiver.name = "latents", perceiver.sizes = ["batch"]}})
    attributes {{perceiver.entry}} {{
  %y = perceiver.self_block %latents heads = 8 qk_channels = 200 v_channels = 200
      mlp = gated(gelu_erf) weights @self : {STATE}
  return %y : {STATE}
}}
"""
SHAPES = {
    "n": (200,), "q": (200, 200), "k": (200, 200), "v": (200, 200), "o": (200, 200),
    "i": (200, 600), "p": (300, 200), "b": (200,), "c": (600,),
}  # fmt: skip


def test_results_depend_on_neither_tasks_nor_threads(tmp_path):
    """Layers of 90 rows and 200 columns, which no task divides."""
    random = np.random.default_rng(0)
    weights = {key: random.standard_normal(shape) / 10 for key, shape in SHAPES.items()}
    latents = random.standard_normal((2, 90, 200)).astype(np.float32)
    description = tmp_path / "small.mlir"
    description.write_text(SMALL)
    results, phases = [], set()
    for tasks in (1, 8, 16, 64, 256):
        model = tmp_path / f"small{tasks}.so"
        compile_model(description, weights, model, f"--tasks={tasks}")
        phases.add(tool("perceiver-inspect", model, "--tasks"))
        for threads in (1, 2, 3, 16, 64):
            results.append(run(model, {"latents": latents}, tmp_path, threads)["latents"])
            alone = run(model, {"latents": latents[1:]}, tmp_path, threads)["latents"]
            assert np.array_equal(alone, results[-1][1:])
    assert len(phases) >= 3, "--tasks changes little"
    assert np.isfinite(results[0]).all()
    assert all(np.array_equal(result, results[0]) for result in results)
