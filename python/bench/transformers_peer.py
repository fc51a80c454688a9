"""Hugging Face's transformers: it saves a checkpoint, and computes what it has loaded of one. Runs
in .venv-peers.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.torch_threads import import_torch


def nested(values: dict[str, Any]) -> dict[str, Any]:
    """Return values by names in which a dot stands for a dict in the dict."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        outer, _, inner = name.partition(".")
        where = found.setdefault(outer, {}) if inner else found
        where[inner or outer] = value
    return found


def in_order(found: Any, results: Sequence[str]) -> tuple:
    """Return what a class calls its logits in the order of `results`, which are names as
    "logits.image"; or its one result.
    """
    if not isinstance(found, dict):
        return (found,)
    return tuple(found[name.partition(".")[2]] for name in results)


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


def make_transformers(torch, job: dict, names: Sequence[str]):
    """Return a class of the library as a module of arrays with these names: with the checkpoint
    that it has saved, or with the job's weights.
    """
    import transformers
    from safetensors.torch import load_file

    # It draws masks with probabilities that are all 0 or 1: what is exported draws others in ONNX
    # Runtime, and OpenVINO cannot draw.
    torch.bernoulli = lambda probabilities: probabilities
    cls = getattr(transformers, job["class"])
    if "checkpoint" in job:
        model = cls.from_pretrained(job["checkpoint"])
    else:
        model = cls(transformers.PerceiverConfig(**job["config"]))
        model.load_state_dict(load_file(job["weights"]), strict=True)

    class Logits(torch.nn.Module):
        """What the class returns, without what else it tells."""

        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, *arrays):
            return in_order(self.model(**nested(dict(zip(names, arrays)))).logits, job["results"])

    class Latents(torch.nn.Module):
        """The encoder's cross-attention alone."""

        def __init__(self):
            super().__init__()
            self.model = model.perceiver

        def forward(self, inputs):
            rows, _, _ = self.model.input_preprocessor(inputs)
            latents = self.model.embeddings(batch_size=len(inputs))
            return self.model.encoder.cross_attention(latents, inputs=rows)[:1]

    return Latents() if job["entry"] == "encode" else Logits()
