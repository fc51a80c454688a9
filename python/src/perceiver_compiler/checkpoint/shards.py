"""Read an index of shards: which .safetensors file beside it has which tensor."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import CheckpointError
from .names import listed, quoted, shown
from .safetensors import SafetensorsFile, read_safetensors
from .strict_json import INDEX_BYTES, read_json_object
from .tensor import Tensor

_MOST_SHARDS = 10_000


def read_shards(index: Path) -> SafetensorsFile:
    """Return the tensors of all shards, and their metadata together; each tensor must be in the
    file that the index says, and in no other.
    """
    weight_map = _weight_map(index)
    tensors: dict[str, Tensor] = {}
    metadata: dict[str, str] = {}
    files = {name: index.parent / name for name in dict.fromkeys(weight_map.values())}
    if len(files) > _MOST_SHARDS:
        raise CheckpointError(
            index, "weight_map", f"expected at most {_MOST_SHARDS} files, but got {len(files)}"
        )
    missing = [name for name, path in files.items() if not os.path.exists(path)]
    if missing:
        raise CheckpointError(index, missing[0], f"missing shards: {listed(map(quoted, missing))}")
    for path in files.values():
        shard = read_safetensors(path)
        for name, tensor in shard.tensors.items():
            if name in tensors:
                raise CheckpointError(
                    index, name, f"tensor {quoted(name)} is in {tensors[name].file.name}, too"
                )
            tensors[name] = tensor
        metadata.update({k: v for k, v in shard.metadata.items() if k != "format"})
    for name, file in weight_map.items():
        if name not in tensors or tensors[name].file.name != file:
            where = f", but in {tensors[name].file.name}" if name in tensors else ""
            raise CheckpointError(
                index, name, f"tensor {quoted(name)} is not in {file} as the index says{where}"
            )
    return SafetensorsFile(tensors, metadata)


def _weight_map(index: Path) -> dict[str, str]:
    value = read_json_object(index, INDEX_BYTES)
    weight_map = value.get("weight_map")
    if not isinstance(weight_map, dict):
        raise CheckpointError(
            index,
            "weight_map",
            f"field 'weight_map': expected an object, but got {shown(weight_map)}",
        )
    if not weight_map:
        raise CheckpointError(index, "weight_map", "field 'weight_map': names no tensor")
    for name, file in weight_map.items():
        plain = isinstance(file, str) and file not in ("", ".", "..")
        if not plain or "/" in file or "\\" in file or "\0" in file:
            raise CheckpointError(
                index,
                name,
                f"tensor {quoted(name)}: expected the plain name of a file in the same directory, "
                f"but got {shown(file)}",
            )
    return weight_map
