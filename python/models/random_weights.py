#!/usr/bin/env python3
"""Write a model's random weights, and inputs with the float64 reference's outputs for them.

Every value follows from its tensor's name (reference/deterministic.py), so the same command gives
the same numbers anywhere. Query and key weights are larger than the plain rule makes them:
ATTENTION_GAIN says why.

    python3 python/models/random_weights.py NAME --size full --output w.safetensors \\
        --golden golden.safetensors --batch 2
"""

import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import reference as r
from command_line import Parser, run_command

# With a gain of 1 the scores have about unit variance, and the entropy of attention over M keys is
# within half a nat of ln(M): nearly an average, which hides errors in queries, keys and masks. A
# gain g multiplies the scores by g^2. Tried at full size, 2 is the largest that keeps the models
# well conditioned: the encoders' mean entropy is 3 to 5 nats below ln(M), that of the first latent
# layers 3.5 to 4, and float32 arithmetic stays within 3e-6 of float64 (relative L2). With 2.5 and 3
# the 48 layers of the image model turn chaotic, with errors of 1e-5 and 3e-4. Its latents grow
# alike with depth, so its decoder needs 3 to get 2 nats below ln(512), and can have it: nothing
# comes after. Rolling any one tensor that was tried moves the logits by at least 1e-3.
# The models' folders hold what `--measure` prints.
ATTENTION_GAIN = 2.0
DECODER_GAIN = 3.0

SIZES = ("full", "small")


@dataclass(frozen=True)
class Model:
    """A model with random weights: its configuration and what its one input and output are."""

    config: r.HuggingFaceConfig | r.LucidrainsConfig
    input_name: str
    input_shape: tuple[int, ...]
    output_name: str = "logits"

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Every tensor's shape by its checkpoint name."""
        if isinstance(self.config, r.HuggingFaceConfig):
            return r.parameter_shapes(self.config)
        return r.perceiver_shapes(self.config)

    @property
    def tied_groups(self) -> list[list[str]]:
        """Names that denote one tensor."""
        if isinstance(self.config, r.HuggingFaceConfig):
            return []
        return r.tied_groups(self.config)

    @property
    def run(self) -> Callable[[dict[str, np.ndarray], np.ndarray], np.ndarray]:
        """The reference: (weights, input [B, ...]) -> output [B, ...], float64."""
        hugging_face = isinstance(self.config, r.HuggingFaceConfig)
        function = r.image_classification if hugging_face else r.lucidrains_perceiver
        return lambda weights, values: function(weights, self.config, values)


def _imagenet_fourier(size: str) -> Model:
    if size == "full":
        return Model(r.RELEASED["image_classification_fourier"], "inputs", (3, 224, 224))
    config = r.HuggingFaceConfig(
        "image_classification_fourier",
        num_latents=32,
        d_latents=64,
        d_model=261,
        num_blocks=2,
        num_self_attends_per_block=3,
        num_cross_attention_heads=1,
        num_labels=10,
        max_resolution=(224, 224),  # fixed in the checkpoint format, whatever the images' size
    )
    return Model(config, "inputs", (3, 32, 32))


def _lucidrains(size: str, tied: bool) -> Model:
    if size == "full":
        return Model(r.LucidrainsConfig(weight_tie_layers=tied), "data", (224, 224, 3))
    config = r.LucidrainsConfig(
        depth=3,
        num_latents=16,
        latent_dim=32,
        cross_dim_head=16,
        latent_heads=4,
        latent_dim_head=8,
        num_classes=10,
        weight_tie_layers=tied,
    )
    return Model(config, "data", (20, 28, 3))


MODELS: dict[str, Callable[[str], Model]] = {
    "perceiver_io_imagenet_fourier": _imagenet_fourier,
    "perceiver_lucidrains": lambda size: _lucidrains(size, tied=False),
    "perceiver_lucidrains_tied": lambda size: _lucidrains(size, tied=True),
}


def get_model(name: str, size: str = "full") -> Model:
    """Return a model of MODELS. ValueError for an unknown name or size."""
    if name not in MODELS:
        raise ValueError(f"expected a model among {', '.join(MODELS)}, but got {name}")
    if size not in SIZES:
        raise ValueError(f"expected a size among {', '.join(SIZES)}, but got {size}")
    return MODELS[name](size)


def make_weights(
    model: Model, gain: float = ATTENTION_GAIN, decoder_gain: float = DECODER_GAIN
) -> dict[str, np.ndarray]:
    """Return every tensor, float32, by name; tied names share one array, that of the last name."""
    source = {name: group[-1] for group in model.tied_groups for name in group}
    weights: dict[str, np.ndarray] = {}
    for name, shape in model.shapes.items():
        if source.get(name, name) == name:
            own_gain = decoder_gain if ".decoder." in name else gain
            values = r.deterministic_parameter(name, shape, own_gain)
            weights[name] = values.astype(np.float32)
    return {name: weights[source.get(name, name)] for name in model.shapes}


def make_inputs(model: Model, batch: int = 1) -> dict[str, np.ndarray]:
    """Return the model's input [batch, ...], float32 in [-1, 1), by its name."""
    values = r.deterministic_values(model.input_name, (batch, *model.input_shape))
    return {model.input_name: values.astype(np.float32)}


def make_golden(
    model: Model, weights: dict[str, np.ndarray], batch: int = 1
) -> dict[str, np.ndarray]:
    """Return the inputs and the reference's outputs rounded to float32, by name.

    One batch row at a time, so memory does not grow with the batch.
    """
    inputs = make_inputs(model, batch)
    rows = [model.run(weights, row[None])[0] for row in inputs[model.input_name]]
    return inputs | {model.output_name: np.stack(rows).astype(np.float32)}


def save_weights(
    model: Model, weights: dict[str, np.ndarray], path: Path, with_aliases: bool = False
) -> None:
    """Write a safetensors file.

    A tensor with several names is written under each of them, as a state dict holds it; or, with
    aliases, once under the first name in alphabetical order while the file's metadata maps every
    other name to that one, as safetensors' save_model does for torch modules.
    """
    weights = dict(weights)
    metadata = {} if with_aliases else {"format": "pt"}
    for group in model.tied_groups if with_aliases else []:
        kept, *others = sorted(group)
        for name in others:
            del weights[name]
            metadata[name] = kept
    save_file(weights, path, metadata=metadata or None)


def measure(model: Model) -> dict:
    """Return how random attention is on one input: its entropies without and with our gains.

    One row per attention in the order of execution: ln(keys), the mean entropy in nats, the least.
    """
    record: dict = {"columns": ["ln(keys)", "mean entropy", "least entropy"]}
    for gains in ((1.0, 1.0), (ATTENTION_GAIN, DECODER_GAIN)):
        rows: list[list[float]] = []

        def observe(entropy: np.ndarray, keys: int, rows: list = rows) -> None:
            row = (math.log(keys), entropy.mean(), entropy.min())
            rows.append([round(float(value), 2) for value in row])

        weights = make_weights(model, *gains)
        with r.observe_attention(observe):
            model.run(weights, make_inputs(model)[model.input_name])
        record["attention gain {:g}, decoder gain {:g}".format(*gains)] = rows
    return record


def _distinct(weights: dict[str, np.ndarray]) -> list[np.ndarray]:
    return list({id(array): array for array in weights.values()}.values())


def main() -> None:
    parser = Parser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", choices=MODELS)
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--output", type=Path, help="write the weights to this safetensors file")
    parser.add_argument(
        "--aliases",
        action="store_true",
        help="write tied tensors once and list their other names in the metadata",
    )
    parser.add_argument("--golden", type=Path, help="write inputs and reference outputs here")
    parser.add_argument("--inputs", type=Path, help="write the inputs alone here")
    parser.add_argument("--batch", type=int, default=1, help="batch rows of these two files")
    parser.add_argument("--measure", action="store_true", help="print attention entropies as JSON")
    arguments = parser.parse_args()
    if not (arguments.output or arguments.golden or arguments.inputs or arguments.measure):
        parser.error("expected --output, --golden, --inputs or --measure")
    if arguments.batch < 1:
        parser.error(f"expected a batch of at least 1, but got {arguments.batch}")

    model = get_model(arguments.name, arguments.size)
    if arguments.measure:
        lines = (
            f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in measure(model).items()
        )
        print("{", ",\n".join(lines), "}", sep="\n")
    if arguments.inputs:
        save_file(make_inputs(model, arguments.batch), arguments.inputs)
    if not (arguments.output or arguments.golden):
        return
    weights = make_weights(model)
    if arguments.output:
        save_weights(model, weights, arguments.output, arguments.aliases)
        count = sum(array.size for array in _distinct(weights))
        print(f"{arguments.output}: {count} parameters")
    if arguments.golden:
        save_file(make_golden(model, weights, arguments.batch), arguments.golden)
        print(f"{arguments.golden}: {arguments.batch} rows")


if __name__ == "__main__":
    run_command(main)
