"""Load compiled models and run them."""

from __future__ import annotations

import json
import operator
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from . import _runtime
from .diagnostics import caller_level
from .errors import InputError

Path: TypeAlias = "str | os.PathLike[str]"

#: The names that metadata has for types, where NumPy has others.
_NUMPY_NAMES = {
    "f64": "float64",
    "f32": "float32",
    "f16": "float16",
    "i64": "int64",
    "i32": "int32",
    "i16": "int16",
    "i8": "int8",
    "u8": "uint8",
}


class Pool:
    """Threads that run the tasks of models, of one or of several.

    `threads` counts the thread that calls a model; None means one per processor that this process
    may use. A pool lives as long as something refers to it.
    """

    def __init__(self, threads: int | None = None) -> None:
        if threads is not None and threads < 1:
            raise ValueError(f"expected one thread or more, but got {threads}")
        self._native = _runtime.Pool(threads or 0)

    @property
    def threads(self) -> int:
        """How many tasks run at once."""
        return self._native.threads

    def __repr__(self) -> str:
        return f"Pool(threads={self.threads})"


@dataclass(frozen=True)
class Tensor:
    """An input or output of an entry. Sizes that depend on the call are names, or expressions."""

    name: str
    dtype: np.dtype | str  #: "bf16", which NumPy lacks, is a str
    shape: tuple[int | str, ...]
    aliases: tuple[str, ...] = ()  #: other names of the same input
    optional: bool = False  #: a mask that may be left out
    bounds: tuple[int, int] | None = None  #: integers from the first to below the second

    def __str__(self) -> str:
        return f"{self.name}: {self.dtype} [{', '.join(map(str, self.shape))}]"


@dataclass(frozen=True)
class Size:
    """The range of a size that the caller chooses; no `max` but memory if None."""

    name: str
    min: int
    max: int | None


class Entry:
    """A function of a model, bound to it.

    Call it with its inputs by name, or with a mapping that has them; it returns a dict with the
    outputs by name:

        logits = model.run(inputs=images)["logits"]
        outputs = model.decode(model.encode(inputs=images), queries=positions)

    An input is a NumPy array, or any other array in the CPU's memory that speaks DLPack or the
    buffer protocol (tensors of PyTorch, JAX, ...). It is used in place if it is row-major, and
    copied once if it is strided or in Fortran order. A mask may have any type, ids may be shorter
    integers; other types are never converted. Outputs are NumPy arrays that own their memory; they
    may outlive the model.

    Names with dots are dicts of dicts, in and out: `inputs={"image": frames}` is the input
    "inputs.image". A size that no array determines is a number:

        model.decode(latents=latents, first=0, count=4096)
    """

    def __init__(self, model: Model, metadata: dict[str, Any]) -> None:
        self._model = model
        self.name: str = metadata["name"]
        tensors = [(_tensor(each), each["output"]) for each in metadata["arguments"]]
        self.inputs = tuple(tensor for tensor, is_output in tensors if not is_output)
        self.outputs = tuple(tensor for tensor, is_output in tensors if is_output)
        self.sizes = tuple(
            Size(each["name"], each.get("min", 1), each.get("max")) for each in metadata["sizes"]
        )

    def __call__(self, inputs: Mapping[str, Any] | None = None, /, **named: Any) -> dict[str, Any]:
        if inputs is not None:
            if not isinstance(inputs, Mapping):
                raise InputError(
                    f"expected inputs by name, but got an object of type {type(inputs).__name__}"
                )
            if twice := inputs.keys() & named.keys():
                raise InputError(f"input {min(twice)!r} is given twice")
            named = {**inputs, **named}
        sizes = {size.name for size in self.sizes}.difference(*map(_names, self.inputs))
        numbers = {name: _number(name, named.pop(name)) for name in sizes & named.keys()}
        pool = self._model.pool
        outputs = self._model._native.run(
            self.name, _flatten(named), numbers, pool and pool._native
        )
        return _nest(outputs)

    def workspace_size(self, **sizes: int) -> int:
        """Return how many bytes a call with these sizes needs besides inputs and outputs."""
        expected = [size.name for size in self.sizes]
        if sizes.keys() != set(expected):
            raise InputError(f"expected the sizes {expected}, but got {sorted(sizes)}")
        values = [sizes[name] for name in expected]
        pool = self._model.pool
        workers = pool.threads if pool else 1
        return self._model._native.workspace_size(self.name, values, workers)

    def __repr__(self) -> str:
        inputs = ", ".join(map(str, self.inputs))
        return f"<entry {self.name}({inputs}) -> {', '.join(map(str, self.outputs))}>"


class Model:
    """A compiled model, as `load` and `compile` return it.

    `model["encode"]` is its entry of that name, whatever the name is. `model.encode` is the same,
    unless this class has an attribute of that name: then there is a warning when the model is
    loaded.

    Threads may run one model at once; each run has a workspace of its own, which the model keeps
    for the next one.
    """

    def __init__(
        self,
        path: Path,
        *,
        pool: Pool | None = None,
        weights: Path | None = None,
        device: str | None = None,
    ) -> None:
        if device is not None and not (isinstance(device, str) and device):
            raise InputError(f"device: expected cpu, cuda, cuda:N or emulated, but got {device!r}")
        package = os.fsencode(os.path.dirname(os.path.abspath(_runtime.__file__)))
        self._native = _runtime.Model(
            os.fsencode(path), os.fsencode(weights or b""), device or "", package
        )
        #: Where it runs: "cpu", "cuda:0" or "emulated".
        self.device: str = self._native.device
        if self.device != "cpu" and pool is not None:
            raise InputError(f"a model on {self.device!r} has no threads of the CPU")
        #: The threads that run it; None on a device.
        self.pool = Pool() if self.device == "cpu" and pool is None else pool
        #: What the binary says about itself; perceiver-inspect --json prints the same.
        self.metadata: dict[str, Any] = json.loads(self._native.metadata)
        self.name: str = self.metadata["model"]
        own = {*dir(type(self)), *vars(self)}
        if hidden := [name for name in self.entries if name in own]:
            warnings.warn(
                f"entries with the names of attributes of a model: {', '.join(map(repr, hidden))}"
                f'; write model["{hidden[0]}"], as model.{hidden[0]} is no entry',
                stacklevel=caller_level(),
            )

    @property
    def entries(self) -> dict[str, Entry]:
        """The functions of the model by name."""
        return {each["name"]: Entry(self, each) for each in self.metadata["entries"]}

    def __getitem__(self, name: str) -> Entry:
        # Not even `metadata` may be there yet.
        metadata = self.__dict__.get("metadata", {"model": "", "entries": []})
        for each in metadata["entries"]:
            if each["name"] == name:
                return Entry(self, each)
        names = ", ".join(repr(each["name"]) for each in metadata["entries"])
        raise KeyError(f"model {metadata['model']!r} has no entry {name!r}; it has {names}")

    def __getattr__(self, name: str) -> Entry:
        # Only called for what is no attribute.
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.entries]

    def describe(self) -> str:
        """Return several lines: target, weights, entries with their memory plans."""
        return self._native.describe()

    def __repr__(self) -> str:
        return f"<model {self.name}: {', '.join(self.entries)}>"


def load(
    path: Path,
    *,
    pool: Pool | None = None,
    threads: int | None = None,
    weights: Path | None = None,
    device: str | None = None,
) -> Model:
    """Load a compiled model. This executes code of the file.

    It runs on `pool`, or on a pool of its own with `threads` threads; by default one per processor.
    Its weights are beside it (model.so: model.weights) unless `weights` says where. Both files are
    mapped: replace them by renaming others, never change them in place.

    `device` is "cpu", "cuda", "cuda:1" or "emulated", which is a CUDA device on the CPU that checks
    every access: what it finds in a run is a ModelError. By default a model runs on the first of
    those that it is for. On a device there is no pool.
    """
    return Model(path, pool=_choose_pool(pool, threads), weights=weights, device=device)


def _choose_pool(pool: Pool | None, threads: int | None) -> Pool | None:
    if pool is None:
        return None if threads is None else Pool(threads)
    if threads is not None:
        raise TypeError("expected a pool or a number of threads, but got both")
    return pool


def _tensor(argument: dict[str, Any]) -> Tensor:
    name = argument["dtype"]
    dtype = name if name == "bf16" else np.dtype(_NUMPY_NAMES.get(name, name))
    shape = (size["text"] if isinstance(size, dict) else size for size in argument["shape"])
    bounds = argument.get("bounds")
    return Tensor(
        argument["name"],
        dtype,
        tuple(shape),
        tuple(argument.get("aliases", ())),
        "default" in argument,
        (bounds[0], bounds[1]) if bounds else None,
    )


def _names(tensor: Tensor) -> set[str]:
    return {tensor.name, *tensor.aliases}


def _number(name: str, value: Any) -> int:
    """Return the value of a size."""
    try:
        number = operator.index(value)
    except TypeError:
        raise InputError(
            f"size {name!r}: expected an integer, but got an object of type {type(value).__name__}"
        ) from None
    if number.bit_length() > 63:
        raise InputError(f"size {name!r}: expected an integer of 64 bits, but got {number}")
    return number


def _flatten(values: Mapping[Any, Any], outer: str = "") -> dict[Any, Any]:
    """Return {"inputs.image": x} for {"inputs": {"image": x}}."""
    flat: dict[Any, Any] = {}
    for key, value in values.items():
        name = f"{outer}.{key}" if outer else key
        inner = _flatten(value, name) if isinstance(value, Mapping) else {name: value}
        if twice := flat.keys() & inner.keys():
            raise InputError(f"input {min(twice)!r} is given twice")
        flat.update(inner)
    return flat


def _nest(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return {"logits": {"image": y}} for {"logits.image": y}."""
    nested: dict[str, Any] = {}
    for name, value in values.items():
        *outer, last = name.split(".")
        inner = nested
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return nested
