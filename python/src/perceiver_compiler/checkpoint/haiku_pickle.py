"""Read pickles of haiku's parameters: {module: {name: array}}, or a dict with params and state.

Arrays are NumPy's, or JAX's, which hold one of NumPy. None is made while the pickle is read: the
elements stay where they lie.
"""

from __future__ import annotations

import codecs
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import CheckpointError
from .names import quoted, shown
from .pickle_machine import Buildable, Constructor, LargeText, PickleError, load_pickle
from .records import ORDERED_DICT
from .regular_file import IS_UNKNOWN, map_file, what_it_is
from .tensor import STORAGE, Tensor, dtype_name

_MOST_AXES = 64
_CHUNK = 1 << 20


@dataclass(eq=False)
class _DType(Buildable):
    """numpy.dtype: a code such as "f4", whose byte order comes as its state."""

    code: str

    def set_state(self, state: Any) -> None:
        """Take (version, byte order, ..), where what follows is of structured types."""
        if not isinstance(state, tuple) or len(state) < 5 or any(state[2:5]):
            raise PickleError("refused to load a structured dtype", "numpy.dtype")
        if state[1] == ">":
            raise PickleError("expected little-endian arrays, but got big-endian ones")
        if state[1] not in ("<", "|", "="):
            raise PickleError(f"expected a byte order, but got {shown(state[1])}")

    @property
    def name(self) -> str:
        """The name as safetensors spells it."""
        if self.code == "bfloat16":
            return "BF16"
        code = self.code.lstrip("<|=")
        known = {f"{d.kind}{d.itemsize}": d for d in STORAGE.values()}
        name = dtype_name(known[code]) if code in known else None
        if name is None:
            what = "object arrays" if code[:1] == "O" else f"arrays of dtype {quoted(self.code)}"
            raise PickleError(f"refused to load {what}", "numpy.dtype")
        return name


@dataclass(eq=False)
class HaikuArray(Buildable):
    """numpy.ndarray: type, shape and where its bytes are."""

    dtype: str = ""
    shape: tuple[int, ...] = ()
    fortran: bool = False
    data: Any = None

    def set_state(self, state: Any) -> None:
        """Take (version, shape, dtype, in Fortran's order, bytes)."""
        if not isinstance(state, tuple) or len(state) != 5:
            raise PickleError("expected the state of an array to have five parts", "numpy.ndarray")
        _, shape, dtype, fortran, data = state
        self.fill(data, dtype, shape, bool(fortran))

    def fill(self, data: Any, dtype: Any, shape: Any, fortran: bool) -> HaikuArray:
        """Check that the bytes are those of the shape."""
        if not isinstance(dtype, _DType):
            raise PickleError("expected an array to have a dtype", "numpy.ndarray")
        self.dtype, self.shape, self.fortran = dtype.name, _shape(shape), fortran
        if isinstance(data, bytes):
            data = memoryview(data)
        if not isinstance(data, memoryview | _Latin1):
            raise PickleError(
                f"expected the bytes of an array, but got {shown(data)}", "numpy.ndarray"
            )
        wanted = math.prod(self.shape) * STORAGE[self.dtype].itemsize
        if len(data) != wanted:
            raise PickleError(
                f"expected {wanted} bytes for an array {self.dtype}{list(self.shape)}, "
                f"but got {len(data)}",
                "numpy.ndarray",
            )
        self.data = data
        return self

    def at(self, name: str, path: Path) -> Tensor:
        """Return it under a name."""
        if self.data is None:
            raise CheckpointError(path, name, f"the array {quoted(name)} has no elements")
        return Tensor(name, self.dtype, self.shape, path, self.elements)

    def elements(self) -> np.ndarray:
        """Return the elements, without copying them if they are aligned bytes of the file."""
        data = self.data.decoded() if isinstance(self.data, _Latin1) else self.data
        array = np.frombuffer(data, STORAGE[self.dtype])
        if not array.flags.aligned:
            array = array.copy()
        return array.reshape(self.shape, order="F" if self.fortran else "C")


class _Latin1:
    """Bytes that an older protocol stores as text, each a character below 256."""

    def __init__(self, text: LargeText) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")()
        self._text = text
        self._length = 0
        for at in range(0, len(text.data), _CHUNK):
            final = at + _CHUNK >= len(text.data)
            characters = decoder.decode(text.data[at : at + _CHUNK], final)
            characters.encode("latin-1")
            self._length += len(characters)

    def __len__(self) -> int:
        return self._length

    def decoded(self) -> bytes:
        """Return the bytes."""
        return str(self._text.data, "utf-8").encode("latin-1")


def _shape(shape: Any) -> tuple[int, ...]:
    right = isinstance(shape, tuple) and len(shape) <= _MOST_AXES
    if not right or not all(type(n) is int and 0 <= n < 2**63 for n in shape):
        raise PickleError("expected the shape of an array to be a tuple of integers >= 0")
    return shape


def _dtype(code, align=False, copy=True):
    if isinstance(code, Constructor):
        code = code.name.removeprefix("ml_dtypes.")
    if not isinstance(code, str):
        raise PickleError("refused to load a structured dtype", "numpy.dtype")
    return _DType(code)


def _reconstruct(cls, shape, code):
    if not isinstance(cls, Constructor) or cls.name != "numpy.ndarray":
        raise PickleError(f"refused to make an array of {shown(cls)}")
    return HaikuArray()


def _from_buffer(data, dtype, shape, order):
    return HaikuArray().fill(data, dtype, shape, order == "F")


def _scalar(dtype, data):
    return HaikuArray().fill(data, dtype, (), False)


def _encode(text, encoding="latin1"):
    if encoding not in ("latin1", "latin-1"):
        raise PickleError(f"expected latin1 text, but got {shown(encoding)}", "_codecs.encode")
    if isinstance(text, LargeText):
        return _Latin1(text)
    if not isinstance(text, str):
        raise PickleError(f"expected latin1 text, but got {shown(text)}", "_codecs.encode")
    return text.encode("latin-1")


def _mapping(content):
    if not isinstance(content, dict):
        raise PickleError(f"expected a dict, but got {shown(content)}")
    return content


def _jax_array(function, arguments, state, aval_state=None):
    name = function.name if isinstance(function, Constructor) else shown(function)
    if not name.endswith(".multiarray._reconstruct"):
        raise PickleError(f"refused to call {name}", name)
    array = HaikuArray()
    array.set_state(state)
    return array


_NUMPY = ("numpy.core", "numpy._core")
_TABLE = {
    each.name: each
    for each in (
        *(Constructor(f"{core}.multiarray._reconstruct", _reconstruct) for core in _NUMPY),
        *(Constructor(f"{core}.multiarray.scalar", _scalar) for core in _NUMPY),
        *(Constructor(f"{core}.numeric._frombuffer", _from_buffer) for core in _NUMPY),
        Constructor("numpy.ndarray"),
        Constructor("numpy.dtype", _dtype),
        Constructor("ml_dtypes.bfloat16"),
        Constructor("_codecs.encode", _encode),
        Constructor("haiku._src.data_structures.FlatMapping", _mapping),
        Constructor("haiku._src.data_structures.FlatMap", _mapping),
        Constructor("haiku._src.data_structures.frozendict", _mapping),
        Constructor("jax._src.array._reconstruct_array", _jax_array),
        Constructor("jax._src.device_array.reconstruct_device_array", _jax_array),
        ORDERED_DICT,
    )
}


def read_haiku_pickle(path: Path) -> dict[str, Tensor]:
    """Return the arrays as "module:name"; nothing in the file is executed."""
    data = map_file(path)
    what = what_it_is(data)
    if what not in ("is a pickle", IS_UNKNOWN):
        raise CheckpointError(path, "", f"expected a pickle, but the file {what}")
    try:
        value = load_pickle(data, _TABLE)
    except PickleError as error:
        raise CheckpointError(path, error.name, str(error)) from None
    if not isinstance(value, dict):
        raise CheckpointError(path, "", f"expected a dict of modules, but got {shown(value)}")
    parts = [value]
    if "params" in value and isinstance(value["params"], dict):
        parts = [value["params"], value.get("state") or {}]
    tensors: dict[str, Tensor] = {}
    for part in parts:
        for name, array in _named_arrays(part, path):
            if name in tensors:
                raise CheckpointError(path, name, f"there are two arrays {quoted(name)}")
            tensors[name] = array.at(name, path)
    return tensors


def _named_arrays(modules: Any, path: Path):
    if not isinstance(modules, dict):
        raise CheckpointError(path, "", f"expected a dict of modules, but got {shown(modules)}")
    for module, arrays in modules.items():
        if not isinstance(module, str) or not isinstance(arrays, dict):
            raise CheckpointError(
                path,
                str(module),
                f"expected a dict of arrays for the module {quoted(module)}, "
                f"but got {shown(arrays)}",
            )
        for name, array in arrays.items():
            if not isinstance(name, str) or not isinstance(array, HaikuArray):
                raise CheckpointError(
                    path,
                    f"{module}:{name}",
                    f"expected an array {quoted(f'{module}:{name}')}, but got {shown(array)}",
                )
            yield f"{module}:{name}", array
