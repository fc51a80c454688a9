"""A compiled model, called through its C interface."""

import ctypes
import mmap

import numpy as np
from safetensors.numpy import load_file


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
        # All dynamic sizes are the batch, which is 1.
        sizes = (ctypes.c_int64 * max(1, len(self.signature["sizes"])))(1)
        num_bytes = ctypes.c_size_t()
        self._call(
            "workspace_size", model, entry, sizes, self.job["threads"], ctypes.byref(num_bytes)
        )
        inputs = load_file(self.job["inputs"])
        self.arrays = []
        for argument in self.signature["arguments"]:
            if argument["output"]:
                shape = [size if isinstance(size, int) else 1 for size in argument["shape"]]
                self.output = np.zeros(shape, np.float32)
                self.arrays.append(self.output)
            else:
                self.arrays.append(np.ascontiguousarray(inputs[argument["name"]]))
        pointers = (ctypes.c_void_p * len(self.arrays))(*(a.ctypes.data for a in self.arrays))
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

    def result(self) -> np.ndarray:
        """What the last run computed."""
        return self.output
