"""Models that are imported, or written for a paper's system: how each comes to its files."""

import contextlib
import io
import json
import multiprocessing
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from perceiver_compiler.importers.command import main as perceiver_import
from safetensors.numpy import save_file

from bench.lines import Line
from bench.systems import MAKER, System
from bench.workload import GENERATORS, ROOT, Process, ToolError, Workload, is_outdated
from models.papers import System as PaperSystem
from models.papers import get_system
from reference.deterministic import deterministic_values

# isort: split
from paper_systems.images import FourierPixels
from paper_systems.latents import Iterative

#: Helpers of the tests write what libraries save.
sys.path.append(str(ROOT / "python/tests"))

_WEIGHTS = "model.safetensors"
_DTYPES = {"f32": np.float32, "i64": np.int64, "i32": np.int32, "bool": np.bool_}


class Source(Protocol):
    """Where a model is from."""

    @property
    def command(self) -> str:
        """What a user types to get a description, besides what fixes sizes."""

    def job(self) -> dict[str, Any]:
        """What the library is told."""

    def write_weights(self, model: "Model") -> None:
        """Write the folder `model.checkpoint`."""

    def write_description(self, model: "Model", path: Path) -> None:
        """Write the description of what lies there."""

    def make_inputs(self, model: "Model", entry: dict) -> dict[str, np.ndarray]:
        """Return inputs of an entry that reads what users have."""


class _Imported:
    """A checkpoint of a library, which perceiver-import reads."""

    def job(self) -> dict[str, Any]:
        return {}

    def write_description(self, model: "Model", path: Path) -> None:
        shapes = [word for shape in model.row.shapes for word in ("--shape", shape)]
        said = io.StringIO()
        # What it says of entries that are left out is known.
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = perceiver_import([str(model.checkpoint), "-o", str(path), *shapes])
        if status:
            raise ToolError(f"failed: perceiver-import {model.checkpoint}\n{said.getvalue()}")

    def make_inputs(self, model: "Model", entry: dict) -> dict[str, np.ndarray]:
        return {
            argument["name"]: make_input(argument, model.row.sizes)
            for argument in entry["arguments"]
            if not argument["output"] and "default" not in argument
        }


@dataclass(frozen=True)
class HuggingFace(_Imported):
    """A class of transformers, saved by transformers itself, with seeded weights. `gain` is that of
    queries and keys: with more than 1, what attention has computed shows.
    """

    name: str  # the released checkpoint's
    cls: str
    config: dict[str, Any]
    gain: float = 2.0

    @property
    def command(self) -> str:
        return f"perceiver-import {self.name}"

    def job(self) -> dict[str, Any]:
        return {"class": self.cls, "config": self.config, "gain": self.gain}

    def write_weights(self, model: "Model") -> None:
        library = System(MAKER, model, "run", threads=1)
        try:
            library.prepare()
            library.run(1)
        finally:
            library.close()


@dataclass(frozen=True)
class Saved(_Imported):
    """A class of another library, in the files that its users have; `case` is what writes those of
    the tests, at another size.
    """

    name: str
    case: Any

    @property
    def command(self) -> str:
        return f"perceiver-import {self.name}"

    def write_weights(self, model: "Model") -> None:
        partial = model.checkpoint.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        self.case.save(partial, tensors={})
        save_file(self.case.tensors(), partial / _WEIGHTS)
        partial.rename(model.checkpoint)


@dataclass(frozen=True)
class Paper:
    """A system of the papers that never had a checkpoint, perhaps for inputs of one size alone."""

    name: str
    static: bool = False

    @property
    def command(self) -> str:
        return f"papers.py {self.name}{' --static' if self.static else ''}"

    @property
    def system(self) -> PaperSystem:
        return get_system(self.name, static=self.static)

    def job(self) -> dict[str, Any]:
        system = self.system
        if not isinstance(system.body, Iterative) or not isinstance(system.inputs, FourierPixels):
            return {}
        sizes = {
            "reads": system.body.reads,
            "layers": system.latents.layers,
            "heads": system.latents.heads,
            "side": system.inputs.side,
            "bands": system.inputs.bands,
        }
        return {"perceiver": sizes}

    def write_weights(self, model: "Model") -> None:
        model.checkpoint.mkdir(exist_ok=True)
        partial = model.checkpoint / f"{_WEIGHTS}.partial"
        save_file(self.system.make_weights(), partial)
        partial.rename(model.checkpoint / _WEIGHTS)

    def write_description(self, model: "Model", path: Path) -> None:
        path.write_text(str(self.system.model))

    def make_inputs(self, model: "Model", entry: dict) -> dict[str, np.ndarray]:
        return self.system.make_inputs(1)


@dataclass(frozen=True, kw_only=True)
class Row(Line):
    """A row of the model table. `sizes` are those of its run and `shapes` what --shape says; with
    `static_shapes` the run is compared with one of static sizes; `entry_sizes` are what other
    entries need besides. `test` runs the model end to end at reduced size.
    """

    source: Source
    test: str
    sizes: dict[str, int] = field(default_factory=dict)
    shapes: tuple[str, ...] = ()
    static_shapes: tuple[str, ...] = ()
    entry_sizes: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def command(self) -> str:
        """What a user types to get the description."""
        return " ".join([self.source.command, *(f"--shape {shape}" for shape in self.shapes)])


def apart(write: Callable[[], None]) -> None:
    """Do something in another process, so that this one stays small: what it starts is measured,
    and begins with its memory. ToolError if it fails.
    """
    process = multiprocessing.get_context("fork").Process(target=write)
    process.start()
    process.join()
    if process.exitcode:
        raise ToolError("could not make a checkpoint; the reason is above")


def make_input(argument: dict, sizes: dict[str, int]) -> np.ndarray:
    """Return an input of an entry: numbers in [-1, 1), ids of all kinds, the first of points."""
    shape = tuple(size if isinstance(size, int) else sizes[size] for size in argument["shape"])
    dtype = _DTYPES[argument["dtype"]]
    if "bounds" in argument:
        first, last = argument["bounds"]
        step = 1 if len(shape) == 1 else 37
        return (first + step * np.arange(np.prod(shape)) % (last - first)).reshape(shape)
    return deterministic_values(f"input.{argument['name']}", shape).astype(dtype)


class Model(Workload):
    """The files of a row, in a folder of their own; deleted when it is closed unless `keep`."""

    def __init__(self, row: Row, build: Path, keep: bool = True) -> None:
        super().__init__(row.model, build)
        self.row = row
        self.keep = keep
        self._described: set[Path] = set()
        self.folder = build / "bench/models" / row.model
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def checkpoint(self) -> Path:
        """The folder with the weights."""
        return self.folder / "checkpoint"

    @property
    def weights(self) -> Path:
        path = self.checkpoint / _WEIGHTS
        if is_outdated(path, GENERATORS):
            shutil.rmtree(self.checkpoint, ignore_errors=True)
            apart(lambda: self.row.source.write_weights(self))
        return path

    @property
    def _variant(self) -> str:
        is_static = self.row.shapes and self.row.shapes == self.row.static_shapes
        return f"{self.model}-static" if is_static else self.model

    @property
    def description(self) -> Path:
        path = self.folder / f"{self._variant}.mlir"
        if path not in self._described:
            self._described.add(path)
            partial = path.with_stem(f"{path.stem}.partial")
            assert self.weights.exists()
            self.row.source.write_description(self, partial)
            # The same text is compiled once.
            if not path.exists() or path.read_text() != partial.read_text():
                partial.replace(path)
            partial.unlink(missing_ok=True)
        return path

    def description_in(self, checkout: Path) -> Path:
        """What this checkout imports, whoever compiles it."""
        return self.description

    @property
    def binary(self) -> Path:
        return self.folder / f"{self._variant}.so"

    def fixed_sizes(self, entry: str) -> dict[str, int]:
        return self.row.sizes | self.row.entry_sizes.get(entry, {})

    def compile(self) -> Process:
        done = super().compile()
        facts = {"compile_cpu_s": done.cpu_seconds, "compile_mib": done.peak_mib}
        self.binary.with_suffix(".json").write_text(json.dumps(facts))
        return done

    def _write_inputs(self, entry: str, path: Path) -> None:
        save_file(self.row.source.make_inputs(self, self.signature(entry)), path)

    def job(self) -> dict[str, Any]:
        job = {"model": self.model, "checkpoint": str(self.checkpoint)}
        return {**job, "weights": str(self.checkpoint / _WEIGHTS), **self.row.source.job()}

    def facts(self) -> dict[str, Any]:
        """What the compiler made of the model, and how a user gets there."""
        return {
            "command": self.row.command,
            "test": self.row.test,
            "code_bytes": self.binary.stat().st_size,
            "weight_bytes": self._inspect()["weights"]["bytes"],
            **json.loads(self.binary.with_suffix(".json").read_text()),
        }

    def static(self) -> "Model":
        row = replace(self.row, shapes=self.row.static_shapes)
        return Model(row, self.build, keep=True)

    def close(self) -> None:
        if not self.keep:
            shutil.rmtree(self.folder)
