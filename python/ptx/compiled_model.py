"""A compiled model for CUDA devices: its kernels, and what each entry asks a device to do.

The body of an entry runs on the host, gets a frame, and calls the frame's launcher
(`lib/Runtime/perceiver_runtime.h`). Here the launcher is Python, which takes down kernels and
parameters; nothing of a device is needed, and the plan of the memory is whatever the caller says.
"""

from __future__ import annotations

import ctypes
import json
import re
import struct
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_PTX = re.compile(rb"[^\0]*\.version\s[^\0]*\.target\s[^\0]*\.entry\s[^\0]*")
_ENTRY = re.compile(r"^[^\n]*\.entry\s+([\w$]+)\(([^)]*)\)", re.MULTILINE)
# data_offset of perceiver_weights_header (lib/Runtime/weights_format.h).
_DATA_OFFSET = 72
_ITEM_BYTES = {"f32": 4, "f64": 8, "i32": 4, "i64": 8, "bool": 1}
# Of a buffer, as the runtime places them.
_ALIGNMENT = 256
# Behind each array, as the runtime leaves it for an emulated device.
_GAP = 256


@dataclass(frozen=True)
class Array:
    """An argument, buffer or weight of an entry: `size` bytes at `offset` of its memory.

    `kind` is "input", "output", "buffer" or "weight"; `first` and `last` are the steps between
    which a buffer is live.
    """

    name: str
    kind: str
    offset: int
    size: int
    first: int = -1
    last: int = 1 << 31

    @property
    def is_read_only(self) -> bool:
        return self.kind in ("input", "weight")


@dataclass(frozen=True)
class Launch:
    """A kernel with the values of its parameters, at a step of the body."""

    kernel: str
    position: int
    tasks: int
    parameters: tuple[int, ...]


@dataclass(frozen=True)
class Copy:
    """A copy of device memory at a step of the body."""

    position: int
    destination: int
    source: int
    size: int


class _Launcher(ctypes.Structure):
    """perceiver_launcher."""

    LAUNCH = ctypes.CFUNCTYPE(
        None,
        ctypes.c_void_p,
        ctypes.c_int32,
        ctypes.c_int32,
        ctypes.c_int64,
        ctypes.POINTER(ctypes.POINTER(ctypes.c_uint64)),
    )
    COPY = ctypes.CFUNCTYPE(
        None,
        ctypes.c_void_p,
        ctypes.c_int32,
        ctypes.c_uint64,
        ctypes.c_uint64,
        ctypes.c_int64,
    )
    _fields_ = (("launch", LAUNCH), ("copy", COPY))


class _Frame(ctypes.Structure):
    """perceiver_frame."""

    _fields_ = (
        ("size", ctypes.c_uint64),
        ("pool", ctypes.c_void_p),
        ("weights", ctypes.c_uint64),
        ("workspace", ctypes.c_uint64),
        ("buffers", ctypes.POINTER(ctypes.c_int64)),
        ("arguments", ctypes.POINTER(ctypes.c_uint64)),
        ("sizes", ctypes.POINTER(ctypes.c_int64)),
        ("run_state", ctypes.c_void_p),
        ("launcher", ctypes.POINTER(_Launcher)),
    )


def _evaluate(program: object, sizes: Sequence[int]) -> int:
    """Return the value of a size program as `lib/Artifact/MetadataWriter.h` spells it."""
    operators = {
        "+": lambda a, b: a + b,
        "*": lambda a, b: a * b,
        "floordiv": lambda a, b: a // b,
        "ceildiv": lambda a, b: -(-a // b),
        "mod": lambda a, b: a % b,
        "min": min,
        "max": max,
    }
    stack: list[int] = []
    for word in program if isinstance(program, list) else [program]:
        if isinstance(word, str):
            right = stack.pop()
            stack.append(operators[word](stack.pop(), right))
        else:
            stack.append(sizes[word["size"]] if isinstance(word, dict) else word)
    return stack.pop()


@dataclass(frozen=True)
class CompiledModel:
    """A file that perceiver-compile made for CUDA devices, with its weights beside it."""

    build: Path
    path: Path

    @cached_property
    def description(self) -> dict:
        """What `perceiver-inspect --json` says."""
        command = [str(self.build / "bin" / "perceiver-inspect"), str(self.path), "--json"]
        return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    @cached_property
    def ptx(self) -> str:
        """The text of all kernels. ValueError if the file has none."""
        if not (found := _PTX.search(self.path.read_bytes())):
            raise ValueError(f"expected PTX in {self.path}")
        return found[0].decode()

    @cached_property
    def kernels(self) -> dict[str, str]:
        """A text of each kernel alone, by name."""
        entries = list(_ENTRY.finditer(self.ptx))
        head = self.ptx[: entries[0].start()]
        ends = [entry.start() for entry in entries[1:]] + [len(self.ptx)]
        return {
            entry[1]: head + self.ptx[entry.start() : end]
            for entry, end in zip(entries, ends, strict=True)
        }

    @cached_property
    def shapes(self) -> dict[str, tuple[int, int]]:
        """The threads of each kernel's blocks, and their bytes of shared memory."""
        return {
            kernel["name"]: (image["threads"], image["shared_bytes"])
            for kernel in self.description["kernels"]
            for image in kernel["images"]
            if image["kind"] == "ptx"
        }

    @cached_property
    def weights(self) -> bytes:
        """The data of the weights' file."""
        data = self.path.with_suffix(".weights").read_bytes()
        (offset,) = struct.unpack_from("<Q", data, _DATA_OFFSET)
        return data[offset : offset + self.description["weights"]["bytes"]]

    @cached_property
    def weight_arrays(self) -> list[Array]:
        return [
            Array(tensor["name"], "weight", tensor["offset"], tensor["bytes"])
            for tensor in self.description["weights"]["tensors"]
        ]

    def entry(self, name: str) -> dict:
        """Return the description of an entry."""
        return next(e for e in self.description["entries"] if e["name"] == name)

    def plan(self, entry: dict, sizes: Sequence[int]) -> list[Array]:
        """Return arguments, then buffers, no two in one place."""
        arrays: list[Array] = []
        offset = 0

        def add(name: str, kind: str, size: int, first: int = -1, last: int = 1 << 31) -> None:
            nonlocal offset
            arrays.append(Array(name, kind, offset, size, first, last))
            offset += -(-(size + _GAP) // _ALIGNMENT) * _ALIGNMENT

        names = [size["name"] for size in entry["sizes"]]
        for argument in entry["arguments"]:
            count = _ITEM_BYTES[argument["dtype"]]
            for dim in argument["shape"]:
                count *= sizes[names.index(dim)] if isinstance(dim, str) else dim
            add(argument["name"], "output" if argument["output"] else "input", count)
        for buffer in entry["buffers"]:
            size = _evaluate(buffer["bytes"], sizes)
            add(buffer["name"], "buffer", size, buffer["first"], buffer["last"])
        return arrays

    def record(
        self, entry: dict, sizes: Sequence[int], plan: Sequence[Array], memory: int, weights: int
    ) -> list[Launch | Copy]:
        """Return what the body of an entry does, with `plan` at the address `memory`."""
        kernels = [kernel["name"] for kernel in self.description["kernels"]]
        steps: list[Launch | Copy] = []

        def launch(_: object, kernel: int, position: int, tasks: int, values: object) -> None:
            name = kernels[kernel]
            parameters = tuple(values[i][0] for i in range(self._parameter_counts[name]))
            if tasks > 0:
                steps.append(Launch(name, position, tasks, parameters))

        def copy(_: object, position: int, destination: int, source: int, size: int) -> None:
            if size > 0:
                steps.append(Copy(position, destination, source, size))

        launcher = _Launcher(_Launcher.LAUNCH(launch), _Launcher.COPY(copy))
        buffers = [word for a in plan if a.kind == "buffer" for word in (a.offset, 0)]
        arguments = [memory + a.offset for a in plan if a.kind in ("input", "output")]
        frame = _Frame(
            size=ctypes.sizeof(_Frame),
            weights=weights,
            workspace=memory,
            buffers=(ctypes.c_int64 * max(1, len(buffers)))(*buffers),
            arguments=(ctypes.c_uint64 * max(1, len(arguments)))(*arguments),
            sizes=(ctypes.c_int64 * max(1, len(sizes)))(*sizes),
            launcher=ctypes.pointer(launcher),
        )
        prefix = self.description["prefix"]
        address = self._load_address + self._symbols[f"{prefix}__body_{entry['name']}"]
        ctypes.CFUNCTYPE(None, ctypes.POINTER(_Frame))(address)(ctypes.byref(frame))
        return steps

    @cached_property
    def _parameter_counts(self) -> dict[str, int]:
        return {entry[1]: entry[2].count(".param") for entry in _ENTRY.finditer(self.ptx)}

    @cached_property
    def _symbols(self) -> dict[str, int]:
        lines = subprocess.run(["nm", self.path], capture_output=True, text=True, check=True).stdout
        words = (line.split() for line in lines.splitlines())
        return {word[2]: int(word[0], 16) for word in words if len(word) == 3}

    @cached_property
    def _load_address(self) -> int:
        name = f"{self.description['prefix']}_load"
        function = getattr(ctypes.CDLL(str(self.path.resolve())), name)
        return ctypes.cast(function, ctypes.c_void_p).value - self._symbols[name]
