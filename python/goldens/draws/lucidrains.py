"""Random Perceivers of perceiver-pytorch: every argument of the constructors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..case import Case
from ..choices import Choices
from . import arrays

PERCEIVER = "perceiver_pytorch.perceiver_pytorch.Perceiver"
PERCEIVER_IO = "perceiver_pytorch.perceiver_io.PerceiverIO"
PERCEIVER_LM = "perceiver_pytorch.perceiver_io.PerceiverLM"
GATED = "perceiver_pytorch.gated.Perceiver"
MIXED_LATENTS = "perceiver_pytorch.mixed_latents.Perceiver"
CLASSES = (PERCEIVER, PERCEIVER_IO, PERCEIVER_LM, GATED, MIXED_LATENTS)

OLD, NEW = "0.8.8", "0.11.0"
#: What has no default.
_REQUIRED = object()
_COMMON = {
    "depth": _REQUIRED,
    "num_latents": 512,
    "latent_dim": 512,
    "cross_heads": 1,
    "latent_heads": 8,
    "cross_dim_head": 64,
    "latent_dim_head": 64,
    "weight_tie_layers": False,
}
_INPUT = {
    "num_freq_bands": _REQUIRED,
    "max_freq": _REQUIRED,
    "input_channels": 3,
    "input_axis": 2,
    "num_classes": 1000,
    "attn_dropout": 0.0,
    "ff_dropout": 0.0,
}
_OWN = {"fourier_encode_data": True, "self_per_cross_attn": 1, "final_classifier_head": True}
_IO = {"decoder_ff": False, "seq_dropout_prob": 0.0}
#: The arguments that have to be drawn for each class, with their defaults.
DEFAULTS: dict[str, dict[str, Any]] = {
    PERCEIVER: {**_COMMON, **_INPUT, **_OWN},
    PERCEIVER_IO: {
        **_COMMON,
        **_IO,
        "dim": _REQUIRED,
        "queries_dim": _REQUIRED,
        "logits_dim": None,
    },
    PERCEIVER_LM: {
        **_COMMON,
        **_IO,
        "dim": _REQUIRED,
        "num_tokens": _REQUIRED,
        "max_seq_len": _REQUIRED,
    },
    GATED: {**_COMMON, **_INPUT},
    MIXED_LATENTS: {**_COMMON, **_INPUT},
}
_MOST_PLACES = {1: 40, 2: 9, 3: 4}


def draw(name: str, choices: Choices) -> Case:
    """Return a random case of a class."""
    version = choices.pick("version", (OLD, NEW))
    config = _draw_common(choices)
    if name in (PERCEIVER_IO, PERCEIVER_LM):
        config |= _draw_io(name, choices)
        draw_inputs = _draw_rows if name == PERCEIVER_IO else _draw_text
    else:
        config |= _draw_perceiver(name, choices)
        draw_inputs = _draw_data
    if version == NEW and name in (PERCEIVER, PERCEIVER_IO, PERCEIVER_LM):
        if choices.chance("options of 0.11", 0.3):
            config |= {"attn_residual": False, "attn_residual_rank": 8}
            config |= {"inverted_cross_attn": False}
    inputs, shapes, settings = draw_inputs(config, choices)
    if choices.chance("leave_defaults", 0.5):
        defaults = DEFAULTS[name]
        config = {key: value for key, value in config.items() if value != defaults.get(key, ...)}
    form = choices.pick("form", ("save_file", "save_model", "torch"))
    return Case(
        source="lucidrains",
        name=name,
        config=config,
        form=form,
        version=version,
        dtype=choices.pick("dtype", ("float32", "float32", "float16", "bfloat16", "float64")),
        prefix="model.net." if form != "save_model" and choices.chance("prefix", 0.2) else "",
        shapes=shapes,
        settings=settings,
        inputs=inputs,
    )


def _draw_common(choices: Choices) -> dict[str, Any]:
    return {
        "depth": choices.pick("depth", (1, 2, 3, 0)),
        "num_latents": choices.integer("num_latents", 1, 9),
        "latent_dim": choices.integer("latent_dim", 1, 30),
        "cross_heads": choices.integer("cross_heads", 1, 4),
        "latent_heads": choices.pick("latent_heads", (1, 2, 3, 8)),
        "cross_dim_head": choices.integer("cross_dim_head", 1, 16),
        "latent_dim_head": choices.pick("latent_dim_head", (1, 4, 7, 16, 64)),
        "weight_tie_layers": choices.chance("weight_tie_layers", 0.4),
    }


def _draw_perceiver(name: str, choices: Choices) -> dict[str, Any]:
    config = {
        "num_freq_bands": choices.integer("num_freq_bands", 0, 6),
        "max_freq": choices.pick("max_freq", (10.0, 1.0, 5, 30.0)),
        "input_channels": choices.integer("input_channels", 1, 5),
        "input_axis": choices.integer("input_axis", 1, 3),
        "num_classes": choices.pick("num_classes", (7, 1, 20)),
    }
    if choices.chance("dropout", 0.3):
        config |= {"attn_dropout": 0.5, "ff_dropout": 0.5}
    if name == PERCEIVER:
        config |= {
            "fourier_encode_data": not choices.chance("no_fourier", 0.3),
            "self_per_cross_attn": choices.pick("self_per_cross_attn", (1, 0, 2, 3)),
            "final_classifier_head": not choices.chance("no_head", 0.3),
        }
    return config


def _draw_io(name: str, choices: Choices) -> dict[str, Any]:
    config = {
        "dim": choices.integer("dim", 1, 20),
        "decoder_ff": choices.chance("decoder_ff", 0.4),
    }
    if choices.chance("dropout", 0.3):
        config["seq_dropout_prob"] = 0.2
    if name == PERCEIVER_LM:
        return config | {
            "num_tokens": choices.integer("num_tokens", 1, 40),
            "max_seq_len": choices.integer("max_seq_len", 1, 30),
        }
    return config | {
        "queries_dim": choices.integer("queries_dim", 1, 20),
        "logits_dim": choices.pick("logits_dim", (None, 1, 7, 20)),
    }


# Inputs: arrays, shapes that the import is given, arguments of the library's forward


def _maybe_mask(choices: Choices, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    if not choices.chance("mask", 0.6):
        return {}
    return {"mask": arrays.mask(choices, "mask", shape, np.bool_)}


def _draw_data(config, choices):
    settings = {}
    latents = config["num_latents"] * config["latent_dim"]
    has_head = config.get("final_classifier_head", True)
    if "final_classifier_head" in config and choices.chance("return_embeddings", 0.2):
        settings["return_embeddings"] = True
    is_logits = has_head and not settings
    batch = arrays.batch(choices, config["num_classes"] if is_logits else latents)
    most = _MOST_PLACES[config["input_axis"]]
    axes = tuple(choices.integer(f"axis{i}", 1, most) for i in range(config["input_axis"]))
    data = arrays.floats(choices, "data", (batch, *axes, config["input_channels"]))
    shapes: dict[str, Any] = {}
    if choices.chance("fixed", 0.3):
        shapes["data"] = [None, *axes, config["input_channels"]]
    mask = _maybe_mask(choices, (batch, *axes))
    if mask and choices.chance("flattened", 0.3):
        mask = {"mask": mask["mask"].reshape(batch, -1)}
        shapes["mask"] = [None, math.prod(axes) if "data" in shapes else None]
    return {"data": data, **mask}, shapes, settings


def _draw_rows(config, choices):
    kind = choices.pick("queries", ("shared", "batch", "none"))
    latents = config["num_latents"] * config["latent_dim"]
    queries = choices.integer("query_count", 1, 9)
    per_row = latents if kind == "none" else queries * (config["logits_dim"] or 16)
    if config["logits_dim"] is None and kind != "none":
        per_row = queries * config["queries_dim"]
    batch, rows = arrays.batch(choices, per_row), choices.integer("rows", 1, 20)
    inputs = {"data": arrays.floats(choices, "data", (batch, rows, config["dim"]))}
    inputs |= _maybe_mask(choices, (batch, rows))
    if kind == "none":
        return inputs, {"queries": None}, {}
    shape = (queries, config["queries_dim"])
    if kind == "shared":
        return {**inputs, "queries": arrays.floats(choices, "queries", shape)}, {}, {}
    inputs["queries"] = arrays.floats(choices, "queries", (batch, *shape))
    return inputs, {"queries": [None, None, config["queries_dim"]]}, {}


def _draw_text(config, choices):
    rows = choices.integer("rows", 1, config["max_seq_len"])
    batch = arrays.batch(choices, rows * config["num_tokens"])
    ids = arrays.ids(choices, "x", (batch, rows), config["num_tokens"])
    return {"x": ids, **_maybe_mask(choices, (batch, rows))}, {}, {}
