"""Random Perceivers of perceiver-io: every field of its configurations, and of its modules."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..case import Case
from ..choices import Choices
from . import arrays

CLASSIFIER = "TextClassifier"
LM = "MaskedLanguageModel"
IMAGE = "ImageClassifier"
FLOW = "OpticalFlow"
ENCODER = "PerceiverEncoder"
DECODER = "PerceiverDecoder"
ATTENTION = "MultiHeadAttention"
CLASSES = (CLASSIFIER, LM, IMAGE, FLOW, ENCODER, DECODER, ATTENTION)

#: What has no default.
_REQUIRED = object()
_ENCODER = {
    "num_cross_attention_heads": 8,
    "num_cross_attention_qk_channels": None,
    "num_cross_attention_v_channels": None,
    "num_cross_attention_layers": 1,
    "first_cross_attention_layer_shared": False,
    "cross_attention_widening_factor": 1,
    "num_self_attention_heads": 8,
    "num_self_attention_qk_channels": None,
    "num_self_attention_v_channels": None,
    "num_self_attention_layers_per_block": 8,
    "num_self_attention_blocks": 1,
    "first_self_attention_block_shared": True,
    "self_attention_widening_factor": 1,
    "dropout": 0.0,
    "init_scale": 0.02,
}
_DECODER = {
    "num_cross_attention_heads": 8,
    "num_cross_attention_qk_channels": None,
    "num_cross_attention_v_channels": None,
    "cross_attention_widening_factor": 1,
    "cross_attention_residual": True,
    "dropout": 0.0,
    "init_scale": 0.02,
}
_FREEZE = {"freeze": False}
_TEXT = {**_FREEZE, "vocab_size": 10003, "max_seq_len": 256, "num_input_channels": 64}
_CLASSES = {"num_output_query_channels": 256, "num_classes": 100}
_MODEL = {
    "num_latents": _REQUIRED,
    "num_latent_channels": _REQUIRED,
    "activation_checkpointing": False,
    "activation_offloading": False,
}


def _parts(encoder: dict[str, Any], decoder: dict[str, Any]) -> dict[str, Any]:
    return {
        **_MODEL,
        **{f"encoder.{name}": value for name, value in (_ENCODER | encoder).items()},
        **{f"decoder.{name}": value for name, value in (_DECODER | decoder).items()},
    }


#: The fields that have to be drawn for each class, with their defaults.
DEFAULTS: dict[str, dict[str, Any]] = {
    CLASSIFIER: _parts(_TEXT, {**_FREEZE, **_CLASSES, "num_output_queries": 1}),
    LM: _parts(
        _TEXT,
        {**_FREEZE, "num_output_query_channels": None, "vocab_size": 10003, "max_seq_len": 512},
    ),
    IMAGE: _parts(
        {**_FREEZE, "image_shape": [224, 224, 3], "num_frequency_bands": 32},
        {**_FREEZE, **_CLASSES},
    ),
    FLOW: _parts(
        {
            **_FREEZE,
            "image_shape": [368, 496],
            "num_patch_input_channels": 27,
            "num_patch_hidden_channels": 64,
            "num_frequency_bands": 64,
        },
        {**_FREEZE, "image_shape": [368, 496], "rescale_factor": 100.0},
    ),
    ENCODER: {
        **_ENCODER,
        **_MODEL,
        "num_cross_attention_heads": 4,
        "num_self_attention_heads": 4,
        "num_self_attention_layers_per_block": 6,
        "input_adapter.vocab_size": _REQUIRED,
        "input_adapter.max_seq_len": _REQUIRED,
        "input_adapter.num_input_channels": _REQUIRED,
        "input_adapter.abs_pos_emb": True,
        "residual_dropout": 0.0,
    },
    DECODER: {
        **_DECODER,
        "num_cross_attention_heads": 4,
        "num_latent_channels": _REQUIRED,
        "output_adapter.num_classes": _REQUIRED,
        "output_adapter.num_output_query_channels": _REQUIRED,
        "output_query_provider.num_queries": _REQUIRED,
        "output_query_provider.num_query_channels": _REQUIRED,
        "output_query_provider.init_scale": 0.02,
        "activation_checkpointing": False,
        "activation_offloading": False,
    },
    ATTENTION: {
        "num_heads": _REQUIRED,
        "num_q_input_channels": _REQUIRED,
        "num_kv_input_channels": _REQUIRED,
        "num_qk_channels": None,
        "num_v_channels": None,
        "num_output_channels": None,
        "max_heads_parallel": None,
        "dropout": 0.0,
        "qkv_bias": True,
        "out_bias": True,
    },
}

_HEADS = (1, 2, 3, 4, 8)
_FORMS = {
    CLASSIFIER: ("save_file", "torch", "lightning", "wrapper", "wrapper_bin"),
    LM: ("save_file", "torch", "lightning", "wrapper", "wrapper_bin"),
    IMAGE: ("save_file", "torch", "lightning", "wrapper", "wrapper_bin"),
    FLOW: ("save_file", "torch", "wrapper", "wrapper_bin"),
}


def draw(name: str, choices: Choices) -> Case:
    """Return a random case of a class."""
    form = choices.pick("form", _FORMS.get(name, ("save_file", "torch")))
    config = _DRAW_CONFIG[name](choices)
    inputs, shapes = _DRAW_INPUTS[name](config, choices)
    if form.startswith("wrapper"):
        inputs = _wrapped(inputs, name)
        shapes = {}
    # The tables that images have are stored in the checkpoint's type, too.
    has_table = name in (IMAGE, FLOW)
    dtypes = ("float32", "float64") if has_table else ("float32", "float16", "bfloat16", "float64")
    has_names = form in ("save_file", "torch")
    return Case(
        source="krasserm",
        name=name,
        config=config,
        form=form,
        dtype=choices.pick("dtype", ("float32", *dtypes)),
        prefix="module." if has_names and choices.chance("prefix", 0.2) else "",
        shapes=shapes,
        inputs=inputs,
    )


def _wrapped(inputs: dict[str, np.ndarray], name: str) -> dict[str, np.ndarray]:
    """The inputs under the names of the library's classes for transformers."""
    is_text = name in (CLASSIFIER, LM)
    (data, *_) = inputs.values()
    found = {"input_ids" if is_text else "inputs": data}
    if is_text and "pad_mask" in inputs:
        found["attention_mask"] = (~inputs["pad_mask"]).astype(np.int64)
    return found


# Configurations


def _draw_attention(
    choices: Choices, key: str, name: str, width: int | None, default: int | None = None
) -> tuple[dict[str, Any], int]:
    """Heads and widths of an attention. Where none are set, queries and keys are as wide as
    `default`, or as a width that this chooses, if that is None. Return them and the width.
    """
    heads = choices.pick(f"{key}.heads", _HEADS)
    fixed = default if default is not None else width
    qk = v = None
    if choices.chance(f"{key}.own qk", 0.3) or (fixed is not None and fixed % heads):
        qk = heads * choices.integer(f"{key}.qk", 1, max(1, 32 // heads))
    if choices.chance(f"{key}.own v", 0.3):
        v = heads * choices.integer(f"{key}.v", 1, max(1, 32 // heads))
    fields = {
        f"num_{name}_heads": heads,
        f"num_{name}_qk_channels": qk,
        f"num_{name}_v_channels": v,
        f"{name}_widening_factor": choices.integer(f"{key}.widening", 1, 3),
    }
    return fields, heads


def _draw_encoder(choices: Choices, latent: int, default: int | None = None) -> dict[str, Any]:
    """The fields of an encoder, whose cross-attention is as wide as `default` by default, or as
    the latents.
    """
    cross, _ = _draw_attention(choices, "cross", "cross_attention", latent, default)
    self_, _ = _draw_attention(choices, "self", "self_attention", latent)
    blocks = choices.integer("blocks", 1, 4)
    fields = {
        **cross,
        **self_,
        "num_cross_attention_layers": choices.integer("cross_layers", 1, blocks),
        "first_cross_attention_layer_shared": choices.chance("cross shared", 0.4),
        "num_self_attention_layers_per_block": choices.integer("layers", 1, 3),
        "num_self_attention_blocks": blocks,
        "first_self_attention_block_shared": not choices.chance("blocks not shared", 0.5),
    }
    return fields | _draw_without_effect(choices, "encoder")


def _draw_decoder(choices: Choices, query: int) -> dict[str, Any]:
    fields, _ = _draw_attention(choices, "decoder", "cross_attention", query)
    fields["cross_attention_residual"] = not choices.chance("no residual", 0.4)
    return fields | _draw_without_effect(choices, "decoder")


def _draw_without_effect(choices: Choices, part: str) -> dict[str, Any]:
    if not choices.chance(f"{part}.without effect", 0.2):
        return {}
    return {"dropout": 0.3, "init_scale": 0.5}


def _freeze(choices: Choices, part: str) -> dict[str, Any]:
    return {"freeze": True} if choices.chance(f"{part}.freeze", 0.2) else {}


def _draw_latents(choices: Choices) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "num_latents": choices.integer("num_latents", 1, 9),
        "num_latent_channels": choices.integer("num_latent_channels", 1, 30),
    }
    return fields | _draw_activations(choices)


def _draw_activations(choices: Choices) -> dict[str, Any]:
    if not choices.chance("activations", 0.3):
        return {}
    return {
        "activation_checkpointing": not choices.chance("no checkpointing", 0.3),
        "activation_offloading": not choices.chance("no offloading", 0.3),
    }


def _draw_text(choices: Choices) -> dict[str, Any]:
    return {
        "vocab_size": choices.integer("vocab_size", 1, 50),
        "max_seq_len": choices.integer("max_seq_len", 1, 24),
        "num_input_channels": choices.integer("num_input_channels", 1, 24),
    }


def _draw_classes(choices: Choices) -> dict[str, Any]:
    return {
        "num_output_query_channels": choices.integer("query_channels", 1, 24),
        "num_classes": choices.pick("num_classes", (7, 1, 20)),
    }


def _draw_classifier(choices: Choices) -> dict[str, Any]:
    latents, outputs = _draw_latents(choices), _draw_classes(choices)
    encoder = _draw_encoder(choices, latents["num_latent_channels"])
    decoder = _draw_decoder(choices, outputs["num_output_query_channels"])
    decoder |= {**outputs, "num_output_queries": choices.pick("queries", (1, 2, 5))}
    return {
        "encoder": {**encoder, **_draw_text(choices), **_freeze(choices, "encoder")},
        "decoder": {**decoder, **_freeze(choices, "decoder")},
        **latents,
    }


def _draw_lm(choices: Choices) -> dict[str, Any]:
    latents, text = _draw_latents(choices), _draw_text(choices)
    own = choices.pick("query_channels", (None, 5, 8, 12))
    encoder = _draw_encoder(choices, latents["num_latent_channels"])
    decoder = _draw_decoder(choices, own or text["num_input_channels"])
    least = 1 if own is None else 2
    decoder |= {
        "num_output_query_channels": own,
        # Tied logits are those of the embedded tokens.
        "vocab_size": (
            text["vocab_size"] if own is None else choices.integer("output_vocab_size", 1, 50)
        ),
        "max_seq_len": choices.integer("output_max_seq_len", least, 24),
    }
    return {
        "encoder": {**encoder, **text, **_freeze(choices, "encoder")},
        "decoder": {**decoder, **_freeze(choices, "decoder")},
        **latents,
    }


def _draw_image(choices: Choices) -> dict[str, Any]:
    axes = choices.pick("axes", (2, 1, 3))
    most = {1: 40, 2: 8, 3: 4}[axes]
    grid = [choices.integer(f"axis{axis}", 1, most) for axis in range(axes)]
    colours, bands = choices.integer("colours", 1, 4), choices.integer("bands", 1, 6)
    width = colours + axes * (2 * bands + 1)
    latents, outputs = _draw_latents(choices), _draw_classes(choices)
    encoder = _draw_encoder(choices, latents["num_latent_channels"], width)
    encoder |= {"image_shape": [*grid, colours], "num_frequency_bands": bands}
    decoder = _draw_decoder(choices, outputs["num_output_query_channels"]) | outputs
    return {
        "encoder": {**encoder, **_freeze(choices, "encoder")},
        "decoder": {**decoder, **_freeze(choices, "decoder")},
        **latents,
    }


def _draw_flow(choices: Choices) -> dict[str, Any]:
    grid = [choices.integer(f"axis{axis}", 2, 8) for axis in range(2)]
    hidden, bands = choices.integer("hidden", 1, 12), choices.integer("bands", 1, 6)
    width = hidden + 2 * (2 * bands + 1)
    latents = _draw_latents(choices)
    encoder = _draw_encoder(choices, latents["num_latent_channels"], width)
    heads = encoder["num_cross_attention_heads"]
    if encoder["num_cross_attention_v_channels"] is None and width % heads:
        # Values are as wide as the rows, whatever queries and keys are.
        encoder["num_cross_attention_v_channels"] = 2 * heads
    encoder |= {
        "image_shape": grid,
        "num_patch_input_channels": choices.pick("patch", (3, 1, 27)),
        "num_patch_hidden_channels": hidden,
        "num_frequency_bands": bands,
    }
    decoder = _draw_decoder(choices, width)
    factor = choices.pick("rescale_factor", (100.0, 1.0, 7.5, 20))
    decoder |= {"image_shape": grid, "rescale_factor": factor}
    return {
        "encoder": {**encoder, **_freeze(choices, "encoder")},
        "decoder": {**decoder, **_freeze(choices, "decoder")},
        **latents,
    }


def _draw_bare_encoder(choices: Choices) -> dict[str, Any]:
    latents = _draw_latents(choices)
    adapter = _draw_text(choices)
    if choices.chance("no places", 0.4):
        adapter["abs_pos_emb"] = False
    config = _draw_encoder(choices, latents["num_latent_channels"])
    if choices.chance("residual_dropout", 0.2):
        config["residual_dropout"] = 0.3
    return {"input_adapter": adapter, **latents, **config}


def _draw_bare_decoder(choices: Choices) -> dict[str, Any]:
    outputs = _draw_classes(choices)
    channels = outputs["num_output_query_channels"]
    queries: dict[str, Any] = {
        "num_queries": choices.pick("queries", (1, 2, 5)),
        "num_query_channels": channels,
    }
    if choices.chance("query scale", 0.3):
        queries["init_scale"] = 0.1
    return {
        "output_adapter": outputs,
        "output_query_provider": queries,
        "num_latent_channels": choices.integer("num_latent_channels", 1, 30),
        **_draw_decoder(choices, channels),
        **_draw_activations(choices),
    }


def _draw_bare_attention(choices: Choices) -> dict[str, Any]:
    heads = choices.pick("heads", _HEADS)
    config: dict[str, Any] = {
        "num_heads": heads,
        "num_q_input_channels": heads * choices.integer("q", 1, max(1, 24 // heads)),
        "num_kv_input_channels": choices.integer("kv", 1, 24),
    }
    for name, share in (("qk", 0.4), ("v", 0.4)):
        if choices.chance(f"own {name}", share):
            width = heads * choices.integer(name, 1, max(1, 24 // heads))
            config[f"num_{name}_channels"] = width
    if choices.chance("own output", 0.4):
        config["num_output_channels"] = choices.integer("output", 1, 24)
    if choices.chance("parallel", 0.3):
        config["max_heads_parallel"] = choices.integer("max_heads_parallel", 1, heads)
    if choices.chance("dropout", 0.2):
        config["dropout"] = 0.5
    config["qkv_bias"] = not choices.chance("no qkv_bias", 0.4)
    config["out_bias"] = not choices.chance("no out_bias", 0.4)
    return config


_DRAW_CONFIG = {
    CLASSIFIER: _draw_classifier,
    LM: _draw_lm,
    IMAGE: _draw_image,
    FLOW: _draw_flow,
    ENCODER: _draw_bare_encoder,
    DECODER: _draw_bare_decoder,
    ATTENTION: _draw_bare_attention,
}


# Inputs: arrays, and shapes that the import is given


def _padding(choices: Choices, batch: int, rows: int) -> dict[str, np.ndarray]:
    if not choices.chance("mask", 0.6):
        return {}
    return {"pad_mask": ~arrays.mask(choices, "pad_mask", (batch, rows), np.bool_)}


def _draw_ids(config, choices, text, numbers_per_row, most, name="x"):
    rows = choices.integer("rows", 1, most)
    batch = arrays.batch(choices, numbers_per_row(rows))
    ids = arrays.ids(choices, "x", (batch, rows), text["vocab_size"])
    return {name: ids, **_padding(choices, batch, rows)}, {}


def _draw_classifier_inputs(config, choices):
    text, decoder = config["encoder"], config["decoder"]
    numbers = decoder["num_classes"] * decoder["num_output_queries"]
    return _draw_ids(config, choices, text, lambda rows: numbers, text["max_seq_len"])


def _draw_lm_inputs(config, choices):
    text, decoder = config["encoder"], config["decoder"]
    most = min(text["max_seq_len"], decoder["max_seq_len"])
    vocabulary = decoder["vocab_size"]
    return _draw_ids(config, choices, text, lambda rows: rows * vocabulary, most, "x_masked")


def _draw_encoder_inputs(config, choices):
    text = config["input_adapter"]
    most = text["max_seq_len"] + (0 if text.get("abs_pos_emb", True) else 5)
    numbers = config["num_latents"] * config["num_latent_channels"]
    return _draw_ids(config, choices, text, lambda rows: numbers, most)


def _draw_image_inputs(config, choices):
    shape = config["encoder"]["image_shape"]
    batch = arrays.batch(choices, config["decoder"]["num_classes"])
    image = arrays.floats(choices, "x", (batch, *shape))
    mask = _padding(choices, batch, math.prod(shape[:-1]))
    return {"x": image, **mask}, {"pad_mask": [None, None]} if mask else {}


def _draw_flow_inputs(config, choices):
    encoder = config["encoder"]
    height, width = encoder["image_shape"]
    batch = arrays.batch(choices, 2 * height * width)
    shape = (batch, 2, encoder["num_patch_input_channels"], height, width)
    return {"x": arrays.floats(choices, "x", shape)}, {}


def _draw_decoder_inputs(config, choices):
    queries = config["output_query_provider"]["num_queries"]
    batch = arrays.batch(choices, queries * config["output_adapter"]["num_classes"])
    rows = choices.integer("rows", 1, 12)
    return {
        "x_latent": arrays.floats(choices, "x", (batch, rows, config["num_latent_channels"]))
    }, {}


def _draw_attention_inputs(config, choices):
    queries, rows = (choices.integer(name, 1, 12) for name in ("queries", "rows"))
    width = config["num_q_input_channels"]
    batch = arrays.batch(choices, queries * config.get("num_output_channels", width))
    return {
        "x_q": arrays.floats(choices, "x_q", (batch, queries, width)),
        "x_kv": arrays.floats(choices, "x_kv", (batch, rows, config["num_kv_input_channels"])),
        **_padding(choices, batch, rows),
    }, {}


_DRAW_INPUTS = {
    CLASSIFIER: _draw_classifier_inputs,
    LM: _draw_lm_inputs,
    IMAGE: _draw_image_inputs,
    FLOW: _draw_flow_inputs,
    ENCODER: _draw_encoder_inputs,
    DECODER: _draw_decoder_inputs,
    ATTENTION: _draw_attention_inputs,
}
