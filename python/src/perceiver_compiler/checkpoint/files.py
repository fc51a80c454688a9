"""Find out which library a checkpoint is of and which files belong to it, and open them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import CheckpointError
from .checkpoint import SOURCES, Checkpoint
from .haiku_pickle import read_haiku_pickle
from .names import did_you_mean, listed, quoted, shown
from .safetensors import SafetensorsFile, read_safetensors
from .shards import read_shards
from .strict_json import read_json_object
from .tensor import Tensor, same_bits
from .torch_file import TorchFile, read_torch

_CONFIGURATIONS = ("kwargs.json", "config.json")
_SAFETENSORS = "model.safetensors"
_INDEX = "model.safetensors.index.json"
_TORCH = "pytorch_model.bin"
_TORCH_SUFFIXES = (".pt", ".pth", ".ckpt")
_PICKLE_SUFFIXES = (".pickle", ".pkl", ".pystate")
# What is found and not read, and what to do.
_UNREAD = {
    "pytorch_model.bin.index.json": "save the model again as safetensors",
    ".h5": "save the model again as safetensors",
    ".msgpack": "save the model again as safetensors",
}


def open_checkpoint(
    path: os.PathLike[str] | str,
    source: str | None = None,
    prefix: str = "",
    config: dict[str, Any] | None = None,
) -> Checkpoint:
    """Open a directory, or a weight file whose config.json or kwargs.json lies beside it.

    `source` is one of SOURCES, found out if None; only tensors whose name starts with `prefix`
    belong to the model. `config`, with a source, stands in for the file that says what the model
    is. CheckpointError if the files are not what they should be; no tensor is read.
    """
    path = Path(path)
    if source is not None and source not in SOURCES:
        raise CheckpointError(
            path,
            source,
            f"expected a source among {listed(SOURCES)}, but got {quoted(source)}"
            + did_you_mean(source, SOURCES),
        )
    is_directory = os.path.isdir(path)
    if not os.path.exists(path):
        raise CheckpointError(path, "", "there is no such file or directory")
    directory = path if is_directory else path.parent
    if not is_directory and path.name in _CONFIGURATIONS:
        raise CheckpointError(path, "", "expected a weight file, or the directory of this file")
    if config is not None and source is not None:
        identity = _Identity(source, Path("<arguments>"), config)
    else:
        identity = _identify(directory, None if is_directory else path, source)
    weights = _weights_of(directory, identity.source) if is_directory else path
    if identity.origin is None:
        return _open_lightning(weights).within(prefix)
    checkpoint = _open_weights(weights, identity)
    return checkpoint.within(prefix)


@dataclass(frozen=True)
class _Identity:
    """Where a checkpoint is from; without origin and config it is one of Lightning."""

    source: str
    origin: Path | None
    config: dict[str, Any]


def _identify(directory: Path, weights: Path | None, source: str | None) -> _Identity:
    present = [directory / name for name in _CONFIGURATIONS if os.path.exists(directory / name)]
    if len(present) > 1:
        raise CheckpointError(
            directory, "", "has both kwargs.json and config.json; keep the one that is meant"
        )
    if present:
        config = read_json_object(present[0])
        of_file = _source_of(present[0], config)
        origin = present[0]
    else:
        lightning = [weights] if weights else _with_suffix(directory, (".ckpt",))
        if len(lightning) != 1 or lightning[0].suffix != ".ckpt":
            raise CheckpointError(
                weights or directory,
                "",
                f"expected config.json or kwargs.json {'beside it' if weights else 'in it'}, or "
                "one .ckpt of Lightning",
            )
        of_file, origin, config = "krasserm", None, {}
    if source not in (None, of_file):
        raise CheckpointError(
            origin or directory, source, f"is of {of_file}, but {source} was asked for"
        )
    return _Identity(of_file, origin, config)


def _source_of(file: Path, config: dict[str, Any]) -> str:
    """Return the library that kwargs.json or config.json is of."""
    if file.name == "kwargs.json":
        field, value = "source", config.get("source")
        known = {
            "perceiver-pytorch==": "lucidrains",
            "perceiver-io==": "krasserm",
            "deepmind-research": "deepmind",
        }
        expected = "'perceiver-pytorch==..', 'perceiver-io==..' or 'deepmind-research..'"
    else:
        field, value = "model_type", config.get("model_type")
        known = {"perceiver-io-": "krasserm", "perceiver-ar-": "krasserm"}
        expected = "'perceiver', 'perceiver-io-..' or 'perceiver-ar-..'"
        if value == "perceiver":
            return "huggingface"
    for start, source in known.items():
        if isinstance(value, str) and value.startswith(start):
            return source
    got = "it is missing" if field not in config else f"but got {shown(value)}"
    raise CheckpointError(file, field, f"field {quoted(field)}: expected {expected}, {got}")


def _with_suffix(directory: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return [each for each in _entries(directory) if each.suffix in suffixes]


def _entries(directory: Path) -> list[Path]:
    try:
        return sorted(directory.iterdir())
    except OSError as error:
        raise CheckpointError(directory, "", f"cannot read: {error.strerror}") from None


def _weights_of(directory: Path, source: str) -> Path:
    """Return the weights of a directory: the first kind of file that is there."""
    for name in (_SAFETENSORS, _INDEX, _TORCH):
        if os.path.exists(directory / name):
            return directory / name
    kinds = [] if source == "huggingface" else [_TORCH_SUFFIXES]
    kinds += [_PICKLE_SUFFIXES] if source == "deepmind" else []
    for suffixes in kinds:
        found = _with_suffix(directory, suffixes)
        if len(found) > 1:
            names = listed(each.name for each in found)
            raise CheckpointError(
                directory, "", f"has several files of weights: {names}; give the one that is meant"
            )
        if found:
            return found[0]
    for name, advice in _UNREAD.items():
        for each in _entries(directory):
            if each.name == name or each.suffix == name:
                raise CheckpointError(each, "", f"this kind of file is not read; {advice}")
    others = [each.name for each in _with_suffix(directory, (".safetensors",))]
    hint = f"; if {listed(others)} has them, give that file" if others else ""
    raise CheckpointError(
        directory, "", f"has no weights: expected {_SAFETENSORS}, {_INDEX} or {_TORCH}{hint}"
    )


def _open_weights(weights: Path, identity: _Identity) -> Checkpoint:
    """Open the weights by the name of their file."""
    name, referred = weights.name, ()
    if name.endswith(".safetensors.index.json"):
        content, referred = read_shards(weights), (weights,)
    elif weights.suffix == ".safetensors":
        content, referred = read_safetensors(weights), (weights,)
    elif weights.suffix in _PICKLE_SUFFIXES:
        if identity.source != "deepmind":
            raise CheckpointError(
                weights, "", "expected safetensors or a zip archive as torch writes it"
            )
        content = SafetensorsFile(read_haiku_pickle(weights), {})
    elif weights.suffix in (".bin", *_TORCH_SUFFIXES):
        content = SafetensorsFile(_state_dict(read_torch(weights)), {})
    else:
        raise CheckpointError(
            weights,
            "",
            "expected a weight file: .safetensors, .safetensors.index.json, .bin, .pt, .pth, .ckpt "
            "or, for DeepMind, .pickle, .pkl, .pystate",
        )
    aliases = _aliases(content)
    tensors = content.tensors | {a: content.tensors[kept] for a, kept in aliases.items()}
    assert identity.origin is not None
    return Checkpoint(
        identity.source, identity.origin, identity.config, weights, referred, tensors, aliases
    )


def _aliases(content: SafetensorsFile) -> dict[str, str]:
    """Return the tied tensors that safetensors' save_model left out, by the metadata."""
    if "format" in content.metadata:
        return {}
    aliases = {}
    for alias, kept in content.metadata.items():
        if kept not in content.tensors or alias == kept:
            continue
        if alias not in content.tensors:
            aliases[alias] = kept
        elif not same_bits(content.tensors[alias], content.tensors[kept]):
            file = content.tensors[alias].file
            raise CheckpointError(
                file,
                alias,
                f"tensor {quoted(alias)}: the metadata says that it is {quoted(kept)}, but the "
                "values differ",
            )
    return aliases


def _is_lightning(file: TorchFile) -> bool:
    return isinstance(file.value, dict) and "state_dict" in file.value


def _state_dict(file: TorchFile) -> dict[str, Tensor]:
    if _is_lightning(file):
        return file.tensors(file.value["state_dict"], "'state_dict'")
    return file.tensors(file.value, "the file")


def _open_lightning(weights: Path) -> Checkpoint:
    """Open a checkpoint of Lightning, which holds its configuration."""
    file = read_torch(weights)
    if not _is_lightning(file) or not isinstance(file.value.get("hyper_parameters"), dict):
        raise CheckpointError(
            weights,
            "",
            "expected a checkpoint of Lightning with 'state_dict' and 'hyper_parameters', or "
            "kwargs.json beside it",
        )
    config = {"hyper_parameters": file.value["hyper_parameters"]}
    return Checkpoint("krasserm", weights, config, weights, (), _state_dict(file))
