"""Random Perceivers of transformers: every field of config.json."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..case import Case
from ..choices import Choices
from . import arrays

BARE = "PerceiverModel"
LM = "PerceiverForMaskedLM"
TEXT = "PerceiverForSequenceClassification"
LEARNED = "PerceiverForImageClassificationLearned"
FOURIER = "PerceiverForImageClassificationFourier"
CONV = "PerceiverForImageClassificationConvProcessing"
FLOW = "PerceiverForOpticalFlow"
MULTIMODAL = "PerceiverForMultimodalAutoencoding"
CLASSES = (BARE, LM, TEXT, LEARNED, FOURIER, CONV, FLOW, MULTIMODAL)

#: Widths of the rows that the encoder reads, where no field says them.
_ROW_WIDTHS = {LEARNED: 512, FOURIER: 261, CONV: 322, FLOW: 322}
_AUDIO_CHANNELS, _IMAGE_CHANNELS, _PADDING = 385, 243, 4

#: Fields that have no effect, with values that would have one if they were read.
_WITHOUT_EFFECT = {
    "attention_probs_dropout_prob": 0.5,
    "initializer_range": 1.0,
    "layer_norm_eps": 0.1,
    "chunk_size_feed_forward": 1,
    "problem_type": "regression",
    "tie_word_embeddings": False,
    "type_vocab_size": 5,
    "seq_len": 3,
    "bos_token_id": 1,
}
#: The defaults of the fields that all classes have.
_COMMON = {
    "num_latents": 256,
    "d_latents": 1280,
    "num_blocks": 1,
    "num_self_attends_per_block": 26,
    "num_self_attention_heads": 8,
    "num_cross_attention_heads": 8,
    "qk_channels": None,
    "v_channels": None,
    "cross_attention_shape_for_attention": "kv",
    "self_attention_widening_factor": 1,
    "cross_attention_widening_factor": 1,
    "hidden_act": "gelu",
    "use_query_residual": True,
    **dict.fromkeys(_WITHOUT_EFFECT),
}
_WORDS = {"d_model": 768, "vocab_size": 262, "max_position_embeddings": 2048}
_MULTIMODAL = {
    "num_labels": 2,
    "image_size": 56,
    "num_frames": 16,
    "audio_samples_per_frame": 1920,
    "samples_per_patch": 16,
    "output_shape": [1, 16, 224, 224],
    "output_num_channels": 512,
    "_label_trainable_num_channels": 1024,
}
#: The fields that have to be drawn for each class, with their defaults.
DEFAULTS: dict[str, dict[str, Any]] = {
    BARE: {**_COMMON, "d_model": 768},
    LM: {**_COMMON, **_WORDS},
    TEXT: {**_COMMON, **_WORDS, "num_labels": 2},
    LEARNED: {**_COMMON, "num_labels": 2, "image_size": 56},
    FOURIER: {**_COMMON, "num_labels": 2},
    CONV: {**_COMMON, "num_labels": 2},
    FLOW: {**_COMMON, "train_size": [368, 496]},
    MULTIMODAL: {**_COMMON, **_MULTIMODAL},
}

_ACTIVATIONS = (
    *("gelu", "relu", "gelu_new", "gelu_python", "gelu_fast", "gelu_accurate", "quick_gelu"),
    *("gelu_pytorch_tanh", "gelu_python_tanh", "silu", "swish", "relu2", "leaky_relu"),
    *("sigmoid", "tanh", "mish"),
)
_HEADS = (1, 2, 3, 4, 8)


def draw(name: str, choices: Choices) -> Case:
    """Return a random case of a class."""
    config = _draw_own(name, choices)
    task = BARE if name in (LM, TEXT) and choices.chance("bare", 0.15) else None
    width = config.get("d_model") or _ROW_WIDTHS.get(name) or _multimodal_width(config)
    config |= draw_encoder(choices, width)
    form = choices.pick("form", ("save_pretrained", "save_file", "shards", "pytorch_model"))
    has_names = form in ("save_file", "pytorch_model")
    inputs, shapes, settings = _DRAW_INPUTS[task or name](config, choices)
    return Case(
        source="huggingface",
        name=name,
        config=config,
        form=form,
        dtype=choices.pick("dtype", ("float32", "float32", "float16", "bfloat16", "float64")),
        task=task,
        prefix="module." if has_names and choices.chance("prefix", 0.3) else "",
        shapes=shapes,
        settings=settings,
        inputs=inputs,
    )


def _multimodal_width(config: dict[str, Any]) -> int:
    audio = config["samples_per_patch"] + _AUDIO_CHANNELS
    return max(audio, _IMAGE_CHANNELS, config["num_labels"]) + _PADDING


# Configurations


def _draw_own(name: str, choices: Choices) -> dict[str, Any]:
    """The fields that only this class reads."""
    config: dict[str, Any] = {}
    if name in (BARE, TEXT):
        config["d_model"] = choices.pick("d_model", (8, 5, 12, 16, 24, 33, 40))
    if name == LM:
        # The decoder has eight heads.
        config["d_model"] = 8 * choices.integer("d_model", 1, 5)
    if name in (LM, TEXT):
        config["vocab_size"] = choices.pick("vocab_size", (30, 7, 262, 300))
        config["max_position_embeddings"] = choices.integer("max_position_embeddings", 1, 24)
    if name in (TEXT, LEARNED, FOURIER, CONV, MULTIMODAL):
        config["num_labels"] = choices.pick("num_labels", (2, 1, 3, 10, 17, 40))
    if name == LEARNED:
        config["image_size"] = choices.integer("image_size", 1, 7)
    if name == FLOW:
        config["train_size"] = [choices.integer(f"train_size.{axis}", 3, 9) for axis in "hw"]
    if name == MULTIMODAL:
        config |= _draw_multimodal(choices)
    return config


def _draw_multimodal(choices: Choices) -> dict[str, Any]:
    patch = choices.pick("samples_per_patch", (4, 1, 2, 7, 16))
    frames = choices.integer("num_frames", 2, 4)
    least = math.ceil(patch / frames)
    return {
        "image_size": choices.integer("image_size", 2, 30),
        "num_frames": frames,
        "audio_samples_per_frame": choices.integer("audio_samples_per_frame", least, least + 20),
        "samples_per_patch": patch,
        "output_shape": [
            choices.integer("output_shape.batch", 1, 2),
            *(choices.integer(f"output_shape.{axis}", 1, 9) for axis in "thw"),
        ],
        "output_num_channels": choices.pick("output_num_channels", (8, 1, 13, 32)),
        "_label_trainable_num_channels": choices.pick("label_channels", (8, 30, 500)),
    }


def draw_encoder(choices: Choices, width: int) -> dict[str, Any]:
    """Return the fields of the encoder; `width` is that of its rows."""
    shape = choices.pick("attention_shape", ("kv", "kv", "q"))
    own_widths = choices.pick("own_widths", ("none", "v", "both"))
    cross_options = _HEADS
    if own_widths != "both" and shape == "kv":
        # Keys are as wide as the rows then, and so are values if no field says their width.
        cross_options = tuple(heads for heads in _HEADS if width % heads == 0)
    cross = choices.pick("cross_heads", cross_options)
    self_heads = choices.pick("self_heads", _HEADS)
    step = math.lcm(cross, self_heads)
    latents = step * choices.integer("d_latents", 1, max(1, 48 // step))
    qk, v = None, None
    if own_widths != "none":
        v = latents
    if own_widths == "both":
        qk = step * choices.integer("qk_channels", 1, max(1, 48 // step))
    layers = choices.integer("layers", 0, 3)
    config = {
        "num_latents": choices.integer("num_latents", 1, 9),
        "d_latents": latents,
        "num_blocks": choices.pick("num_blocks", (1, 1, 2, 3, 0)),
        "num_self_attends_per_block": layers,
        "num_self_attention_heads": self_heads,
        "num_cross_attention_heads": cross,
        "qk_channels": qk,
        "v_channels": v,
        "cross_attention_shape_for_attention": shape,
        "self_attention_widening_factor": choices.integer("self_widening", 1, 3),
        "cross_attention_widening_factor": choices.integer("cross_widening", 1, 3),
        "hidden_act": choices.pick("hidden_act", ("gelu", *_ACTIVATIONS)),
        "use_query_residual": not choices.chance("no_query_residual", 0.4),
    }
    if choices.chance("without_effect", 0.2):
        config |= _WITHOUT_EFFECT
    return config


# Inputs: arrays, shapes that the import is given, arguments of the library's forward


def _rows_of_words(config: dict[str, Any], choices: Choices, key: str) -> tuple[int, int]:
    per_row = {
        "logits": config.get("max_position_embeddings", 0) * config.get("vocab_size", 0),
        "state": config["num_latents"] * config["d_latents"],
        "labels": config.get("num_labels", 0),
    }[key]
    most = config.get("max_position_embeddings", 24)
    return arrays.batch(choices, per_row), choices.integer("rows", 1, most)


def _maybe_mask(choices: Choices, batch: int, rows: int, is_named: bool = False):
    """A mask over the rows of the encoder, for one in two; the import is told of a named one."""
    if not choices.chance("mask", 0.5):
        return {}, {}
    mask = arrays.mask(choices, "attention_mask", (batch, rows), np.int64)
    return {"attention_mask": mask}, {"attention_mask": [None, None]} if is_named else {}


def _draw_words(config, choices, key):
    batch, rows = _rows_of_words(config, choices, key)
    words = arrays.ids(choices, "inputs", (batch, rows), config["vocab_size"])
    mask, _ = _maybe_mask(choices, batch, rows)
    name = choices.pick("name", ("inputs", "input_ids"))
    return {name: words, **mask}, {}, {}


def _draw_bare(config, choices):
    batch, rows = _rows_of_words(config, choices, "state")
    data = arrays.floats(choices, "inputs", (batch, rows, config["d_model"]))
    mask, _ = _maybe_mask(choices, batch, rows)
    return {"inputs": data, **mask}, {}, {}


def _draw_pixels(config, choices, height, width, rows, fixed=None, settings=None):
    batch = arrays.batch(choices, config["num_labels"])
    image = arrays.floats(choices, "inputs", (batch, 3, height, width))
    mask, shapes = _maybe_mask(choices, batch, rows, is_named=True)
    name = choices.pick("name", ("inputs", "pixel_values"))
    fixed = {name: fixed} if fixed else {}
    return {name: image, **mask}, {**fixed, **shapes}, settings or {}


def _draw_learned(config, choices):
    size = config["image_size"]
    match choices.pick("grid", ("square", "other", "resized")):
        case "square":
            return _draw_pixels(config, choices, size, size, size * size)
        case "other":
            fixed = [None, 3, 1, size * size]
            return _draw_pixels(config, choices, 1, size * size, size * size, fixed)
        case _:
            height, width = (choices.integer(axis, 1, 9) for axis in ("height", "width"))
            fixed, settings = [None, 3, height, width], {"interpolate_pos_encoding": True}
            return _draw_pixels(config, choices, height, width, height * width, fixed, settings)


def _draw_fourier(config, choices):
    height, width = (choices.integer(axis, 1, 12) for axis in ("height", "width"))
    fixed = [None, 3, height, width] if choices.chance("fixed", 0.3) else None
    return _draw_pixels(config, choices, height, width, height * width, fixed)


def _draw_conv(config, choices):
    height, width = (choices.integer(axis, 5, 26) for axis in ("height", "width"))
    rows = math.prod(((size + 1) // 2 - 3) // 2 + 1 for size in (height, width))
    fixed = [None, 3, height, width] if choices.chance("fixed", 0.3) else None
    return _draw_pixels(config, choices, height, width, rows, fixed)


def _draw_flow(config, choices):
    height, width = config["train_size"]
    batch = arrays.batch(choices, 2 * height * width)
    frames = arrays.floats(choices, "inputs", (batch, 2, 27, height, width))
    mask, shapes = _maybe_mask(choices, batch, height * width, is_named=True)
    return {"inputs": frames, **mask}, shapes, {}


def _draw_modalities(config, choices):
    batch = arrays.batch(choices, config["num_labels"])
    frames = choices.integer("frames", 2, 4)
    height, width = (4 * choices.integer(axis, 1, 3) for axis in ("height", "width"))
    patch = config["samples_per_patch"]
    patches = choices.integer("patches", 1, 9)
    rows = patches + frames * height * width // 16 + 1
    mask, shapes = _maybe_mask(choices, batch, rows, is_named=True)
    samples = config["num_frames"] * config["audio_samples_per_frame"]
    points = {
        "image": math.prod(config["output_shape"][1:]),
        "audio": samples // patch,
    }
    inputs = {
        "inputs.image": arrays.floats(choices, "image", (batch, frames, 3, height, width)),
        "inputs.audio": arrays.floats(choices, "audio", (batch, patches * patch, 1)),
        "inputs.label": arrays.floats(choices, "label", (batch, config["num_labels"])),
    }
    for name, count in points.items():
        # As many as make a result of enough numbers; some more than once.
        wanted = (choices.integer(f"{name}_points", 16, 30),)
        found = arrays.ids(choices, f"points.{name}", wanted, count)
        inputs[f"subsampled_output_points.{name}"] = found
    return {**inputs, **mask}, shapes, {}


_DRAW_INPUTS = {
    BARE: _draw_bare,
    LM: lambda config, choices: _draw_words(config, choices, "logits"),
    TEXT: lambda config, choices: _draw_words(config, choices, "labels"),
    LEARNED: _draw_learned,
    FOURIER: _draw_fourier,
    CONV: _draw_conv,
    FLOW: _draw_flow,
    MULTIMODAL: _draw_modalities,
}
