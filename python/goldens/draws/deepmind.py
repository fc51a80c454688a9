"""Random Perceivers of DeepMind: the arguments of the classes that kwargs.json has.

All are of one class, whose kinds are drawn like classes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..case import Case
from ..choices import Choices
from . import arrays
from .deepmind_parts import (
    draw_adding,
    draw_basic,
    draw_cross,
    draw_encoder,
    draw_image_part,
    draw_mask,
    draw_positions,
    draw_postprocessor,
)
from .deepmind_several import draw_several

LM, ROWS, IMAGE, FLOW, AUDIO, SEVERAL = CLASSES = (
    "masked language model",
    "rows",
    "images",
    "optical flow",
    "audio",
    "several modalities",
)

#: What has no default.
_REQUIRED = object()
_ENCODER = {
    "num_self_attends_per_block": 6,
    "num_blocks": 8,
    "z_index_dim": 512,
    "num_z_channels": 1024,
    "qk_channels": None,
    "v_channels": None,
    "num_cross_attend_heads": 1,
    "num_self_attend_heads": 8,
    "cross_attend_widening_factor": 1,
    "self_attend_widening_factor": 1,
    "cross_attention_shape_for_attn": "kv",
    "use_query_residual": True,
    "name": "perceiver_encoder",
    "dropout_prob": 0.0,
    "z_pos_enc_init_scale": 0.02,
}
_DECODER = {
    "type": _REQUIRED,
    "qk_channels": None,
    "v_channels": None,
    "use_query_residual": False,
    "num_heads": 1,
}
_POSITIONS = {
    "project_pos_dim": -1,
    "trainable_position_encoding_kwargs.num_channels": 128,
    "trainable_position_encoding_kwargs.init_scale": 0.02,
    "fourier_position_encoding_kwargs.num_bands": _REQUIRED,
    "fourier_position_encoding_kwargs.concat_pos": True,
    "fourier_position_encoding_kwargs.max_resolution": None,
    "fourier_position_encoding_kwargs.sine_only": False,
}
_IMAGE = {
    "prep_type": "conv",
    "spatial_downsample": 4,
    "temporal_downsample": 1,
    "position_encoding_type": "fourier",
    "n_extra_pos_mlp": 0,
    "num_channels": 64,
    "conv_after_patching": False,
    "conv2d_use_batchnorm": True,
    "concat_or_add_pos": "concat",
    **_POSITIONS,
}
_AUDIO = {
    "samples_per_patch": 96,
    "position_encoding_type": "fourier",
    "n_extra_pos_mlp": 0,
    "concat_or_add_pos": "concat",
    **_POSITIONS,
}


def _parts(**parts: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{part}.{name}": value for part, fields in parts.items() for name, value in fields.items()
    }


_POSTPROCESSOR = {
    "type": _REQUIRED,
    "postproc_type": "pixels",
    "spatial_upsample": 1,
    "temporal_upsample": 1,
    "n_outputs": -1,
    "input_reshape_size": None,
}
_OUTPUTS = {"position_encoding_type": "trainable", "final_project": True, **_POSITIONS}
#: The arguments that have to be drawn for each kind, with their defaults.
DEFAULTS: dict[str, dict[str, Any]] = {
    LM: {"vocab": _REQUIRED, "d_model": _REQUIRED, **_parts(encoder=_ENCODER, decoder=_DECODER)},
    ROWS: {
        "postprocessor": None,
        **_parts(encoder=_ENCODER, decoder={**_DECODER, **_OUTPUTS}, postprocessor=_POSTPROCESSOR),
    },
    IMAGE: {
        "postprocessor": None,
        "decoder.type": _REQUIRED,
        "decoder.concat_preprocessed_input": False,
        **_parts(preprocessor=_IMAGE, encoder=_ENCODER),
    },
    FLOW: {
        "flow_patches": False,
        **_parts(
            encoder=_ENCODER,
            decoder={**_DECODER, "rescale_factor": 100, "output_num_channels": 2},
        ),
    },
    AUDIO: _parts(preprocessor=_AUDIO, encoder=_ENCODER),
    SEVERAL: {
        "postprocessor": None,
        "preprocessor.mask_probs": None,
        "preprocessor.min_padding_size": 2,
        "decoder.min_padding_size": 2,
        "decoder.output_num_channels": _REQUIRED,
        **_parts(encoder=_ENCODER, decoder={**_DECODER, "type": None}),
    },
}
del DEFAULTS[SEVERAL]["decoder.type"]


def draw(name: str, choices: Choices) -> Case:
    """Return a random case of a kind."""
    config, inputs, shapes = _DRAW[name](choices)
    form = choices.pick("form", ("save_file", "haiku", "haiku_state", "haiku_jax"))
    return Case(
        source="deepmind",
        name=name,
        config=config,
        form=form,
        dtype=choices.pick("dtype", ("float32", "float32", "float16", "float64")),
        prefix="model/" if form == "save_file" and choices.chance("prefix", 0.2) else "",
        shapes=shapes,
        inputs=inputs,
    )


# Texts, and rows that the caller makes


def _draw_text(choices: Choices):
    width, length = choices.integer("d_model", 1, 24), choices.integer("length", 1, 20)
    vocabulary, queries = choices.integer("vocab", 1, 40), choices.integer("queries", 1, 20)
    encoder = draw_encoder(choices, width)
    decoder = {
        "type": "basic",
        "output_num_channels": width,
        "output_index_dims": [queries],
        "position_encoding_type": "trainable",
        "trainable_position_encoding_kwargs": {"num_channels": width},
        "final_project": choices.chance("final", 0.3),
        **draw_cross(choices, encoder["num_z_channels"]),
    }
    batch = arrays.batch(choices, queries * vocabulary)
    ids = arrays.ids(choices, "inputs", (batch, length), vocabulary)
    inputs = {"inputs": ids, **draw_mask(choices, "input_mask", batch, length)}
    inputs |= draw_mask(choices, "query_mask", batch, queries)
    config = {"vocab": vocabulary, "d_model": width, "encoder": encoder, "decoder": decoder}
    return config, inputs, {}


def _draw_rows(choices: Choices):
    width, rows = choices.integer("width", 1, 24), choices.integer("rows", 1, 20)
    encoder = draw_encoder(choices, width)
    config: dict[str, Any] = {"encoder": encoder}
    decoder, queries, outputs, inputs, shapes = draw_basic(choices, encoder["num_z_channels"])
    config["decoder"] = decoder
    numbers = queries * outputs
    if choices.chance("postprocessor", 0.7):
        post = draw_postprocessor(choices, decoder, queries, outputs, "subsampled" in inputs)
        config["postprocessor"], numbers = post
    batch = arrays.batch(choices, numbers)
    inputs = {"inputs": arrays.floats(choices, "inputs", (batch, rows, width)), **inputs}
    inputs |= draw_mask(choices, "input_mask", batch, rows)
    inputs |= draw_mask(choices, "query_mask", batch, queries)
    return config, inputs, shapes


# Images and sounds


def _draw_image(choices: Choices):
    is_video = choices.chance("video", 0.4)
    part, width, sizes, grid, channels, needs_grid = draw_image_part(choices, is_video)
    encoder = draw_encoder(choices, width)
    config: dict[str, Any] = {"preprocessor": part, "encoder": encoder}
    rows = math.prod(grid)
    shapes: dict[str, Any] = {}
    kind = choices.pick("decoder", ("classification", "projection", "basic", "inputs", "video"))
    batch_fixed = None
    more: dict[str, np.ndarray] = {}
    latent = encoder["num_z_channels"]
    if kind == "video" and len(grid) != 3:
        kind = "inputs"
    if kind in ("classification", "projection"):
        classes = choices.pick("classes", (7, 1, 20))
        decoder: dict[str, Any] = {"type": kind, "num_classes": classes}
        if kind == "classification":
            positions, _, _ = draw_positions(choices, "decoder", 1)
            decoder |= {**positions, **draw_cross(choices, latent)}
        numbers = classes
    elif kind == "basic":
        decoder, queries, outputs, more, shapes = draw_basic(choices, latent)
        numbers = queries * outputs
    elif kind == "inputs":
        positions, _, _ = draw_positions(choices, "decoder", len(grid))
        decoder = {
            "type": "basic",
            "output_num_channels": 3,
            "output_index_dims": grid,
            "concat_preprocessed_input": True,
            **positions,
            **draw_cross(choices, latent),
        }
        numbers, needs_grid = 3 * rows, True
    else:
        positions, _, _ = draw_positions(choices, "decoder", 3)
        batch_fixed = max(2, -(-16 // (2 * rows)))
        decoder = {
            "type": "video",
            "output_num_channels": 2,
            "output_shape": [batch_fixed, *grid],
            **positions,
            **draw_cross(choices, latent),
        }
        numbers = 2 * rows
    config["decoder"] = decoder
    if kind == "basic" and choices.chance("postprocessor", 0.5):
        post = draw_postprocessor(choices, decoder, queries, outputs, "subsampled" in more)
        config["postprocessor"], numbers = post
    batch = batch_fixed or arrays.batch(choices, numbers)
    inputs = {"inputs": arrays.floats(choices, "inputs", (batch, *sizes)), **more}
    if needs_grid or kind == "video" or choices.chance("fixed", 0.3):
        shapes["inputs"] = [batch_fixed, *sizes]
    mask = draw_mask(choices, "input_mask", batch, rows)
    if mask:
        inputs |= mask
        shapes["input_mask"] = [batch_fixed, rows if "inputs" in shapes else None]
    return config, inputs, shapes


def _draw_flow(choices: Choices):
    height, width = (choices.integer(axis, 2, 8) for axis in ("height", "width"))
    colours, channels = choices.integer("colours", 1, 3), choices.integer("num_channels", 1, 12)
    bands = choices.integer("bands", 1, 6)
    preprocessor = {
        "type": "image",
        "prep_type": "patches",
        "spatial_downsample": 1,
        "temporal_downsample": 2,
        "conv_after_patching": True,
        "num_channels": channels,
        "position_encoding_type": "fourier",
        "fourier_position_encoding_kwargs": {"num_bands": bands, "max_resolution": [height, width]},
    }
    encoder = draw_encoder(choices, channels + 2 * (2 * bands + 1))
    decoder = {
        "type": "flow",
        "output_image_shape": [height, width],
        "rescale_factor": choices.pick("rescale", (100.0, 1.0, 7.5)),
        "position_encoding_type": "fourier",
        "fourier_position_encoding_kwargs": {"num_bands": 3, "max_resolution": [8, 8]},
        **draw_cross(choices, encoder["num_z_channels"]),
    }
    if choices.chance("channels", 0.4):
        decoder["output_num_channels"] = choices.integer("output channels", 1, 4)
    config = {
        "flow_patches": True,
        "preprocessor": preprocessor,
        "encoder": encoder,
        "decoder": decoder,
    }
    numbers = height * width * decoder.get("output_num_channels", 2)
    batch = arrays.batch(choices, numbers)
    frames = arrays.floats(choices, "inputs", (batch, 2, height, width, colours))
    return config, {"inputs": frames}, {}


def _draw_audio(choices: Choices):
    samples, patches = choices.integer("samples", 1, 8), choices.integer("patches", 1, 12)
    config: dict[str, Any] = {"type": "audio", "samples_per_patch": samples}
    positions, width, needs_grid = draw_adding(choices, config, 1, samples)
    config |= positions
    encoder = draw_encoder(choices, width)
    classes = choices.pick("classes", (7, 1, 20))
    kind = choices.pick("decoder", ("projection", "classification"))
    decoder: dict[str, Any] = {"type": kind, "num_classes": classes}
    if kind == "classification":
        positions, _, _ = draw_positions(choices, "decoder", 1)
        decoder |= {**positions, **draw_cross(choices, encoder["num_z_channels"])}
    batch = arrays.batch(choices, classes)
    sizes = [patches * samples, 1]
    inputs = {"inputs": arrays.floats(choices, "inputs", (batch, *sizes))}
    shapes = {"inputs": [None, *sizes]} if needs_grid else {}
    return {"preprocessor": config, "encoder": encoder, "decoder": decoder}, inputs, shapes


_DRAW = {
    LM: _draw_text,
    ROWS: _draw_rows,
    IMAGE: _draw_image,
    FLOW: _draw_flow,
    AUDIO: _draw_audio,
    SEVERAL: draw_several,
}
