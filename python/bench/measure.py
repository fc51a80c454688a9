"""Measure lines: systems in turn, round after round, with the machine's peak around each."""

import math
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from bench import stats
from bench.lines import Line
from bench.systems import (
    NOT_INSTALLED,
    OURS,
    AnySystem,
    System,
    SystemFailure,
    are_peers_installed,
    open_system,
)
from bench.workload import ToolError, Workload, run_json
from reference import relative_errors

# Relative L2 distance from our outputs above which a line is refused.
TOLERANCE = 1e-4
# A system runs for about so long in a round; at least once.
ROUND_MS = 150.0
MOST_REPEATS = 200
# What is longer than this has fewer rounds, unless it is said how many.
LONG_MS = 5000.0
ROUNDS, LONG_ROUNDS = 10, 5
# What is measured alone runs if that takes a few seconds.
SHORT_FLOP = 1e12
# Worker threads spin for a while before they sleep; the next measurement waits for that.
PAUSE_SECONDS = 0.02
PEAK_MS = 30
BANDWIDTH_MIB = 256


Results = Mapping[str, np.ndarray]


@dataclass
class Measurement:
    """One system in one line: a value and a peak for each round."""

    ms: list[float] = field(default_factory=list)
    gflop_per_s: list[float] = field(default_factory=list)  # of the machine, around each round
    difference: float | None = None
    peak_mib: float | None = None
    first_ms: float = 0.0


@dataclass
class Outcome:
    """What a line came to. `refused` says why there are no times."""

    line: Line
    threads: int
    systems: dict[str, Measurement] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    num_bytes: int = 0
    executed_flop: int | None = None  # by ours; None: not known
    gb_per_s: float | None = None
    facts: dict[str, float] = field(default_factory=dict)
    refused: str | None = None


def relative_difference(actual: np.ndarray, expected: np.ndarray) -> float:
    """Return the largest relative L2 distance of a batch row; infinity if shapes differ or
    something is not finite.
    """
    if actual.shape != expected.shape or not np.isfinite(actual).all():
        return math.inf
    return float(relative_errors(actual, expected).max())


def largest_difference(actual: Results, expected: Results) -> float:
    """Return the largest relative_difference of results with the same name; infinity if one of them
    is missing.
    """
    if actual.keys() != expected.keys():
        return math.inf
    return max(relative_difference(actual[name], expected[name]) for name in expected)


def repeats(ms: float, most: int = MOST_REPEATS) -> int:
    """Return how often something that takes so long runs in a round."""
    return max(1, min(most, math.ceil(ROUND_MS / max(ms, 1e-6))))


def open_committed(line: Line, build: Path) -> Workload:
    """Return the workload of a line whose description is committed."""
    return Workload(line.model, build)


class Bench:
    """Measures lines with the tools of a build folder."""

    def __init__(
        self,
        build: Path,
        rounds: int | None,
        threads: int,
        peers: tuple[str, ...] | None,
        open_workload: Callable[[Line, Path], Workload] = open_committed,
    ) -> None:
        self.build = build
        self.open_workload = open_workload
        self.rounds = rounds  # None: ROUNDS, or LONG_ROUNDS of what takes long
        self.threads = threads
        self.peers = peers  # None: all

    def measure(self, line: Line) -> Outcome:
        """Measure a line. What fails is told in the outcome."""
        outcome = Outcome(line, line.threads or self.threads)
        workload = self.open_workload(line, self.build)
        kinds = {
            "run": self._run,
            "alone": self._alone,
            "perceiver-run": self._perceiver_run,
            "memory": self._memory,
            "compile": self._compile,
        }
        try:
            kinds[line.kind](outcome, workload)
            outcome.facts |= workload.facts()
        except (SystemFailure, ToolError) as error:
            outcome.refused = str(error)
        finally:
            workload.close()
        return outcome

    def _rounds(self, outcome: Outcome) -> int:
        """How many rounds a line has, whose systems have run once."""
        longest = max((found.first_ms for found in outcome.systems.values()), default=0.0)
        rounds = self.rounds or (LONG_ROUNDS if longest > LONG_MS else ROUNDS)
        return min(rounds, outcome.line.most_rounds or rounds)

    def _peak(self, threads: int, *mebibytes: int) -> dict:
        time.sleep(PAUSE_SECONDS)
        return run_json([self.build / "bin/perceiver-peak", threads, PEAK_MS, *mebibytes])

    def _limits(self, outcome: Outcome, workload: Workload) -> None:
        outcome.num_bytes = workload.num_bytes(outcome.line.entry)
        parts = outcome.line.parts or ((outcome.line.entry, 1),)
        if not outcome.line.flop:
            flop = sum(times * workload.flop(entry) for entry, times in parts)
            outcome.line = replace(outcome.line, flop=flop)
        executed = [(times, workload.executed_flop(entry)) for entry, times in parts]
        if all(flop is not None for _, flop in executed):
            outcome.executed_flop = sum(times * flop for times, flop in executed)
        machine = self._peak(outcome.threads, BANDWIDTH_MIB)
        # What fits into the cores' own caches is there from the second run on.
        if outcome.num_bytes > outcome.threads * machine["l2_bytes"]:
            outcome.gb_per_s = machine["gb_per_s"]

    def _peer_names(self, outcome: Outcome) -> list[str]:
        """The peers of a line that were asked for and are installed; what is ours always is."""
        own = [name for name in outcome.line.peers if name in OURS]
        names = [
            name
            for name in outcome.line.peers
            if name not in own
            and (self.peers is None or name in self.peers or name.split("-")[0] in self.peers)
        ]
        if not names or are_peers_installed():
            return own + names
        outcome.absent |= dict.fromkeys(names, NOT_INSTALLED)
        return own

    def _prepared(self, outcome: Outcome, workload: Workload) -> list[AnySystem]:
        """Ours and its peers, after a first run; outputs compared, peers that fail left out."""
        systems: list[AnySystem] = []
        try:
            expected = None
            for name in ["ours", *self._peer_names(outcome)]:
                system = open_system(name, outcome.line, workload, outcome.threads)
                systems.append(system)
                try:
                    system.prepare()
                    first_ms = system.run(1)[0]
                    result = system.result()
                except SystemFailure as error:
                    if name == "ours":
                        raise
                    outcome.absent[name] = str(error)
                    systems.pop().close()
                    continue
                expected = result if expected is None else expected
                outcome.systems[name] = Measurement(
                    difference=largest_difference(result, expected), first_ms=first_ms
                )
        except BaseException:
            for system in systems:
                system.close()
            raise
        return systems

    def _run(self, outcome: Outcome, workload: Workload) -> None:
        self._limits(outcome, workload)
        systems = self._prepared(outcome, workload)
        try:
            wrong = [
                f"{name} {found.difference:.1e}"
                for name, found in outcome.systems.items()
                if not found.difference <= TOLERANCE
            ]
            if wrong:
                outcome.refused = f"outputs differ from ours: {', '.join(wrong)}"
                return
            counts = {each.name: self._repeats(outcome, each) for each in systems}
            for number in range(self._rounds(outcome)):
                # Another one is first in each round.
                turn = number % len(systems)
                self._round(outcome, systems[turn:] + systems[:turn], counts)
            for system in systems:
                outcome.systems[system.name].peak_mib = system.peak_mib()
            outcome.facts["plan_mib"] = systems[0].plan_mib()
        finally:
            for system in systems:
                system.close()

    def _alone(self, outcome: Outcome, workload: Workload) -> None:
        """A model without peers: its run is timed if it is short, and always planned."""
        self._limits(outcome, workload)
        if outcome.line.flop <= SHORT_FLOP:
            self._run(outcome, workload)
            return
        system = System("ours", workload, outcome.line.entry, outcome.threads)
        try:
            system.prepare()
            outcome.systems["ours"] = Measurement()
            outcome.facts["plan_mib"] = system.plan_mib()
        finally:
            system.close()

    def _repeats(self, outcome: Outcome, system: AnySystem) -> int:
        """How often a system runs in a round. Of what takes long, the first run says it."""
        first_ms = outcome.systems[system.name].first_ms
        return 1 if first_ms > 10 * ROUND_MS else repeats(system.run(1)[0])

    def _round(self, outcome: Outcome, systems: list[AnySystem], counts: dict[str, int]) -> None:
        before = self._peak(outcome.threads)["gflop_per_s"]
        for system in systems:
            # What others left in the caches is not part of a short run: one more, not counted.
            extra = 1 if counts[system.name] > 1 else 0
            times = system.run(counts[system.name] + extra)[extra:]
            after = self._peak(outcome.threads)["gflop_per_s"]
            found = outcome.systems[system.name]
            found.ms.append(statistics.median(times))
            found.gflop_per_s.append((before + after) / 2)
            before = after

    def _runner(self, workload: Workload, outcome: Outcome, *options: str) -> dict:
        return run_json([self.build / "bin/perceiver-run", workload.compiled(), "--bench",
                         f"--entry={outcome.line.entry}", f"--threads={outcome.threads}",
                         f"--input={workload.inputs(outcome.line.entry)}", *options])  # fmt: skip

    def _perceiver_run(self, outcome: Outcome, workload: Workload) -> None:
        """Runs of microseconds: a call from Python would take as long as what it calls."""
        self._limits(outcome, workload)
        found = outcome.systems["ours"] = Measurement()
        options = ("--rounds=3000", "--warmup=300")
        for _ in range(self._rounds(outcome)):
            before = self._peak(outcome.threads)["gflop_per_s"]
            report = self._runner(workload, outcome, *options)
            after = self._peak(outcome.threads)["gflop_per_s"]
            found.ms.append(report["median_ms"])
            found.gflop_per_s.append((before + after) / 2)
            found.peak_mib = report["peak_resident_mib"]

    def _memory(self, outcome: Outcome, workload: Workload) -> None:
        outcome.num_bytes = workload.num_bytes(outcome.line.entry)
        report = self._runner(workload, outcome, "--rounds=2", "--warmup=1")
        outcome.systems["ours"] = Measurement(peak_mib=report["peak_resident_mib"])
        for name in self._peer_names(outcome):
            peer = System(name, workload, outcome.line.entry, outcome.threads)
            try:
                peer.prepare()
                peer.run(3)
                outcome.systems[name] = Measurement(peak_mib=peer.peak_mib())
            except SystemFailure as error:
                outcome.absent[name] = str(error)
            finally:
                peer.close()

    def _compile(self, outcome: Outcome, workload: Workload) -> None:
        found = outcome.systems["ours"] = Measurement(peak_mib=0.0)
        workload.inputs(outcome.line.entry)
        for _ in range(self._rounds(outcome)):
            done = workload.compile()
            found.ms.append(1e3 * done.seconds)
            found.peak_mib = max(found.peak_mib, done.peak_mib)
        # The first load brings the files into the page cache; only the others count.
        loads = [
            self._runner(workload, outcome, "--rounds=1", "--warmup=0")["load_ms"]
            for _ in range(self._rounds(outcome) + 1)
        ]
        outcome.facts["load_ms"] = stats.quartiles(loads[1:])[1]
