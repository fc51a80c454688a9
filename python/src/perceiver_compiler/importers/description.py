"""What an import gives: the text of a model and where its weights are."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..builder import Model
from ..checkpoint import Checkpoint, Parameters, Tensor, check_replaceable

if TYPE_CHECKING:
    from .. import runtime


@dataclass(repr=False)
class Description:
    """A model that was imported: `text` is its description, `weights` are the files that hold its
    tensors (none before `save` if they have to be copied), `report` says what the importer noticed
    and chose, a line each; `warnings` are those of them that matter.
    """

    #: The class of the library.
    name: str
    model: Model
    checkpoint: Checkpoint
    #: The tensors that the model uses, by the names that the description has for them.
    tensors: dict[str, Tensor]
    report: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    weights: tuple[Path, ...] = ()

    def __repr__(self) -> str:
        entries = ", ".join(entry.name for entry in self.model.entries)
        return f"<Description of a {self.name}: {entries}; {len(self.tensors)} tensors>"

    @property
    def text(self) -> str:
        """The description."""
        return str(self.model)

    def evaluate(self, entry: str, inputs: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Return an entry's results by name, computed in float64 by NumPy alone: slow, and right.

        Inputs have the names of the entry's arguments. ValueError if they do not fit.
        """
        return self.model.evaluate(entry, inputs, self.tensors)

    def effect_of_positions(self, entry: str, inputs: Mapping[str, Any]) -> dict[str, float]:
        """Return by name how far, at most, an element of an entry's results moves if Fourier
        positions are exact instead of rounded to float32; as `evaluate`.

        Libraries round them in different ways, so a result may be off by twice that from what the
        library computes in float64: that is what `perceiver-run --verify` takes as NAME.tolerance.
        """
        rounded = self.evaluate(entry, inputs)
        exact = self.model.evaluate(entry, inputs, self.tensors, exact_positions=True)
        return {
            name: float(np.abs(exact[name] - array).max(initial=0.0))
            for name, array in rounded.items()
        }

    def save(self, path: os.PathLike[str] | str) -> Path:
        """Write the description to `path`, and beside it the weights, if they have to be copied:
        NAME.mlir and NAME.safetensors. Nothing is written if anything fails.

        CheckpointError if the file of the weights is there and not one of ours; OSError if a file
        cannot be written.
        """
        path = Path(path)
        text = self.text
        if not self.checkpoint.weights:
            copy = path.with_suffix(".safetensors")
            check_replaceable(copy)
            self._write_weights(copy)
            self.weights = (copy,)
        _replace(path, text)
        return path

    def _write_weights(self, path: Path) -> None:
        names = {tensor.stored_name: name for name, tensor in self.checkpoint.tensors.items()}
        self.checkpoint.write_weights(path, [names[stored] for stored in self.tensors])

    def compile(
        self, output: os.PathLike[str] | str | None = None, **options: Any
    ) -> runtime.Model:
        """Compile the model for this machine and load it: see perceiver_compiler.compile, whose
        options these are.
        """
        from ..compiler import compile

        with tempfile.TemporaryDirectory(prefix="perceiver-") as directory:
            weights = self.weights
            if not weights:
                copy = Path(directory) / "weights.safetensors"
                self._write_weights(copy)
                weights = (copy,)
            given = weights[0] if len(weights) == 1 else list(weights)
            return compile(self.text, given, output, **options)


def finish(
    name: str, model: Model, checkpoint: Checkpoint, parameters: Parameters, report: list[str]
) -> Description:
    """Return the Description of a model whose parameters have been checked."""
    _drop_parameters(model)
    used = {key for p in model.parameters.values() for names in p.all_names() for key in names}
    tensors = {t.stored_name: t for t in parameters.bound.values() if t.stored_name in used}
    if checkpoint.weights:
        model.ignored = _ignored(checkpoint, parameters, used)
    return Description(
        name,
        model,
        checkpoint,
        tensors,
        [*checkpoint.warnings, *report],
        list(checkpoint.warnings),
        checkpoint.weights,
    )


def _ignored(checkpoint: Checkpoint, parameters: Parameters, used: set[str]) -> tuple[str, ...]:
    """The tensors of the file that the model rightly does not read, of which the compiler then says
    nothing: all but those that are a warning. Copies do not have them.
    """
    known = checkpoint.tensors.keys() - set(parameters.strangers)
    return tuple(sorted({checkpoint.tensors[name].stored_name for name in known} - used))


def _drop_parameters(model: Model) -> None:
    """Leave out parameters that no function reads, alone or as part of a scope: a strict
    compilation would refuse them.
    """
    read = set(re.findall(r"@([\w.]+)", "\n".join(map(str, model.functions))))
    model.parameters = {
        symbol: parameter
        for symbol, parameter in model.parameters.items()
        if symbol in read or symbol.rsplit(".", 2)[0] in read
    }


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
