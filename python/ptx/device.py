"""Kernels in PTX on the emulated device (`lib/Emulator`), with NumPy arrays."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

# Of a kernel: arrays by their addresses, numbers as NumPy scalars of the parameter's type.
Parameter = np.generic


class DriverError(Exception):
    """A function of the driver that fails, with its name and the result."""

    def __init__(self, function: str, result: int, text: str) -> None:
        super().__init__(f"{function}: error {result}{': ' if text else ''}{text}")
        self.function = function
        self.result = result


class Device:
    """The emulated device of this process, with its context: one at a time.

    As a context manager it frees what was allocated and loaded.
    """

    def __init__(self, library: Path) -> None:
        self._library = ctypes.CDLL(str(library))
        self._library.perceiverEmulatorError.restype = ctypes.c_char_p
        self._library.perceiverEmulatorCounters.restype = ctypes.c_size_t
        self._arrays: list[int] = []
        self._modules: dict[str, ctypes.c_void_p] = {}
        context = ctypes.c_void_p()
        self._call("cuInit", ctypes.c_uint(0))
        self._call("cuDevicePrimaryCtxRetain", ctypes.byref(context), ctypes.c_int(0))
        self._call("cuCtxPushCurrent_v2", context)
        self.configure("")
        self.reset()

    def __enter__(self) -> Device:
        return self

    def __exit__(self, *_: object) -> None:
        self.reset()
        for address in self._arrays:
            self._call("cuMemFree_v2", ctypes.c_uint64(address))
        for module in self._modules.values():
            self._call("cuModuleUnload", module)
        self._call("cuCtxPopCurrent_v2", None)
        self._call("cuDevicePrimaryCtxRelease_v2", ctypes.c_int(0))

    def configure(self, words: str) -> None:
        """Apply words of `perceiver_cuda_emulator.h`."""
        self._call("perceiverEmulatorConfigure", words.encode())

    def load(self, ptx: str, kernel: str) -> ctypes.c_void_p:
        """Return a kernel of a PTX text, which is read once. DriverError if it is refused."""
        if ptx not in self._modules:
            module = ctypes.c_void_p()
            self._call("cuModuleLoadData", ctypes.byref(module), ptx.encode())
            self._modules[ptx] = module
        function = ctypes.c_void_p()
        module = self._modules[ptx]
        self._call("cuModuleGetFunction", ctypes.byref(function), module, kernel.encode())
        return function

    def unload(self, ptx: str) -> None:
        """Forget a text that was loaded."""
        if module := self._modules.pop(ptx, None):
            self._call("cuModuleUnload", module)

    def allocate(self, count: int) -> np.uint64:
        """Return the address of so many bytes, which nobody has written."""
        address = ctypes.c_uint64()
        self._call("cuMemAlloc_v2", ctypes.byref(address), ctypes.c_size_t(count))
        self._arrays.append(address.value)
        return np.uint64(address.value)

    def upload(self, array: np.ndarray) -> np.uint64:
        """Return the address of a copy of `array`."""
        address = self.allocate(array.nbytes)
        self.write(address, array)
        return address

    def write(self, address: np.uint64, array: np.ndarray) -> None:
        """Copy `array` to `address`."""
        array = np.ascontiguousarray(array)
        size = ctypes.c_size_t(array.nbytes)
        source = array.ctypes.data_as(ctypes.c_void_p)
        self._call("cuMemcpyHtoD_v2", ctypes.c_uint64(int(address)), source, size)

    def download(self, address: np.uint64, shape: Sequence[int], dtype: object) -> np.ndarray:
        """Return what stands at `address`."""
        array = np.empty(shape, dtype)
        target = array.ctypes.data_as(ctypes.c_void_p)
        size = ctypes.c_size_t(array.nbytes)
        self._call("cuMemcpyDtoH_v2", target, ctypes.c_uint64(int(address)), size)
        return array

    def copy(self, destination: int, source: int, count: int) -> None:
        """Copy `count` bytes on the device, and whether somebody has written them."""
        size = ctypes.c_size_t(count)
        self._call(
            "cuMemcpyDtoDAsync_v2",
            ctypes.c_uint64(destination),
            ctypes.c_uint64(source),
            size,
            None,
        )

    def annotate(
        self, address: int, count: int, name: str, *, read_only: bool = False, poison: bool = False
    ) -> None:
        """Name an array, and say whether kernels may write it, and whether it begins as memory that
        nobody has written."""
        self._annotate(address, count, name, (1 if read_only else 0) | (2 if poison else 0))

    def end_annotation(self, address: int) -> None:
        """Take back the name of the array at an address."""
        self._annotate(address, 0, "", 4)

    def _annotate(self, address: int, count: int, name: str, flags: int) -> None:
        self._library.perceiverEmulatorAnnotate(
            None,
            ctypes.c_uint64(int(address)),
            ctypes.c_size_t(count),
            name.encode(),
            ctypes.c_uint(flags),
        )

    def launch(
        self,
        kernel: ctypes.c_void_p,
        grid: Sequence[int],
        threads: int,
        parameters: Sequence[Parameter],
        shared_bytes: int = 0,
    ) -> None:
        """Run a kernel. Deadlocks and endless loops are findings, and no error here."""
        values = [np.array([value]) for value in parameters]
        pointers = (ctypes.c_void_p * len(values))(*(value.ctypes.data for value in values))
        blocks = [*grid, 1, 1][:3]
        sizes = [ctypes.c_uint(size) for size in (*blocks, threads, 1, 1, shared_bytes)]
        # cuFuncSetAttribute(.., CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, ..)
        self._call("cuFuncSetAttribute", kernel, ctypes.c_int(8), ctypes.c_int(shared_bytes))
        self._call("cuLaunchKernel", kernel, *sizes, None, pointers, None)
        self._library.cuCtxSynchronize()

    def findings(self) -> list[str]:
        """Return the lines of all that was found since the last `reset`."""
        text = ctypes.create_string_buffer(1 << 16)
        self._library.perceiverEmulatorFindings(text, ctypes.c_size_t(len(text)))
        return text.value.decode().splitlines()

    def counters(self) -> dict:
        """Return what was counted since the last `reset` (`perceiver_cuda_emulator.h`)."""
        size = self._library.perceiverEmulatorCounters(None, ctypes.c_size_t(0))
        text = ctypes.create_string_buffer(size)
        self._library.perceiverEmulatorCounters(text, ctypes.c_size_t(size))
        return json.loads(text.value)

    def reset(self) -> None:
        """Forget findings, counters, and what a kernel that was ended has left."""
        self._library.perceiverEmulatorReset()

    def _call(self, function: str, *arguments: object) -> None:
        result = getattr(self._library, function)(*arguments)
        if result:
            text = self._library.perceiverEmulatorError() or b""
            raise DriverError(function, result, text.decode())
