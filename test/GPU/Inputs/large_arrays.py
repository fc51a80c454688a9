"""The last tasks of kernels whose arrays have more than 2^31 bytes."""

import sys

import kernels
import numpy as np

from ptx import Device

ROWS, CHANNELS, COLUMNS = 64, 64, 8
BATCH = 2**31 // (4 * ROWS * CHANNELS) + 3
TASKS = 8
"""The last so many batch entries."""

x_type = f"memref<?x{ROWS}x{CHANNELS}xf32>"
y_type = f"memref<?x{ROWS}x{COLUMNS}xf32>"
tile = f"memref<1x{ROWS}x{CHANNELS}xf32, strided<[{ROWS * CHANNELS}, {CHANNELS}, 1], offset: ?>>"
result = f"memref<1x{ROWS}x{COLUMNS}xf32, strided<[{ROWS * COLUMNS}, {COLUMNS}, 1], offset: ?>>"
weight = f"memref<{CHANNELS}x{COLUMNS}xf32>"
PARAMETERS = "%x: !llvm.ptr<1>, %w: !llvm.ptr<1>, %y: !llvm.ptr<1>, %n: index"
TEXT = f"""
func.func @linear(%task: index, {PARAMETERS}) attributes {{perceiver.kernel}} {{
  %0 = frame.array %x(%n) : {x_type}
  %1 = frame.array %w() : {weight}
  %2 = frame.array %y(%n) : {y_type}
  %3 = memref.subview %0[%task, 0, 0] [1, {ROWS}, {CHANNELS}] [1, 1, 1] : {x_type} to {tile}
  %4 = memref.subview %2[%task, 0, 0] [1, {ROWS}, {COLUMNS}] [1, 1, 1] : {y_type} to {result}
  block.linear ins(%3, %1 : {tile}, {weight}) outs(%4 : {result})
  return
}}
"""


def main():
    ptx, figures = kernels.compile_kernels(TEXT)
    rng = np.random.default_rng(1)
    x = rng.standard_normal((TASKS, ROWS, CHANNELS)).astype(np.float32)
    w = rng.standard_normal((CHANNELS, COLUMNS)).astype(np.float32)
    first = BATCH - TASKS
    x_bytes, y_bytes = 4 * ROWS * CHANNELS, 4 * ROWS * COLUMNS
    assert BATCH * x_bytes > 2**31
    with Device(kernels.LIBRARY) as device:
        x_memory, y_memory = device.allocate(BATCH * x_bytes), device.allocate(BATCH * y_bytes)
        device.write(x_memory + np.uint64(first * x_bytes), x)
        parameters = [np.int64(first), x_memory, device.upload(w), y_memory, np.int64(BATCH)]
        device.launch(
            device.load(ptx, "linear"),
            [TASKS],
            figures["linear"][0],
            parameters,
            figures["linear"][1],
        )
        y = device.download(y_memory + np.uint64(first * y_bytes), (TASKS, ROWS, COLUMNS), "f4")
        findings = device.findings()
    error = np.abs(y - x.astype(np.float64) @ w).max()
    print(f"error below 1e-5: {error < 1e-5}, {len(findings)} findings", *findings, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
