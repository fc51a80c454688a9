"""Read what torch.save writes since 1.6: a zip archive of one pickle and the bytes of storages.

<any>/data.pkl    the objects; tensors name their storage, offset, sizes and strides
<any>/data/KEY    the elements of a storage
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import CheckpointError
from .names import quoted, shown
from .pickle_machine import Constructor, PickleError, load_pickle
from .records import KRASSERM, ORDERED_DICT
from .regular_file import is_torch_before_1_6, map_file, what_it_is
from .tensor import STORAGE, Tensor, viewed
from .zip_archive import Member, read_zip

_MOST_PICKLE_BYTES = 64 << 20
_MOST_AXES = 64
_STORAGES = {
    "torch.DoubleStorage": "F64",
    "torch.FloatStorage": "F32",
    "torch.HalfStorage": "F16",
    "torch.BFloat16Storage": "BF16",
    "torch.LongStorage": "I64",
    "torch.IntStorage": "I32",
    "torch.ShortStorage": "I16",
    "torch.CharStorage": "I8",
    "torch.ByteStorage": "U8",
    "torch.BoolStorage": "BOOL",
}


@dataclass(frozen=True)
class _Storage:
    dtype: str
    offset: int
    count: int


@dataclass(frozen=True)
class TorchTensor:
    """A tensor of the pickle, whose every element is known to lie in its storage."""

    storage: _Storage
    offset: int
    sizes: tuple[int, ...]
    strides: tuple[int, ...]

    def at(self, name: str, path: Path, data: memoryview) -> Tensor:
        """Return it under a name."""
        raw = partial(_elements, self, data)
        return Tensor(name, self.storage.dtype, self.sizes, path, raw)


@dataclass(frozen=True)
class TorchFile:
    """The object that was saved, and the file's bytes."""

    path: Path
    data: memoryview
    value: Any

    def tensors(self, value: Any, what: str) -> dict[str, Tensor]:
        """Return a state dict of the file as tensors; `what` it is, for messages."""
        if not isinstance(value, dict):
            raise CheckpointError(
                self.path, "", f"expected {what} to be a state dict, but got {shown(value)}"
            )
        result = {}
        for name, tensor in value.items():
            if not isinstance(name, str) or not isinstance(tensor, TorchTensor):
                raise CheckpointError(
                    self.path,
                    str(name),
                    f"expected {what} to be a state dict, but its entry {quoted(name)} is "
                    f"{shown(tensor)}",
                )
            result[name] = tensor.at(name, self.path, self.data)
        return result


def read_torch(path: Path) -> TorchFile:
    """Read a file; nothing in it is executed, and unknown globals are refused by name."""
    data = map_file(path)
    if is_torch_before_1_6(data):
        raise CheckpointError(
            path,
            "",
            f"{what_it_is(data)}; save it again with a newer one: "
            f"torch.save(torch.load({path.name!r}, map_location='cpu'), {path.name!r})",
        )
    if bytes(data[:4]) != b"PK\x03\x04":
        raise CheckpointError(
            path, "", f"expected a zip archive as torch writes it, but the file {what_it_is(data)}"
        )
    members = read_zip(path, data)
    root = _root(members, path, data)
    pickle = members[f"{root}data.pkl"]
    try:
        value = load_pickle(
            data[pickle.offset : pickle.offset + pickle.size],
            _TABLE,
            _explain,
            partial(_storage, members, root),
        )
    except PickleError as error:
        raise CheckpointError(path, error.name, str(error)) from None
    return TorchFile(path, data, value)


def _root(members: dict[str, Member], path: Path, data: memoryview) -> str:
    """Return the folder, with its slash, that all members are in."""
    roots = [name.removesuffix("data.pkl") for name in members if name.endswith("/data.pkl")]
    roots = [root for root in roots if root.count("/") == 1]
    if len(roots) != 1:
        raise CheckpointError(path, "", "expected one data.pkl, as torch.save writes it")
    root = roots[0]
    if any(name == f"{root}constants.pkl" or name.startswith(f"{root}code/") for name in members):
        raise CheckpointError(
            path, "", "is a TorchScript archive, which is a program; save its state_dict() instead"
        )
    if members[f"{root}data.pkl"].size > _MOST_PICKLE_BYTES:
        raise CheckpointError(
            path, "", f"expected a data.pkl of at most {_MOST_PICKLE_BYTES >> 20} MB"
        )
    order = members.get(f"{root}byteorder")
    if order and bytes(data[order.offset : order.offset + order.size]) != b"little":
        raise CheckpointError(path, "", "expected the byte order to be little")
    return root


def _storage(members: dict[str, Member], root: str, identity: Any) -> _Storage:
    """Answer a persistent id: ('storage', its class, key, location, number of elements)."""
    if not isinstance(identity, tuple) or len(identity) != 5 or identity[0] != "storage":
        raise PickleError(f"expected the id of a storage, but got {shown(identity)}")
    _, cls, key, _, count = identity
    name = cls.name if isinstance(cls, Constructor) else shown(cls)
    if name not in _STORAGES or not isinstance(key, str) or not _is_natural(count):
        raise PickleError("expected a storage to have a class, a key and a number of elements")
    member = members.get(f"{root}data/{key}")
    if member is None:
        raise PickleError(f"the storage {quoted(key)} is not in the archive")
    dtype = _STORAGES[name]
    wanted = count * STORAGE[dtype].itemsize
    if member.size != wanted:
        raise PickleError(
            f"expected {wanted} bytes for {count} elements {dtype} of the storage {quoted(key)}, "
            f"but got {member.size}"
        )
    return _Storage(dtype, member.offset, count)


def _is_natural(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _naturals(values: Any, what: str) -> tuple[int, ...]:
    right = isinstance(values, tuple) and len(values) <= _MOST_AXES
    if not right or not all(map(_is_natural, values)):
        raise PickleError(f"expected the {what} of a tensor to be a tuple of integers >= 0")
    return values


def _rebuild_tensor(storage, offset, sizes, strides, requires_grad, hooks, metadata=None):
    if not isinstance(storage, _Storage) or not _is_natural(offset):
        raise PickleError("expected a tensor to have a storage and an offset")
    sizes, strides = _naturals(sizes, "sizes"), _naturals(strides, "strides")
    if len(sizes) != len(strides):
        raise PickleError(f"a tensor has {len(sizes)} sizes, but {len(strides)} strides")
    elements = math.prod(sizes)
    last = offset + sum((size - 1) * stride for size, stride in zip(sizes, strides))
    if elements and last >= storage.count:
        raise PickleError(
            f"a tensor ends at element {last}, but its storage has only {storage.count}"
        )
    if elements > storage.count:
        raise PickleError(
            f"a tensor has {elements} elements, but its storage only {storage.count}; save it "
            "with .contiguous()"
        )
    return TorchTensor(storage, offset, sizes, strides)


def _rebuild_parameter(tensor, requires_grad, hooks):
    if not isinstance(tensor, TorchTensor):
        raise PickleError("expected a parameter to be of a tensor")
    return tensor


def _size(sizes=()):
    return _naturals(tuple(sizes), "sizes")


def _device(*names):
    return None


def _elements(tensor: TorchTensor, data: memoryview) -> np.ndarray:
    """Return the elements; of a transposed tensor, say, without copying them."""
    storage = tensor.storage
    if 0 in tensor.sizes:
        return np.empty(tensor.sizes, STORAGE[storage.dtype])
    flat = viewed(data, storage.offset, storage.dtype, (storage.count,))
    strides = [stride * flat.itemsize for stride in tensor.strides]
    return np.lib.stride_tricks.as_strided(
        flat[tensor.offset :], tensor.sizes, strides, writeable=False
    )


def _explain(name: str) -> str:
    if name.startswith("torch.nn."):
        return ": this is a whole module; save its state_dict() instead"
    return ""


_TABLE = {
    each.name: each
    for each in (
        ORDERED_DICT,
        Constructor("torch._utils._rebuild_tensor_v2", _rebuild_tensor),
        Constructor("torch._utils._rebuild_parameter", _rebuild_parameter),
        Constructor("torch.Size", _size),
        Constructor("torch.device", _device),
        *map(Constructor, _STORAGES),
        *KRASSERM.values(),
    )
}
