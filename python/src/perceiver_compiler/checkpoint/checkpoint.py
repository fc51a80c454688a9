"""A checkpoint as importers see it: its configuration, and its tensors by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import CheckpointError
from .fields import Fields
from .names import quoted, shown
from .safetensors_writer import write_tensors
from .tensor import STORAGE, Tensor, dtype_name

SOURCES = ("huggingface", "deepmind", "lucidrains", "krasserm")


@dataclass
class Checkpoint:
    """Configuration and tensors of a model; no tensor is read before somebody asks for it.

    source        one of SOURCES
    origin        the file that says what the model is; a checkpoint of Lightning says it itself
    config        what that file says
    weights_file  the file of tensors, or the index of several: what messages about tensors name
    weights       what the compiler reads the tensors from as they are; empty if they must be copied
    tensors       by name, in the order of the file; an alias is a second name of a tensor
    aliases       alias -> the name under which the file has the tensor
    warnings      what a user should know; importers add to it
    """

    source: str
    origin: Path
    config: dict[str, Any]
    weights_file: Path
    weights: tuple[Path, ...]
    tensors: Mapping[str, Tensor]
    aliases: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def fields(self) -> Fields:
        """Return the configuration's fields; messages name its file."""
        return Fields(self.config, self.origin)

    def within(self, prefix: str) -> Checkpoint:
        """Return the part whose tensors begin with a prefix, under the names that follow it.

        CheckpointError if there is none.
        """
        if not prefix:
            return self
        tensors = {
            name.removeprefix(prefix): replace(tensor, name=name.removeprefix(prefix))
            for name, tensor in self.tensors.items()
            if name.startswith(prefix)
        }
        if not tensors:
            raise CheckpointError(
                self.weights_file, prefix, f"no tensor has a name that starts with {quoted(prefix)}"
            )
        return replace(self, tensors=tensors)

    def write_weights(self, path: Path, names: Iterable[str]) -> None:
        """Write tensors (of `tensors`) into a .safetensors file under their stored names."""
        chosen = {self.tensors[name].stored_name: self.tensors[name] for name in names}
        write_tensors(path, list(chosen.values()))


def checkpoint_of_arrays(
    source: str,
    config: dict[str, Any],
    arrays: Mapping[str, Any],
    origin: str = "<model>",
) -> Checkpoint:
    """Return the checkpoint of a model in memory: arrays are NumPy's, or tensors of torch."""
    tensors = {name: _tensor_of(name, array, Path(origin)) for name, array in arrays.items()}
    return Checkpoint(source, Path(origin), config, Path(origin), (), tensors)


def _tensor_of(name: str, array: Any, origin: Path) -> Tensor:
    dtype = None
    if isinstance(array, np.ndarray):
        dtype = dtype_name(array.dtype)
    elif hasattr(array, "detach"):
        array = array.detach().cpu()
        if str(array.dtype) == "torch.bfloat16":
            # NumPy has no such type, and torch widens it exactly.
            dtype, array = "BF16", _bfloat16_bits(array.float().numpy())
        else:
            array = array.numpy()
            dtype = dtype_name(array.dtype)
    if dtype is None:
        what = getattr(array, "dtype", None) or shown(array)
        raise CheckpointError(origin, name, f"tensor {quoted(name)}: unsupported dtype {what}")
    values = array.astype(STORAGE[dtype], copy=False)
    return Tensor(name, dtype, tuple(array.shape), origin, partial(_same, values))


def _same(values: np.ndarray) -> np.ndarray:
    return values


def _bfloat16_bits(values: np.ndarray) -> np.ndarray:
    return (np.ascontiguousarray(values).view(np.uint32) >> 16).astype(np.uint16)
