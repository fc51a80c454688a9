"""Configurations of krasserm's perceiver-io: kwargs.json, config.json of its wrapper around Hugging
Face's transformers, and the hyperparameters of Lightning's checkpoints.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...checkpoint import (
    REQUIRED,
    Checkpoint,
    CheckpointError,
    Fields,
    Record,
    did_you_mean,
    listed,
    quoted,
)

TEXT_CLASSIFIER = "TextClassifier"
MASKED_LANGUAGE_MODEL = "MaskedLanguageModel"
IMAGE_CLASSIFIER = "ImageClassifier"
OPTICAL_FLOW = "OpticalFlow"
ENCODER = "PerceiverEncoder"
DECODER = "PerceiverDecoder"
ATTENTION = "MultiHeadAttention"
MODELS = (TEXT_CLASSIFIER, MASKED_LANGUAGE_MODEL, IMAGE_CLASSIFIER, OPTICAL_FLOW)
CLASSES = (*MODELS, ENCODER, DECODER, ATTENTION)
_AUTOREGRESSIVE = ("CausalLanguageModel", "SymbolicAudioModel")

#: The wrapper's model types and classes, and what they wrap.
WRAPPERS = {
    "perceiver-io-masked-language-model": ("PerceiverMaskedLanguageModel", MASKED_LANGUAGE_MODEL),
    "perceiver-io-text-classifier": ("PerceiverTextClassifier", TEXT_CLASSIFIER),
    "perceiver-io-image-classifier": ("PerceiverImageClassifier", IMAGE_CLASSIFIER),
    "perceiver-io-optical-flow": ("OpticalFlowPerceiver", OPTICAL_FLOW),
    "perceiver-ar-causal-language-model": ("PerceiverCausalLanguageModel", _AUTOREGRESSIVE[0]),
    "perceiver-ar-symbolic-audio-model": ("PerceiverSymbolicAudioModel", _AUTOREGRESSIVE[1]),
}

_MODULE = "perceiver.model."
_TEXT_ENCODER = f"{_MODULE}text.common.backend.TextEncoderConfig"
_TEXT_DECODER = f"{_MODULE}text.mlm.backend.TextDecoderConfig"
_IMAGE_ENCODER = f"{_MODULE}vision.image_classifier.backend.ImageEncoderConfig"
_CLASSES_DECODER = f"{_MODULE}core.config.ClassificationDecoderConfig"
#: Lightning does not store the class; the classes of the configurations tell it.
_LIGHTNING = {
    (_TEXT_ENCODER, _TEXT_DECODER): MASKED_LANGUAGE_MODEL,
    (_TEXT_ENCODER, _CLASSES_DECODER): TEXT_CLASSIFIER,
    (_IMAGE_ENCODER, _CLASSES_DECODER): IMAGE_CLASSIFIER,
}
_LIGHTNING_WITHOUT_EFFECT = ("params", "num_predictions", "masked_samples", "_instantiator")
_WITHOUT_EFFECT = ("activation_checkpointing", "activation_offloading")


@dataclass(frozen=True)
class Source:
    """A class and its arguments, wherever they stand; `prefix` is that of the tensors' names, and
    `is_wrapped` says that inputs have the wrapper's names.
    """

    name: str
    arguments: Fields
    prefix: str = ""
    is_wrapped: bool = False


@dataclass(frozen=True)
class AttentionWidths:
    """Heads, and the widths of queries and keys and of values where the configuration has them."""

    heads: int
    qk: int | None
    v: int | None
    widening: int

    def resolve(self, default: int) -> tuple[int, int]:
        """Return the widths of queries and keys, `default` if nothing says them, and of values."""
        qk = self.qk or default
        return qk, self.v or qk


@dataclass(frozen=True)
class EncoderConfig:
    """The encoder's fields. Cross-attentions and blocks after the first are of the first's weights
    if it is shared.
    """

    cross: AttentionWidths
    self_: AttentionWidths
    cross_layers: int
    is_first_cross_shared: bool
    layers: int
    blocks: int
    is_first_block_shared: bool


@dataclass(frozen=True)
class DecoderConfig:
    """The decoder's fields."""

    cross: AttentionWidths
    residual: bool


@dataclass(frozen=True)
class Latents:
    """How many latents of how many channels there are."""

    count: int
    channels: int


def find_source(checkpoint: Checkpoint, task: str | None) -> Source:
    """Return class and arguments. CheckpointError if the class is none that is known."""
    if "hyper_parameters" in checkpoint.config:
        source = _of_lightning(checkpoint)
    elif "model_type" in checkpoint.config:
        source = _of_wrapper(checkpoint)
    else:
        source = _of_kwargs(checkpoint)
    names = {source.name, *(cls for cls, name in WRAPPERS.values() if name == source.name)}
    if task is not None and task not in names:
        raise CheckpointError(
            checkpoint.origin, task, f"the class is {source.name}, but {task} was asked for"
        )
    return source


def _of_kwargs(checkpoint: Checkpoint) -> Source:
    fields = checkpoint.fields()
    name = fields.string("class")
    _refuse_autoregressive(checkpoint, name)
    if name not in CLASSES:
        hint = did_you_mean(name, CLASSES) or f"; there are {listed(CLASSES)}"
        raise fields.error("class", f"there is no class {quoted(name)}{hint}")
    arguments = fields.record("kwargs")
    fields.without_effect("source")
    fields.refuse_unknown()
    source = fields.string("source")
    if not source.startswith("perceiver-io==0.11"):
        checkpoint.warnings.append(
            f"{checkpoint.origin}: field 'source': 0.11 is known, {quoted(source)} may differ"
        )
    return Source(name, arguments)


def _of_wrapper(checkpoint: Checkpoint) -> Source:
    fields = checkpoint.fields()
    kind = fields.string("model_type", one_of=tuple(WRAPPERS))
    cls, name = WRAPPERS[kind]
    _refuse_autoregressive(checkpoint, name)
    named = fields.value("architectures", [cls])
    if named not in (None, [cls]):
        raise fields.error("architectures", f"expected [{quoted(cls)}]")
    return Source(name, fields.record("model_config"), "backend_model.", is_wrapped=True)


def _of_lightning(checkpoint: Checkpoint) -> Source:
    arguments = checkpoint.fields().record("hyper_parameters")
    if arguments.has("max_latents"):
        raise CheckpointError(
            checkpoint.origin, "max_latents", "autoregressive models are not supported"
        )
    names = []
    for part in ("encoder", "decoder"):
        value = arguments.value(part)
        if not isinstance(value, Record):
            raise arguments.error(part, "expected an object of a configuration class")
        names.append(value.global_name)
    name = _LIGHTNING.get((names[0], names[1]))
    if name is None:
        raise CheckpointError(
            checkpoint.origin, names[0], f"there is no class of {names[0]} and {names[1]}"
        )
    arguments.without_effect(*_LIGHTNING_WITHOUT_EFFECT)
    return Source(name, arguments, "model.")


def _refuse_autoregressive(checkpoint: Checkpoint, name: str) -> None:
    if name in _AUTOREGRESSIVE:
        raise CheckpointError(
            checkpoint.origin, name, f"{name}: autoregressive models are not supported"
        )


def read_latents(arguments: Fields) -> Latents:
    """Return number and width of the latents."""
    arguments.without_effect(*_WITHOUT_EFFECT)
    return Latents(arguments.integer("num_latents"), arguments.integer("num_latent_channels"))


def _read_attention(fields: Fields, name: str, heads: int) -> AttentionWidths:
    return AttentionWidths(
        fields.integer(f"num_{name}_heads", heads),
        fields.integer(f"num_{name}_qk_channels", None, null=True),
        fields.integer(f"num_{name}_v_channels", None, null=True),
        fields.integer(f"{name}_widening_factor", 1),
    )


def read_encoder(
    fields: Fields, heads: int = 8, layers: int = 8, without_effect: tuple[str, ...] = ()
) -> EncoderConfig:
    """Return what all encoders have."""
    fields.without_effect("dropout", "init_scale", "freeze", *without_effect)
    cross_layers = fields.integer("num_cross_attention_layers", 1)
    blocks = fields.integer("num_self_attention_blocks", 1)
    if cross_layers > blocks:
        raise fields.error(
            "num_cross_attention_layers",
            f"expected at most {blocks} (num_self_attention_blocks), but got {cross_layers}",
        )
    return EncoderConfig(
        cross=_read_attention(fields, "cross_attention", heads),
        self_=_read_attention(fields, "self_attention", heads),
        cross_layers=cross_layers,
        is_first_cross_shared=fields.boolean("first_cross_attention_layer_shared", False),
        layers=fields.integer("num_self_attention_layers_per_block", layers),
        blocks=blocks,
        is_first_block_shared=fields.boolean("first_self_attention_block_shared", True),
    )


def read_decoder(fields: Fields, heads: int = 8) -> DecoderConfig:
    """Return what all decoders have."""
    fields.without_effect("dropout", "init_scale", "freeze")
    return DecoderConfig(
        cross=_read_attention(fields, "cross_attention", heads),
        residual=fields.boolean("cross_attention_residual", True),
    )


def check_heads(fields: Fields, name: str, heads: int, qk: int, v: int) -> None:
    """Refuse heads that do not divide the widths."""
    for what, width in (("queries and keys", qk), ("values", v)):
        if width % heads:
            raise fields.error(
                name, f"expected a divisor of {width} (the width of {what}), but got {heads}"
            )


@dataclass(frozen=True)
class Text:
    """What reads a text: a table of tokens and, perhaps, one of places."""

    tokens: int
    places: int
    channels: int
    has_places: bool = True


def read_text(fields: Fields) -> Text:
    """Return the fields of a TextEncoderConfig."""
    fields.without_effect("params")
    return Text(
        fields.integer("vocab_size", 10003),
        fields.integer("max_seq_len", 256),
        fields.integer("num_input_channels", 64),
    )


def read_text_adapter(fields: Fields) -> Text:
    """Return the arguments of a TextInputAdapter."""
    return Text(
        fields.integer("vocab_size", REQUIRED),
        fields.integer("max_seq_len", REQUIRED),
        fields.integer("num_input_channels", REQUIRED),
        fields.boolean("abs_pos_emb", True),
    )
