"""The Perceiver family in float64 NumPy, formula by formula: what compiled models are compared
with.
"""

from .activations import geglu, gelu_erf, gelu_tanh, relu, squared_relu
from .attention import MASKED_SCORE, attention, merge_attention, observe_attention
from .attention_state import (
    AttentionState,
    finish_attention,
    key_mask,
    merge_states,
    online_attention,
)
from .blocks import (
    AttentionParameters,
    CrossBlockParameters,
    NormParameters,
    SelfBlockParameters,
    cross_block,
    multi_head_attention,
    self_block,
)
from .convolution import conv2d, max_pool2d, same_padding
from .deterministic import deterministic_parameter, deterministic_values, fnv1a32
from .embedding import embedding, tied_logits
from .erf import erf
from .errors import relative_errors
from .heads import audio_samples, first_row, mean_pool, norm_mean_pool, tanh_classifier
from .hf_config import DEEPMIND, HUGGING_FACE, RELEASED, HuggingFaceConfig, Variant
from .hf_flow import flow_inputs, flow_patches, optical_flow
from .hf_image import convolutional_stem, image_classification, image_inputs
from .hf_multimodal import multimodal_autoencoding, multimodal_inputs, multimodal_queries
from .hf_parameters import parameter_shapes
from .hf_stages import hf_decode, hf_encode, hf_last_hidden_state, hf_process, hf_query_table
from .hf_text import masked_lm, sequence_classification, text_inputs
from .linear import LinearParameters, linear
from .lucidrains import (
    lucidrains_inputs,
    lucidrains_perceiver,
    lucidrains_perceiver_io,
    lucidrains_perceiver_lm,
)
from .lucidrains_parameters import (
    LucidrainsConfig,
    LucidrainsIOConfig,
    perceiver_io_shapes,
    perceiver_lm_shapes,
    perceiver_shapes,
    tied_groups,
    untie,
)
from .mlp import MlpParameters, mlp
from .norm import batch_norm, layer_norm
from .operations import OPERATIONS
from .patches import neighbourhood_patches, space_to_depth
from .positions import (
    fourier_features,
    fourier_positions,
    grid_positions,
    join_axis_tables,
    linspace,
    subsampled_positions,
    trainable_positions,
)
from .rows import channels_last, concat_channels, mean_rows
from .stages import decode, encode, process, tied
from .stored import pack_panels, pad_weight, scale_rows

__all__ = [
    "DEEPMIND",
    "HUGGING_FACE",
    "MASKED_SCORE",
    "OPERATIONS",
    "RELEASED",
    "AttentionParameters",
    "AttentionState",
    "CrossBlockParameters",
    "HuggingFaceConfig",
    "LinearParameters",
    "LucidrainsConfig",
    "LucidrainsIOConfig",
    "MlpParameters",
    "NormParameters",
    "SelfBlockParameters",
    "Variant",
    "attention",
    "audio_samples",
    "batch_norm",
    "channels_last",
    "concat_channels",
    "conv2d",
    "convolutional_stem",
    "cross_block",
    "decode",
    "deterministic_parameter",
    "deterministic_values",
    "embedding",
    "encode",
    "erf",
    "finish_attention",
    "first_row",
    "flow_inputs",
    "flow_patches",
    "fnv1a32",
    "fourier_features",
    "fourier_positions",
    "geglu",
    "gelu_erf",
    "gelu_tanh",
    "grid_positions",
    "hf_decode",
    "hf_encode",
    "hf_last_hidden_state",
    "hf_process",
    "hf_query_table",
    "image_classification",
    "image_inputs",
    "join_axis_tables",
    "key_mask",
    "layer_norm",
    "linear",
    "linspace",
    "lucidrains_inputs",
    "lucidrains_perceiver",
    "lucidrains_perceiver_io",
    "lucidrains_perceiver_lm",
    "masked_lm",
    "max_pool2d",
    "mean_pool",
    "mean_rows",
    "merge_attention",
    "merge_states",
    "mlp",
    "multi_head_attention",
    "multimodal_autoencoding",
    "multimodal_inputs",
    "multimodal_queries",
    "neighbourhood_patches",
    "norm_mean_pool",
    "observe_attention",
    "online_attention",
    "optical_flow",
    "pack_panels",
    "pad_weight",
    "parameter_shapes",
    "perceiver_io_shapes",
    "perceiver_lm_shapes",
    "perceiver_shapes",
    "process",
    "relative_errors",
    "relu",
    "same_padding",
    "scale_rows",
    "self_block",
    "sequence_classification",
    "space_to_depth",
    "squared_relu",
    "subsampled_positions",
    "tanh_classifier",
    "text_inputs",
    "tied",
    "tied_groups",
    "tied_logits",
    "trainable_positions",
    "untie",
]
