"""kwargs.json of DeepMind's Perceivers: the arguments of the classes that a model is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...checkpoint import REQUIRED, Checkpoint, CheckpointError, Fields

CLASS = "perceiver.Perceiver"
_SOURCE = "deepmind-research"


@dataclass(frozen=True)
class PositionConfig:
    """How positions are encoded: by a table, `trainable`, or `fourier`, or not at all, `none`; then
    perhaps projected to `project` channels. Without resolution it is the grid.
    """

    kind: str
    project: int | None = None
    channels: int = 128
    bands: int = 0
    has_raw: bool = True
    resolution: tuple[float, ...] | None = None
    is_sine_only: bool = False

    def width(self, axes: int) -> int:
        """The channels of a position on a grid of so many axes."""
        return self.project or self.own_width(axes)

    def own_width(self, axes: int) -> int:
        """The channels before the projection."""
        if self.kind == "trainable":
            return self.channels
        waves = 1 if self.is_sine_only else 2
        return axes * (waves * self.bands + self.has_raw)


@dataclass(frozen=True)
class EncoderConfig:
    """The arguments of PerceiverEncoder."""

    name: str
    layers: int
    blocks: int
    latents: int
    channels: int
    qk: int | None
    v: int | None
    cross_heads: int
    self_heads: int
    cross_widening: int
    self_widening: int
    shape_for_attention: str
    residual: bool


@dataclass(frozen=True)
class InputConfig:
    """The arguments of a preprocessor: of images, audio or labels (`onehot`)."""

    kind: str
    name: str
    positions: PositionConfig
    prep: str = "patches"
    spatial: int = 1
    temporal: int = 1
    extra_layers: int = 0
    channels: int = 64
    has_linear: bool = False
    has_batch_norm: bool = True
    is_added: bool = False
    samples: int = 96


@dataclass(frozen=True)
class DecoderConfig:
    """The arguments of a decoder, whatever its class; those that a class lacks have no effect."""

    kind: str
    name: str
    positions: PositionConfig
    outputs: int = 0
    shape: tuple[int, ...] = ()
    qk: int | None = None
    v: int | None = None
    residual: bool = False
    heads: int = 1
    is_projected: bool = True
    rescale: float = 1.0
    padding: int = 2
    is_subsampled: bool = False
    #: Whether what rows are but for their positions is a part of the queries.
    has_inputs: bool = False
    modalities: dict[str, DecoderConfig] = field(default_factory=dict)


@dataclass(frozen=True)
class OutputConfig:
    """The arguments of a postprocessor."""

    kind: str
    name: str
    outputs: int = 0
    samples: int = 96
    post: str = "pixels"
    upsample: int = 1
    temporal: int = 1
    shape: tuple[int, ...] = ()


@dataclass(frozen=True)
class Several:
    """What several modalities are preprocessed or postprocessed by, in the order of the file."""

    name: str
    padding: int = 2
    masks: dict[str, bool] = field(default_factory=dict)
    inputs: dict[str, InputConfig] = field(default_factory=dict)
    outputs: dict[str, OutputConfig] = field(default_factory=dict)


@dataclass(frozen=True)
class Config:
    """All of a model. Without preprocessor rows come from the caller; `vocabulary` is that of a
    model of texts, with `text_channels`.
    """

    encoder: EncoderConfig
    decoder: DecoderConfig
    preprocessor: InputConfig | Several | None
    postprocessor: OutputConfig | Several | None
    has_flow_patches: bool
    vocabulary: int
    text_channels: int


def read_config(checkpoint: Checkpoint, task: str | None, report: list[str]) -> Config:
    """Return the arguments, checked; `report` gets a line for each remark. CheckpointError for what
    is not in DeepMind's code.
    """
    fields = checkpoint.fields()
    name = fields.string("class", one_of=(CLASS,))
    if task not in (None, name, "Perceiver"):
        raise CheckpointError(
            checkpoint.origin, task, f"the class is {name}, but {task} was asked for"
        )
    fields.without_effect("source")
    arguments = fields.record("kwargs")
    fields.refuse_unknown()
    vocabulary = arguments.integer("vocab", 0, least=0)
    has_flow_patches = arguments.boolean("flow_patches", False)
    preprocessor = None
    if arguments.value("preprocessor", None) is not None:
        preprocessor = _read_inputs(arguments.record("preprocessor"))
    if vocabulary and preprocessor is not None:
        raise arguments.error("vocab", "expected no preprocessor beside it")
    encoder = _read_encoder(arguments.record("encoder"))
    decoder = _read_decoder(arguments.record("decoder"))
    postprocessor = None
    if arguments.value("postprocessor", None) is not None:
        postprocessor = _read_outputs(arguments.record("postprocessor"))
    text_channels = arguments.integer("d_model") if vocabulary else 0
    arguments.without_effect("d_model")
    arguments.refuse_unknown("argument")
    report += arguments.remarks()
    return Config(
        encoder, decoder, preprocessor, postprocessor, has_flow_patches, vocabulary, text_channels
    )


def _read_encoder(fields: Fields) -> EncoderConfig:
    fields.without_effect("dropout_prob", "z_pos_enc_init_scale")
    config = EncoderConfig(
        name=fields.string("name", "perceiver_encoder"),
        layers=fields.integer("num_self_attends_per_block", 6, least=0),
        blocks=fields.integer("num_blocks", 8, least=0),
        latents=fields.integer("z_index_dim", 512),
        channels=fields.integer("num_z_channels", 1024),
        qk=fields.integer("qk_channels", None, null=True),
        v=fields.integer("v_channels", None, null=True),
        cross_heads=fields.integer("num_cross_attend_heads", 1),
        self_heads=fields.integer("num_self_attend_heads", 8),
        cross_widening=fields.integer("cross_attend_widening_factor", 1),
        self_widening=fields.integer("self_attend_widening_factor", 1),
        shape_for_attention=fields.string("cross_attention_shape_for_attn", "kv", ("kv", "q")),
        residual=fields.boolean("use_query_residual", True),
    )
    for name in ("num_cross_attend_heads", "num_self_attend_heads"):
        heads = fields.integer(name, 1)
        if config.channels % heads:
            raise fields.error(
                name, f"expected a divisor of {config.channels} (num_z_channels), but got {heads}"
            )
    fields.refuse_unknown("argument")
    return config


def _read_positions(fields: Fields, kind: str | None = None, default: str = "fourier"):
    """The position arguments of a class; `kind` if the class decides."""
    if kind is None:
        kind = fields.string("position_encoding_type", default, ("trainable", "fourier", "none"))
    else:
        fields.without_effect("position_encoding_type")
    project = fields.integer("project_pos_dim", -1, least=-1)
    table = fields.record("trainable_position_encoding_kwargs", {})
    waves = fields.record("fourier_position_encoding_kwargs", {})
    config = PositionConfig(kind)
    if kind == "trainable":
        config = PositionConfig(
            kind,
            project if project > 0 else None,
            channels=table.integer("num_channels", 128),
        )
        table.without_effect("init_scale")
        table.refuse_unknown("argument")
    elif kind == "fourier":
        resolution = waves.value("max_resolution", None)
        config = PositionConfig(
            kind,
            project if project > 0 else None,
            bands=waves.integer("num_bands", REQUIRED),
            has_raw=waves.boolean("concat_pos", True),
            resolution=(
                None if resolution is None else tuple(map(float, waves.integers("max_resolution")))
            ),
            is_sine_only=waves.boolean("sine_only", False),
        )
        waves.refuse_unknown("argument")
    return config


def _read_inputs(fields: Fields) -> InputConfig | Several:
    if not fields.has("modalities"):
        return _read_input(fields, top=True)
    modalities = fields.record("modalities")
    names = _modality_names(modalities)
    inputs = {name: _read_input(modalities.record(name), top=False) for name in names}
    masks = {}
    if fields.value("mask_probs", None) is not None:
        given = fields.record("mask_probs")
        for name in names:
            probability = given.number(name)
            if probability not in (0.0, 1.0):
                raise given.error(name, f"expected 0 or 1, but got {probability:g}: it is random")
            masks[name] = probability == 1.0
        given.refuse_unknown("modality")
    padding = fields.integer("min_padding_size", 2, least=0)
    several = Several(
        fields.string("name", "multimodal_preprocessor"), padding, masks, inputs=inputs
    )
    fields.without_effect("type")
    fields.refuse_unknown("argument")
    return several


def _read_input(fields: Fields, top: bool) -> InputConfig:
    kind = fields.string("type", one_of=("image", "audio", "onehot"))
    names = {
        "image": "image_preprocessor",
        "audio": "audio_preprocessor",
        "onehot": "one_hot_preprocessor",
    }
    name = fields.string("name", names[kind])
    if kind == "onehot":
        config = InputConfig(kind, name, PositionConfig("none"))
        fields.refuse_unknown("argument")
        return config
    shared = {
        "positions": _read_positions(fields),
        "extra_layers": fields.integer("n_extra_pos_mlp", 0, least=0, most=1000),
        "is_added": fields.string("concat_or_add_pos", "concat", ("concat", "add")) == "add",
    }
    if kind == "audio":
        fields.string("prep_type", "patches", ("patches",))
        config = InputConfig(kind, name, samples=fields.integer("samples_per_patch", 96), **shared)
    else:
        config = InputConfig(
            kind,
            name,
            prep=fields.string("prep_type", "conv", ("conv", "conv1x1", "patches", "pixels")),
            spatial=fields.integer("spatial_downsample", 4),
            temporal=fields.integer("temporal_downsample", 1),
            channels=fields.integer("num_channels", 64),
            has_linear=fields.boolean("conv_after_patching", False),
            has_batch_norm=fields.boolean("conv2d_use_batchnorm", True),
            **shared,
        )
        _check_image(fields, config)
    fields.refuse_unknown("argument")
    return config


def _check_image(fields: Fields, config: InputConfig) -> None:
    if config.prep in ("conv", "conv1x1") and config.temporal > 1:
        raise fields.error(
            "temporal_downsample", f"expected 1 with {config.prep}, but got {config.temporal}"
        )
    layers = config.spatial.bit_length() - 1
    if config.prep == "conv" and (layers % 2 or config.spatial != 1 << layers):
        raise fields.error(
            "spatial_downsample", f"expected a power of 4 with conv, but got {config.spatial}"
        )


def _modality_names(fields: Fields) -> list[str]:
    """The names of modalities, which become names in the description."""
    for name in fields.names():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", name):
            raise fields.error(name, "expected a name of letters, digits and underscores")
    if not fields.names():
        raise fields.error("modalities", "expected at least one")
    return fields.names()


_DECODERS = {
    "basic": "basic_decoder",
    "classification": "classification_decoder",
    "flow": "flow_decoder",
    "video": "basic_video_autoencoding_decoder",
    "projection": "projection_decoder",
}


def _read_decoder(fields: Fields, is_part: bool = False) -> DecoderConfig:
    if not is_part and fields.has("modalities"):
        return _read_several_decoders(fields)
    kind = fields.string("type", one_of=tuple(_DECODERS))
    name = fields.string("name", _DECODERS[kind])
    if kind == "projection":
        fields.without_effect("final_avg_before_project")
        config = DecoderConfig(
            kind, name, PositionConfig("none"), outputs=fields.integer("num_classes")
        )
        fields.refuse_unknown("argument")
        return config
    outputs, shape = _read_outputs_of(fields, kind)
    if fields.value("output_w_init", None) is not None:
        raise fields.error("output_w_init", "expected it to be absent: it is no JSON")
    fields.without_effect("subsampled_index_dims", "num_z_channels", "output_w_init")
    has_inputs = fields.boolean("concat_preprocessed_input", False)
    if has_inputs and (is_part or kind == "flow"):
        raise fields.error("concat_preprocessed_input", "expected false: it is not supported here")
    config = DecoderConfig(
        kind,
        name,
        _read_positions(fields, "none" if kind == "flow" else None, "trainable"),
        outputs=outputs,
        shape=shape,
        qk=fields.integer("qk_channels", None, null=True),
        v=fields.integer("v_channels", None, null=True),
        residual=fields.boolean("use_query_residual", False),
        heads=fields.integer("num_heads", 1),
        is_projected=fields.boolean("final_project", True),
        rescale=fields.number("rescale_factor", 100.0) if kind == "flow" else 1.0,
        has_inputs=has_inputs,
    )
    if kind == "flow":
        fields.without_effect(
            "project_pos_dim",
            "trainable_position_encoding_kwargs",
            "fourier_position_encoding_kwargs",
        )
        if config.rescale == 0:
            raise fields.error("rescale_factor", "expected a number other than 0")
    fields.refuse_unknown("argument")
    return config


def _read_outputs_of(fields: Fields, kind: str) -> tuple[int, tuple[int, ...]]:
    """The channels of the results, and the shape that the queries stand for."""
    if kind == "classification":
        return fields.integer("num_classes"), (1,)
    if kind == "flow":
        return fields.integer("output_num_channels", 2), fields.integers("output_image_shape")
    if kind == "video":
        return fields.integer("output_num_channels"), fields.integers("output_shape", length=4)
    shape = fields.value("output_index_dims", None)
    if isinstance(shape, int) and not isinstance(shape, bool):
        return fields.integer("output_num_channels"), (fields.integer("output_index_dims"),)
    dims = () if shape is None else fields.integers("output_index_dims")
    return fields.integer("output_num_channels"), dims


def _read_several_decoders(fields: Fields) -> DecoderConfig:
    modalities = fields.record("modalities")
    parts = {
        name: _read_decoder(modalities.record(name), True) for name in _modality_names(modalities)
    }
    fields.without_effect("num_outputs", "type")
    config = DecoderConfig(
        "multimodal",
        fields.string("name", "multimodal_decoder"),
        PositionConfig("none"),
        outputs=fields.integer("output_num_channels"),
        qk=fields.integer("qk_channels", None, null=True),
        v=fields.integer("v_channels", None, null=True),
        residual=fields.boolean("use_query_residual", False),
        heads=fields.integer("num_heads", 1),
        is_projected=fields.boolean("final_project", True),
        padding=fields.integer("min_padding_size", 2, least=0),
        is_subsampled=fields.value("subsampled_index_dims", None) is not None,
        modalities=parts,
    )
    fields.refuse_unknown("argument")
    return config


_POSTPROCESSORS = ("classification", "projection", "audio", "image")


def _read_outputs(fields: Fields) -> OutputConfig | Several:
    if not fields.has("modalities"):
        return _read_output(fields)
    modalities = fields.record("modalities")
    if fields.boolean("input_is_dict", False):
        raise fields.error("input_is_dict", "expected false: no decoder gives a dict")
    outputs = {name: _read_output(modalities.record(name)) for name in _modality_names(modalities)}
    several = Several(fields.string("name", "multimodal_postprocessor"), outputs=outputs)
    fields.without_effect("type")
    fields.refuse_unknown("argument")
    return several


def _read_output(fields: Fields) -> OutputConfig:
    kind = fields.string("type", one_of=_POSTPROCESSORS)
    name = fields.string("name", f"{kind}_postprocessor")
    if kind == "image":
        shape = fields.value("input_reshape_size", None)
        config = OutputConfig(
            kind,
            name,
            fields.integer("n_outputs", -1, least=-1),
            post=fields.string("postproc_type", "pixels", ("pixels", "conv1x1", "patches")),
            upsample=fields.integer("spatial_upsample", 1),
            temporal=fields.integer("temporal_upsample", 1),
            shape=() if shape is None else fields.integers("input_reshape_size"),
        )
        if config.post == "conv1x1" and config.outputs < 1:
            raise fields.error("n_outputs", "expected the channels of the convolution")
    elif kind == "audio":
        config = OutputConfig(kind, name, samples=fields.integer("samples_per_patch", 96))
    else:
        outputs = "num_classes" if kind == "classification" else "num_outputs"
        config = OutputConfig(kind, name, fields.integer(outputs))
    fields.refuse_unknown("argument")
    return config
