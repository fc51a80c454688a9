"""The lines of `tools/bench`: those of lines.py, and whole models of the model table, at their
released sizes, beside all other systems.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.checkpoints import HuggingFace, Model, Paper, Row
from bench.lines import LINES, PEERS, Line
from bench.measure import open_committed
from bench.models import ROWS
from bench.workload import Workload


def _whole(name: str, row: str, goal: str, **more: Any) -> Row:
    """A row of the model table as a line; the files of both are the same."""
    return replace(ROWS[row], name=name, kind="run", peers=PEERS, most_rounds=None,
                   goal=f"ours / the fastest: {goal}", **more)  # fmt: skip


WHOLE = [
    _whole(
        "perceiver-imagenet",
        "perceiver-imagenet-fourier",
        "floor 0.40, aim 0.22",
        title="Perceiver on ImageNet, 8 cross-attentions, whole",
        # Positions are tables, which positions of any grid have none of.
        model="perceiver-imagenet-fourier-static",
        source=Paper("perceiver-imagenet-fourier", static=True),
    ),
    _whole(
        "flow",
        "optical-flow-perceiver",
        "floor 0.45, aim 0.25",
        title="optical flow, 368 x 496, whole",
    ),
    _whole(
        "bytes",
        "language-perceiver",
        "floor 0.85, aim 0.70",
        title="language model on 2,048 bytes, whole",
    ),
    _whole(
        "multimodal",
        "multimodal-perceiver-all",
        "floor 0.10, aim 0.05",
        title="all outputs of a video with sound once, others in 128 runs of one",
    ),
]
TABLE: Mapping[str, Line] = LINES | {row.name: row for row in WHOLE}


def needs_library(line: Line) -> bool:
    """Whether the library itself makes the checkpoint."""
    return isinstance(line, Row) and isinstance(line.source, HuggingFace)


def open_workload(line: Line, build: Path) -> Workload:
    """Return the workload of a line of TABLE; files of models stay."""
    return Model(line, build) if isinstance(line, Row) else open_committed(line, build)
