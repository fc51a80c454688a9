"""A checkpoint to make with a real library: its configuration, how it is saved, what it is given.

A case is drawn (draw.py), made by the library (worker.py), imported and judged (check.py); what is
committed (python/tests/goldens) are cases with what the library made of them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

#: The forms in which the libraries' users save weights, and what each makes.
FORMS = {
    "save_pretrained": "one safetensors file, as transformers writes it",
    "shards": "several safetensors files and their index, as transformers writes them",
    "pytorch_model": "torch's zip of pickles, under transformers' name",
    "save_file": "safetensors with each shared tensor repeated",
    "save_model": "safetensors with shared tensors once, and their aliases in the metadata",
    "torch": "torch's zip of pickles",
    "haiku": "a pickle of haiku's parameters, and of a state if there is one",
    "haiku_state": "a pickle of haiku's parameters and state",
    "haiku_jax": "the same with arrays of JAX, and more of a training",
    "lightning": "a checkpoint of Lightning, which holds its configuration",
    "wrapper": "one safetensors file of perceiver-io's classes for transformers",
    "wrapper_bin": "the same as torch's zip of pickles",
}


@dataclass(frozen=True)
class Case:
    """What a library makes a checkpoint of, and what it then computes.

    `source` is the library, `version` that of the package where it counts, `name` the class,
    `config` its configuration. `task`, `shapes` and `settings` are the options of the import,
    `prefix` is put before all names of tensors.
    """

    source: str
    name: str
    config: dict[str, Any]
    form: str
    version: str = ""
    dtype: str = "float32"
    task: str | None = None
    prefix: str = ""
    shapes: dict[str, list | None] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, np.ndarray] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Everything but the inputs."""
        fields = asdict(self)
        del fields["inputs"]
        return fields

    @property
    def title(self) -> str:
        """The case in a few words."""
        version = f" {self.version}" if self.version else ""
        return f"{self.source}{version} {self.name}, {self.form}, {self.dtype}"


@dataclass(frozen=True)
class Made:
    """What a library made of a case: `tensors` are the shapes by the names that the file has,
    `shared` maps a name to the last one of the same tensor, `tables` are tensors that the library
    computes itself. `single` and `double` are its results in float32 and float64.
    """

    tensors: dict[str, tuple[int, ...]]
    shared: dict[str, str]
    tables: dict[str, np.ndarray]
    single: dict[str, np.ndarray]
    double: dict[str, np.ndarray]


def write_json(path: Path, value: Any) -> None:
    """Write JSON that can be read and diffed."""
    path.write_text(json.dumps(value, indent=1) + "\n")
