"""All faults that are put into a compiled model: its kernels, its plan, and what it launches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .harness import Fate, Report, Verdict, judge
from .launch_runner import Case, EntryRun, LaunchRunner, find_kind
from .model_device import ModelDevice
from .mutants import Mutant, mutants
from .plan_mutants import (
    LaunchMutant,
    PlanMutant,
    overlaid_buffers,
    overwritten_inputs,
    shortened_buffers,
)

Fault = Mutant | PlanMutant | LaunchMutant


class ModelSurvey:
    """A model that has been run without a fault, and is judged with some.

    `add_run` runs its entries; kernels are held to all launches in them.
    """

    def __init__(self, on: ModelDevice) -> None:
        self._on = on
        self._runs: list[EntryRun] = []
        self._runners: dict[str, LaunchRunner] = {}

    def add_run(
        self, entry: str, sizes: Sequence[int], inputs: Mapping[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        """Run an entry and return its outputs, float32 and flat, by name."""
        run = EntryRun(self._on, entry, sizes, inputs)
        self._runs.append(run)
        self._runners.clear()
        return {name: words.view(np.float32) for name, words in run.outputs.items()}

    @property
    def most_blocks(self) -> dict[str, int]:
        """The largest grid of each kernel that ran, by name."""
        blocks: dict[str, int] = {}
        for case in self._cases:
            name = case.launch.kernel
            blocks[name] = max(blocks.get(name, 0), case.launch.tasks)
        return blocks

    @property
    def _cases(self) -> list[Case]:
        return [case for run in self._runs for case in run.cases]

    def faults(self) -> list[Fault]:
        """Return all of them; those of the plan and of launches are of the first run."""
        first = self._runs[0]
        faults: list[Fault] = []
        for ptx in self._on.model.kernels.values():
            faults += mutants(ptx)
        faults += shortened_buffers(first)
        faults += overlaid_buffers(first)
        kinds = {find_kind(self._on, case): case for case in reversed(first.cases)}
        for case in reversed(kinds.values()):
            faults += overwritten_inputs(self._on, case)
        return faults

    def judge(self, fault: Fault) -> tuple[Fate, Verdict]:
        """Return whether a fault is noticed, and by what."""
        if not isinstance(fault, Mutant):
            verdict = fault.judge(self._on)
            return ("killed" if verdict.noticed else "survivor"), verdict
        if fault.kernel not in self._runners:
            cases = [case for case in self._cases if case.launch.kernel == fault.kernel]
            self._runners[fault.kernel] = LaunchRunner(self._on, fault.kernel, cases)
        return judge(fault, self._runners[fault.kernel])

    def report(self, faults: Sequence[Fault], total: Report) -> Report:
        """Return what became of faults, and add it to that of other models."""
        report = Report()
        for fault in faults:
            fate, verdict = self.judge(fault)
            report.add(fault, fate, verdict)
            total.add(fault, fate, verdict)
        return report
