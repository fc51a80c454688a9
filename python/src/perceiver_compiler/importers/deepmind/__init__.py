"""DeepMind's Perceivers, as of their released code.

config.py reads what kwargs.json says, names.py knows haiku's scopes, graph.py has encoder and
entries, inputs.py and outputs.py what is before and behind them; single.py makes models of one
input and one output of them, several.py those of several modalities.
"""

from __future__ import annotations

from ...checkpoint import Checkpoint, Fields
from ..description import Description, finish
from ..signature import Signature
from ..sources import Options
from . import names, several, single
from .config import CLASS, read_config
from .graph import Graph


def import_checkpoint(checkpoint: Checkpoint, options: Options) -> Description:
    """Return the description of a checkpoint. CheckpointError if it is refused."""
    report: list[str] = []
    config = read_config(checkpoint, options.task, report)
    Fields(options.settings, "--set").refuse_unknown("setting")
    graph = Graph(checkpoint, config, Signature(options.shapes, "--shape"))
    build = several.build if config.decoder.kind == "multimodal" else single.build
    build(graph)
    graph.weights.parameters.check(names.is_known, names.is_quiet)
    first, *rest = graph.stages
    stages = "\n".join([f"  {first}", *(f"    {line}" for line in rest)])
    graph.model.header = (
        "Perceiver of DeepMind. Written by perceiver-import for the weights of\n"
        f"{checkpoint.weights_file.name}, under the names that they have there.\n\n{stages}"
    )
    report += (f"input {line}" for line in graph.signature.describe())
    return finish(CLASS, graph.model, checkpoint, graph.weights.parameters, report)
