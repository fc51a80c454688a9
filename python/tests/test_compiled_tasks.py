"""How many tasks the phases of the models have, counted in the IR after tiling.

A phase with fewer tasks than threads leaves threads idle, so the phases that matter have 16 tasks
or more, whatever the batch: the cross-attention to the input, which has one head, is split over its
keys. In the latent layers of the image model 16 tasks take a batch of 2: with a batch of 1 there
are 8. Their phases are the 8 heads, with the projections to queries, keys and values fused in, and
8 blocks of 64 rows. Smaller blocks would double the weights that are read for each product, and
blocks of queries within a head would project the same keys and values twice; on few threads, where
most of the time goes, both only add work.
"""

import functools
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
def tiled():
    """The functions of a model after tiling, by name."""

    @functools.cache
    def functions(name, folder):
        text = tool("perceiver-compile", MODELS / folder / f"{name}.mlir", "--emit=tile")
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
    # that attend to all of them. Then the rows of the latents.
    assert count_tasks(tiled(*IMAGENET)["encode"], batch=1) == [392, 16, 16, 8]


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
        (IMAGENET, "decode", [8, 1]),
        (IMAGENET, "run", [8, 1]),
        (LUCIDRAINS, "encode", []),
        (LUCIDRAINS, "decode", [8, 1]),
        (TIED, "encode", []),
        (TIED, "decode", [8, 1]),
    ],
)
def test_a_batch_of_8_has_enough_tasks(tiled, model, entry, fewer):
    counts = count_tasks(tiled(*model)[entry], batch=8)
    assert [count for count in counts if count < 16] == fewer


@pytest.mark.parametrize(("batch", "least"), [(1, 8), (2, 16), (8, 64)])
def test_a_latent_layer_has_enough_tasks(tiled, batch, least):
    counts = count_tasks(tiled(*IMAGENET)["process"], batch)
    assert len(counts) >= 2
    assert min(counts) >= least
