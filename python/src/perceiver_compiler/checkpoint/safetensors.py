"""Read .safetensors files: a header in JSON, then the data, which is mapped and not read.

Accepted and refused is what the compiler itself accepts and refuses (lib/TensorFile/Safetensors.h):
misaligned and empty tensors, any name, blanks around the header and unknown keys are right;
overlaps, holes, bytes left over, NUL bytes in the header and duplicate keys are not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import CheckpointError
from .names import quoted
from .regular_file import IS_JSON, IS_SAFETENSORS, IS_UNKNOWN, map_file, what_it_is
from .strict_json import JsonError, parse_json
from .tensor import STORAGE, Tensor, shape_text, viewed

_LENGTH_BYTES = 8
_LARGEST_HEADER = 100_000_000
_LARGEST_SIZE = 2**63 - 1
_LARGEST_OFFSET = 2**64 - 1
# Types of the format that no model here has, in bits: their sizes can be checked, too.
_FOREIGN_BITS = {
    "U16": 16,
    "U32": 32,
    "U64": 64,
    "C64": 64,
    "F8_E4M3": 8,
    "F8_E5M2": 8,
    "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8,
    "F8_E5M2FNUZ": 8,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
    "F4": 4,
}


@dataclass(frozen=True)
class SafetensorsFile:
    """The tensors of a file in the header's order, and its metadata."""

    tensors: dict[str, Tensor]
    metadata: dict[str, str]


@dataclass(frozen=True)
class _Entry:
    name: str
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


def read_safetensors(path: Path) -> SafetensorsFile:
    """Map and check a file; CheckpointError names the tensor."""
    data = map_file(path)
    try:
        header, start = _header(data)
        metadata = header.pop("__metadata__", None) or {}
        _check_metadata(metadata)
        entries = [_entry(name, fields) for name, fields in header.items()]
        _check_places(entries, len(data) - start)
    except _Refusal as refusal:
        about = f"tensor {quoted(refusal.name)}: " if refusal.name else ""
        raise CheckpointError(path, refusal.name, f"{about}{refusal}") from None
    return SafetensorsFile({e.name: _tensor(e, data, start, path) for e in entries}, metadata)


class _Refusal(Exception):
    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


def _header(data: memoryview) -> tuple[dict[str, Any], int]:
    """Return the header and where the data begins."""
    what = what_it_is(data)
    if what not in (IS_JSON, IS_SAFETENSORS, IS_UNKNOWN):
        raise _Refusal("", f"expected a safetensors file, but it {what}")
    if len(data) < _LENGTH_BYTES:
        raise _Refusal(
            "",
            "too short for a safetensors file: expected 8 bytes for the length of the header, "
            f"but got {len(data)}",
        )
    length = int.from_bytes(data[:_LENGTH_BYTES], "little")
    if length > _LARGEST_HEADER:
        raise _Refusal(
            "",
            f"the header's length of {length} bytes is above the limit of {_LARGEST_HEADER}; "
            "is this a safetensors file?",
        )
    if length > len(data) - _LENGTH_BYTES:
        raise _Refusal(
            "",
            f"the header has {length} bytes, but the file only {len(data)}; is it cut short?",
        )
    text = bytes(data[_LENGTH_BYTES : _LENGTH_BYTES + length])
    if b"\0" in text:
        raise _Refusal("", "the header holds a NUL byte")
    try:
        header = parse_json(text, _LARGEST_OFFSET)
    except JsonError as error:
        raise _Refusal("", f"the header: {error}") from None
    if not isinstance(header, dict):
        raise _Refusal("", "expected the header to be a JSON object")
    return header, _LENGTH_BYTES + length


def _check_metadata(metadata: Any) -> None:
    if not isinstance(metadata, dict):
        raise _Refusal("__metadata__", "expected an object of strings")
    for key, value in metadata.items():
        if not isinstance(value, str):
            raise _Refusal("__metadata__", f"expected {quoted(key)} to be a string")


def _is_natural(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _entry(name: str, fields: Any) -> _Entry:
    if not isinstance(fields, dict):
        raise _Refusal(name, "expected an object with 'dtype', 'shape' and 'data_offsets'")
    for key in ("dtype", "shape", "data_offsets"):
        if key not in fields:
            raise _Refusal(name, f"the entry has no {quoted(key)}")
    dtype, shape, offsets = fields["dtype"], fields["shape"], fields["data_offsets"]
    if not isinstance(dtype, str):
        raise _Refusal(name, "expected 'dtype' to be a string")
    if not isinstance(shape, list) or not all(_is_natural(n, _LARGEST_SIZE) for n in shape):
        raise _Refusal(name, "expected 'shape' to be an array of integers from 0 to 2^63 - 1")
    right = isinstance(offsets, list) and len(offsets) == 2
    if not right or not all(_is_natural(n, _LARGEST_OFFSET) for n in offsets):
        raise _Refusal(name, "expected 'data_offsets' to be two integers from 0 to 2^64 - 1")
    return _Entry(name, dtype, tuple(shape), *offsets)


def _check_places(entries: list[_Entry], data_bytes: int) -> None:
    """Check that the entries, in the order of their data, fill it without overlap or hole."""
    covered = 0
    for entry in sorted(entries, key=lambda each: (each.begin, each.end, each.name)):
        if entry.begin > entry.end:
            raise _Refusal(
                entry.name, f"the data ends at {entry.end} before it begins at {entry.begin}"
            )
        if entry.end > data_bytes:
            raise _Refusal(
                entry.name,
                f"the data ends at {entry.end}, but the file has only {data_bytes} bytes of data; "
                "is it cut short?",
            )
        if entry.begin < covered:
            raise _Refusal(entry.name, "the data overlaps that of another tensor")
        if entry.begin > covered:
            hole = entry.begin - covered
            raise _Refusal(entry.name, f"there is a hole of {hole} bytes before the data")
        _check_size(entry)
        covered = entry.end
    if covered != data_bytes:
        raise _Refusal("", f"{data_bytes - covered} bytes after the last tensor belong to none")


def _check_size(entry: _Entry) -> None:
    """Check the bytes against shape and type; nobody knows for a type that the format lacks."""
    storage = STORAGE.get(entry.dtype)
    bits = storage.itemsize * 8 if storage else _FOREIGN_BITS.get(entry.dtype)
    if bits is None:
        return
    text = f"{entry.dtype}{shape_text(entry.shape)}"
    # Sizes of 0 do not excuse others whose product no machine could count.
    if math.prod(size or 1 for size in entry.shape) * max(bits // 8, 1) > _LARGEST_SIZE:
        raise _Refusal(
            entry.name, f"the shape {shape_text(entry.shape)} is too large for a 64-bit size"
        )
    wanted = math.prod(entry.shape) * bits
    if wanted % 8:
        raise _Refusal(entry.name, f"expected whole bytes, but got {wanted} bits for {text}")
    if wanted // 8 != entry.end - entry.begin:
        raise _Refusal(
            entry.name,
            f"expected {wanted // 8} bytes for {text}, but got {entry.end - entry.begin}",
        )


def _tensor(entry: _Entry, data: memoryview, start: int, path: Path) -> Tensor:
    if entry.dtype not in STORAGE:
        return Tensor(entry.name, entry.dtype, entry.shape, path, partial(_unreadable, entry, path))
    raw = partial(viewed, data, start + entry.begin, entry.dtype, entry.shape)
    return Tensor(entry.name, entry.dtype, entry.shape, path, raw)


def _unreadable(entry: _Entry, path: Path) -> Any:
    text = f"tensor {quoted(entry.name)}: unsupported dtype {quoted(entry.dtype)}"
    raise CheckpointError(path, entry.name, text)
