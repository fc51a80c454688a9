"""kwargs.json of perceiver-pytorch: the arguments of its classes' constructors."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...checkpoint import (
    REQUIRED,
    Checkpoint,
    CheckpointError,
    Fields,
    did_you_mean,
    listed,
    quoted,
)

PERCEIVER = "perceiver_pytorch.perceiver_pytorch.Perceiver"
PERCEIVER_IO = "perceiver_pytorch.perceiver_io.PerceiverIO"
PERCEIVER_LM = "perceiver_pytorch.perceiver_io.PerceiverLM"
GATED = "perceiver_pytorch.gated.Perceiver"
MIXED_LATENTS = "perceiver_pytorch.mixed_latents.Perceiver"
CLASSES = (PERCEIVER, PERCEIVER_IO, PERCEIVER_LM, GATED, MIXED_LATENTS)

_SHORT = {
    "perceiver_pytorch.Perceiver": PERCEIVER,
    "perceiver_pytorch.PerceiverIO": PERCEIVER_IO,
    "perceiver_pytorch.PerceiverLM": PERCEIVER_LM,
}
_REFUSED = {
    "perceiver_pytorch.experimental.Perceiver": "its attention is linear, which is not supported",
    "perceiver_pytorch.perceiver_io.PerceiverBlock": "a block alone is no model",
}

Version = tuple[int, ...]
OLDEST: Version = (0, 8)
NEWEST: Version = (0, 11)
#: Since when the constructors have these arguments.
_INVERTED = {PERCEIVER: (0, 9), PERCEIVER_IO: (0, 10), PERCEIVER_LM: (0, 10)}
_RESIDUAL = (0, 10)


@dataclass(frozen=True)
class Config:
    """What all classes have in common; `tied` is weight_tie_layers."""

    depth: int
    num_latents: int
    latent_dim: int
    cross_heads: int
    latent_heads: int
    cross_dim_head: int
    latent_dim_head: int
    tied: bool


@dataclass(frozen=True)
class PerceiverConfig(Config):
    """The arguments of a Perceiver, whatever its file; without `classes` it has no head."""

    bands: int
    max_freq: float
    input_channels: int
    input_axis: int
    classes: int | None
    fourier: bool
    self_per_cross: int

    @property
    def input_dim(self) -> int:
        """The channels of the rows that the cross-attentions read."""
        positions = self.input_axis * (2 * self.bands + 1) if self.fourier else 0
        return self.input_channels + positions


@dataclass(frozen=True)
class IOConfig(Config):
    """The arguments of PerceiverIO, and of PerceiverLM: `tokens` and `places`."""

    dim: int
    queries_dim: int
    logits_dim: int | None
    decoder_ff: bool
    tokens: int = 0
    places: int = 0


def choose_class(checkpoint: Checkpoint, task: str | None) -> tuple[str, Fields]:
    """Return the class and its arguments. CheckpointError if it is none of CLASSES."""
    fields = checkpoint.fields()
    name = _full_name(checkpoint, "class", fields.string("class"))
    if task is not None and _full_name(checkpoint, task, task) != name:
        raise CheckpointError(
            checkpoint.origin, task, f"the class is {name}, but {task} was asked for"
        )
    arguments = fields.record("kwargs")
    fields.without_effect("source")
    fields.refuse_unknown()
    return name, arguments


def _full_name(checkpoint: Checkpoint, field: str, name: str) -> str:
    if name in _REFUSED:
        raise CheckpointError(checkpoint.origin, field, f"{name}: {_REFUSED[name]}")
    if name not in CLASSES and name not in _SHORT:
        known = [*CLASSES, *_SHORT]
        hint = did_you_mean(name, known) or f"; there are {listed(known)}"
        raise CheckpointError(checkpoint.origin, field, f"there is no class {quoted(name)}{hint}")
    return _SHORT.get(name, name)


def read_version(checkpoint: Checkpoint) -> Version:
    """Return the version of perceiver-pytorch as (major, minor), checked."""
    source = checkpoint.config["source"]
    found = re.fullmatch(r"perceiver-pytorch==(\d{1,4})\.(\d{1,4})(\.\d{1,4})*", source)
    if found is None:
        raise checkpoint.fields().error("source", f"expected a version, but got {quoted(source)}")
    version = int(found[1]), int(found[2])
    reason = None
    if version < OLDEST:
        reason = "versions before 0.8 have other frequencies and names of tensors"
    if version > NEWEST:
        reason = f"the newest version that is known is {'.'.join(map(str, NEWEST))}"
    if reason:
        raise checkpoint.fields().error(
            "source", f"expected 0.8 to 0.11, but got {source}: {reason}"
        )
    return version


def read_perceiver(fields: Fields, name: str, version: Version) -> PerceiverConfig:
    """Return the arguments of the Perceiver of one of its files, checked."""
    is_plain = name == PERCEIVER
    axes, bands = fields.integer("input_axis", 2, most=8), fields.integer("num_freq_bands", least=0)
    if is_plain:
        self_per_cross = fields.integer("self_per_cross_attn", 1, least=0, most=1000)
        fourier = fields.boolean("fourier_encode_data", True)
        head = fields.boolean("final_classifier_head", True)
        _refuse_variants(fields, name, version)
    else:
        self_per_cross, fourier, head = 1, True, True
    classes = fields.integer("num_classes", 1000)
    common = _common(fields)
    config = PerceiverConfig(
        **common,
        bands=bands,
        max_freq=fields.number("max_freq", least=0),
        input_channels=fields.integer("input_channels", 3),
        input_axis=axes,
        classes=classes if head else None,
        fourier=fourier,
        self_per_cross=self_per_cross,
    )
    fields.without_effect("attn_dropout", "ff_dropout")
    if name != MIXED_LATENTS:
        fields.refuse_unknown("argument")
    return config


def read_io(fields: Fields, name: str, version: Version) -> IOConfig:
    """Return the arguments of PerceiverIO or PerceiverLM, checked."""
    common, dim = _common(fields), fields.integer("dim")
    if name == PERCEIVER_LM:
        tokens, places = fields.integer("num_tokens"), fields.integer("max_seq_len")
        queries_dim, logits_dim = dim, tokens
    else:
        tokens = places = 0
        queries_dim = fields.integer("queries_dim", REQUIRED)
        logits_dim = fields.integer("logits_dim", None, null=True)
    decoder_ff = fields.boolean("decoder_ff", False)
    _refuse_variants(fields, name, version)
    fields.without_effect("seq_dropout_prob")
    fields.refuse_unknown("argument")
    return IOConfig(
        **common,
        dim=dim,
        queries_dim=queries_dim,
        logits_dim=logits_dim,
        decoder_ff=decoder_ff,
        tokens=tokens,
        places=places,
    )


def _common(fields: Fields) -> dict[str, int]:
    return {
        "depth": fields.integer("depth", least=0),
        "num_latents": fields.integer("num_latents", 512),
        "latent_dim": fields.integer("latent_dim", 512),
        "cross_heads": fields.integer("cross_heads", 1),
        "latent_heads": fields.integer("latent_heads", 8),
        "cross_dim_head": fields.integer("cross_dim_head", 64),
        "latent_dim_head": fields.integer("latent_dim_head", 64),
        "tied": fields.boolean("weight_tie_layers", False),
    }


def _refuse_variants(fields: Fields, name: str, version: Version) -> None:
    """Refuse options of newer versions that change the model; older ones do not have them."""
    if version >= _INVERTED[name]:
        inverted = fields.value("inverted_cross_attn", False)
        each = inverted if isinstance(inverted, list) and name == PERCEIVER else [inverted]
        if not all(isinstance(value, bool) for value in each):
            raise fields.error("inverted_cross_attn", "expected true or false")
        if any(each):
            raise fields.error(
                "inverted_cross_attn", "expected false: softmax over queries is not supported"
            )
    if version >= _RESIDUAL:
        fields.without_effect("attn_residual_rank")
        if fields.boolean("attn_residual", False):
            raise fields.error(
                "attn_residual", "expected false: softmax over past results is not supported"
            )
