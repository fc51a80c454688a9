"""Small checkpoints as krasserm's perceiver-io saves them, and what its formulas make of them.

The formulas are written on the tensors as they are stored, and know nothing of importers.
"""

from dataclasses import dataclass, field

import numpy as np
from checkpoint_files import Global, New, safetensors_bytes, write_config, write_torch

import reference as r

_LATENTS = {"num_latents": 5, "num_latent_channels": 12}
_TEXT = {
    "vocab_size": 23,
    "max_seq_len": 16,
    "num_input_channels": 6,
    "num_cross_attention_heads": 3,
    "num_self_attention_heads": 4,
    "num_self_attention_layers_per_block": 2,
}
_IMAGE = {
    "image_shape": [5, 4, 3],
    "num_frequency_bands": 4,
    "num_cross_attention_heads": 1,
    "num_self_attention_heads": 4,
    "num_self_attention_layers_per_block": 2,
}
_CLASSES = {
    "num_output_query_channels": 10,
    "num_classes": 7,
    "num_cross_attention_heads": 2,
}


@dataclass(frozen=True)
class Case:
    """A class and its arguments, and sizes that a caller fixes."""

    name: str
    kwargs: dict
    shapes: dict = field(default_factory=dict)

    def tensors(self):
        """The tensors in float32; queries and keys are large enough to show."""
        shapes = _shapes_of(self.name, self.kwargs)
        tensors = {}
        for key, shape in shapes.items():
            gain = 2.0 if ".q_proj." in key or ".k_proj." in key else 1.0
            tensors[key] = (gain * r.deterministic_parameter(key, shape)).astype(np.float32)
        if self.name in ("ImageClassifier", "OpticalFlow"):
            key = "0.input_adapter.position_encoding.position_encoding"
            tensors[key] = _positions(self.kwargs["encoder"]).astype(np.float32)
        return tensors

    def save(self, directory, tensors=None, **changes):
        """Write kwargs.json and the weights."""
        kwargs = {**self.kwargs, **changes}
        config = {"source": "perceiver-io==0.11.0", "class": self.name, "kwargs": kwargs}
        write_config(directory, config, "kwargs.json")
        data = safetensors_bytes(self.tensors() if tensors is None else tensors)
        (directory / "model.safetensors").write_bytes(data)
        return directory

    def save_wrapped(self, directory, model_type, architecture):
        """Write what the wrapper around transformers saves."""
        config = {"model_type": model_type, "architectures": [architecture], "is_decoder": False}
        write_config(directory, {**config, "model_config": self.kwargs})
        tensors = {f"backend_model.{name}": tensor for name, tensor in self.tensors().items()}
        write_torch(directory / "pytorch_model.bin", tensors)
        return directory

    def save_lightning(self, directory, encoder, decoder):
        """Write a checkpoint of Lightning with configurations of these classes."""
        directory.mkdir(parents=True)
        kwargs = dict(self.kwargs)
        for part, cls in (("encoder", encoder), ("decoder", decoder)):
            module, name = f"perceiver.model.{cls}".rsplit(".", 1)
            values = {k: tuple(v) if isinstance(v, list) else v for k, v in kwargs[part].items()}
            kwargs[part] = New(Global(module, name), values)
        kwargs |= {"params": None, "activation_offloading": False}
        state = {f"model.{name}": tensor for name, tensor in self.tensors().items()}
        write_torch(
            directory / "last.ckpt",
            state,
            lambda made: {"epoch": 3, "state_dict": made, "hyper_parameters": kwargs},
        )
        return directory


_ITERATIVE = {
    "num_cross_attention_layers": 3,
    "num_self_attention_blocks": 4,
    "first_self_attention_block_shared": False,
}
CASES = {
    "TextClassifier": Case("TextClassifier", {"encoder": _TEXT, "decoder": _CLASSES, **_LATENTS}),
    "TextClassifierQueries": Case(
        "TextClassifier",
        {
            "encoder": {**_TEXT, **_ITERATIVE, "self_attention_widening_factor": 2},
            "decoder": {**_CLASSES, "num_output_queries": 3, "cross_attention_residual": False},
            **_LATENTS,
        },
    ),
    "MaskedLanguageModel": Case(
        "MaskedLanguageModel",
        {
            "encoder": {
                **_TEXT,
                "num_cross_attention_qk_channels": 9,
                "num_cross_attention_v_channels": 15,
                "num_self_attention_blocks": 2,
            },
            "decoder": {"vocab_size": 23, "max_seq_len": 14, "num_cross_attention_heads": 2},
            **_LATENTS,
        },
    ),
    "MaskedLanguageModelUntied": Case(
        "MaskedLanguageModel",
        {
            "encoder": {**_TEXT, "num_self_attention_qk_channels": 8},
            "decoder": {
                "vocab_size": 19,
                "max_seq_len": 14,
                "num_output_query_channels": 8,
                "cross_attention_residual": False,
            },
            **_LATENTS,
        },
    ),
    "ImageClassifier": Case(
        "ImageClassifier",
        {"encoder": _IMAGE, "decoder": _CLASSES, **_LATENTS},
        {"pad_mask": (None, 20)},
    ),
    "OpticalFlow": Case(
        "OpticalFlow",
        {
            "encoder": {
                "image_shape": [5, 4],
                "num_patch_input_channels": 3,
                "num_patch_hidden_channels": 6,
                "num_frequency_bands": 2,
                "num_cross_attention_heads": 2,
                "num_self_attention_heads": 4,
                "num_self_attention_layers_per_block": 1,
            },
            "decoder": {
                "image_shape": [5, 4],
                "cross_attention_residual": False,
                "num_cross_attention_heads": 1,
                "rescale_factor": 4,
            },
            **_LATENTS,
        },
    ),
    "PerceiverEncoder": Case(
        "PerceiverEncoder",
        {
            "input_adapter": {
                "vocab_size": 23,
                "max_seq_len": 16,
                "num_input_channels": 6,
                "abs_pos_emb": False,
            },
            "num_self_attention_layers_per_block": 2,
            **_ITERATIVE,
            "first_cross_attention_layer_shared": True,
            "first_self_attention_block_shared": True,
            **_LATENTS,
        },
    ),
    "PerceiverDecoder": Case(
        "PerceiverDecoder",
        {
            "output_adapter": {"num_classes": 7, "num_output_query_channels": 8},
            "output_query_provider": {"num_queries": 1, "num_query_channels": 8},
            "num_latent_channels": 12,
        },
    ),
    "MultiHeadAttention": Case(
        "MultiHeadAttention",
        {
            "num_heads": 2,
            "num_q_input_channels": 6,
            "num_kv_input_channels": 5,
            "num_qk_channels": 8,
            "num_v_channels": 10,
            "num_output_channels": 7,
            "qkv_bias": False,
        },
    ),
}


def drawn(seed):
    """Return the name of a case with arguments drawn at random, which is in CASES from now on."""
    draw = np.random.default_rng(seed)

    def pick(*values):
        return values[draw.integers(len(values))]

    d = pick(6, 12)
    blocks = pick(1, 1, 2, 3)
    encoder = {
        "num_cross_attention_heads": pick(1, 3),
        "num_cross_attention_qk_channels": pick(None, 6, 9),
        "num_cross_attention_v_channels": pick(None, 3, 12),
        "num_cross_attention_layers": int(draw.integers(1, blocks + 1)),
        "first_cross_attention_layer_shared": pick(True, False),
        "cross_attention_widening_factor": pick(1, 2),
        "num_self_attention_heads": pick(1, 2),
        "num_self_attention_qk_channels": pick(None, 4),
        "num_self_attention_v_channels": pick(None, 8),
        "num_self_attention_layers_per_block": pick(1, 2),
        "num_self_attention_blocks": blocks,
        "first_self_attention_block_shared": pick(True, False),
        "self_attention_widening_factor": pick(1, 2),
    }
    decoder = {
        "num_cross_attention_heads": pick(1, 2),
        "num_cross_attention_qk_channels": pick(None, 6),
        "num_cross_attention_v_channels": pick(None, 4),
        "cross_attention_widening_factor": pick(1, 3),
        "cross_attention_residual": pick(True, False),
    }
    latents = {"num_latents": pick(1, 5), "num_latent_channels": d}
    name = pick("TextClassifier", "MaskedLanguageModel", "ImageClassifier", "OpticalFlow")
    shapes = {}
    if name in ("ImageClassifier", "OpticalFlow"):
        # The heads of the rows' own width, where no field says it.
        encoder["num_cross_attention_heads"] = 1
    if name == "ImageClassifier":
        encoder |= {"image_shape": [5, 4, 3], "num_frequency_bands": pick(1, 3)}
        shapes = {"pad_mask": (None, 20)}
    elif name == "OpticalFlow":
        encoder |= {"image_shape": [5, 4], "num_patch_input_channels": 3}
        encoder |= {"num_patch_hidden_channels": pick(2, 6), "num_frequency_bands": 2}
        decoder |= {"image_shape": [5, 4], "rescale_factor": pick(4, 0.5, 100)}
    else:
        encoder |= {"vocab_size": 23, "max_seq_len": pick(11, 16), "num_input_channels": 6}
    if name == "MaskedLanguageModel":
        width = pick(None, 4)
        decoder |= {"vocab_size": 23 if width is None else 19, "max_seq_len": pick(11, 14)}
        decoder["num_output_query_channels"] = width
    elif name != "OpticalFlow":
        decoder |= {"num_output_query_channels": pick(2, 10), "num_classes": pick(1, 7)}
        decoder["num_output_queries"] = 1 if name == "ImageClassifier" else pick(1, 3)
    CASES[f"{name}.{seed}"] = Case(
        name, {"encoder": encoder, "decoder": decoder, **latents}, shapes
    )
    return f"{name}.{seed}"


def inputs_of(name, batch=2):
    """Return inputs of `run` by name."""
    values, case = r.deterministic_values, CASES[name]
    ids = (37 * np.arange(batch * 11) % 23).reshape(batch, 11)
    pad = np.arange(11) >= np.array([[11], [7]])
    match case.name:
        case "TextClassifier" | "PerceiverEncoder":
            return {"x": ids, "pad_mask": pad}
        case "MaskedLanguageModel":
            return {"x_masked": ids, "pad_mask": pad}
        case "ImageClassifier":
            mask = values("input.pad", (batch, 20)) > 0.2
            mask[1] = True  # a row without keys averages all
            return {"x": values("input.image", (batch, 5, 4, 3)), "pad_mask": mask}
        case "OpticalFlow":
            return {"x": values("input.flow", (batch, 2, 3, 5, 4))}
        case "PerceiverDecoder":
            return {"x_latent": values("input.z", (batch, 9, 12))}
    x_kv = values("input.kv", (batch, 11, 5))
    return {"x_q": values("input.q", (batch, 4, 6)), "x_kv": x_kv, "pad_mask": pad}


def _positions(encoder):
    grid = encoder["image_shape"][: 2 if len(encoder["image_shape"]) < 3 else -1]
    return r.fourier_positions(tuple(grid), encoder["num_frequency_bands"], tuple(grid))


# Shapes


def _affine(name, outputs, *inputs):
    return {f"{name}.weight": (outputs, *inputs), f"{name}.bias": (outputs,)}


def _attention_shapes(name, query, source, qk, v, output=None):
    shapes = _affine(f"{name}q_proj", qk, query) | _affine(f"{name}k_proj", qk, source)
    shapes |= _affine(f"{name}v_proj", v, source)
    return shapes | _affine(f"{name}o_proj", output or query, v)


def _mlp_shapes(name, channels, widening):
    hidden = channels * widening
    shapes = _affine(f"{name}.0", channels) | _affine(f"{name}.1", hidden, channels)
    return shapes | _affine(f"{name}.3", channels, hidden)


def _widths(config, name, default):
    qk = config.get(f"num_{name}_qk_channels") or default
    return qk, config.get(f"num_{name}_v_channels") or qk


def _encoder_shapes(prefix, config, kwargs, channels, is_vision, is_flow=False):
    n, d = kwargs["num_latents"], kwargs["num_latent_channels"]
    shapes = {f"{prefix}latent_provider._query": (n, d)}
    qk, v = _widths(config, "cross_attention", channels if is_vision else d)
    if is_flow:
        v = config.get("num_cross_attention_v_channels") or channels
    crosses, selves = ["1"], ["1"]
    if config.get("num_cross_attention_layers", 1) > 1 and not config.get(
        "first_cross_attention_layer_shared", False
    ):
        crosses.append("n")
    if config.get("num_self_attention_blocks", 1) > 1 and not config.get(
        "first_self_attention_block_shared", True
    ):
        selves.append("n")
    for which in crosses:
        name = f"{prefix}cross_attn_{which}"
        shapes |= _affine(f"{name}.0.module.q_norm", d)
        shapes |= _affine(f"{name}.0.module.kv_norm", channels)
        shapes |= _attention_shapes(f"{name}.0.module.attention.", d, channels, qk, v)
        shapes |= _mlp_shapes(
            f"{name}.1.module", d, config.get("cross_attention_widening_factor", 1)
        )
    qk, v = _widths(config, "self_attention", d)
    for which in selves:
        for layer in range(config["num_self_attention_layers_per_block"]):
            name = f"{prefix}self_attn_{which}.{layer}"
            shapes |= _affine(f"{name}.0.module.norm", d)
            shapes |= _attention_shapes(f"{name}.0.module.attention.", d, d, qk, v)
            widening = config.get("self_attention_widening_factor", 1)
            shapes |= _mlp_shapes(f"{name}.1.module", d, widening)
    return shapes


def _decoder_shapes(prefix, config, query, channels):
    widening = config.get("cross_attention_widening_factor", 1)
    qk, v = _widths(config, "cross_attention", query)
    name = f"{prefix}cross_attn.0" + (
        ".module" if config.get("cross_attention_residual", True) else ""
    )
    shapes = _affine(f"{name}.q_norm", query) | _affine(f"{name}.kv_norm", channels)
    shapes |= _attention_shapes(f"{name}.attention.", query, channels, qk, v)
    return shapes | _mlp_shapes(f"{prefix}cross_attn.1.module", query, widening)


def _shapes_of(name, kwargs):
    d = kwargs.get("num_latent_channels")
    if name == "MultiHeadAttention":
        qk, v, output = (kwargs[f"num_{each}_channels"] for each in ("qk", "v", "output"))
        query, source = kwargs["num_q_input_channels"], kwargs["num_kv_input_channels"]
        shapes = _attention_shapes("", query, source, qk, v, output)
        return {
            k: s
            for k, s in shapes.items()
            if k not in ("q_proj.bias", "k_proj.bias", "v_proj.bias")
        }
    if name == "PerceiverDecoder":
        width = kwargs["output_adapter"]["num_output_query_channels"]
        shapes = {"output_query_provider._query": (1, width)}
        shapes |= _decoder_shapes("", kwargs, width, d)
        return shapes | _affine(
            "output_adapter.linear", kwargs["output_adapter"]["num_classes"], width
        )
    if name == "PerceiverEncoder":
        text = kwargs["input_adapter"]
        shapes = {
            "input_adapter.txt_embedding.weight": (text["vocab_size"], text["num_input_channels"])
        }
        return shapes | _encoder_shapes("", kwargs, kwargs, text["num_input_channels"], False)
    encoder, decoder = kwargs["encoder"], kwargs["decoder"]
    if name in ("ImageClassifier", "OpticalFlow"):
        positions = 2 * (2 * encoder["num_frequency_bands"] + 1)
        shapes = {}
        if name == "ImageClassifier":
            channels = encoder["image_shape"][-1] + positions
        else:
            hidden = encoder["num_patch_hidden_channels"]
            patch = 2 * encoder["num_patch_input_channels"]
            shapes |= _affine("0.input_adapter.linear", hidden, patch)
            channels = hidden + positions
        shapes |= _encoder_shapes("0.", encoder, kwargs, channels, True, name == "OpticalFlow")
    else:
        channels = encoder["num_input_channels"]
        adapter = "0.input_adapter"
        shapes = {
            f"{adapter}.txt_embedding.weight": (encoder["vocab_size"], channels),
            f"{adapter}.pos_embedding.weight": (encoder["max_seq_len"], channels),
        }
        shapes |= _encoder_shapes("0.", encoder, kwargs, channels, False)
    if name == "OpticalFlow":
        shapes |= _decoder_shapes("1.", decoder, channels, d)
        return shapes | _affine("1.output_adapter.linear", 2, channels)
    queries = decoder.get("num_output_queries", 1)
    width = decoder.get("num_output_query_channels")
    if name == "MaskedLanguageModel":
        queries = decoder["max_seq_len"]
        outputs = decoder["vocab_size"]
        head = (
            _affine("1.output_adapter.linear", outputs, width)
            if width
            else {"1.output_adapter.bias": (outputs,)}
        )
        width = width or channels
    else:
        head = _affine("1.output_adapter.linear", decoder["num_classes"], width)
    shapes |= {"1.output_query_provider._query": (queries, width)}
    return shapes | _decoder_shapes("1.", decoder, width, d) | head


# Formulas


class _Model:
    def __init__(self, tensors, kwargs):
        self.w = {name: np.asarray(tensor, np.float64) for name, tensor in tensors.items()}
        self.kwargs = kwargs

    def linear(self, name, x):
        y = x @ self.w[f"{name}.weight"].T
        return y + self.w[f"{name}.bias"] if f"{name}.bias" in self.w else y

    def norm(self, name, x):
        return r.layer_norm(x, self.w[f"{name}.weight"], self.w[f"{name}.bias"])

    def attention(self, name, query, source, heads, pad=None):
        masks = {} if pad is None else {"key_mask": ~pad, "masked_rows": "uniform"}
        q, k, v = (
            self.linear(f"{name}{part}_proj", x)
            for part, x in (("q", query), ("k", source), ("v", source))
        )
        y, _ = r.attention(q, k, v, heads=heads, **masks)
        return self.linear(f"{name}o_proj", y)

    def mlp(self, name, x):
        hidden = r.gelu_erf(self.linear(f"{name}.1", self.norm(f"{name}.0", x)))
        return x + self.linear(f"{name}.3", hidden)

    def encode(self, prefix, config, rows, pad, heads):
        x = self.w[f"{prefix}latent_provider._query"]
        x = np.broadcast_to(x, (len(rows), *x.shape))

        def block(which, x):
            if f"{prefix}self_attn_{which}.0.0.module.norm.weight" not in self.w:
                which = "1"
            for layer in range(config["num_self_attention_layers_per_block"]):
                name = f"{prefix}self_attn_{which}.{layer}"
                y = self.norm(f"{name}.0.module.norm", x)
                count = config.get("num_self_attention_heads", heads)
                x = x + self.attention(f"{name}.0.module.attention.", y, y, count)
                x = self.mlp(f"{name}.1.module", x)
            return x

        for index in range(config.get("num_self_attention_blocks", 1)):
            which = "1" if index == 0 else "n"
            if index < config.get("num_cross_attention_layers", 1):
                x = self.cross(prefix, config, which, x, rows, pad, heads)
            x = block(which, x)
        return x

    def cross(self, prefix, config, which, x, rows, pad, heads):
        if f"{prefix}cross_attn_{which}.0.module.q_norm.weight" not in self.w:
            which = "1"
        name = f"{prefix}cross_attn_{which}"
        q = self.norm(f"{name}.0.module.q_norm", x)
        kv = self.norm(f"{name}.0.module.kv_norm", rows)
        count = config.get("num_cross_attention_heads", heads)
        x = x + self.attention(f"{name}.0.module.attention.", q, kv, count, pad)
        return self.mlp(f"{name}.1.module", x)

    def decode(self, prefix, config, query, z, heads=8):
        query = np.broadcast_to(query, (len(z), *query.shape[-2:]))
        residual = config.get("cross_attention_residual", True)
        name = f"{prefix}cross_attn.0" + (".module" if residual else "")
        q, kv = self.norm(f"{name}.q_norm", query), self.norm(f"{name}.kv_norm", z)
        count = config.get("num_cross_attention_heads", heads)
        y = self.attention(f"{name}.attention.", q, kv, count)
        return self.mlp(f"{prefix}cross_attn.1.module", query + y if residual else y)


def expected_of(name, inputs, tensors=None):
    """Return what the formulas make of the inputs."""
    case = CASES[name]
    kwargs = case.kwargs
    m = _Model(case.tensors() if tensors is None else tensors, kwargs)
    pad = inputs.get("pad_mask")
    if case.name == "MultiHeadAttention":
        return m.attention("", inputs["x_q"], inputs["x_kv"], kwargs["num_heads"], pad)
    if case.name == "PerceiverDecoder":
        query = m.w["output_query_provider._query"]
        y = m.decode("", kwargs, query, inputs["x_latent"], heads=4)
        return m.linear("output_adapter.linear", y)[:, 0]
    if case.name == "PerceiverEncoder":
        rows = m.w["input_adapter.txt_embedding.weight"][inputs["x"]]
        return m.encode("", kwargs, rows, pad, heads=4)
    encoder, decoder = kwargs["encoder"], kwargs["decoder"]
    if case.name == "ImageClassifier":
        image = inputs["x"]
        rows = r.concat_channels(
            [image.reshape(len(image), -1, image.shape[-1]), _positions(encoder)]
        )
    elif case.name == "OpticalFlow":
        frames = inputs["x"]
        batch, _, _, height, width = frames.shape
        points = frames.reshape(batch, -1, height * width).transpose(0, 2, 1)
        rows = r.concat_channels([m.linear("0.input_adapter.linear", points), _positions(encoder)])
    else:
        ids = inputs.get("x", inputs.get("x_masked"))
        adapter = "0.input_adapter"
        rows = m.w[f"{adapter}.txt_embedding.weight"][ids]
        rows = rows + m.w[f"{adapter}.pos_embedding.weight"][: ids.shape[1]]
    z = m.encode("0.", encoder, rows, pad, heads=8)
    if case.name == "OpticalFlow":
        y = m.linear("1.output_adapter.linear", m.decode("1.", decoder, rows, z))
        return y.reshape(batch, height, width, 2) / decoder["rescale_factor"]
    y = m.decode("1.", decoder, m.w["1.output_query_provider._query"], z)
    if case.name == "MaskedLanguageModel":
        y = y[:, : ids.shape[1]]
        if "1.output_adapter.bias" in m.w:
            return y @ m.w["0.input_adapter.txt_embedding.weight"].T + m.w["1.output_adapter.bias"]
    y = m.linear("1.output_adapter.linear", y)
    return (
        y[:, 0]
        if decoder.get("num_output_queries", 1) == 1 and case.name != "MaskedLanguageModel"
        else y
    )
