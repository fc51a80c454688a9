"""What Perceivers are made of in float64 NumPy, formula by formula."""

from .activations import (
    ACTIVATIONS,
    activation,
    gated,
    gelu_erf,
    gelu_tanh,
    leaky_relu,
    mish,
    quick_gelu,
    relu,
    relu_squared,
    sigmoid,
    silu,
)
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
from .convolution import conv2d, image_windows, max_pool2d, same_padding
from .embedding import embedding, tied_logits
from .erf import erf
from .grid import grid_attention, grid_query_attention, grid_statistics
from .linear import LinearParameters, grouped_linear, linear
from .masks import mask_rows, to_mask
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
    point_positions,
    subsampled_positions,
    trainable_positions,
)
from .rows import channels_last, concat_channels, concat_rows, mean_rows, take_rows
from .stages import decode, encode, process, tied
from .stored import pack_panels, pad_weight, scale_rows
from .tables import resize_grid

__all__ = [
    "ACTIVATIONS",
    "AttentionParameters",
    "AttentionState",
    "CrossBlockParameters",
    "LinearParameters",
    "MASKED_SCORE",
    "MlpParameters",
    "NormParameters",
    "OPERATIONS",
    "SelfBlockParameters",
    "activation",
    "attention",
    "batch_norm",
    "channels_last",
    "concat_channels",
    "concat_rows",
    "conv2d",
    "cross_block",
    "decode",
    "embedding",
    "encode",
    "erf",
    "finish_attention",
    "fourier_features",
    "fourier_positions",
    "gated",
    "gelu_erf",
    "gelu_tanh",
    "grid_attention",
    "grid_positions",
    "grid_query_attention",
    "grid_statistics",
    "grouped_linear",
    "image_windows",
    "join_axis_tables",
    "key_mask",
    "layer_norm",
    "leaky_relu",
    "linear",
    "linspace",
    "mask_rows",
    "max_pool2d",
    "mean_rows",
    "merge_attention",
    "merge_states",
    "mish",
    "mlp",
    "multi_head_attention",
    "neighbourhood_patches",
    "observe_attention",
    "online_attention",
    "pack_panels",
    "pad_weight",
    "point_positions",
    "process",
    "quick_gelu",
    "relu",
    "resize_grid",
    "same_padding",
    "scale_rows",
    "self_block",
    "sigmoid",
    "silu",
    "space_to_depth",
    "relu_squared",
    "subsampled_positions",
    "take_rows",
    "tied",
    "tied_logits",
    "to_mask",
    "trainable_positions",
]
