"""The three models in sizes that no tile divides, with tasks that are in no square.

Kernels for GPUs have at least three blocks, two slabs of what they sum over, and two tiles of keys
if they are an attention, and take milliseconds on the emulated device.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import reference as r
from models import random_weights
from models.digits import reference as digits
from models.sizes import with_sizes


@dataclass(frozen=True)
class RaggedModel:
    """A description, its weights, and `run`, the float64 reference from inputs to logits.

    Kernels of the last entry have several blocks for a batch of `decoded_rows`.
    """

    description: str
    weights: dict[str, np.ndarray]
    inputs: dict[str, np.ndarray]
    run: Callable[[], np.ndarray]
    decoded_rows: int = 17


def _describe(folder: str, name: str, sizes: Mapping[str, str]) -> str:
    return with_sizes((Path(__file__).parent / folder / f"{name}.mlir").read_text(), sizes)


def _digits() -> RaggedModel:
    sizes = {
        "8x8x1xf32": "9x13x1xf32",
        "64": "117",
        "grid = [8, 8]": "grid = [9, 13]",
        "16": "118",
        "iterations = 8": "iterations = 2",
        "count 4": "count 2",
    }
    config = replace(digits.CONFIG, num_latents=118, num_blocks=1, num_self_attends_per_block=2)
    latents = r.deterministic_values("latents", (118, 48)).astype(np.float32)
    weights = digits.load_parameters() | {"embeddings.latents": latents}
    images = r.deterministic_values("inputs", (2, 9, 13, 1)).astype(np.float32)
    return RaggedModel(
        _describe("digits", "digits", sizes),
        weights,
        {"inputs": images},
        lambda: digits.forward(weights, images, config),
    )


def _random(
    folder: str, model: random_weights.Model, sizes: Mapping[str, str], decoded_rows: int
) -> RaggedModel:
    weights = random_weights.make_weights(model)
    inputs = random_weights.make_inputs(model, batch=3)
    return RaggedModel(
        _describe(folder, folder, sizes),
        weights,
        inputs,
        lambda: model.run(weights, inputs[model.input_name]),
        decoded_rows,
    )


def _imagenet() -> RaggedModel:
    sizes = {
        "iterations = 48": "iterations = 2",
        "count 6": "count 2",
        "heads = 8": "heads = 2",
        "50176": "117",
        "224x224xf32": "9x13xf32",
        "grid = [224, 224]": "grid = [9, 13]",
        "512": "118",
        "1024": "88",
        "1000": "10",
    }
    config = r.HuggingFaceConfig(
        "image_classification_fourier",
        num_latents=118,
        d_latents=88,
        d_model=261,
        num_blocks=1,
        num_self_attends_per_block=2,
        num_self_attention_heads=2,
        num_cross_attention_heads=1,
        num_labels=10,
        max_resolution=(224, 224),
    )
    model = random_weights.Model(config, "inputs", (3, 9, 13))
    return _random("perceiver_io_imagenet_fourier", model, sizes, decoded_rows=17)


def _lucidrains() -> RaggedModel:
    sizes = {
        "iterations = 6": "iterations = 2",
        "count 6": "count 2",
        "heads = 8": "heads = 2",
        "50176": "117",
        "224x224x3": "9x13x3",
        "[224, 224]": "[9, 13]",
        "bands = 6": "bands = 16",
        "26": "66",
        "29": "69",
        "4096": "704",
        "2048": "352",
        "1024": "176",
        "512": "88",
        "256": "118",
        "128": "88",
        "64": "44",
        "1000": "10",
    }
    config = r.LucidrainsConfig(
        num_freq_bands=16,
        depth=2,
        num_latents=118,
        latent_dim=88,
        cross_dim_head=44,
        latent_heads=2,
        latent_dim_head=44,
        num_classes=10,
        weight_tie_layers=False,
    )
    model = random_weights.Model(config, "data", (9, 13, 3))
    return _random("perceiver_lucidrains", model, sizes, decoded_rows=67)


MODELS: dict[str, Callable[[], RaggedModel]] = {
    "digits": _digits,
    "imagenet": _imagenet,
    "lucidrains": _lucidrains,
}
