"""A compiled model, called through its C interface."""

import ctypes
import mmap

import numpy as np
from safetensors.numpy import load_file

from bench.sizes import evaluate

DTYPES = {"f32": np.float32, "i32": np.int32, "i64": np.int64, "bool": np.bool_}


class Ours:
    """See worker.py."""

    def __init__(self, job: dict) -> None:
        self.job = job
        self.signature = job["signature"]
        self.library = ctypes.CDLL(job["binary"])
        self._function("last_error").restype = ctypes.c_char_p

    def _function(self, name: str):
        return getattr(self.library, f"{self.signature['prefix']}_{name}")

    def _call(self, name: str, *arguments) -> None:
        if self._function(name)(*arguments):
            raise RuntimeError(self._function("last_error")().decode())

    def prepare(self) -> None:
        """Load the model, start its threads, bind its arguments."""
        model, pool = ctypes.c_void_p(), ctypes.c_void_p()
        self._call("load", None, ctypes.byref(model))
        self._call("pool_create", self.job["threads"], ctypes.byref(pool))
        entry = self.signature["index"]
        bound = self.job["sizes"]
        values = [bound[size["name"]] for size in self.signature["sizes"]]
        sizes = (ctypes.c_int64 * max(1, len(values)))(*values)
        num_bytes = ctypes.c_size_t()
        self._call(
            "workspace_size", model, entry, sizes, self.job["threads"], ctypes.byref(num_bytes)
        )
        self.plan_mib = num_bytes.value / 2**20
        inputs = load_file(self.job["inputs"])
        self.outputs, self.arrays = {}, []
        for argument in self.signature["arguments"]:
            name, dtype = argument["name"], DTYPES[argument["dtype"]]
            if argument["output"]:
                shape = [evaluate(size, bound) for size in argument["shape"]]
                self.outputs[name] = np.zeros(shape, dtype)
                self.arrays.append(self.outputs[name])
            elif name in inputs or "default" not in argument:
                self.arrays.append(np.ascontiguousarray(inputs[name], dtype))
            else:
                self.arrays.append(None)
        # What is left out is a null pointer.
        addresses = (None if a is None else a.ctypes.data for a in self.arrays)
        pointers = (ctypes.c_void_p * len(self.arrays))(*addresses)
        # Pages are aligned to more than a workspace has to be.
        self.workspace = mmap.mmap(-1, max(1, num_bytes.value))
        workspace = ctypes.addressof(ctypes.c_char.from_buffer(self.workspace))
        invoke = self._function("invoke")
        invoke.argtypes = [ctypes.c_void_p, ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p,
                           ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]  # fmt: skip
        self.arguments = (model, entry, sizes, pointers, workspace, num_bytes.value, pool)

    def run(self) -> None:
        """Compute the outputs once."""
        self._call("invoke", *self.arguments)

    def result(self) -> dict[str, np.ndarray]:
        """What the last run computed, by name."""
        return self.outputs
