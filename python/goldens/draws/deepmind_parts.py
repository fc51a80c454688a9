"""The parts of DeepMind's models that several kinds of them have: encoder, decoders, positions,
preprocessors and postprocessors.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..choices import Choices
from . import arrays
from .huggingface import draw_encoder as draw_widths

_ENCODER_NAMES = {
    "num_latents": "z_index_dim",
    "d_latents": "num_z_channels",
    "num_blocks": "num_blocks",
    "num_self_attends_per_block": "num_self_attends_per_block",
    "num_self_attention_heads": "num_self_attend_heads",
    "num_cross_attention_heads": "num_cross_attend_heads",
    "qk_channels": "qk_channels",
    "v_channels": "v_channels",
    "cross_attention_shape_for_attention": "cross_attention_shape_for_attn",
    "self_attention_widening_factor": "self_attend_widening_factor",
    "cross_attention_widening_factor": "cross_attend_widening_factor",
    "use_query_residual": "use_query_residual",
}


def draw_encoder(choices: Choices, width: int) -> dict[str, Any]:
    """The arguments of the encoder, whose rows have `width` channels."""
    drawn = draw_widths(choices, width)
    config = {name: drawn[other] for other, name in _ENCODER_NAMES.items()}
    if choices.chance("encoder name", 0.2):
        config["name"] = "encoder"
    if choices.chance("encoder.without effect", 0.2):
        config |= {"dropout_prob": 0.4, "z_pos_enc_init_scale": 0.5}
    return config


def draw_cross(choices: Choices, latent: int) -> dict[str, Any]:
    """What the cross-attentions of decoders have in common."""
    heads = choices.pick("decoder heads", (1, 2, 3, 4))
    config: dict[str, Any] = {
        "num_heads": heads,
        "use_query_residual": choices.chance("decoder residual", 0.4),
    }
    if latent % heads or choices.chance("decoder own qk", 0.3):
        config["qk_channels"] = heads * choices.integer("decoder qk", 1, max(1, 24 // heads))
    if choices.chance("decoder own v", 0.3):
        config["v_channels"] = heads * choices.integer("decoder v", 1, max(1, 24 // heads))
    return config


def draw_positions(
    choices: Choices, key: str, axes: int, width: int | None = None
) -> tuple[dict[str, Any], int, bool]:
    """Position arguments, the channels that they make, which are `width` if that is given, and
    whether the sizes of the grid have to be known.
    """
    kind = choices.pick(f"{key}.positions", ("fourier", "trainable"))
    config: dict[str, Any] = {"position_encoding_type": kind}
    if kind == "trainable":
        channels = choices.integer(f"{key}.channels", 1, 20)
        needs_grid = True
    else:
        bands = choices.integer(f"{key}.bands", 1, 6)
        waves: dict[str, Any] = {"num_bands": bands}
        if choices.chance(f"{key}.no raw", 0.3):
            waves["concat_pos"] = False
        if choices.chance(f"{key}.sine only", 0.3):
            waves["sine_only"] = True
        needs_grid = choices.chance(f"{key}.of the grid", 0.4)
        if not needs_grid:
            resolution = [choices.integer(f"{key}.resolution{i}", 2, 30) for i in range(axes)]
            waves["max_resolution"] = resolution
        config["fourier_position_encoding_kwargs"] = waves
        count = bands if "sine_only" in waves else 2 * bands
        channels = axes * (count + ("concat_pos" not in waves))
    if width is None and choices.chance(f"{key}.project", 0.3):
        width = choices.integer(f"{key}.projected", 1, 20)
    if width is not None and (kind == "fourier" or choices.chance(f"{key}.project table", 0.5)):
        config["project_pos_dim"] = width
    elif width is not None:
        channels = width
    if kind == "trainable":
        config["trainable_position_encoding_kwargs"] = {"num_channels": channels}
        if choices.chance(f"{key}.init", 0.3):
            config["trainable_position_encoding_kwargs"]["init_scale"] = 0.3
    return config, config.get("project_pos_dim", channels), needs_grid


def draw_mask(choices: Choices, name: str, batch: int, rows: int) -> dict[str, np.ndarray]:
    if not choices.chance(name, 0.5):
        return {}
    return {name: arrays.mask(choices, name, (batch, rows), np.int32)}


def draw_basic(choices: Choices, latent: int):
    """A basic decoder, how many queries and outputs of each there are, and its inputs."""
    axes = choices.integer("output axes", 1, 2)
    dims = [choices.integer(f"output axis{i}", 1, 5) for i in range(axes)]
    positions, width, _ = draw_positions(choices, "decoder", axes)
    outputs = choices.pick("outputs", (4, 1, 11))
    decoder = {
        "type": "basic",
        "output_num_channels": outputs,
        "output_index_dims": dims,
        **positions,
        **draw_cross(choices, latent),
    }
    if choices.chance("no final", 0.3):
        decoder["final_project"] = False
        outputs = width
    queries = math.prod(dims)
    if positions["position_encoding_type"] == "fourier" and choices.chance("points", 0.4):
        points = arrays.ids(choices, "points", (choices.integer("point count", 1, 9),), queries)
        return decoder, len(points), outputs, {"subsampled": points}, {"subsampled": [None]}
    return decoder, queries, outputs, {}, {}


def draw_postprocessor(
    choices: Choices, decoder: dict[str, Any], queries: int, outputs: int, has_points: bool
) -> tuple[dict[str, Any], int]:
    """What is behind a basic decoder, whose channels may change with it, and how many numbers each
    element of a batch becomes.
    """
    count = choices.pick("post outputs", (5, 2))
    match choices.pick("post", ("projection", "classification", "audio", *4 * ("image",))):
        case "projection":
            return {"type": "projection", "num_outputs": count}, count * queries
        case "classification":
            return {"type": "classification", "num_classes": count}, count
        case "audio":
            return {"type": "audio", "samples_per_patch": count}, count * queries
    config: dict[str, Any] = {"type": "image"}
    # Points are no grid.
    kinds = ("pixels", *2 * ("conv1x1",), *2 * ("patches",))
    kind = config["postproc_type"] = "pixels" if has_points else choices.pick("post kind", kinds)
    if has_points or (kind == "pixels" and not choices.chance("post grid", 0.8)):
        return config, queries * outputs
    dims = decoder["output_index_dims"]
    grid = config["input_reshape_size"] = dims if len(dims) == 2 else [queries, 1]
    if kind != "pixels":
        config["spatial_upsample"] = choices.pick("post spatial", (1, 2, 3))
    if kind == "conv1x1":
        config["n_outputs"] = count
        return config, count * math.prod(-(-size // config["spatial_upsample"]) for size in grid)
    if choices.chance("post frames", 0.6):
        config["input_reshape_size"] = [*grid, 1]
        config["temporal_upsample"] = choices.pick("post temporal", (1, 2, 2))
    if kind == "patches":
        block = config["spatial_upsample"] ** 2 * config.get("temporal_upsample", 1)
        outputs = decoder["output_num_channels"] = block * choices.integer("post colours", 1, 3)
        decoder["final_project"] = True
    return config, queries * outputs


def draw_image_part(choices: Choices, is_video: bool):
    """An image preprocessor, the channels of its rows, sizes of an input, those of the grid that is
    left of it, channels before positions are added, and whether the sizes have to be given.
    """
    prep = choices.pick("prep", ("pixels", "patches", "conv1x1", "conv"))
    spatial = choices.pick("spatial", {"conv": (4, 1), "patches": (2, 1, 3)}.get(prep, (1, 2)))
    temporal = 1
    if is_video and prep in ("patches", "pixels"):
        temporal = choices.pick("temporal", (1, 2))
    colours = choices.integer("colours", 1, 4)
    frames = [temporal * choices.integer("frames", 2, 3)] if is_video else []
    step = spatial if prep == "patches" else 1
    sizes = [*frames, *(step * choices.integer(axis, 1, 6) for axis in ("height", "width"))]
    grid = [-(-size // spatial) for size in sizes[-2:]]
    if is_video:
        grid = [-(-frames[0] // temporal), *grid]
    config: dict[str, Any] = {
        "type": "image",
        "prep_type": prep,
        "spatial_downsample": spatial,
        "temporal_downsample": temporal,
    }
    channels = colours
    if prep == "patches":
        channels *= temporal * spatial * spatial
    if prep == "conv" and choices.chance("no batch norm", 0.4):
        config["conv2d_use_batchnorm"] = False
    has_linear = prep == "patches" and choices.chance("linear", 0.5)
    if has_linear:
        config["conv_after_patching"] = True
    if has_linear or prep == "conv1x1" or (prep == "conv" and spatial > 1):
        channels = config["num_channels"] = choices.integer("num_channels", 1, 12)
    positions, width, needs_grid = draw_adding(choices, config, len(grid), channels)
    config |= positions
    return config, width, [*sizes, colours], grid, channels, needs_grid


def draw_adding(choices: Choices, config: dict[str, Any], axes: int, channels: int):
    """Positions that are added to channels, or concatenated; and the width of both."""
    is_added = choices.chance("add", 0.3)
    positions, width, needs_grid = draw_positions(
        choices, "preprocessor", axes, channels if is_added else None
    )
    if is_added:
        positions["concat_or_add_pos"] = "add"
    layers = choices.pick("extra layers", (0, 1, 2))
    if layers:
        positions["n_extra_pos_mlp"] = layers
    return positions, channels if is_added else channels + width, needs_grid
