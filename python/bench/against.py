"""Compare two builds of the compiler: in turn, round after round."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from safetensors.numpy import load_file

from bench.lines import Line
from bench.measure import open_committed, repeats
from bench.workload import ROOT, Process, ToolError, Workload, run_json, run_tool

# Of a run of microseconds, so many in a round.
MOST_REPEATS = 3000


@dataclass(frozen=True)
class Side:
    """A build, the checkout whose descriptions it compiles, and where its binaries go."""

    build: Path
    checkout: Path
    folder: Path

    def compile(self, workload: Workload) -> Process:
        """Compile a model."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return run_tool([self.build / "bin/perceiver-compile",
                         workload.description_in(self.checkout),
                         f"--weights={workload.weights}", "-o",
                         self._binary(workload)])  # fmt: skip

    def time(self, workload: Workload, line: Line, threads: int, times: int) -> dict:
        """Run so many times, and before that a few times more. What perceiver-run found."""
        return run_json([*self._run(workload, line, threads), "--bench",
                         f"--rounds={times}", f"--warmup={1 + times // 10}"])  # fmt: skip

    def outputs(self, workload: Workload, line: Line, threads: int) -> dict:
        """What an entry returns, by name."""
        path = self.folder / f"{line.name}.outputs.safetensors"
        run_tool([*self._run(workload, line, threads), f"--output={path}"])
        return load_file(path)

    def _binary(self, workload: Workload) -> Path:
        return self.folder / f"{workload.model}.so"

    def _run(self, workload: Workload, line: Line, threads: int) -> list:
        return [self.build / "bin/perceiver-run", self._binary(workload), f"--entry={line.entry}",
                f"--threads={threads}", f"--input={workload.inputs(line.entry)}"]  # fmt: skip


@dataclass
class Pairs:
    """A quantity of both builds, with a value of each for each round."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)


@dataclass
class Comparison:
    """What a line came to. `refused` says why there is nothing."""

    line: Line
    threads: int
    quantities: dict[str, Pairs] = field(default_factory=dict)
    differing: list[str] = field(default_factory=list)  # outputs whose bits differ
    refused: str | None = None


class Comparer:
    """Compares the build in `build` with another one on lines."""

    def __init__(
        self,
        build: Path,
        other: Path,
        other_checkout: Path,
        rounds: int,
        threads: int,
        open_workload: Callable[[Line, Path], Workload] = open_committed,
    ) -> None:
        self.build = build
        self.open_workload = open_workload
        self.rounds = rounds
        self.threads = threads
        folder = build / "bench/against"
        self.ours = Side(build, ROOT, folder / "ours")
        self.theirs = Side(other, other_checkout, folder / "theirs")
        self.compiled: dict[str, dict[str, Pairs]] = {}  # by model: several lines may have one

    def measure(self, line: Line) -> Comparison:
        """Compare the builds on a line. What fails is told in the comparison."""
        comparison = Comparison(line, line.threads or self.threads)
        workload = self.open_workload(line, self.build)
        try:
            if line.parts:
                raise ToolError(f"expected a line of one entry, but got {len(line.parts)}")
            if line.model not in self.compiled:
                self.compiled[line.model] = self._compile(workload)
            self._compare_bits(comparison, workload)
            comparison.quantities = self._run(comparison, workload) | self.compiled[line.model]
        except ToolError as error:
            comparison.refused = str(error)
        return comparison

    def _compile(self, workload: Workload) -> dict[str, Pairs]:
        def compile_once(side: Side) -> dict[str, float]:
            done = side.compile(workload)
            return {"compile ms": 1e3 * done.seconds, "compile MiB": done.peak_mib}

        return self._in_turn(compile_once)

    def _run(self, comparison: Comparison, workload: Workload) -> dict[str, Pairs]:
        line, threads = comparison.line, comparison.threads
        once = self.ours.time(workload, line, threads, 1)["median_ms"]
        times = repeats(once, MOST_REPEATS)

        def run_often(side: Side) -> dict[str, float]:
            found = side.time(workload, line, threads, times)
            return {"run ms": found["median_ms"], "run MiB": found["peak_resident_mib"]}

        return self._in_turn(run_often)

    def _in_turn(self, measure) -> dict[str, Pairs]:
        """What `measure` finds of either side, by quantity; another side is first in each round."""
        quantities: dict[str, Pairs] = {}
        for number in range(self.rounds):
            sides = ("ours", "theirs") if number % 2 else ("theirs", "ours")
            for side in sides:
                for name, value in measure(getattr(self, side)).items():
                    getattr(quantities.setdefault(name, Pairs()), side).append(value)
        return quantities

    def _compare_bits(self, comparison: Comparison, workload: Workload) -> None:
        ours, theirs = (
            side.outputs(workload, comparison.line, comparison.threads)
            for side in (self.ours, self.theirs)
        )
        comparison.differing = [
            name
            for name in sorted(ours.keys() | theirs.keys())
            if name not in ours
            or name not in theirs
            or ours[name].shape != theirs[name].shape
            or ours[name].tobytes() != theirs[name].tobytes()
        ]
