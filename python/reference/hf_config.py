"""Configurations of the Hugging Face Perceiver models, and what DeepMind's graphs do otherwise."""

from dataclasses import dataclass, replace

TASKS = (
    "masked_lm",
    "sequence_classification",
    "image_classification_learned",
    "image_classification_fourier",
    "image_classification_conv_processing",
    "optical_flow",
    "multimodal_autoencoding",
)


@dataclass(frozen=True)
class Variant:
    """What the two frameworks compute differently from the same weights.

    gelu: "erf" or "tanh". masked_rows: rule for an input row that is masked entirely.
    mask_decoder_queries: whether the attention mask of a language model also wipes the decoder's
    rows. recipe: of the Fourier tables. same_padding: SAME padding in the convolutional stem,
    instead of 3 before and after the convolution and none around the pool. transpose_stem_kernel:
    swap the two spatial axes of the stem's kernel, which Hugging Face stores transposed.
    """

    gelu: str = "erf"
    masked_rows: str = "uniform"
    mask_decoder_queries: bool = False
    recipe: str = "torch_f32"
    same_padding: bool = False
    transpose_stem_kernel: bool = False


HUGGING_FACE = Variant()
DEEPMIND = Variant("tanh", "zero", True, "jax_f32", True, True)


@dataclass(frozen=True)
class HuggingFaceConfig:
    """The fields of a Hugging Face PerceiverConfig that change the graph, under their own names,
    and the task.

    qk_channels and v_channels None means the width of the keys' inputs, or with
    cross_attention_shape_for_attention "q" that of the queries. activation is that of the MLPs, by
    default the variant's GELU. image_size is one number or (height, width). max_resolution is that
    of the task's Fourier table, or for the multimodal model of its image table;
    decoder_query_residual None means the task's own rule.
    """

    task: str
    num_latents: int = 256
    d_latents: int = 1280
    d_model: int = 768
    num_blocks: int = 1
    num_self_attends_per_block: int = 26
    num_self_attention_heads: int = 8
    num_cross_attention_heads: int = 8
    qk_channels: int | None = None
    v_channels: int | None = None
    self_attention_widening_factor: int = 1
    cross_attention_widening_factor: int = 1
    use_query_residual: bool = True
    decoder_query_residual: bool | None = None
    num_labels: int = 2
    vocab_size: int = 262
    max_position_embeddings: int = 2048
    decoder_qk_channels: int = 256
    image_size: int | tuple[int, int] = 224
    num_bands: int = 64
    max_resolution: tuple[int, ...] | None = None
    num_frames: int = 16
    audio_samples: int = 30720
    samples_per_patch: int = 16
    cross_attention_shape_for_attention: str = "kv"
    activation: str | None = None
    variant: Variant = HUGGING_FACE

    def __post_init__(self):
        if self.task not in TASKS:
            raise ValueError(f"expected a task among {', '.join(TASKS)}, but got {self.task}")

    @property
    def image_dims(self) -> tuple[int, int]:
        """Height and width."""
        size = self.image_size
        return (size, size) if isinstance(size, int) else tuple(size)

    @property
    def decoder_residual(self) -> bool:
        """Whether the decoder adds its queries to what they read."""
        if self.decoder_query_residual is not None:
            return self.decoder_query_residual
        if self.task == "image_classification_learned":
            return self.variant != DEEPMIND
        return self.task not in ("masked_lm", "optical_flow", "multimodal_autoencoding")

    def as_deepmind(self) -> "HuggingFaceConfig":
        """Return the same model as DeepMind's code computes it."""
        return replace(self, variant=DEEPMIND)


_LANGUAGE = {"qk_channels": 8 * 32, "v_channels": 1280}
_VISION = {
    "num_latents": 512,
    "d_latents": 1024,
    "num_blocks": 8,
    "num_self_attends_per_block": 6,
    "num_cross_attention_heads": 1,
    "num_labels": 1000,
}

RELEASED = {
    config.task: config
    for config in (
        HuggingFaceConfig("masked_lm", **_LANGUAGE),
        HuggingFaceConfig("sequence_classification", **_LANGUAGE),
        HuggingFaceConfig("image_classification_learned", d_model=512, **_VISION),
        HuggingFaceConfig(
            "image_classification_fourier", d_model=261, max_resolution=(224, 224), **_VISION
        ),
        HuggingFaceConfig(
            "image_classification_conv_processing", d_model=322, max_resolution=(56, 56), **_VISION
        ),
        HuggingFaceConfig(
            "optical_flow",
            num_latents=2048,
            d_latents=512,
            d_model=322,
            num_self_attends_per_block=24,
            num_self_attention_heads=16,
            num_cross_attention_heads=1,
            image_size=(368, 496),
            max_resolution=(368, 496),
        ),
        HuggingFaceConfig(
            "multimodal_autoencoding",
            num_latents=28 * 28,
            d_latents=512,
            d_model=704,
            num_self_attends_per_block=8,
            num_cross_attention_heads=1,
            num_labels=700,
            num_bands=32,
            max_resolution=(16, 56, 56),
        ),
    )
}
