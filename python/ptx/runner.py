"""Runs one kernel on the emulated device and compares it with a reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from .device import Device, DriverError
from .harness import Verdict

# Wavefronts of shared memory and sectors of global memory, as a multiple of what would do.
_COSTS = {
    "shared_wavefronts": "shared_wavefronts_ideal",
    "global_sectors": "global_sectors_ideal",
}
# A kernel may cost so much more than the one it is compared with.
_MOST_COST = 1.05


@dataclass(frozen=True)
class KernelRunner:
    """Judges a PTX text by what its kernel does to given arrays: a `Runner`.

    `parameters` are arrays that are read, `None` for the one that is written, and NumPy scalars;
    `expected` is what is written, in float64. `ptx` is the kernel without a fault, which says what
    accesses cost.
    """

    library: Path
    ptx: str
    kernel: str
    grid: Sequence[int]
    threads: int
    parameters: Sequence[np.ndarray | np.generic | None]
    expected: np.ndarray
    dtype: type = np.float32
    tolerance: float = 1e-5
    shared_bytes: int = 0
    words: str = "threads=1 steps=1000000"

    def __call__(self, ptx: str) -> Verdict:
        verdict, costs = self._run(ptx)
        if verdict.noticed:
            return verdict
        for name, cost in costs.items():
            usual = self._usual_costs[name]
            if cost > _MOST_COST * usual:
                return Verdict("counter", f"{name}: {cost:.2f} times the ideal for {usual:.2f}")
        return verdict

    @cached_property
    def _usual_costs(self) -> dict[str, float]:
        verdict, costs = self._run(self.ptx)
        if verdict.noticed:
            raise ValueError(f"the kernel without a fault: {verdict.detector}: {verdict.detail}")
        return costs

    def _run(self, ptx: str) -> tuple[Verdict, dict[str, float]]:
        with Device(self.library) as device:
            device.configure(self.words)
            try:
                kernel = device.load(ptx, self.kernel)
                output = device.allocate(self.expected.size * np.dtype(self.dtype).itemsize)
                device.launch(
                    kernel,
                    self.grid,
                    self.threads,
                    [self._parameter(device, value, output) for value in self.parameters],
                    self.shared_bytes,
                )
                findings = device.findings()
                counters = device.counters()["kernels"]
                # A kernel that was ended leaves an error, and the copy may find something, too.
                device.reset()
                got = device.download(output, self.expected.shape, self.dtype)
                findings += device.findings()
            except DriverError as error:
                return Verdict("error", str(error)), {}
        if findings:
            return Verdict("finding", findings[0]), {}
        error = _relative_error(got.astype(np.float64), self.expected)
        if not error <= self.tolerance:
            return Verdict("numbers", f"relative error {error:.3g}"), {}
        return Verdict(), {
            name: counters[0][name] / max(counters[0][ideal], 1) for name, ideal in _COSTS.items()
        }

    @staticmethod
    def _parameter(device: Device, value: object, output: np.uint64) -> np.generic:
        if value is None:
            return output
        if not isinstance(value, np.ndarray):
            return value
        address = device.upload(value)
        device.annotate(address, value.nbytes, "input", read_only=True)
        return address


def _relative_error(got: np.ndarray, expected: np.ndarray) -> float:
    """Return the largest relative L2 distance of a row."""
    distance = np.linalg.norm(got - expected, axis=-1)
    return float(np.max(distance / np.linalg.norm(expected, axis=-1)))
