"""Small checkpoints as perceiver-pytorch saves them, and what the reference makes of them."""

import re
from dataclasses import dataclass, field

import numpy as np
from checkpoint_files import safetensors_bytes, write_config, write_torch

import reference as r

_COMMON = {
    "depth": 3,
    "num_latents": 5,
    "latent_dim": 12,
    "cross_heads": 2,
    "cross_dim_head": 6,
    "latent_heads": 3,
    "latent_dim_head": 4,
}
_PERCEIVER = {
    **_COMMON,
    "num_freq_bands": 4,
    "max_freq": 10.0,
    "self_per_cross_attn": 2,
    "num_classes": 7,
}
_IO = {**_COMMON, "dim": 6, "queries_dim": 10, "logits_dim": 7}


@dataclass(frozen=True)
class Case:
    """A class of the library, its arguments, sizes of inputs that make a description static, and
    the reference's configuration.
    """

    name: str
    kwargs: dict
    reference: object
    shapes: dict = field(default_factory=dict)

    @property
    def tensor_shapes(self):
        """Every tensor's shape by its name in 0.8."""
        if ".gated." in self.name:
            return _gated_shapes(self.reference)
        if ".mixed_latents." in self.name:
            return _mixed_shapes(self.reference)
        if self.name.endswith("PerceiverLM"):
            return r.perceiver_lm_shapes(self.reference)
        if self.name.endswith("PerceiverIO"):
            return r.perceiver_io_shapes(self.reference)
        return r.perceiver_shapes(self.reference)

    def tensors(self, gain=2.0):
        """The tensors in float32; shared ones have the values of the last of their names."""
        tensors = {
            name: r.deterministic_parameter(name, shape, gain).astype(np.float32)
            for name, shape in self.tensor_shapes.items()
        }
        if self.kwargs.get("weight_tie_layers"):
            first = 0 if self.name.endswith(("IO", "LM")) else 1
            for name in tensors:
                found = re.match(r"(\w+\.)?layers\.(\d+)\.(.*)", name)
                if found and int(found[2]) >= first:
                    last = self.kwargs["depth"] - 1
                    tensors[name] = tensors[f"{found[1] or ''}layers.{last}.{found[3]}"]
        return tensors

    def save(self, directory, version="0.8.8", tensors=None, form="safetensors", **changes):
        """Write kwargs.json and the weights; `changes` of arguments, ... takes one out."""
        kwargs = {k: v for k, v in {**self.kwargs, **changes}.items() if v is not ...}
        source = f"perceiver-pytorch=={version}"
        config = {"source": source, "class": self.name, "kwargs": kwargs}
        write_config(directory, config, "kwargs.json")
        tensors = self.tensors() if tensors is None else tensors
        if form == "safetensors":
            (directory / "model.safetensors").write_bytes(safetensors_bytes(tensors))
        else:
            write_torch(directory / "model.pt", tensors)
        return directory


def renamed(tensors):
    """Return the tensors under the names that they have in 0.11."""
    is_io = any("cross_attend_blocks." in name for name in tensors)

    def new_name(name):
        name = name.replace("cross_attend_blocks.0", "cross_attend_block.cross_attn")
        name = name.replace("cross_attend_blocks.1", "cross_attend_block.cross_ff")
        if is_io:
            return re.sub(r"layers\.(\d+)\.([01])\.", r"layers.\1.self_attns.0.\2.", name)
        name = re.sub(r"layers\.(\d+)\.0\.", r"layers.\1.cross_attn.", name)
        name = re.sub(r"layers\.(\d+)\.1\.", r"layers.\1.cross_ff.", name)
        return re.sub(r"layers\.(\d+)\.2\.", r"layers.\1.self_attns.", name)

    return {new_name(name): tensor for name, tensor in tensors.items()}


def _perceiver(shapes, **kwargs):
    kwargs = {**_PERCEIVER, **kwargs}
    name = "perceiver_pytorch.perceiver_pytorch.Perceiver"
    return Case(name, kwargs, r.LucidrainsConfig(**kwargs), shapes)


def _other(file):
    kwargs = {key: value for key, value in _PERCEIVER.items() if key != "self_per_cross_attn"}
    shapes = {"data": (None, 4, 5, 3)}
    config = r.LucidrainsConfig(**kwargs)
    return Case(f"perceiver_pytorch.{file}.Perceiver", kwargs, config, shapes)


def _head_moved(shapes):
    """These files take the average outside of the head."""
    moved = {"to_logits.1.": "to_logits.0.", "to_logits.2.": "to_logits.1."}
    return {moved.get(name[:12], name[:12]) + name[12:]: shape for name, shape in shapes.items()}


def _gated_shapes(config):
    shapes, dim = {}, config.latent_dim
    for name, shape in _head_moved(r.perceiver_shapes(config)).items():
        found = re.fullmatch(r"(layers\.\d+)\.(0|1|2\.0\.0|2\.0\.1)\.(.*)", name)
        if not found:
            shapes[name] = shape
            continue
        index = {"0": 0, "1": 1, "2.0.0": 2, "2.0.1": 3}[found[2]]
        shapes[f"{found[1]}.{index}.fn.{found[3]}"] = shape
        if index in (0, 2):
            gru = f"{found[1]}.{index}.gru"
            shapes |= {f"{gru}.weight_{part}": (3 * dim, dim) for part in ("ih", "hh")}
            shapes |= {f"{gru}.bias_{part}": (3 * dim,) for part in ("ih", "hh")}
    return shapes


def _mixed_shapes(config):
    shapes, count = {}, config.num_latents
    for name, shape in _head_moved(r.perceiver_shapes(config)).items():
        found = re.fullmatch(r"(layers\.\d+)\.2\.0\.([01])\.(.*)", name)
        if not found:
            shapes[name] = shape
        elif found[2] == "1":
            shapes[f"{found[1]}.3.{found[3]}"] = shape
        elif found[3].startswith("norm."):
            shapes[f"{found[1]}.2.{found[3]}"] = shape
            mixer = f"{found[1]}.2.fn"
            shapes |= {f"{mixer}.0.weight": (4 * count, count, 1), f"{mixer}.0.bias": (4 * count,)}
            shapes |= {f"{mixer}.3.weight": (count, 4 * count, 1), f"{mixer}.3.bias": (count,)}
    return shapes


def _io(name, **kwargs):
    kwargs = {**_IO, **kwargs}
    return Case(f"perceiver_pytorch.perceiver_io.{name}", kwargs, r.LucidrainsIOConfig(**kwargs))


def _lm(**kwargs):
    kwargs = {**_COMMON, "dim": 6, "num_tokens": 23, "max_seq_len": 16, **kwargs}
    config = r.LucidrainsIOConfig(queries_dim=6, logits_dim=23, **kwargs)
    return Case("perceiver_pytorch.perceiver_io.PerceiverLM", kwargs, config)


CASES = {
    "Perceiver": _perceiver({"data": (None, 5, 7, 3), "mask": (None, 35)}),
    "PerceiverTied": _perceiver({"data": (None, 5, 7, 3)}, weight_tie_layers=True),
    "PerceiverAudio": _perceiver(
        {"data": (None, 9, 2)}, input_axis=1, input_channels=2, self_per_cross_attn=1
    ),
    "PerceiverPlain": _perceiver(
        {}, input_axis=1, input_channels=9, fourier_encode_data=False, self_per_cross_attn=0
    ),
    "Gated": _other("gated"),
    "MixedLatents": _other("mixed_latents"),
    "PerceiverUnread": _perceiver(
        {}, input_axis=1, input_channels=9, depth=0, weight_tie_layers=True
    ),
    "PerceiverIO": _io("PerceiverIO"),
    "PerceiverIOTied": _io("PerceiverIO", weight_tie_layers=True, logits_dim=None, decoder_ff=True),
    "PerceiverLM": _lm(),
}


def drawn(seed):
    """Return the name of a case with arguments drawn at random, which is in CASES from now on."""
    draw = np.random.default_rng(seed)

    def pick(*values):
        return values[draw.integers(len(values))]

    common = {
        "depth": pick(0, 1, 2, 3),
        "num_latents": pick(1, 2, 5),
        "latent_dim": pick(4, 7, 12),
        "cross_heads": pick(1, 2, 3),
        "cross_dim_head": pick(1, 4, 5),
        "latent_heads": pick(1, 2, 3),
        "latent_dim_head": pick(2, 5),
        "weight_tie_layers": pick(True, False),
    }
    kind = pick("Perceiver", "Perceiver", "PerceiverIO", "PerceiverLM", "Gated", "MixedLatents")
    name = f"{kind}.{seed}"
    if kind == "PerceiverLM":
        CASES[name] = _lm(**{**common, "decoder_ff": pick(True, False), "depth": pick(0, 1, 3)})
        return name
    if kind == "PerceiverIO":
        more = {"decoder_ff": pick(True, False), "logits_dim": pick(None, 1, 7)}
        CASES[name] = _io(kind, **{**common, **more, "depth": pick(0, 1, 3)})
        return name
    axes = pick(1, 2, 3)
    kwargs = {
        **common,
        "num_freq_bands": pick(0, 1, 2, 4),
        "max_freq": pick(1.0, 4.5, 10.0),
        "input_axis": axes,
        "input_channels": pick(1, 3),
        "num_classes": pick(1, 7),
    }
    if kind == "Perceiver":
        kwargs |= {"self_per_cross_attn": pick(0, 1, 2), "fourier_encode_data": pick(True, False)}
    shapes = {
        "data": (None, *(int(draw.integers(1, 5)) for _ in range(axes)), kwargs["input_channels"])
    }
    if draw.random() < 0.5:
        shapes["mask"] = (None, int(np.prod(shapes["data"][1:-1])))
    file = {"Gated": "gated", "MixedLatents": "mixed_latents"}.get(kind, "perceiver_pytorch")
    config = r.LucidrainsConfig(**kwargs)
    CASES[name] = Case(f"perceiver_pytorch.{file}.Perceiver", kwargs, config, shapes)
    return name


def inputs_of(name, batch=2):
    """Return inputs of `run` by name."""
    values, case = r.deterministic_values, CASES[name]
    name = name.partition(".")[0]
    if name == "PerceiverLM":
        ids = (37 * np.arange(batch * 11) % 23).reshape(batch, 11)
        return {"x": ids, "mask": np.arange(11) < np.array([[11], [7]])}
    if name.startswith("PerceiverIO"):
        mask = np.ones((batch, 9), bool)
        mask[1] = False  # a row without keys averages all
        data = values("input.io", (batch, 9, 6))
        return {"data": data, "mask": mask, "queries": values("input.q", (3, 10))}
    shape = tuple(n or batch for n in case.shapes.get("data", (None, 11, 9)))
    inputs = {"data": values("input.v6", shape)}
    if name != "PerceiverAudio":
        flattened = "mask" in case.shapes
        mask_shape = (batch, int(np.prod(shape[1:-1]))) if flattened else shape[:-1]
        inputs["mask"] = values("input.mask", mask_shape) > -0.5
    return inputs


def expected_of(name, inputs, tensors=None):
    """Return what the reference makes of the inputs."""
    case = CASES[name]
    name = name.partition(".")[0]
    tensors = case.tensors() if tensors is None else tensors
    mask = inputs.get("mask")
    if name == "PerceiverLM":
        return r.lucidrains_perceiver_lm(tensors, case.reference, inputs["x"], mask)
    if name.startswith("PerceiverIO"):
        queries = inputs.get("queries")
        return r.lucidrains_perceiver_io(tensors, case.reference, inputs["data"], queries, mask)
    mask = None if mask is None else mask.reshape(len(mask), -1)
    if name in ("Gated", "MixedLatents"):
        return _other_output(name, tensors, case.reference, inputs["data"], mask)
    return r.lucidrains_perceiver(tensors, case.reference, inputs["data"], mask)


def _other_output(name, tensors, config, data, mask):
    """The formulas of gated.py and mixed_latents.py."""
    w = {key: np.asarray(tensor, np.float64) for key, tensor in tensors.items()}
    rows = r.lucidrains_inputs(config, data)
    x = np.broadcast_to(w["latents"], (len(data), *w["latents"].shape))

    def norm(key, x):
        return r.layer_norm(x, w[f"{key}.weight"], w[f"{key}.bias"])

    def attend(key, x, context, heads, keys=None):
        q = norm(f"{key}.norm", x)
        kv = q if context is None else norm(f"{key}.norm_context", context)
        k, v = np.split(kv @ w[f"{key}.fn.to_kv.weight"].T, 2, axis=-1)
        masks = {"key_mask": keys, "masked_rows": "uniform"} if keys is not None else {}
        y, _ = r.attention(q @ w[f"{key}.fn.to_q.weight"].T, k, v, heads=heads, **masks)
        return y @ w[f"{key}.fn.to_out.weight"].T + w[f"{key}.fn.to_out.bias"]

    def feed_forward(key, x):
        net = f"{key}.fn.net"
        hidden = norm(f"{key}.norm", x) @ w[f"{net}.0.weight"].T + w[f"{net}.0.bias"]
        return (
            x
            + r.activation("gated(gelu_erf)")(hidden) @ w[f"{net}.2.weight"].T
            + w[f"{net}.2.bias"]
        )

    def gru(key, y, x):
        wr, wz, wn = np.split(y @ w[f"{key}.weight_ih"].T + w[f"{key}.bias_ih"], 3, axis=-1)
        ur, uz, un = np.split(x @ w[f"{key}.weight_hh"].T + w[f"{key}.bias_hh"], 3, axis=-1)
        reset, update = 1 / (1 + np.exp(-wr - ur)), 1 / (1 + np.exp(-wz - uz))
        return (1 - update) * np.tanh(wn + reset * un) + update * x

    for layer in range(config.depth):
        key = f"layers.{layer}"
        if name == "Gated":
            x = gru(f"{key}.0.gru", attend(f"{key}.0.fn", x, rows, config.cross_heads, mask), x)
            x = feed_forward(f"{key}.1.fn", x)
            x = gru(f"{key}.2.gru", attend(f"{key}.2.fn", x, None, config.latent_heads), x)
            x = feed_forward(f"{key}.3.fn", x)
            continue
        x = x + attend(f"{key}.0", x, rows, config.cross_heads, mask)
        x = feed_forward(f"{key}.1", x)
        hidden = np.einsum(
            "hn,bnd->bhd", w[f"{key}.2.fn.0.weight"][..., 0], norm(f"{key}.2.norm", x)
        )
        hidden = r.gelu_erf(hidden + w[f"{key}.2.fn.0.bias"][:, None])
        mixed = np.einsum("nh,bhd->bnd", w[f"{key}.2.fn.3.weight"][..., 0], hidden)
        x = x + mixed + w[f"{key}.2.fn.3.bias"][:, None]
        x = feed_forward(f"{key}.3", x)
    mean = norm("to_logits.0", x.mean(axis=1))
    return mean @ w["to_logits.1.weight"].T + w["to_logits.1.bias"]
