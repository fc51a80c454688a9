"""Compile single kernels and run them on the emulated device.

A test describes kernels of one operation each, and what they should compute:

    suite = kernels.Suite()
    y = kernels.Operand((3, 50, 48), output=True, loops=[0, 1, None])
    suite.add("add", "block.add ins({a}, {b} : {a:t}, {b:t}) outs({y} : {y:t})",
              loops=[3, (50, 8)], operands={"a": kernels.Operand(a, loops=[0, 1, None]), ..},
              expected={"y": a + b})
    suite.run()

All of them are compiled as one module. Memory is exactly as large as the arrays,
so what is accessed beside them is found.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "python"))

from ptx import Device  # noqa: E402

PASSES = (
    "perceiver-gpu-lower-kernels,canonicalize,cse,lower-affine,loop-invariant-code-motion,"
    "canonicalize,cse,convert-scf-to-cf,convert-math-to-llvm,convert-arith-to-llvm,"
    "convert-index-to-llvm,convert-cf-to-llvm,reconcile-unrealized-casts,"
    "perceiver-attach-loop-annotations,canonicalize,cse"
)
TOLERANCE = 1e-5
LIBRARY = Path(os.environ["PERCEIVER_EMULATOR"])

ELEMENTS = {
    np.dtype(np.float32): "f32",
    np.dtype(np.float64): "f64",
    np.dtype(np.bool_): "i1",
    np.dtype(np.int8): "i8",
    np.dtype(np.int16): "i16",
    np.dtype(np.int32): "i32",
    np.dtype(np.int64): "i64",
}


class Operand:
    """An array, and the part of it that a task gets.

    `loops` says of each dimension which loop cuts it, or None. `part` is the
    slice (first, size) of the last dimension that the operation sees.
    `alignment` is what the kernel may assume; `dynamic` makes the first dimension
    a size that the kernel is told. An output is read too where it is `initialised`.
    """

    def __init__(
        self, array, loops, output=False, part=None, alignment=16, dynamic=False, initialised=False
    ):
        if isinstance(array, tuple):
            array = np.zeros(array, np.float32)
        self.array = np.ascontiguousarray(array)
        self.loops, self.output, self.part = loops, output, part
        self.alignment, self.dynamic = alignment, dynamic
        self.initialised = initialised or not output
        self.name = self.type = None

    def __format__(self, what):
        return self.type if what == "t" else f"%{self.name}_tile"

    def memref(self):
        sizes = ["?" if self.dynamic and i == 0 else str(n) for i, n in enumerate(self.array.shape)]
        return f"memref<{'x'.join([*sizes, ELEMENTS[self.array.dtype]])}>"

    def subview(self, tiles):
        """The line that takes the task's part; sets the type."""
        strides, step = [], 1
        for size in reversed(self.array.shape):
            strides.insert(0, step)
            step *= size
        offsets, sizes, shape = [], [], []
        for dim, (loop, size) in enumerate(zip(self.loops, self.array.shape, strict=True)):
            offset = "0"
            if self.part and dim == len(self.loops) - 1:
                offset, size = str(self.part[0]), self.part[1]
            if loop is not None:
                assert offset == "0", "a dimension is a part or cut by a loop"
                offset, size = tiles[loop]
            offsets.append(offset)
            sizes.append(str(size))
            shape.append("?" if str(size).startswith("%") else str(size))
        element = ELEMENTS[self.array.dtype]
        layout = f"strided<[{', '.join(map(str, strides))}], offset: ?>"
        if all(offset == "0" for offset in offsets):
            layout = f"strided<[{', '.join(map(str, strides))}]>"
        elif all(offset.isdigit() for offset in offsets):
            first = sum(int(o) * s for o, s in zip(offsets, strides, strict=True))
            layout = f"strided<[{', '.join(map(str, strides))}], offset: {first}>"
        self.type = f"memref<{'x'.join([*shape, element])}, {layout}>"
        steps = ", ".join("1" * len(sizes))
        return (
            f"  %{self.name}_tile = memref.subview %{self.name}[{', '.join(offsets)}] "
            f"[{', '.join(sizes)}] [{steps}] : {self.memref()} to {self.type}\n"
        )


class Case:
    """A kernel, its arrays, and what they should hold afterwards."""

    def __init__(self, name, operation, loops, operands, expected, tolerance):
        self.name, self.operation, self.operands = name, operation, operands
        self.loops = [loop if isinstance(loop, tuple) else (loop, 1) for loop in loops]
        self.expected, self.tolerance = expected, tolerance
        for key, operand in operands.items():
            operand.name = key
        self.tasks = 1
        for size, tile in self.loops:
            self.tasks *= -(-size // tile)

    def text(self):
        head, body, tiles = [], "", []
        for operand in self.operands.values():
            attributes = f"llvm.align = {operand.alignment} : i64"
            if not operand.output:
                attributes += ", llvm.noalias, llvm.readonly"
            head.append(f"%{operand.name}_memory: !llvm.ptr<1> {{{attributes}}}")
        sizes = {}
        for operand in self.operands.values():
            if operand.dynamic:
                sizes.setdefault(operand.array.shape[0], f"%size{len(sizes)}")
        head += [f"{name}: index" for name in sizes.values()]
        rest = "%task"
        for number, (size, tile) in reversed(list(enumerate(self.loops))):
            count = -(-size // tile)
            coordinate = rest
            if number:
                body += f"  %count{number} = arith.constant {count} : index\n"
                coordinate = f"%tile{number}"
                body += f"  {coordinate} = arith.remui {rest}, %count{number} : index\n"
                body += f"  %rest{number} = arith.divui {rest}, %count{number} : index\n"
                rest = f"%rest{number}"
            body += (
                f"  %from{number} = affine.apply affine_map<(d0) -> (d0 * {tile})>({coordinate})\n"
            )
            extent = tile
            if size % tile:
                extent = f"%extent{number}"
                body += (
                    f"  {extent} = affine.min affine_map<(d0) -> ({tile}, {size} - d0)>"
                    f"(%from{number})\n"
                )
            tiles.insert(0, (f"%from{number}", extent))
        for operand in self.operands.values():
            dynamic = sizes[operand.array.shape[0]] if operand.dynamic else ""
            array = f"frame.array %{operand.name}_memory({dynamic}) : {operand.memref()}"
            body += f"  %{operand.name} = {array}\n"
            body += operand.subview(tiles)
        names = {**self.operands, "from": [f"%from{i}" for i in range(len(tiles))]}
        body += f"  {self.operation.format(**names)}\n"
        arguments = ", ".join(["%task: index", *head])
        return (
            f"func.func @{self.name}({arguments}) attributes {{perceiver.kernel}} {{\n"
            f"{body}  return\n}}\n"
        )

    def sizes(self):
        sizes = [o.array.shape[0] for o in self.operands.values() if o.dynamic]
        return list(dict.fromkeys(sizes))


def run_tool(arguments, text):
    result = subprocess.run(arguments, input=text, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{arguments[0]} failed:\n{result.stderr}")
    return result.stdout


def launch(device, kernel, case, threads, shared):
    """The arrays that are written, by name."""
    memory = {}
    for operand in case.operands.values():
        array = operand.array
        address = device.upload(array) if operand.initialised else device.allocate(array.nbytes)
        device.annotate(address, array.nbytes, operand.name, read_only=not operand.output)
        memory[operand.name] = address
    rest = [*memory.values(), *map(np.int64, case.sizes())]
    # Two launches, so that tasks have to count from the first one's number.
    first = case.tasks // 3
    for begin, end in ((0, first), (first, case.tasks)):
        if begin < end:
            device.launch(kernel, [end - begin], threads, [np.int64(begin), *rest], shared)
    return {
        operand.name: device.download(
            memory[operand.name], operand.array.shape, operand.array.dtype
        )
        for operand in case.operands.values()
        if operand.output
    }


def compare(case, results, words):
    """What differs from the expected arrays: nothing, or a line of text."""
    for name, expected in case.expected.items():
        got = results[name]
        if not np.issubdtype(got.dtype, np.floating):
            if not np.array_equal(got, expected):
                return f"{case.name} ({words}): {name} differs"
            continue
        expected = np.asarray(expected, np.float64)
        with np.errstate(invalid="ignore"):
            error = np.abs(got - expected) / np.maximum(1, np.abs(expected))
        error = np.where(np.isnan(expected), ~np.isnan(got), error)
        error = np.where(got == expected, 0, error)
        worst = np.unravel_index(np.nanargmax(np.where(np.isnan(error), np.inf, error)), got.shape)
        if not error[worst] <= case.tolerance:
            place = tuple(map(int, worst))
            return (
                f"{case.name} ({words}): expected {name}{list(place)} = {expected[worst]}, "
                f"but got {got[worst]}"
            )
    return None


def print_figures(counters, names):
    """What kernels executed: the share of multiply-adds, and accesses beside the ideal."""
    for name in names:
        kernel = counters[name]
        instructions = kernel["warp_instructions"]
        print(
            f"{name}: ffma {instructions['ffma'] / sum(instructions.values()):.2f} wavefronts "
            f"{kernel['shared_wavefronts'] / kernel['shared_wavefronts_ideal']:.2f} sectors "
            f"{kernel['global_sectors'] / kernel['global_sectors_ideal']:.2f}"
        )


def compile_kernels(text):
    """PTX, and threads and bytes of shared memory by name, of kernels of one operation each."""
    pipeline = f"--pass-pipeline=builtin.module({PASSES})"
    module = run_tool(["perceiver-opt", pipeline], text)
    figures = {}
    for line in module.splitlines():
        if "llvm.func @" in line:
            name = line.split("@")[1].split("(")[0]
            figures[name] = [
                int(line.split(f"{key} = ")[1].split(" ")[0]) if f"{key} = " in line else 0
                for key in ("perceiver.threads", "perceiver.shared_bytes")
            ]
    code = run_tool(["mlir-translate", "--mlir-to-llvmir"], module)
    machine = ["-mcpu=sm_80", "-mtriple=nvptx64-nvidia-cuda"]
    code = run_tool(["opt", "-O3", "-S", *machine], code)
    return run_tool(["llc", "-O3", *machine, "-mattr=+ptx80", "-o", "-"], code), figures


class Suite:
    """Kernels that are compiled at once."""

    def __init__(self):
        self.cases = []

    def add(self, name, operation, loops, operands, expected, tolerance=TOLERANCE):
        self.cases.append(Case(name, operation, loops, operands, expected, tolerance))

    def compile(self):
        return compile_kernels("".join(case.text() for case in self.cases))

    def run(self, words=("seed=1 ulp=0", "seed=2 ulp=2")):
        """Exit with 1 if a kernel computes something else or something is found."""
        ptx, figures = self.compile()
        if "KEEP_PTX" in os.environ:
            with open(os.environ["KEEP_PTX"], "w", encoding="utf-8") as file:
                file.write(ptx)
        failures = []
        with Device(LIBRARY) as device:
            for configuration in words:
                device.configure(configuration)
                for case in self.cases:
                    kernel = device.load(ptx, case.name)
                    results = launch(device, kernel, case, *figures[case.name])
                    difference = compare(case, results, configuration)
                    if difference:
                        failures.append(difference)
            findings = device.findings()
            counters = {kernel["name"]: kernel for kernel in device.counters()["kernels"]}
        print("\n".join(failures))
        print(f"{len(self.cases)} kernels, {len(failures)} failures, {len(findings)} findings")
        print("\n".join(findings))
        if failures or findings:
            sys.exit(1)
        return counters
