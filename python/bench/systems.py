"""Systems as the benchmark sees them: processes that answer requests (worker.py)."""

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from bench.lines import STATIC, Line
from bench.workload import ROOT, Workload, make

#: What makes the models of other systems.
MODULES = [
    Path(__file__).with_name(f"{name}.py")
    for name in ("peers", "configurations", "transformers_peer", "torch_perceiver")
]
REQUIREMENTS = Path(__file__).with_name("requirements-peers.txt")
REQUIREMENTS_NO_DEPS = Path(__file__).with_name("requirements-peers-no-deps.txt")
VENV = ROOT / ".venv-peers"
#: This compiler, and this compiler again with sizes that are known when a model is compiled.
OURS = ("ours", STATIC)
#: The library that saves a checkpoint.
MAKER = "save"
NOT_INSTALLED = "not installed: python/bench/requirements-peers.txt (tools/bench --install-peers)"


class SystemFailure(Exception):
    """A system failed; the text says why."""


def are_peers_installed() -> bool:
    """Whether .venv-peers holds what the requirements ask for."""
    marks = [VENV / REQUIREMENTS.name, VENV / REQUIREMENTS_NO_DEPS.name]
    return all(
        mark.exists() and mark.read_text() == source.read_text()
        for mark, source in zip(marks, (REQUIREMENTS, REQUIREMENTS_NO_DEPS))
    )


def peer_versions() -> dict[str, str]:
    """The versions by package that the requirements name."""
    texts = (source.read_text() for source in (REQUIREMENTS, REQUIREMENTS_NO_DEPS))
    return dict(re.findall(r"^([\w-]+)==(\S+)$", "\n".join(texts), re.MULTILINE))


def install_peers() -> None:
    """Put the other systems into .venv-peers. CalledProcessError if that does not work."""
    if not (VENV / "bin/python").exists():
        # The interpreter that .venv was made with: Debian's, which has ensurepip.
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    pip = [VENV / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--requirement", REQUIREMENTS], check=True)
    subprocess.run([*pip, "--no-deps", "--requirement", REQUIREMENTS_NO_DEPS], check=True)
    for source in (REQUIREMENTS, REQUIREMENTS_NO_DEPS):
        (VENV / source.name).write_text(source.read_text())


class System:
    """One system with one model loaded, in its own process. Those of OURS are this compiler."""

    def __init__(self, name: str, workload: Workload, entry: str, threads: int) -> None:
        self.name = name
        self.workload = workload
        self.entry = entry
        self.threads = threads
        self.process: subprocess.Popen | None = None
        stem = workload.folder / f"{workload.model}.{entry}.{name}"
        self.log = Path(f"{stem}.log")
        self.outputs = Path(f"{stem}.npz")
        self.onnx = workload.folder / f"{workload.model}.{entry}.onnx"

    @property
    def is_ours(self) -> bool:
        """Whether it runs what this compiler has compiled."""
        return self.name in OURS

    def _job(self) -> dict:
        workload = self.workload
        job = workload.job() | {
            "system": self.name,
            "entry": self.entry,
            "threads": self.threads,
            "onnx": str(self.onnx),
            "outputs": str(self.outputs),
        }
        if self.name == MAKER:
            return job
        signature = workload.signature(self.entry)
        job |= {
            "inputs": str(workload.inputs(self.entry)),
            "results": [each["name"] for each in signature["arguments"] if each["output"]],
        }
        if self.is_ours:
            job |= {
                "binary": str(workload.compiled()),
                "signature": signature,
                "sizes": workload.sizes(self.entry),
            }
        return job

    def prepare(self) -> None:
        """Start the process and load the model. SystemFailure if it cannot."""
        if self.name in ("onnxruntime", "openvino"):
            sources = [self.workload.weights, *MODULES, REQUIREMENTS, REQUIREMENTS_NO_DEPS]
            make(self.onnx, sources, self._export)
        python = sys.executable if self.is_ours else VENV / "bin/python"
        environment = os.environ | {
            "PYTHONPATH": f"{ROOT / 'python'}",
            "OMP_NUM_THREADS": str(self.threads),
            "MKL_NUM_THREADS": str(self.threads),
            "HF_HUB_OFFLINE": "1",
        }
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [python, "-m", "bench.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=log, text=True, env=environment,
            )  # fmt: skip
        self._ask(json.dumps(self._job()))

    def _export(self, path: Path) -> None:
        """Write the ONNX file in another process; torch leaves no trace in who reads it."""
        exporter = System("export", self.workload, self.entry, self.threads)
        exporter.onnx = path
        try:
            exporter.prepare()
            exporter.run(1)
        finally:
            exporter.close()

    def _ask(self, request: str) -> dict:
        try:
            print(request, file=self.process.stdin, flush=True)
            reply = self.process.stdout.readline()
        except BrokenPipeError:
            reply = ""
        if not reply:
            raise SystemFailure(f"{self.name} ended; see {self.log}")
        reply = json.loads(reply)
        if "error" in reply:
            raise SystemFailure(f"{self.name}: {reply['error']}; see {self.log}")
        return reply

    def run(self, times: int) -> list[float]:
        """Run so many times; the milliseconds of each."""
        return self._ask(f"run {times}")["ms"]

    def result(self) -> dict[str, np.ndarray]:
        """What the last run computed, by name."""
        self._ask("outputs")
        with np.load(self.outputs) as found:
            results = dict(found)
        self.outputs.unlink()
        return results

    def peak_mib(self) -> float:
        """The most memory that its process has had in use."""
        return self._ask("memory")["peak_mib"]

    def plan_mib(self) -> float | None:
        """The workspace that a run of ours is given."""
        return self._ask("memory")["plan_mib"]

    def close(self) -> None:
        """End the process."""
        if self.process:
            # What a broken pipe did not take is flushed once more.
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


class Parts:
    """Entries of ours that together are a run, so many times each, or so many runs of a peer: each
    is run once, and its time counts as often.
    """

    def __init__(self, name: str, parts: list[tuple[System, int]], results: list[str]) -> None:
        self.name = name
        self.parts = parts
        self.results = results

    def prepare(self) -> None:
        """Start the processes."""
        for system, _ in self.parts:
            system.prepare()

    def run(self, times: int) -> list[float]:
        """Run so many times; the milliseconds that all would take."""
        return [sum(count * each.run(1)[0] for each, count in self.parts) for _ in range(times)]

    def result(self) -> dict[str, np.ndarray]:
        """What the last run computed, of each part once."""
        found = [item for system, _ in self.parts for item in system.result().items()]
        return {name: array for name, array in found if name in self.results}

    def peak_mib(self) -> float:
        """The most memory that one of the processes has had in use."""
        return max(system.peak_mib() for system, _ in self.parts)

    def plan_mib(self) -> float | None:
        """The largest workspace."""
        return max((system.plan_mib() for system, _ in self.parts), key=lambda mib: mib or 0)

    def close(self) -> None:
        """End the processes."""
        for system, _ in self.parts:
            system.close()


AnySystem = System | Parts


def open_system(name: str, line: Line, workload: Workload, threads: int) -> AnySystem:
    """Return a system of a line, which has not started yet."""
    if name == STATIC:
        workload = workload.static()
    if not line.parts:
        return System(name, workload, line.entry, threads)
    entries = line.parts if name in OURS else ((line.entry, line.peer_runs),)
    signature = workload.signature(line.entry)
    results = [each["name"] for each in signature["arguments"] if each["output"]]
    parts = [(System(name, workload, entry, threads), times) for entry, times in entries]
    return Parts(name, parts, results)
