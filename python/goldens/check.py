"""Import what a library made of a case, compute it in NumPy and compiled, and judge it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import perceiver_compiler as pc
from perceiver_compiler.importers import Description, import_path
from perceiver_compiler.importers.sources import Options
from safetensors.numpy import load_file, save_file

from . import judge
from .case import Case, Made
from .library import Libraries, LibraryError


@dataclass
class Outcome:
    """What became of a case. `kind` is "right", "wrong", "refused", or "library" where that fails;
    errors are in units of the tolerance, None where nothing ran.
    """

    case: Case
    kind: str
    text: str = ""
    numpy_error: float | None = None
    compiled_error: float | None = None
    emulated_error: float | None = None
    folder: Path | None = None

    @property
    def is_miss(self) -> bool:
        """Whether something is wrong: no refusal is expected of what is drawn."""
        return self.kind != "right"


@dataclass(frozen=True)
class Device:
    """Where models run, and what the tools have to be told."""

    name: str
    compiler: tuple[str, ...] = ()
    runner: tuple[str, ...] = ()


CPU = Device("CPU")
EMULATED = Device("emulated GPU", ("--target=cuda", "--cuda-arch=80"), ("--device=emulated",))


@dataclass(frozen=True)
class Effort:
    """What is done with a case that NumPy computes right: whether it is compiled with all entries
    instead of `run` alone, and whether it runs on the emulated GPU, too.
    """

    all_entries: bool = False
    emulated: bool = False


@dataclass(frozen=True)
class Checker:
    """Makes and judges cases; `build` has the compiler, None compiles nothing."""

    libraries: Libraries
    build: Path | None

    def check(self, case: Case, folder: Path, effort: Effort) -> Outcome:
        """Make a case in a folder and judge what is imported of it."""
        try:
            made = self.libraries.make(case, folder)
        except LibraryError as error:
            return Outcome(case, "library", str(error), folder=folder)
        try:
            outcome = self._judge(case, made, folder, effort)
        except pc.CheckpointError as error:
            outcome = Outcome(case, "refused", str(error))
        except Exception as error:
            # Whatever goes wrong is a fault, of this case alone.
            outcome = Outcome(case, "wrong", f"{type(error).__name__}: {error}")
        outcome.folder = folder
        return outcome

    def _judge(self, case: Case, made: Made, folder: Path, effort: Effort) -> Outcome:
        description = import_case(case, folder / "checkpoint")
        results = description.evaluate("run", case.inputs)
        outcome = Outcome(case, "right")
        outcome.numpy_error = judge.worst(results, made.single, made.double)
        if not outcome.numpy_error <= 1:
            effects = description.effect_of_positions("run", case.inputs)
            outcome.numpy_error = judge.worst(results, made.single, made.double, effects)
        if not outcome.numpy_error <= 1:
            outcome.kind = "wrong"
            outcome.text = f"NumPy: {describe(results, made)}"
            return outcome
        if self.build is not None:
            self._judge_compiled(outcome, description, made, folder, effort)
        return outcome

    def _judge_compiled(
        self, outcome: Outcome, description: Description, made: Made, folder: Path, effort: Effort
    ) -> None:
        if not effort.all_entries:
            description.model.keep_entries("run")
        outcome.compiled_error = self._judge_on(outcome, description, made, folder, CPU)
        if outcome.kind == "right" and effort.emulated:
            description.model.keep_entries("run")
            outcome.emulated_error = self._judge_on(outcome, description, made, folder, EMULATED)

    def _judge_on(
        self, outcome: Outcome, description: Description, made: Made, folder: Path, device: Device
    ) -> float | None:
        """Return the error of a device, None if nothing ran."""
        try:
            results = self.compile_and_run(description, outcome.case, folder, device)
        except subprocess.CalledProcessError as error:
            outcome.kind, outcome.text = "wrong", f"{device.name}: {error}\n{error.stderr}"
            return None
        error = judge.worst(results, made.single, made.double)
        if not error <= 1:
            effects = description.effect_of_positions("run", outcome.case.inputs)
            error = judge.worst(results, made.single, made.double, effects)
        if not error <= 1:
            outcome.kind = "wrong"
            outcome.text = f"{device.name}: {describe(results, made)}"
        return error

    def compile_and_run(
        self, description: Description, case: Case, folder: Path, device: Device
    ) -> dict[str, np.ndarray]:
        """Return the results of `run`, from the tools that users have. CalledProcessError if one of
        them fails.
        """
        description.save(folder / "model.mlir")
        weights = [f"--weights={path}" for path in description.weights]
        model = folder / "model.so"
        self._tool(
            "perceiver-compile", folder / "model.mlir", *weights, *device.compiler, "-o", model
        )
        # The library's names and types, as they are.
        save_file(case.inputs, folder / "in.safetensors")
        files = (f"--input={folder / 'in.safetensors'}", f"--output={folder / 'out.safetensors'}")
        self._tool("perceiver-run", model, *files, *device.runner, "--poison-outputs")
        return load_file(folder / "out.safetensors")

    def _tool(self, name: str, *arguments: object) -> None:
        assert self.build is not None, "expected a build"
        command = [str(self.build / "bin" / name), *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)


def import_case(case: Case, checkpoint: Path) -> Description:
    """Import a checkpoint with the options of its case."""
    shapes = {name: shape if shape is None else tuple(shape) for name, shape in case.shapes.items()}
    options = Options(case.task, shapes, case.settings, case.prefix)
    return import_path(checkpoint, case.source, options)


def describe(results: dict[str, np.ndarray], made: Made) -> str:
    """Say how results differ."""
    parts = []
    for name, double in made.double.items():
        if name not in results:
            parts.append(f"no result {name}")
            continue
        if results[name].shape != double.shape:
            parts.append(f"{name}: expected shape {double.shape}, but got {results[name].shape}")
            continue
        error = judge.error(results[name], made.single[name], double)
        parts.append(f"{name}: {error:.3g} of the tolerance")
    return "; ".join(parts)
