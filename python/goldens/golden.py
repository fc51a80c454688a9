"""Goldens: cases with what the libraries made of them, as they are committed.

NAME.json has the case, the configuration file as the library wrote it, and the shapes of the
tensors; their values follow from their names. NAME.in.safetensors has the inputs, and
NAME.out.safetensors the library's results in float32, each with that of float64 as RESULT.f64.
NAME.tables.safetensors has tensors that the library computes itself, if it saves any. A golden of a
form of files has the checkpoint itself, in the folder NAME.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from .case import Case, Made, write_json
from .rule import parameter_values

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "goldens"
_DOUBLE = ".f64"
_CONFIGURATIONS = ("config.json", "kwargs.json")
_WEIGHTS = "model.safetensors"
_TYPES = {"float32": np.float32, "float16": np.float16, "float64": np.float64}
#: The types that weights by rule can have: those of NumPy.
DTYPES = tuple(_TYPES)


@dataclass(frozen=True)
class Golden:
    """A golden: `configuration` is the library's file by its name, None where the checkpoint itself
    is at hand.
    """

    path: Path
    case: Case
    made: Made
    configuration: tuple[str, dict] | None

    @property
    def name(self) -> str:
        """Its name among all."""
        return str(self.path.relative_to(FOLDER))

    def checkpoint(self, folder: Path) -> Path:
        """Return the directory of the checkpoint, which is written to `folder` unless it is at
        hand.
        """
        if self.configuration is None:
            return self.path
        name, configuration = self.configuration
        write_json(folder / name, configuration)
        tensors = {f"{self.case.prefix}{key}": array for key, array in self.tensors().items()}
        save_file(tensors, folder / _WEIGHTS)
        return folder

    def tensors(self) -> dict[str, np.ndarray]:
        """The tensors of the checkpoint by the rule of their names; shared ones have the values of
        the last name.
        """
        dtype = _TYPES[self.case.dtype]
        return {
            name: self.made.tables[name].astype(dtype)
            if name in self.made.tables
            else parameter_values(self.made.shared.get(name, name), shape).astype(dtype)
            for name, shape in self.made.tensors.items()
        }


def write_golden(folder: Path, case: Case, made: Made, checkpoint: Path, whole: bool) -> None:
    """Write a golden as `folder`.*; `whole` keeps the checkpoint itself."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    configuration = None
    if whole:
        shutil.copytree(checkpoint, folder)
    else:
        (found,) = [name for name in _CONFIGURATIONS if (checkpoint / name).exists()]
        configuration = [found, json.loads((checkpoint / found).read_text())]
    content = {
        "case": case.to_json(),
        "configuration": configuration,
        "tensors": {name: list(shape) for name, shape in made.tensors.items()},
        "shared": made.shared,
    }
    _file(folder, ".json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
    save_file(case.inputs, _file(folder, ".in.safetensors"))
    double = {f"{name}{_DOUBLE}": array for name, array in made.double.items()}
    save_file(made.single | double, _file(folder, ".out.safetensors"))
    if made.tables and not whole:
        save_file(made.tables, _file(folder, ".tables.safetensors"))


def read_golden(path: Path) -> Golden:
    """Read the golden of PATH.json."""
    content = json.loads(_file(path, ".json").read_text())
    inputs = load_file(_file(path, ".in.safetensors"))
    results = load_file(_file(path, ".out.safetensors"))
    tables = _file(path, ".tables.safetensors")
    single = {name: array for name, array in results.items() if not name.endswith(_DOUBLE)}
    made = Made(
        {name: tuple(shape) for name, shape in content["tensors"].items()},
        content["shared"],
        load_file(tables) if tables.exists() else {},
        single,
        {name: results[f"{name}{_DOUBLE}"] for name in single},
    )
    configuration = content["configuration"]
    return Golden(
        path,
        replace(Case(**content["case"]), inputs=inputs),
        made,
        configuration and tuple(configuration),
    )


def golden_paths() -> Iterator[Path]:
    """All goldens, without .json."""
    for path in sorted(FOLDER.rglob("*.json")):
        if _file(path.with_suffix(""), ".in.safetensors").exists():
            yield path.with_suffix("")


def _file(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
