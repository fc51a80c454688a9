"""Perceivers of lucidrains' perceiver-pytorch, 0.8 to 0.11.

config.py reads what kwargs.json says, names.py knows the tensors' names, graph.py what all classes
have in common; the others build their graphs.
"""

from __future__ import annotations

from ...checkpoint import Checkpoint, CheckpointError, Fields, quoted
from ..description import Description, finish
from ..signature import Signature
from ..sources import Options
from . import gated, mixed_latents, perceiver, perceiver_io
from .config import (
    GATED,
    MIXED_LATENTS,
    PERCEIVER,
    PERCEIVER_IO,
    PERCEIVER_LM,
    Config,
    choose_class,
    read_io,
    read_perceiver,
    read_version,
)
from .graph import Graph
from .names import INNER, Names, find_scheme, is_known

#: Arguments of `forward` that may be given as false, which is what they are.
_FALSE_SETTINGS = ("return_hiddens",)


def import_checkpoint(checkpoint: Checkpoint, options: Options) -> Description:
    """Return the description of a checkpoint. CheckpointError if it is refused."""
    name, arguments = choose_class(checkpoint, options.task)
    version = read_version(checkpoint)
    settings = Fields(options.settings, "--set")
    signature = Signature(options.shapes, "--shape")
    if name in (PERCEIVER_IO, PERCEIVER_LM):
        io = read_io(arguments, name, version)
        declare = perceiver_io.declare_io if name == PERCEIVER_IO else perceiver_io.declare_lm
        declare(io, signature)
        _check_settings(settings)
        graph = _start(checkpoint, io, signature, INNER if name == PERCEIVER_LM else "")
        build = perceiver_io.build_io if name == PERCEIVER_IO else perceiver_io.build_lm
        build(graph, io)
    else:
        plain = read_perceiver(arguments, name, version)
        embeddings = name == PERCEIVER and settings.boolean("return_embeddings", False)
        perceiver.declare(plain, signature)
        _check_settings(settings)
        graph = _start(checkpoint, plain, signature, "")
        if name == GATED:
            gated.build(graph, plain)
        elif name == MIXED_LATENTS:
            mixed_latents.build(graph, plain)
        else:
            perceiver.build(graph, plain, embeddings)
    graph.weights.parameters.check(is_known)
    graph.model.header = _header(checkpoint, name, graph)
    report = [*arguments.remarks(), *(f"input {line}" for line in signature.describe())]
    return finish(name, graph.model, checkpoint, graph.weights.parameters, report)


def _check_settings(settings: Fields) -> None:
    for setting in _FALSE_SETTINGS:
        if settings.has(setting) and settings.boolean(setting):
            raise settings.error(setting, "expected false: only results are computed")
    settings.refuse_unknown("setting")


def _start(checkpoint: Checkpoint, config: Config, signature: Signature, inner: str) -> Graph:
    signature.resolve()
    names, other = find_scheme(checkpoint.tensors)
    if other is not None:
        raise CheckpointError(
            checkpoint.weights_file,
            other,
            f"the tensor {quoted(other)} has a name of 0.11, others have names of before",
        )
    return Graph(checkpoint, config, signature, _within(names, inner))


def _within(names: Names, prefix: str) -> Names:
    return Names(**{field: f"{prefix}{name}" for field, name in vars(names).items()})


def _header(checkpoint: Checkpoint, name: str, graph: Graph) -> str:
    first, *rest = graph.stages
    stages = "\n".join([f"  {first}", *(f"    {line}" for line in rest)])
    return (
        f"{name.removeprefix('perceiver_pytorch.')} of lucidrains' perceiver-pytorch. Written by\n"
        f"perceiver-import for the weights of {checkpoint.weights_file.name}, under the names that "
        f"they have there.\n\n{stages}"
    )
