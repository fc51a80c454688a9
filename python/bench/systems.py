"""Systems as the benchmark sees them: processes that answer requests (worker.py)."""

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from bench.workload import ROOT, Workload, make

PEERS = Path(__file__).with_name("peers.py")
REQUIREMENTS = Path(__file__).with_name("requirements-peers.txt")
REQUIREMENTS_NO_DEPS = Path(__file__).with_name("requirements-peers-no-deps.txt")
VENV = ROOT / ".venv-peers"
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
    """One system with one model loaded, in its own process."""

    def __init__(self, name: str, workload: Workload, entry: str, threads: int) -> None:
        self.name = name
        self.workload = workload
        self.entry = entry
        self.threads = threads
        self.process: subprocess.Popen | None = None
        stem = workload.folder / f"{workload.model}.{name}"
        self.log = Path(f"{stem}.log")
        self.outputs = Path(f"{stem}.npy")
        self.onnx = workload.folder / f"{workload.model}.onnx"

    def _job(self) -> dict:
        workload = self.workload
        job = {
            "system": self.name,
            "model": workload.model,
            "threads": self.threads,
            "weights": str(workload.weights),
            "inputs": str(workload.inputs(self.entry)),
            "onnx": str(self.onnx),
            "outputs": str(self.outputs),
        }
        if self.name == "ours":
            job |= {
                "binary": str(workload.compiled()),
                "signature": workload.signature(self.entry),
            }
        return job

    def prepare(self) -> None:
        """Start the process and load the model. SystemFailure if it cannot."""
        if self.name in ("onnxruntime", "openvino"):
            sources = [self.workload.weights, PEERS, REQUIREMENTS, REQUIREMENTS_NO_DEPS]
            make(self.onnx, sources, self._export)
        python = sys.executable if self.name == "ours" else VENV / "bin/python"
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

    def result(self) -> np.ndarray:
        """What the last run computed."""
        self._ask("outputs")
        return np.load(self.outputs)

    def peak_mib(self) -> float:
        """The most memory that its process has had in use."""
        return self._ask("memory")["peak_mib"]

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
