"""Which importer is whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from ..checkpoint import Checkpoint
from .description import Description
from .signature import GivenShape


@dataclass(frozen=True)
class Options:
    """What the user asks for: the class, sizes of inputs, arguments of the library's `forward`, and
    the prefix of the tensors' names.
    """

    task: str | None = None
    shapes: Mapping[str, GivenShape] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    prefix: str = ""


#: What is assumed of a class that is given without a version.
LUCIDRAINS_NEWEST = "perceiver-pytorch==0.11.0"


def import_checkpoint(checkpoint: Checkpoint, options: Options) -> Description:
    """Return the description of a checkpoint. CheckpointError if it is refused.

    Each source has a module of its name, with `import_checkpoint(checkpoint, options)`.
    """
    module = import_module(f".{checkpoint.source}", __package__)
    return module.import_checkpoint(checkpoint, options)
