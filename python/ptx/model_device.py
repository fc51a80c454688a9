"""A compiled model on the emulated device of this process, launch by launch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from .compiled_model import Array, CompiledModel, Copy, Launch
from .device import Device

# Where nobody has written, memory holds this.
POISON = np.uint32(0xFFFFFFFF)


class ModelDevice:
    """Runs what entries record, with the names of arrays that the runtime would give
    (`lib/Runtime/cuda_names.c`), but each weight a name of its own.

    Arrays of a plan of at most `memory_bytes` lie from `memory` on, weights from `weights` on.
    """

    def __init__(self, device: Device, model: CompiledModel, memory_bytes: int) -> None:
        self.device = device
        self.model = model
        self.memory = int(device.allocate(memory_bytes))
        weights = np.frombuffer(model.weights, np.uint8)
        self.weights = int(device.upload(weights)) if len(weights) else 0

    def address(self, array: Array) -> int:
        """Return where an array begins."""
        return (self.weights if array.kind == "weight" else self.memory) + array.offset

    def find(self, arrays: Sequence[Array], address: int) -> Array | None:
        """Return the array that an address is in."""
        return next((a for a in arrays if 0 <= address - self.address(a) < a.size), None)

    def record(
        self, entry: dict, sizes: Sequence[int], plan: Sequence[Array]
    ) -> list[Launch | Copy]:
        """Return what the body of an entry does here."""
        return self.model.record(entry, sizes, plan, self.memory, self.weights)

    def begin(self, array: Array, content: np.ndarray | None = None) -> None:
        """Name an array; words of `content` that are poison stay so. Weights are there."""
        address = self.address(array)
        if array.is_read_only:
            if content is not None:
                self.device.write(np.uint64(address), content)
            self.device.annotate(address, array.size, array.name, read_only=True)
            return
        self.device.annotate(address, array.size, array.name, poison=True)
        if content is not None:
            # From the first word of each run to the first that is none.
            written = np.concatenate([[False], content != POISON, [False]])
            edges = np.flatnonzero(written[1:] != written[:-1])
            for start, end in edges.reshape(-1, 2):
                self.device.write(np.uint64(address + 4 * int(start)), content[start:end])

    def end(self, array: Array) -> None:
        """Take the name of an array back."""
        self.device.end_annotation(self.address(array))

    def read(self, array: Array) -> np.ndarray:
        """Return the words of an array. Those that nobody has written are a finding."""
        return self.device.download(np.uint64(self.address(array)), [array.size // 4], np.uint32)

    def step(self, step: Launch | Copy, ptx: str = "") -> None:
        """Launch or copy. DriverError if the device refuses that."""
        if isinstance(step, Copy):
            self.device.copy(step.destination, step.source, step.size)
            return
        kernel = self.device.load(ptx or self.model.kernels[step.kernel], step.kernel)
        threads, shared_bytes = self.model.shapes[step.kernel]
        # The first is the number of the first task.
        parameters = [np.uint64(value) for value in step.parameters]
        self.device.launch(kernel, [step.tasks], threads, parameters, shared_bytes)

    def run(
        self,
        steps: Sequence[Launch | Copy],
        plan: Sequence[Array],
        inputs: dict[str, np.ndarray],
    ) -> Iterator[Launch | Copy]:
        """Yield each step when everything is there that it may use, and do it afterwards.

        Outputs can be read when the last one was done.
        """
        live: dict[str, Array] = {}
        for array in self.model.weight_arrays:
            self.begin(array)
        for array in plan:
            if array.kind == "input":
                words = inputs[array.name].reshape(-1).view(np.uint32)
                self.begin(array, words[: array.size // 4])
            elif array.kind == "output":
                self.begin(array)
        previous = -1
        for step in steps:
            for array in [a for a in live.values() if not a.first <= step.position <= a.last]:
                self.end(live.pop(array.name))
            for array in plan:
                if array.kind == "buffer" and _begins(array, previous, step.position):
                    live[array.name] = array
                    self.begin(array)
            previous = step.position
            yield step
            self.step(step)

    def forget(self, arrays: Sequence[Array]) -> None:
        """Take names back, and what was found and counted."""
        for array in arrays:
            self.end(array)
        self.device.reset()

    def forget_run(self, plan: Sequence[Array]) -> None:
        """The same after a run, or the part of one that was of interest."""
        self.forget([*plan, *self.model.weight_arrays])


def _begins(array: Array, previous: int, position: int) -> bool:
    """Whether a buffer begins at a step that follows `previous`."""
    if not array.first <= position <= array.last:
        return False
    return array.first > previous if position > previous else array.last <= previous


@contextmanager
def open_model(
    library: Path, model: CompiledModel, memory_bytes: int, words: str = ""
) -> Iterator[ModelDevice]:
    """Have a model on the device of this process."""
    with Device(library) as device:
        device.configure(words)
        yield ModelDevice(device, model, memory_bytes)
