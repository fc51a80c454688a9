"""Faults that are put into the plan of a model's memory, and into what its kernels are given.

They are what wrong sizes, wrong lifetimes and a wrong choice of where a result goes would be: a
buffer that is one element short, two that are live at once in one place, and a result in the place
of what is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from .compiled_model import Array, Launch
from .device import DriverError
from .harness import Verdict
from .launch_runner import Case, EntryRun, LaunchRunner, compare
from .model_device import ModelDevice

_ELEMENT_BYTES = 4


@dataclass(frozen=True)
class PlanMutant:
    """Another plan for an entry."""

    operator: str
    run: EntryRun
    change: str
    plan: list[Array]

    def judge(self, on: ModelDevice) -> Verdict:
        """Run the entry as the runtime would with this plan."""
        entry = self.run
        try:
            for _ in on.run(
                on.record(entry.entry, entry.sizes, self.plan), self.plan, entry.inputs
            ):
                if findings := on.device.findings():
                    return Verdict("finding", findings[0])
            if findings := on.device.findings():
                return Verdict("finding", findings[0])
            outputs = [array for array in self.plan if array.kind == "output"]
            return compare(on, outputs, entry.outputs, entry.sizes[0])
        except DriverError as error:
            return Verdict("error", str(error))
        finally:
            on.forget_run(self.plan)

    def __str__(self) -> str:
        return f"{self.operator} {self.run.entry['name']}: {self.change}"


@dataclass(frozen=True)
class LaunchMutant:
    """Another value for a parameter of a launch."""

    operator: str
    case: Case
    change: str
    launch: Launch

    def judge(self, on: ModelDevice) -> Verdict:
        """Launch the kernel on what it finds."""
        runner = LaunchRunner(on, self.launch.kernel, [replace(self.case, launch=self.launch)])
        return runner(on.model.kernels[self.launch.kernel])

    def __str__(self) -> str:
        return f"{self.operator} {self.case.entry} {self.launch.kernel}: {self.change}"


def shortened_buffers(run: EntryRun) -> Iterator[PlanMutant]:
    """Take the last element of each argument and buffer away."""
    for i, array in enumerate(run.plan):
        short = replace(array, size=array.size - _ELEMENT_BYTES)
        plan = [*run.plan[:i], short, *run.plan[i + 1 :]]
        yield PlanMutant("short-buffer", run, f"{array.name} without its last element", plan)


def overlaid_buffers(run: EntryRun) -> Iterator[PlanMutant]:
    """Give each two buffers that are live at once the same place."""
    buffers = [i for i, array in enumerate(run.plan) if array.kind == "buffer"]
    for i, j in combinations(buffers, 2):
        first, second = run.plan[i], run.plan[j]
        if max(first.first, second.first) > min(first.last, second.last):
            continue
        plan = [*run.plan[:j], replace(second, offset=first.offset), *run.plan[j + 1 :]]
        yield PlanMutant("overlay", run, f"{second.name} in the place of {first.name}", plan)


def overwritten_inputs(on: ModelDevice, case: Case) -> Iterator[LaunchMutant]:
    """Let a kernel write over each array that it is given to read."""
    parameters = case.launch.parameters
    arrays = [on.find(case.arrays, value) for value in parameters]
    for i, target in enumerate(arrays):
        if not target or target.name not in case.after:
            continue
        for j, source in enumerate(arrays):
            if source and source != target:
                changed = (*parameters[:i], parameters[j], *parameters[i + 1 :])
                launch = replace(case.launch, parameters=changed)
                change = f"parameter {i}, {target.name}, is {source.name}"
                yield LaunchMutant("overwrite", case, change, launch)
