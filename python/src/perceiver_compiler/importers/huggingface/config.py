"""config.json of transformers' Perceivers: which fields there are, and what they have to be."""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass

from ...checkpoint import Checkpoint, CheckpointError, Fields, listed, quoted

CLASSES = (
    "PerceiverModel",
    "PerceiverForMaskedLM",
    "PerceiverForSequenceClassification",
    "PerceiverForImageClassificationLearned",
    "PerceiverForImageClassificationFourier",
    "PerceiverForImageClassificationConvProcessing",
    "PerceiverForOpticalFlow",
    "PerceiverForMultimodalAutoencoding",
)

#: The newest release whose fields are all known here.
NEWEST = (5, 24)

_MOST_POINTS = 2**31 - 1

#: transformers' names of activations, and ours.
ACTIVATIONS = {
    "gelu": "gelu_erf",
    "gelu_python": "gelu_erf",
    "gelu_new": "gelu_tanh",
    "gelu_fast": "gelu_tanh",
    "gelu_accurate": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "gelu_python_tanh": "gelu_tanh",
    "quick_gelu": "quick_gelu",
    "silu": "silu",
    "swish": "silu",
    "relu": "relu",
    "relu2": "relu_squared",
    "leaky_relu": "leaky_relu",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "mish": "mish",
}

# Fields that change no result of any class. layer_norm_eps is one: its value is never used.
_WITHOUT_EFFECT = """
_attn_implementation _attn_implementation_autoset _attn_implementation_internal _commit_hash
_name_or_path architectures attention_probs_dropout_prob bad_words_ids begin_suppress_tokens
chunk_size_feed_forward cross_attention_hidden_size diversity_penalty do_sample dtype
early_stopping encoder_no_repeat_ngram_size exponential_decay_length_penalty finetuning_task
initializer_range label2id layer_norm_eps length_penalty max_length min_length model_type
no_repeat_ngram_size num_beam_groups num_beams num_return_sequences output_attentions
output_hidden_states output_scores prefix problem_type remove_invalid_values repetition_penalty
return_dict return_dict_in_generate seq_len suppress_tokens task_specific_params temperature
tf_legacy_loss tie_encoder_decoder tie_word_embeddings tokenizer_class top_k top_p torch_dtype
torchscript transformers_version type_vocab_size typical_p use_bfloat16 use_cache
""".split()

# What Config has and config.json has under other names.
_COMPUTED = ("activation", "labels", "label_query_channels")

# Fields that would change the model, and that no Perceiver has set.
_UNSET = (
    "quantization_config",
    "auto_map",
    "pruned_heads",
    "is_encoder_decoder",
    "is_decoder",
    "add_cross_attention",
)


@dataclass(frozen=True)
class Config:
    """The fields that change a model, under transformers' names; `activation` is hidden_act, and
    `labels` what num_labels or id2label says.
    """

    num_latents: int
    d_latents: int
    d_model: int
    num_blocks: int
    num_self_attends_per_block: int
    num_self_attention_heads: int
    num_cross_attention_heads: int
    qk_channels: int | None
    v_channels: int | None
    cross_attention_shape_for_attention: str
    self_attention_widening_factor: int
    cross_attention_widening_factor: int
    activation: str
    use_query_residual: bool
    vocab_size: int
    max_position_embeddings: int
    labels: int
    image_size: int
    train_size: tuple[int, int]
    num_frames: int
    audio_samples_per_frame: int
    samples_per_patch: int
    output_shape: tuple[int, ...]
    output_num_channels: int
    label_query_channels: int

    @property
    def has_layers(self) -> bool:
        """Whether any self-attention is computed."""
        return self.num_blocks * self.num_self_attends_per_block > 0

    def qk_of(self, query: int, source: int) -> int:
        """The width of queries and keys where no field says it."""
        return source if self.cross_attention_shape_for_attention == "kv" else query


def choose_class(checkpoint: Checkpoint, task: str | None) -> str:
    """Return the class: what the file says, or the user, who may always ask for the bare model."""
    fields = checkpoint.fields()
    named = fields.value("architectures", None)
    if named is not None and not (
        isinstance(named, list) and all(isinstance(each, str) for each in named)
    ):
        raise fields.error("architectures", "expected a list of class names")
    if task is not None and task not in CLASSES:
        raise CheckpointError(
            checkpoint.origin,
            task,
            f"there is no class {quoted(task)}; there are {listed(CLASSES)}",
        )
    if task == "PerceiverModel":
        return task
    if not named:
        if task is None:
            raise CheckpointError(
                checkpoint.origin,
                "architectures",
                "field 'architectures': it is missing; say the class with --task: "
                f"{listed(CLASSES)}",
            )
        return task
    if len(named) != 1 or named[0] not in CLASSES:
        raise fields.error(
            "architectures", f"expected one of {listed(CLASSES)}, but got {listed(named)}"
        )
    if task not in (None, named[0]):
        raise CheckpointError(
            checkpoint.origin, task, f"the class is {named[0]}, but {task} was asked for"
        )
    return named[0]


def read_config(checkpoint: Checkpoint, name: str, report: list[str]) -> Config:
    """Return the fields of a class, checked; `report` gets a line for each remark."""
    fields = checkpoint.fields()
    is_text = name in ("PerceiverForMaskedLM", "PerceiverForSequenceClassification")
    reads_width = is_text or name == "PerceiverModel"
    is_multimodal = name == "PerceiverForMultimodalAutoencoding"
    config = Config(
        num_latents=fields.integer("num_latents", 256),
        d_latents=fields.integer("d_latents", 1280),
        d_model=_read(fields, "d_model", 768, reads_width),
        num_blocks=fields.integer("num_blocks", 1, least=0),
        num_self_attends_per_block=fields.integer("num_self_attends_per_block", 26, least=0),
        num_self_attention_heads=fields.integer("num_self_attention_heads", 8),
        num_cross_attention_heads=fields.integer("num_cross_attention_heads", 8),
        qk_channels=fields.integer("qk_channels", None, null=True),
        v_channels=fields.integer("v_channels", None, null=True),
        cross_attention_shape_for_attention=fields.string(
            "cross_attention_shape_for_attention", "kv", ("kv", "q")
        ),
        self_attention_widening_factor=fields.integer("self_attention_widening_factor", 1),
        cross_attention_widening_factor=fields.integer("cross_attention_widening_factor", 1),
        activation=_read_activation(fields),
        use_query_residual=fields.boolean("use_query_residual", True),
        vocab_size=_read(fields, "vocab_size", 262, is_text),
        max_position_embeddings=_read(fields, "max_position_embeddings", 2048, is_text),
        labels=_count_labels(fields),
        image_size=_read(
            fields, "image_size", 56, is_multimodal or name.endswith("ClassificationLearned")
        ),
        train_size=(
            fields.integers("train_size", (368, 496), 2)
            if name == "PerceiverForOpticalFlow"
            else (_without_effect(fields, "train_size") or (368, 496))
        ),
        num_frames=_read(fields, "num_frames", 16, is_multimodal),
        audio_samples_per_frame=_read(fields, "audio_samples_per_frame", 1920, is_multimodal),
        samples_per_patch=_read(fields, "samples_per_patch", 16, is_multimodal),
        output_shape=(
            fields.integers("output_shape", (1, 16, 224, 224), 4)
            if is_multimodal
            else (_without_effect(fields, "output_shape") or (1, 16, 224, 224))
        ),
        output_num_channels=_read(fields, "output_num_channels", 512, is_multimodal),
        label_query_channels=_read(fields, "_label_trainable_num_channels", 1024, is_multimodal),
    )
    _check_grids(fields, config, name)
    _check_rest(checkpoint, fields, report)
    for each in dataclasses.fields(Config):
        if each.name not in (*checkpoint.config, *_COMPUTED):
            value = getattr(config, each.name)
            report.append(f"{checkpoint.origin}: field {quoted(each.name)} is missing: {value}")
    return config


def _check_grids(fields: Fields, config: Config, name: str) -> None:
    """Grids have points, and as many as a 32-bit number can count."""
    if name == "PerceiverForOpticalFlow" and math.prod(config.train_size) > _MOST_POINTS:
        raise fields.error("train_size", f"expected at most {_MOST_POINTS:,} pixels")
    if name.endswith("ClassificationLearned") and config.image_size**2 > _MOST_POINTS:
        raise fields.error("image_size", f"expected at most {_MOST_POINTS:,} pixels")
    if name != "PerceiverForMultimodalAutoencoding":
        return
    if math.prod(config.output_shape) > _MOST_POINTS:
        raise fields.error("output_shape", f"expected at most {_MOST_POINTS:,} points")
    samples = config.num_frames * config.audio_samples_per_frame
    if not config.samples_per_patch <= samples <= _MOST_POINTS:
        raise fields.error(
            "audio_samples_per_frame",
            f"expected from {config.samples_per_patch} (samples_per_patch) to {_MOST_POINTS:,} "
            f"samples in all frames, but got {samples}",
        )


def _read(fields: Fields, name: str, default: int, is_used: bool) -> int:
    """A field that only some classes read."""
    if is_used:
        return fields.integer(name, default)
    fields.without_effect(name)
    return default


def _without_effect(fields: Fields, name: str) -> None:
    fields.without_effect(name)


def _read_activation(fields: Fields) -> str:
    name = fields.string("hidden_act", "gelu")
    if name not in ACTIVATIONS:
        raise fields.error(
            "hidden_act", f"expected one of {', '.join(ACTIVATIONS)}, but got {quoted(name)}"
        )
    return ACTIVATIONS[name]


def _count_labels(fields: Fields) -> int:
    labels = fields.value("id2label", None)
    if labels is not None and not isinstance(labels, dict):
        raise fields.error("id2label", "expected an object")
    return fields.integer("num_labels", len(labels) if labels else 2)


def _check_rest(checkpoint: Checkpoint, fields: Fields, report: list[str]) -> None:
    for name in _UNSET:
        value = fields.value(name, None)
        if value not in (None, False) and value != {} and value != []:
            raise fields.error(name, "expected it to be absent; no such model can be imported")
    fields.without_effect(*_WITHOUT_EFFECT)
    version = checkpoint.config.get("transformers_version")
    for name in fields.unknown():
        if name.endswith("_token_id") or name.startswith("_attn_implementation"):
            continue
        if _parse_version(version) > (*NEWEST, 10**9):
            newest = ".".join(map(str, NEWEST))
            raise fields.error(
                name,
                f"it is not known; transformers {version} wrote it, which is newer than {newest}, "
                "the newest release that was tested, and it may change the result",
            )
        checkpoint.warnings.append(
            f"{checkpoint.origin}: field {quoted(name)} is not known and has no effect"
        )
    for name in checkpoint.config:
        if name in _WITHOUT_EFFECT and name not in ("architectures", "model_type"):
            report.append(f"{checkpoint.origin}: field {quoted(name)} has no effect")


def _parse_version(version: object) -> tuple[int, ...]:
    """Return the numbers of a release; (0,) if it is none."""
    if not isinstance(version, str):
        return (0,)
    numbers = re.match(r"\d{1,9}(\.\d{1,9})*", version)
    return tuple(map(int, numbers[0].split("."))) if numbers else (0,)


def check_heads(checkpoint: Checkpoint, heads: int, field: str, widths: dict[str, int]) -> None:
    """Heads divide all widths."""
    for what, width in widths.items():
        if width % heads:
            raise CheckpointError(
                checkpoint.origin,
                field,
                f"field {quoted(field)}: expected a divisor of {what}, {width}, but got {heads}",
            )
