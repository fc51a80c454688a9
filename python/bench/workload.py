"""The files of a model: weights, inputs and compiled code, in build/bench/.

Each is made when it is first asked for, and again when what makes it has changed.
"""

import json
import math
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

import reference
from bench import configurations, lines
from bench.sizes import bind, evaluate
from models import random_weights

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "python" / "models"
# What random weights and inputs follow from.
GENERATORS = [
    Path(__file__),
    Path(lines.__file__),
    Path(random_weights.__file__),
    *Path(reference.__file__).parent.glob("*.py"),
]


class ToolError(Exception):
    """A tool of ours failed; the text is what it said."""


@dataclass(frozen=True)
class Process:
    """What a finished program left; `output` is what it printed to standard output. Processors were
    busy with it for `cpu_seconds`, whatever else ran.
    """

    output: str
    seconds: float
    cpu_seconds: float
    peak_mib: float


def run_tool(command: list) -> Process:
    """Run a program. ToolError if it fails."""
    command = [str(part) for part in command]
    begin = time.perf_counter()
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begin
        if process.returncode:
            errors.seek(0)
            raise ToolError(f"failed: {' '.join(command)}\n{(output + errors.read()).strip()}")
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return Process(output, seconds, cpu_seconds, usage.ru_maxrss / 1024)


def run_json(command: list) -> dict:
    """Run a program and parse what it prints."""
    return json.loads(run_tool(command).output)


def is_outdated(path: Path, sources: Iterable[Path]) -> bool:
    """Whether a file is missing, or older than one of its sources."""
    return not path.exists() or any(
        source.stat().st_mtime > path.stat().st_mtime for source in sources
    )


def make(path: Path, sources: Iterable[Path], write: Callable[[Path], None]) -> Path:
    """Return `path`, written by `write` if it is outdated: all of it, or nothing."""
    if is_outdated(path, sources):
        partial = path.with_stem(f"{path.stem}.partial")
        write(partial)
        partial.replace(path)
    return path


def find_description(model: str, checkout: Path = ROOT) -> Path:
    """Return the committed description of a model, in this checkout or another one."""
    if model in lines.ATTENTIONS:
        return checkout / "python/bench/attention" / f"{model.partition('-')[2]}.mlir"
    return checkout / "python/models" / model / f"{model}.mlir"


class Workload:
    """A model's files."""

    def __init__(self, model: str, build: Path) -> None:
        self.model = model
        self.build = build
        self.folder = build / "bench"
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def description(self) -> Path:
        """The committed description."""
        return find_description(self.model)

    @property
    def weights(self) -> Path:
        """The checkpoint: committed, random, or empty."""
        if self.model == "digits":
            return MODELS / "digits" / "digits.safetensors"
        return make(self.folder / f"{self.model}.safetensors", GENERATORS, self._write_weights)

    def _write_weights(self, path: Path) -> None:
        if self.model in lines.ATTENTIONS:
            save_file({}, path)  # no parameters
            return
        model = random_weights.get_model(self.model)
        random_weights.save_weights(model, random_weights.make_weights(model), path)

    def inputs(self, entry: str = "run") -> Path:
        """The inputs of an entry; those of `process` come out of our `encode`, those of decoders
        out of `process`.
        """
        path = self.folder / f"{self.model}.{entry}.inputs.safetensors"
        if entry in ("encode", "run"):
            return make(path, GENERATORS, partial(self._write_inputs, entry))
        before = "encode" if entry == "process" else "process"
        given = self.inputs(before)
        command = [self.build / "bin/perceiver-run", self.compiled(), f"--entry={before}",
                   f"--input={given}"]  # fmt: skip
        return make(path, [self.compiled(), given], lambda path: run_tool(
            [*command, f"--output={path}"]))  # fmt: skip

    def _write_inputs(self, entry: str, path: Path) -> None:
        if self.model in lines.ATTENTIONS:
            draw = np.random.default_rng(0)
            values = {
                name: draw.standard_normal(shape, dtype=np.float32)
                for name, shape in lines.ATTENTIONS[self.model].shapes.items()
            }
        elif self.model == "digits":
            values = {"inputs": np.linspace(0, 1, 64, dtype=np.float32).reshape(1, 8, 8, 1)}
        else:
            values = random_weights.make_inputs(random_weights.get_model(self.model))
        save_file(values, path)

    @property
    def binary(self) -> Path:
        """Where the compiled model is, or will be."""
        return self.folder / f"{self.model}.so"

    def compile(self) -> Process:
        """Compile the model, whether or not it is there."""
        return run_tool([self.build / "bin/perceiver-compile", self.description,
                         f"--weights={self.weights}", "-o", self.binary])  # fmt: skip

    def compiled(self) -> Path:
        """The binary, compiled again if the compiler, the description or the weights are newer."""
        sources = [self.build / "bin/perceiver-compile", self.description, self.weights]
        if is_outdated(self.binary, sources):
            self.compile()
        return self.binary

    def job(self) -> dict:
        """What a system is told of the model, besides the entry."""
        job = {"model": self.model, "weights": str(self.weights)}
        if self.model == lines.IMAGENET:
            cls = "PerceiverForImageClassificationFourier"
            job |= {"class": cls, "config": configurations.VISION_FOURIER}
        return job

    def description_in(self, checkout: Path) -> Path:
        """The description that a build of another checkout compiles."""
        return find_description(self.model, checkout)

    def facts(self) -> dict[str, float]:
        """What else is to be told of the model."""
        return {}

    def static(self) -> "Workload":
        """The same model with sizes that are known when it is compiled."""
        raise ToolError(f"{self.model} has no other sizes")

    def close(self) -> None:
        """Delete what is not to stay."""

    def sizes(self, entry: str) -> dict[str, int]:
        """The sizes of a run, in the entry's order."""
        with safe_open(self.inputs(entry), "numpy") as file:
            shapes = {name: file.get_slice(name).get_shape() for name in file.keys()}
        return bind(self.signature(entry), shapes, self.fixed_sizes(entry))

    def fixed_sizes(self, entry: str) -> Mapping[str, int]:
        """Sizes that no input has."""
        return {}

    def flop(self, entry: str) -> int:
        """Dense FLOPs of a run, as the compiler counts them."""
        return evaluate(self.signature(entry)["flop"], self.sizes(entry))

    def executed_flop(self, entry: str) -> int | None:
        """FLOPs that the phases of a run do; None if the file does not say, since values of inputs
        decide, as lengths do, or since it is for a GPU.
        """
        phases = self.signature(entry)["phases"]
        if not all("flop" in phase for phase in phases):
            return None
        sizes = self.sizes(entry)
        # Those of a loop count all its iterations.
        return sum(evaluate(phase["flop"], sizes) for phase in phases)

    def signature(self, entry: str) -> dict:
        """What perceiver-inspect says of an entry, and the prefix of the model's symbols."""
        found = self._inspect()
        for candidate in found["entries"]:
            if candidate["name"] == entry:
                return candidate | {"prefix": found["prefix"]}
        raise ToolError(f"{self.binary} has no entry {entry}")

    def _inspect(self) -> dict:
        return run_json([self.build / "bin/perceiver-inspect", self.compiled(), "--json"])

    def num_bytes(self, entry: str) -> int:
        """The packed weights of the whole model, whatever the entry reads of them, and the entry's
        inputs and outputs; masks that may be left out are.
        """
        sizes = self.sizes(entry)
        arguments = sum(
            math.prod(evaluate(size, sizes) for size in argument["shape"])
            * (8 if argument["dtype"] == "i64" else 4)
            for argument in self.signature(entry)["arguments"]
            if "default" not in argument
        )
        return self._inspect()["weights"]["bytes"] + arguments
