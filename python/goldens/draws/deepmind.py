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
from .huggingface import draw_encoder as draw_widths

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
}
_DECODER = {
    "type": _REQUIRED,
    "qk_channels": None,
    "v_channels": None,
    "use_query_residual": False,
    "num_heads": 1,
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
    "project_pos_dim": -1,
}
_AUDIO = {
    "samples_per_patch": 96,
    "position_encoding_type": "fourier",
    "n_extra_pos_mlp": 0,
    "concat_or_add_pos": "concat",
    "project_pos_dim": -1,
}


def _parts(**parts: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{part}.{name}": value for part, fields in parts.items() for name, value in fields.items()
    }


_OUTPUTS = {"position_encoding_type": "trainable", "project_pos_dim": -1, "final_project": True}
#: The arguments that have to be drawn for each kind, with their defaults.
DEFAULTS: dict[str, dict[str, Any]] = {
    LM: {"vocab": _REQUIRED, "d_model": _REQUIRED, **_parts(encoder=_ENCODER, decoder=_DECODER)},
    ROWS: _parts(encoder=_ENCODER, decoder={**_DECODER, **_OUTPUTS}),
    IMAGE: {"postprocessor": None, **_parts(preprocessor=_IMAGE, encoder=_ENCODER)},
    FLOW: {
        "flow_patches": False,
        **_parts(encoder=_ENCODER, decoder={**_DECODER, "rescale_factor": 100}),
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


def _draw_encoder(choices: Choices, width: int) -> dict[str, Any]:
    """The arguments of the encoder, whose rows have `width` channels."""
    drawn = draw_widths(choices, width)
    config = {name: drawn[other] for other, name in _ENCODER_NAMES.items()}
    if choices.chance("encoder name", 0.2):
        config["name"] = "encoder"
    if choices.chance("encoder.without effect", 0.2):
        config |= {"dropout_prob": 0.4, "z_pos_enc_init_scale": 0.5}
    return config


def _draw_cross(choices: Choices, latent: int) -> dict[str, Any]:
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


def _draw_positions(
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


def _mask(choices: Choices, name: str, batch: int, rows: int) -> dict[str, np.ndarray]:
    if not choices.chance(name, 0.5):
        return {}
    return {name: arrays.mask(choices, name, (batch, rows), np.int32)}


# Texts, and rows that the caller makes


def _draw_text(choices: Choices):
    width, length = choices.integer("d_model", 1, 24), choices.integer("length", 1, 20)
    vocabulary, queries = choices.integer("vocab", 1, 40), choices.integer("queries", 1, 20)
    encoder = _draw_encoder(choices, width)
    decoder = {
        "type": "basic",
        "output_num_channels": width,
        "output_index_dims": [queries],
        "position_encoding_type": "trainable",
        "trainable_position_encoding_kwargs": {"num_channels": width},
        "final_project": choices.chance("final", 0.3),
        **_draw_cross(choices, encoder["num_z_channels"]),
    }
    batch = arrays.batch(choices, queries * vocabulary)
    ids = arrays.ids(choices, "inputs", (batch, length), vocabulary)
    inputs = {"inputs": ids, **_mask(choices, "input_mask", batch, length)}
    inputs |= _mask(choices, "query_mask", batch, queries)
    config = {"vocab": vocabulary, "d_model": width, "encoder": encoder, "decoder": decoder}
    return config, inputs, {}


def _draw_rows(choices: Choices):
    width, rows = choices.integer("width", 1, 24), choices.integer("rows", 1, 20)
    encoder = _draw_encoder(choices, width)
    config: dict[str, Any] = {"encoder": encoder}
    decoder, queries, outputs, inputs, shapes = _draw_basic(choices, encoder["num_z_channels"])
    config["decoder"] = decoder
    batch = arrays.batch(choices, queries * outputs)
    inputs = {"inputs": arrays.floats(choices, "inputs", (batch, rows, width)), **inputs}
    inputs |= _mask(choices, "input_mask", batch, rows)
    inputs |= _mask(choices, "query_mask", batch, queries)
    return config, inputs, shapes


def _draw_basic(choices: Choices, latent: int):
    """A basic decoder, how many queries and outputs of each there are, and its inputs."""
    axes = choices.integer("output axes", 1, 2)
    dims = [choices.integer(f"output axis{i}", 1, 5) for i in range(axes)]
    positions, width, _ = _draw_positions(choices, "decoder", axes)
    outputs = choices.pick("outputs", (4, 1, 11))
    decoder = {
        "type": "basic",
        "output_num_channels": outputs,
        "output_index_dims": dims,
        **positions,
        **_draw_cross(choices, latent),
    }
    if choices.chance("no final", 0.3):
        decoder["final_project"] = False
        outputs = width
    queries = math.prod(dims)
    if positions["position_encoding_type"] == "fourier" and choices.chance("points", 0.4):
        points = arrays.ids(choices, "points", (choices.integer("point count", 1, 9),), queries)
        return decoder, len(points), outputs, {"subsampled": points}, {"subsampled": [None]}
    return decoder, queries, outputs, {}, {}


# Images and sounds


def _draw_image_part(choices: Choices, is_video: bool):
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
    positions, width, needs_grid = _draw_adding(choices, config, len(grid), channels)
    config |= positions
    return config, width, [*sizes, colours], grid, channels, needs_grid


def _draw_adding(choices: Choices, config: dict[str, Any], axes: int, channels: int):
    """Positions that are added to channels, or concatenated; and the width of both."""
    is_added = choices.chance("add", 0.3)
    positions, width, needs_grid = _draw_positions(
        choices, "preprocessor", axes, channels if is_added else None
    )
    if is_added:
        positions["concat_or_add_pos"] = "add"
    layers = choices.pick("extra layers", (0, 1, 2))
    if layers:
        positions["n_extra_pos_mlp"] = layers
    return positions, channels if is_added else channels + width, needs_grid


def _draw_image(choices: Choices):
    is_video = choices.chance("video", 0.4)
    part, width, sizes, grid, channels, needs_grid = _draw_image_part(choices, is_video)
    encoder = _draw_encoder(choices, width)
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
            positions, _, _ = _draw_positions(choices, "decoder", 1)
            decoder |= {**positions, **_draw_cross(choices, latent)}
        numbers = classes
    elif kind == "basic":
        decoder, queries, outputs, more, shapes = _draw_basic(choices, latent)
        numbers = queries * outputs
    elif kind == "inputs":
        positions, _, _ = _draw_positions(choices, "decoder", len(grid))
        decoder = {
            "type": "basic",
            "output_num_channels": 3,
            "output_index_dims": grid,
            "concat_preprocessed_input": True,
            **positions,
            **_draw_cross(choices, latent),
        }
        numbers, needs_grid = 3 * rows, True
    else:
        positions, _, _ = _draw_positions(choices, "decoder", 3)
        batch_fixed = max(2, -(-16 // (2 * rows)))
        decoder = {
            "type": "video",
            "output_num_channels": 2,
            "output_shape": [batch_fixed, *grid],
            **positions,
            **_draw_cross(choices, latent),
        }
        numbers = 2 * rows
    config["decoder"] = decoder
    if kind == "basic" and choices.chance("postprocessor", 0.5):
        count = choices.pick("post outputs", (5, 2))
        post = choices.pick("post", ("projection", "classification"))
        key = "num_outputs" if post == "projection" else "num_classes"
        config["postprocessor"] = {"type": post, key: count}
        numbers = count * (queries if post == "projection" else 1)
    batch = batch_fixed or arrays.batch(choices, numbers)
    inputs = {"inputs": arrays.floats(choices, "inputs", (batch, *sizes)), **more}
    if needs_grid or kind == "video" or choices.chance("fixed", 0.3):
        shapes["inputs"] = [batch_fixed, *sizes]
    mask = _mask(choices, "input_mask", batch, rows)
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
    encoder = _draw_encoder(choices, channels + 2 * (2 * bands + 1))
    decoder = {
        "type": "flow",
        "output_image_shape": [height, width],
        "rescale_factor": choices.pick("rescale", (100.0, 1.0, 7.5)),
        "position_encoding_type": "fourier",
        "fourier_position_encoding_kwargs": {"num_bands": 3, "max_resolution": [8, 8]},
        **_draw_cross(choices, encoder["num_z_channels"]),
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
    positions, width, needs_grid = _draw_adding(choices, config, 1, samples)
    config |= positions
    encoder = _draw_encoder(choices, width)
    classes = choices.pick("classes", (7, 1, 20))
    kind = choices.pick("decoder", ("projection", "classification"))
    decoder: dict[str, Any] = {"type": kind, "num_classes": classes}
    if kind == "classification":
        positions, _, _ = _draw_positions(choices, "decoder", 1)
        decoder |= {**positions, **_draw_cross(choices, encoder["num_z_channels"])}
    batch = arrays.batch(choices, classes)
    sizes = [patches * samples, 1]
    inputs = {"inputs": arrays.floats(choices, "inputs", (batch, *sizes))}
    shapes = {"inputs": [None, *sizes]} if needs_grid else {}
    return {"preprocessor": config, "encoder": encoder, "decoder": decoder}, inputs, shapes


# Several modalities


def _draw_several(choices: Choices):
    image, image_width, sizes, grid, _, needs_image = _draw_image_part(choices, True)
    samples, patches = choices.integer("samples", 1, 8), choices.integer("patches", 1, 8)
    labels = choices.integer("labels", 2, 9)
    audio: dict[str, Any] = {"type": "audio", "samples_per_patch": samples}
    waves, bands = {"num_bands": choices.integer("audio bands", 1, 5)}, 0
    waves["max_resolution"] = [choices.integer("audio resolution", 2, 40)]
    bands = waves["num_bands"]
    audio |= {
        "position_encoding_type": "fourier",
        "fourier_position_encoding_kwargs": waves,
    }
    names = choices.pick("names", (("image", "audio", "label"), ("video", "sound", "kind")))
    modalities = dict(zip(names, (image, audio, {"type": "onehot"})))
    if choices.chance("other order", 0.5):
        modalities = dict(reversed(modalities.items()))
    padding = choices.pick("padding", (2, 1, 4))
    preprocessor: dict[str, Any] = {"modalities": modalities, "min_padding_size": padding}
    if choices.chance("masked", 0.5):
        # Rows of a mask token alone are made of the Fourier positions that they replace.
        is_fourier = image["position_encoding_type"] == "fourier" and "concat" == image.get(
            "concat_or_add_pos", "concat"
        )
        masked = choices.pick("masked modality", names[::-1] if is_fourier else names[:0:-1])
        preprocessor["mask_probs"] = {name: float(name == masked) for name in names}
    width = max(image_width, samples + 2 * bands + 1, labels) + padding
    encoder = _draw_encoder(choices, width)
    outputs = choices.integer("output channels", 1, 9)
    decoders, points = _draw_queries(choices, names)
    decoder: dict[str, Any] = {
        "modalities": decoders,
        "output_num_channels": outputs,
        "min_padding_size": choices.pick("query padding", (2, 1, 4)),
        **_draw_cross(choices, encoder["num_z_channels"]),
    }
    config: dict[str, Any] = {"preprocessor": preprocessor, "encoder": encoder, "decoder": decoder}
    if choices.chance("postprocessor", 0.7):
        config["postprocessor"] = {
            "modalities": {
                names[0]: {"type": "projection", "num_outputs": choices.integer("pixel", 1, 4)},
                names[1]: {"type": "audio", "samples_per_patch": samples},
                names[2]: {"type": "classification", "num_classes": labels},
            }
        }
        # Which points there are is said by the inputs; the numbers here have no effect.
        decoder["subsampled_index_dims"] = {names[0]: [16], names[1]: [16], names[2]: 1}
    batch = max(8, arrays.batch(choices, labels))
    arrays_of = ((*sizes,), (patches * samples, 1), (labels,))
    inputs = {
        f"inputs.{name}": arrays.floats(choices, name, (batch, *shape))
        for name, shape in zip(names, arrays_of)
    }
    for name, count in points.items():
        wanted = (choices.integer(f"points of {name}", 16, 24),)
        inputs[f"subsampled.{name}"] = arrays.ids(choices, f"points.{name}", wanted, count)
    shapes = {f"inputs.{names[0]}": [None, *sizes]} if needs_image else {}
    return config, inputs, shapes


def _draw_queries(choices: Choices, names: tuple[str, str, str]):
    """Decoders that make the queries of video, audio and label; and the number of points of those
    that have points.
    """
    dims = [choices.integer(f"query axis{i}", 1, 5) for i in range(3)]
    length = choices.integer("query length", 1, 20)
    waves = {"num_bands": choices.integer("query bands", 1, 4)}
    if choices.chance("query resolution", 0.5):
        waves["max_resolution"] = [choices.integer(f"query resolution{i}", 2, 20) for i in range(3)]
    video = {
        "type": "video",
        "output_num_channels": 5,
        "output_shape": [choices.integer("query batch", 1, 3), *dims],
        "position_encoding_type": "fourier",
        "fourier_position_encoding_kwargs": waves,
    }
    audio = {
        "type": "basic",
        "output_num_channels": 5,
        "output_index_dims": [length],
        "position_encoding_type": "fourier",
        "fourier_position_encoding_kwargs": {
            "num_bands": choices.integer("audio query bands", 1, 9),
            "max_resolution": [choices.integer("audio query resolution", 2, 30)],
        },
    }
    label = {
        "type": "classification",
        "num_classes": 3,
        "position_encoding_type": "trainable",
        "trainable_position_encoding_kwargs": {
            "num_channels": choices.integer("label channels", 1, 40)
        },
    }
    decoders = dict(zip(names, (video, audio, label)))
    return decoders, {names[0]: math.prod(dims), names[1]: length}


_DRAW = {
    LM: _draw_text,
    ROWS: _draw_rows,
    IMAGE: _draw_image,
    FLOW: _draw_flow,
    AUDIO: _draw_audio,
    SEVERAL: _draw_several,
}
