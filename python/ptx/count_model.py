"""Run a model for CUDA devices on the emulated one and tell what its kernels do.

count_model.py MODEL.so --input FILE [--entry run]: per kernel launches, warp instructions, the
share of fused multiply-adds, and how many shared wavefronts and global sectors there are for each
one that is needed.
"""

import argparse
import ctypes
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

DTYPES = {"f32": np.float32, "f64": np.float64, "i32": np.int32, "i64": np.int64, "bool": np.bool_}
BUILD = Path(os.environ.get("PERCEIVER_BUILD", Path(__file__).resolve().parents[2] / "build"))


class Options(ctypes.Structure):
    """perceiver_cuda_options (lib/Runtime/perceiver_cuda.h)."""

    _fields_ = (
        ("struct_bytes", ctypes.c_size_t),
        ("ordinal", ctypes.c_int32),
        ("driver_path", ctypes.c_char_p),
        ("flags", ctypes.c_uint32),
    )


def _describe(model: Path) -> dict:
    command = [str(BUILD / "bin" / "perceiver-inspect"), str(model), "--json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def _bind(entry: dict, inputs: dict[str, np.ndarray]) -> tuple[list[int], list[np.ndarray]]:
    """Return the entry's sizes, and all its arguments, outputs among them."""
    sizes: dict[str, int] = {}
    for argument in entry["arguments"]:
        if not argument["output"]:
            shape = inputs[argument["name"]].shape
            sizes.update(
                (name, size)
                for name, size in zip(argument["shape"], shape, strict=True)
                if isinstance(name, str)
            )
    arrays = []
    for argument in entry["arguments"]:
        dtype = DTYPES[argument["dtype"]]
        if argument["output"]:
            arrays.append(np.empty([sizes.get(d, d) for d in argument["shape"]], dtype))
        else:
            arrays.append(np.ascontiguousarray(inputs[argument["name"]], dtype))
    return [sizes[size["name"]] for size in entry["sizes"]], arrays


def count(model: Path, inputs: dict[str, np.ndarray], entry_name: str = "run") -> dict:
    """Return the device's counters for one run, as `perceiverEmulatorCounters` gives them.

    RuntimeError, with the model's own sentence, if it cannot be loaded or run.
    """
    description = _describe(model)
    entry = next(e for e in description["entries"] if e["name"] == entry_name)
    sizes, arrays = _bind(entry, inputs)
    driver = BUILD / "lib" / "libperceiver_cuda_emulator.so"
    emulator = ctypes.CDLL(str(driver))
    library = ctypes.CDLL(str(model.resolve()))
    prefix = description["prefix"]

    def call(name: str, *arguments: object) -> None:
        if getattr(library, f"{prefix}_{name}")(*arguments):
            error = getattr(library, f"{prefix}_last_error")
            error.restype = ctypes.c_char_p
            raise RuntimeError(error().decode())

    options = Options(ctypes.sizeof(Options), 0, str(driver).encode(), 0)
    loaded = ctypes.c_void_p()
    call("load_cuda", None, ctypes.byref(options), ctypes.byref(loaded))
    emulator.perceiverEmulatorReset()
    pointers = (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays))
    numbers = (ctypes.c_int64 * max(1, len(sizes)))(*sizes)
    index = ctypes.c_int32(entry["index"])
    call("invoke", loaded, index, numbers, pointers, None, ctypes.c_size_t(0), None)
    emulator.perceiverEmulatorCounters.restype = ctypes.c_size_t
    needed = emulator.perceiverEmulatorCounters(None, ctypes.c_size_t(0))
    text = ctypes.create_string_buffer(needed)
    emulator.perceiverEmulatorCounters(text, ctypes.c_size_t(needed))
    free = getattr(library, f"{prefix}_free")
    free.restype = None
    free(loaded)
    return json.loads(text.value)


def _ratio(kernel: dict, name: str) -> float:
    ideal = kernel[f"{name}_ideal"]
    return kernel[name] / ideal if ideal else 1.0


def figures(kernel: dict) -> dict[str, float]:
    """Return a kernel's share of multiply-adds, and its ratios of memory accesses to the ideal."""
    instructions = kernel["warp_instructions"]
    total = sum(instructions.values())
    return {
        "instructions": total,
        "fma": instructions.get("ffma", 0) / total,
        "shared": _ratio(kernel, "shared_wavefronts"),
        "global": _ratio(kernel, "global_sectors"),
    }


def add_kernels(kernels: list[dict]) -> dict:
    """Return the counters of all kernels together, as those of one named `all`."""
    names = [
        f"{name}{end}" for name in ("shared_wavefronts", "global_sectors") for end in ("", "_ideal")
    ]
    total = {name: sum(kernel[name] for kernel in kernels) for name in ("launches", *names)}
    instructions = Counter()
    for kernel in kernels:
        instructions.update(kernel["warp_instructions"])
    return {"name": "all", "warp_instructions": dict(instructions), **total}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--input", type=Path, required=True, help="a safetensors file")
    parser.add_argument("--entry", default="run")
    arguments = parser.parse_args()
    try:
        counters = count(arguments.model, load_file(arguments.input), arguments.entry)
    except RuntimeError as error:
        print(f"count_model.py: error: {error}", file=sys.stderr)
        return 1
    print(f"{'kernel':20} launches  warp instr.    fma  shared  global")
    for kernel in [*counters["kernels"], add_kernels(counters["kernels"])]:
        values = figures(kernel)
        print(
            f"{kernel['name']:20} {kernel['launches']:8} {values['instructions']:12,} "
            f"{values['fma']:6.2f} {values['shared']:7.2f} {values['global']:7.2f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
