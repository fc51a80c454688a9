"""Hugging Face's transformers: it saves a checkpoint, and computes what it has loaded of one. Runs
in .venv-peers.
"""

from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from bench.torch_threads import import_torch


def nested(values: dict[str, Any]) -> dict[str, Any]:
    """Return values by names in which a dot stands for a dict in the dict."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        outer, _, inner = name.partition(".")
        where = found.setdefault(outer, {}) if inner else found
        where[inner or outer] = value
    return found


class SaveTransformers:
    """Makes a model of a class and a configuration, gives each tensor the values that follow from
    its name, and saves it.
    """

    def __init__(self, job: dict) -> None:
        self.job = job

    def prepare(self) -> None:
        """Make the model."""
        self.torch = import_torch(self.job["threads"])
        import transformers

        config = transformers.PerceiverConfig(**self.job["config"])
        self.model = getattr(transformers, self.job["class"])(config)

    def run(self) -> None:
        """Save the model as users do."""
        from reference.deterministic import deterministic_parameter

        for name, tensor in self.model.state_dict().items():
            if tensor.is_floating_point():
                values = deterministic_parameter(name, tuple(tensor.shape), self.job["gain"])
                tensor.copy_(self.torch.from_numpy(values))
        self.model.save_pretrained(Path(self.job["checkpoint"]))


class Transformers:
    """The library, eager, with the checkpoint that it has saved."""

    def __init__(self, job: dict) -> None:
        self.job = job

    def prepare(self) -> None:
        """Load the checkpoint and the inputs as users do."""
        torch = import_torch(self.job["threads"])
        import transformers

        cls = getattr(transformers, self.job["class"])
        self.model = cls.from_pretrained(self.job["checkpoint"]).eval()
        arrays = load_file(self.job["inputs"])
        self.inputs = nested({name: torch.from_numpy(array) for name, array in arrays.items()})

    def run(self) -> None:
        """Compute the outputs once."""
        self.output = self.model(**self.inputs).logits

    def result(self) -> dict[str, np.ndarray]:
        """What the last run computed, by name."""
        if not isinstance(self.output, dict):
            return {"logits": self.output.numpy()}
        return {f"logits.{name}": tensor.numpy() for name, tensor in self.output.items()}
