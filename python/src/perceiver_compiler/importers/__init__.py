"""Importers: from the checkpoints of the libraries that have Perceivers to descriptions.

    description = from_huggingface("language-perceiver")
    description.save("language.mlir")
    model = description.compile("language.so")

Nothing of a checkpoint is executed, and no library but NumPy is needed. `perceiver-import` is the
same as a command.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ..checkpoint import Checkpoint, CheckpointError, checkpoint_of_arrays, open_checkpoint
from .description import Description
from .signature import GivenShape
from .sources import LUCIDRAINS_NEWEST, Options, import_checkpoint

__all__ = [
    "Description",
    "from_deepmind",
    "from_huggingface",
    "from_krasserm",
    "from_lucidrains",
    "import_path",
]

Path = str | os.PathLike[str]


def from_huggingface(
    path_or_model: Any,
    *,
    task: str | None = None,
    shapes: Mapping[str, GivenShape] | None = None,
    options: Mapping[str, Any] | None = None,
    prefix: str = "",
) -> Description:
    """Import a Perceiver of Hugging Face's transformers: a directory that `save_pretrained` wrote,
    a weight file with config.json beside it, or a model in memory.

    `task` is the name of the class, where the files do not say it; "PerceiverModel" takes the bare
    encoder out of any. `shapes` fixes sizes of inputs: {"inputs": (None, 3, 224, 224)}, None for
    what may be any, or leaves out an optional one: {"attention_mask": None}. `options` fixes
    arguments of the library's `forward`. `prefix` is what the names of the model's tensors begin
    with, if they are part of a larger one.

    CheckpointError, with file and field or tensor, for what is refused.
    """
    return _import("huggingface", path_or_model, Options(task, shapes or {}, options or {}, prefix))


def from_deepmind(
    path: Path,
    *,
    task: str | None = None,
    shapes: Mapping[str, GivenShape] | None = None,
    options: Mapping[str, Any] | None = None,
    prefix: str = "",
) -> Description:
    """Import a Perceiver of DeepMind's released code: weights, as safetensors or as a pickle of
    haiku's parameters, with kwargs.json.

    The rest is as in `from_huggingface`. CheckpointError, with file and argument or tensor, for
    what is refused.
    """
    return import_path(path, "deepmind", Options(task, shapes or {}, options or {}, prefix))


def from_krasserm(
    path: Path,
    *,
    task: str | None = None,
    shapes: Mapping[str, GivenShape] | None = None,
    options: Mapping[str, Any] | None = None,
    prefix: str = "",
) -> Description:
    """Import a Perceiver of krasserm's perceiver-io: weights with kwargs.json, a directory of its
    wrapper around transformers, or a checkpoint of Lightning.

    The rest is as in `from_huggingface`. CheckpointError, with file and field or tensor, for what
    is refused.
    """
    return import_path(path, "krasserm", Options(task, shapes or {}, options or {}, prefix))


def from_lucidrains(
    path: Path,
    cls: type | str | None = None,
    *,
    task: str | None = None,
    shapes: Mapping[str, GivenShape] | None = None,
    options: Mapping[str, Any] | None = None,
    prefix: str = "",
    **kwargs: Any,
) -> Description:
    """Import a Perceiver of lucidrains' perceiver-pytorch: a directory with kwargs.json and
    weights, or a weight file with kwargs.json beside it.

    `cls`, a class of the library or its name, and the `kwargs` that it was made with stand in for
    kwargs.json. The rest is as in `from_huggingface`.

    CheckpointError, with file and argument or tensor, for what is refused.
    """
    given = Options(task, shapes or {}, options or {}, prefix)
    if cls is None and not kwargs:
        return import_path(path, "lucidrains", given)
    name = cls if isinstance(cls, str) else f"{cls.__module__}.{cls.__qualname__}" if cls else ""
    config = {"source": LUCIDRAINS_NEWEST, "class": name, "kwargs": kwargs}
    checkpoint = open_checkpoint(path, "lucidrains", prefix, config)
    return import_checkpoint(checkpoint, given)


def import_path(path: Path, source: str | None, options: Options) -> Description:
    """Import a checkpoint of any source: None finds out which it is."""
    return import_checkpoint(open_checkpoint(path, source, options.prefix), options)


def _import(source: str, path_or_model: Any, options: Options) -> Description:
    if isinstance(path_or_model, str | os.PathLike):
        return import_path(path_or_model, source, options)
    return import_checkpoint(_live(source, path_or_model).within(options.prefix), options)


def _live(source: str, model: Any) -> Checkpoint:
    """The checkpoint of a model in memory, which is not imported from anywhere: whatever has
    `config.to_dict()` and `state_dict()`.
    """
    try:
        config, arrays = model.config.to_dict(), model.state_dict()
    except AttributeError:
        raise CheckpointError(
            "<model>",
            type(model).__name__,
            f"expected a path or a model, but got an object of type {type(model).__name__}",
        ) from None
    config = {**config, "architectures": [type(model).__name__]}
    return checkpoint_of_arrays(source, config, arrays)
