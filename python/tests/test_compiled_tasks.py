"""How many tasks the phases of the models have, counted in the IR after tiling.

A phase with fewer tasks than threads leaves threads idle, so the phases that matter have 16 tasks
or more, whatever the batch: the cross-attention to the input, which has one head, is split over its
keys. In the latent layers of the image model 16 tasks take a batch of 2: with a batch of 1 there
are 8. Their phases are the 8 heads, with the projections to queries, keys and values fused in, and
8 blocks of 64 rows. Smaller blocks would double the weights that are read for each product, and
blocks of queries within a head would project the same keys and values twice; on few threads, where
most of the time goes, both only add work.
"""

import re

import pytest
from compiled import MODELS, tool

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
def functions(tmp_path_factory):
    """The functions of the image model after tiling, by name."""
    name = "perceiver_io_imagenet_fourier"
    output = tmp_path_factory.mktemp("tasks") / "tiled.mlir"
    tool("perceiver-compile", MODELS / name / f"{name}.mlir", "--emit=tile", "-o", output)
    parts = re.split(r"^  func\.func (?:private )?@(\w+)", output.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def test_phases_are_counted():
    assert count_tasks("scf.forall (%a, %b) = (0, 0) to (%dim, 500) step (1, 64) {", 3) == [24]
    assert count_tasks("scf.forall (%a) in (7) {\n  scf.forall (%a) in (%b) {", 5) == [7, 5]


def test_one_head_has_a_task_for_each_of_16_threads(functions):
    # For each batch entry: the parts of the 50,176 keys, with their projections fused in, and the
    # merge, which is cheap. Then the rows of the latents.
    assert count_tasks(functions["encode"], batch=1) == [16, 8, 8]


@pytest.mark.parametrize(("batch", "least"), [(1, 8), (2, 16), (8, 64)])
def test_a_latent_layer_has_enough_tasks(functions, batch, least):
    counts = count_tasks(functions["process"], batch)
    assert len(counts) >= 2
    assert min(counts) >= least
