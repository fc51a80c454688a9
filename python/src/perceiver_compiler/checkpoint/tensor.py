"""A tensor of a checkpoint: known by name, type and shape, read when asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# Element types as safetensors spells them, and what NumPy stores them as.
STORAGE = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype("<u2"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
    "U8": np.dtype("u1"),
    "BOOL": np.dtype("?"),
}
FLOATS = ("F32", "F16", "BF16", "F64")
_DTYPES = {dtype: name for name, dtype in STORAGE.items() if name != "BF16"}


@dataclass(frozen=True)
class Tensor:
    """A tensor that may lie in a file; `raw` gives its elements as they are stored there, row-major
    in meaning (BF16 as 16-bit integers, BOOL as such).
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    file: Path
    raw: Callable[[], np.ndarray]
    stored_name: str = ""

    def __post_init__(self) -> None:
        if not self.stored_name:
            object.__setattr__(self, "stored_name", self.name)

    @property
    def elements(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)

    def read(self) -> np.ndarray:
        """Return the elements; BF16 is widened to float32, all other types stay as they are."""
        values = self.raw()
        return widen_bfloat16(values) if self.dtype == "BF16" else values


def widen_bfloat16(bits: np.ndarray) -> np.ndarray:
    """Return the float32 values of bfloat16 bits (uint16)."""
    return (bits.astype(np.uint32) << 16).view(np.float32)


def dtype_name(dtype: np.dtype) -> str | None:
    """Return the name as safetensors spells it of a NumPy type that checkpoints may have."""
    return _DTYPES.get(dtype.newbyteorder("<") if dtype.itemsize > 1 else dtype)


def shape_text(shape: tuple[int | None, ...]) -> str:
    """Return "[2, 3]"; a size that may be anything is "?"."""
    return "[" + ", ".join("?" if size is None else str(size) for size in shape) + "]"


def viewed(data: memoryview, offset: int, dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return a row-major tensor that lies at `offset`, without copying it if it is aligned."""
    storage = STORAGE[dtype]
    count = math.prod(shape)
    array = np.frombuffer(data, storage, count, offset) if count else np.empty(0, storage)
    if not array.flags.aligned:
        array = array.copy()
    return array.reshape(shape)


def same_bits(a: Tensor, b: Tensor) -> bool:
    """Whether two tensors agree in type, shape and every bit."""
    if (a.dtype, a.shape) != (b.dtype, b.shape):
        return False
    left, right = np.ascontiguousarray(a.raw()), np.ascontiguousarray(b.raw())
    return np.array_equal(left.reshape(-1).view(np.uint8), right.reshape(-1).view(np.uint8))
