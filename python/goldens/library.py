"""The real libraries, each in a process of its own, in .venv-goldens."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from safetensors.numpy import load_file, save_file

from .case import Case, Made, write_json

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv-goldens"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
REQUIREMENTS_NO_DEPS = Path(__file__).with_name("requirements-no-deps.txt")
#: Two versions of one package, in folders of their own.
REQUIREMENTS_LUCIDRAINS = Path(__file__).with_name("requirements-lucidrains.txt")


class LibraryError(Exception):
    """A library refuses a case, or fails on it."""


def lucidrains_versions() -> tuple[str, ...]:
    """The versions of perceiver-pytorch that are installed."""
    text = REQUIREMENTS_LUCIDRAINS.read_text()
    return tuple(re.findall(r"^perceiver-pytorch==(\S+)$", text, re.MULTILINE))


def install() -> None:
    """Put the libraries into .venv-goldens (2.7 GB). CalledProcessError if that does not work."""
    if not (VENV / "bin/python").exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    pip = [VENV / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--requirement", REQUIREMENTS], check=True)
    no_deps = [*pip, "--no-deps", "--ignore-requires-python"]
    subprocess.run([*no_deps, "--requirement", REQUIREMENTS_NO_DEPS], check=True)
    for version in lucidrains_versions():
        package = f"perceiver-pytorch=={version}"
        target = ["--upgrade", "--target", _folder(version), package]
        subprocess.run([*no_deps, *target], check=True)


def _folder(version: str) -> Path:
    return VENV / f"perceiver-pytorch-{version}"


class Libraries:
    """The processes that make cases; they start when they are needed first."""

    def __init__(self) -> None:
        self._workers: dict[str, subprocess.Popen] = {}

    def make(self, case: Case, folder: Path) -> Made:
        """Make a case in a folder, which then has the checkpoint as `checkpoint`. LibraryError if
        the library does not.
        """
        folder.mkdir(parents=True)
        write_json(folder / "case.json", case.to_json())
        save_file(case.inputs, folder / "in.safetensors")
        worker = self._worker(case)
        print(folder, file=worker.stdin, flush=True)
        line = worker.stdout.readline()
        if not line:
            raise LibraryError("the worker ended")
        reply = json.loads(line)
        if "error" in reply:
            raise LibraryError(f"{reply['error']}\n{reply['trace']}")
        made = json.loads((folder / "made.json").read_text())
        return Made(
            {name: tuple(shape) for name, shape in made["tensors"].items()},
            made["shared"],
            load_file(folder / "tables.safetensors"),
            load_file(folder / "single.safetensors"),
            load_file(folder / "double.safetensors"),
        )

    def _worker(self, case: Case) -> subprocess.Popen:
        version = case.version if case.source == "lucidrains" else ""
        if version not in self._workers:
            paths = [ROOT / "python", *([_folder(version)] if version else [])]
            environment = os.environ | {
                "PYTHONPATH": os.pathsep.join(map(str, paths)),
                "HF_HUB_OFFLINE": "1",
            }
            self._workers[version] = subprocess.Popen(
                [VENV / "bin/python", "-m", "goldens.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
            )
        return self._workers[version]

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers.values():
            worker.stdin.close()
            worker.wait()
            worker.stdout.close()
        self._workers.clear()
