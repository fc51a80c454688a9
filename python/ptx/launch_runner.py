"""Runs a kernel as a compiled model launches it, on what it finds there.

A model is run once without a fault. Each of its launches, of those that differ in more than which
layer they are for, then is a test of its kernel: with the arrays as they were before it, the kernel
has to leave what it left then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .compiled_model import Array, Launch
from .device import DriverError
from .harness import Verdict
from .model_device import POISON, ModelDevice

TOLERANCE = 1e-5
"""Of a row, relative L2: that of float32 models against float64."""

# Wavefronts of shared memory and sectors of global memory, as a multiple of what would do.
_COSTS = {
    "shared_wavefronts": "shared_wavefronts_ideal",
    "global_sectors": "global_sectors_ideal",
}
# A kernel may cost so much more than the one it is compared with.
_MOST_COST = 1.05


@dataclass
class Case:
    """A launch, the arrays that it gets with their words before, and after where they changed."""

    entry: str
    launch: Launch
    arrays: list[Array]
    before: dict[str, np.ndarray]
    after: dict[str, np.ndarray]
    # Parts of an array whose errors are taken alone, as those of rows of a batch.
    rows: int
    usual_costs: dict[str, float] = field(default_factory=dict)


class EntryRun:
    """What is needed to run an entry again: sizes, plan, steps, inputs, and what came out."""

    def __init__(
        self, on: ModelDevice, name: str, sizes: Sequence[int], inputs: Mapping[str, np.ndarray]
    ) -> None:
        self.entry = on.model.entry(name)
        self.sizes = list(sizes)
        self.plan = on.model.plan(self.entry, sizes)
        self.steps = on.record(self.entry, sizes, self.plan)
        self.inputs = {a.name: inputs[a.name] for a in self.plan if a.kind == "input"}
        self.outputs: dict[str, np.ndarray] = {}
        self.cases: list[Case] = []
        for step in on.run(self.steps, self.plan, self.inputs):
            self._finish_case(on)
            if isinstance(step, Launch):
                self._begin_case(on, step)
        self._finish_case(on)
        if findings := on.device.findings():
            raise ValueError(f"{name} without a fault: {findings[0]}")
        for array in self.plan:
            if array.kind == "output":
                self.outputs[array.name] = on.read(array)
        on.forget_run(self.plan)

    def _begin_case(self, on: ModelDevice, launch: Launch) -> None:
        live = [a for a in self.plan if a.first <= launch.position <= a.last]
        found = [on.find(live + on.model.weight_arrays, value) for value in launch.parameters]
        arrays = list({array.name: array for array in found if array}.values())
        before = {a.name: _peek(on, a) for a in arrays if a.kind != "weight"}
        self.cases.append(Case(self.entry["name"], launch, arrays, before, {}, self.sizes[0]))

    def _finish_case(self, on: ModelDevice) -> None:
        if not self.cases or self.cases[-1].after:
            return
        case = self.cases[-1]
        after = {a.name: _peek(on, a) for a in case.arrays if not a.is_read_only}
        case.after = {
            name: words for name, words in after.items() if (words != case.before[name]).any()
        }


def _peek(on: ModelDevice, array: Array) -> np.ndarray:
    """Return the words of an array whether or not somebody has written them."""
    if findings := on.device.findings():
        raise ValueError(f"a model without a fault: {findings[0]}")
    words = on.read(array)
    on.device.reset()
    return words


def compare(
    on: ModelDevice, arrays: Sequence[Array], expected: Mapping[str, np.ndarray], rows: int
) -> Verdict:
    """Judge arrays by the words that they should have, each of `rows` parts alone."""
    for array in arrays:
        error = _relative_error(on.read(array), expected[array.name], rows)
        if not error <= TOLERANCE:
            return Verdict("numbers", f"{array.name}: relative error {error:.3g}")
    return Verdict()


def _relative_error(got: np.ndarray, expected: np.ndarray, rows: int) -> float:
    """Return the largest relative L2 distance of a row of float32 words. Those that nobody should
    have written are left out."""
    expected = expected[: len(got)]
    unwritten = expected == POISON
    rows = rows if len(got) % rows == 0 else 1
    values = [
        np.where(unwritten, 0, words.view(np.float32)).astype(np.float64).reshape(rows, -1)
        for words in (got, expected)
    ]
    distance = np.linalg.norm(values[0] - values[1], axis=-1)
    size = np.linalg.norm(values[1], axis=-1)
    return float(np.max(distance / np.maximum(size, np.finfo(np.float64).tiny)))


class LaunchRunner:
    """Judges the text of one kernel by all its launches that differ: a `Runner`."""

    def __init__(self, on: ModelDevice, kernel: str, cases: Sequence[Case]) -> None:
        self._on = on
        self._kernel = kernel
        self._cases = list({find_kind(on, case): case for case in reversed(cases)}.values())[::-1]

    def __call__(self, ptx: str) -> Verdict:
        try:
            return next(
                (verdict for case in self._cases if (verdict := self._judge(case, ptx)).noticed),
                Verdict(),
            )
        finally:
            self._on.device.unload(ptx)

    def _judge(self, case: Case, ptx: str) -> Verdict:
        verdict, costs = self._run(case, ptx)
        if verdict.noticed:
            return verdict
        if not case.usual_costs:
            original = self._on.model.kernels[self._kernel]
            verdict, case.usual_costs = self._run(case, original)
            if verdict.noticed:
                raise ValueError(f"{self._kernel} without a fault: {verdict.detail}")
        for name, cost in costs.items():
            usual = case.usual_costs[name]
            if cost > _MOST_COST * usual:
                return Verdict("counter", f"{name}: {cost:.2f} times the ideal for {usual:.2f}")
        return verdict

    def _run(self, case: Case, ptx: str) -> tuple[Verdict, dict[str, float]]:
        on = self._on
        try:
            for array in case.arrays:
                on.begin(array, case.before.get(array.name))
            on.step(case.launch, ptx)
            if findings := on.device.findings():
                return Verdict("finding", findings[0]), {}
            counters = on.device.counters()["kernels"][0]
            written = [array for array in case.arrays if not array.is_read_only]
            if (verdict := compare(on, written, case.before | case.after, case.rows)).noticed:
                return verdict, {}
        except DriverError as error:
            return Verdict("error", str(error)), {}
        finally:
            on.forget(case.arrays)
        return Verdict(), {
            name: counters[name] / max(counters[ideal], 1) for name, ideal in _COSTS.items()
        }


def find_kind(on: ModelDevice, case: Case) -> object:
    """Return what launches have in common that test the same: tasks, sizes, and which arrays are
    one."""
    places: dict[str, int] = {}
    pattern: list[object] = []
    for value in case.launch.parameters:
        if array := on.find(case.arrays, value):
            pattern.append((places.setdefault(array.name, len(places)), array.is_read_only))
        else:
            pattern.append(value)
    return case.launch.kernel, case.launch.tasks, tuple(pattern)
