"""Which function computes what an operation of the compiler does.

test/Structure/check_operations.py holds this table to the definitions of the operations: each is
here, or its definition says why not.
"""

from collections.abc import Callable

import numpy as np

from .activations import activation
from .attention import attention
from .attention_state import finish_attention, key_mask, merge_states, online_attention
from .blocks import cross_block, self_block
from .convolution import image_windows, max_pool2d
from .embedding import embedding
from .grid import grid_attention, grid_query_attention, grid_statistics
from .linear import grouped_linear, linear
from .masks import mask_rows, to_mask
from .norm import batch_norm, layer_norm
from .positions import (
    fourier_features,
    fourier_positions,
    join_axis_tables,
    point_positions,
)
from .rows import channels_last, concat_channels, concat_rows, mean_rows, take_rows
from .stages import decode, encode, process
from .stored import pack_panels, pad_weight, scale_rows
from .tables import resize_grid

OPERATIONS: dict[str, Callable] = {
    "perceiver.activate": activation,
    "perceiver.add": np.add,
    "perceiver.attend": attention,
    "perceiver.batch_norm": batch_norm,
    "perceiver.broadcast": np.broadcast_to,
    "perceiver.concat": concat_channels,
    "perceiver.concat_rows": concat_rows,
    "perceiver.cross_block": cross_block,
    "perceiver.decode": decode,
    "perceiver.embedding": embedding,
    "perceiver.encode": encode,
    "perceiver.fourier_positions": fourier_positions,
    "perceiver.max_pool": max_pool2d,
    "perceiver.mean_pool": mean_rows,
    "perceiver.multiply": np.multiply,
    "perceiver.norm": layer_norm,
    "perceiver.process": process,
    "perceiver.project": linear,
    "perceiver.resize_grid": resize_grid,
    "perceiver.scale": np.multiply,  # by a number
    "perceiver.self_block": self_block,
    "perceiver.take_rows": take_rows,
    "perceiver.to_channels_last": channels_last,
    "perceiver.to_mask": to_mask,
    "perceiver.transpose": np.transpose,
    "perceiver.windows": image_windows,
    "block.activate": activation,
    "block.add": np.add,
    "block.attention": attention,
    "block.axis_table": fourier_positions,  # of one axis
    "block.concat_channels": concat_channels,
    "block.concat_rows": concat_rows,
    "block.embed": embedding,
    "block.finish_attention": finish_attention,
    "block.fourier_features": fourier_features,
    "block.grid_attention": grid_attention,
    "block.grid_coordinates": point_positions,
    "block.grid_positions": join_axis_tables,
    "block.grid_query_attention": grid_query_attention,
    "block.grid_statistics": grid_statistics,
    "block.grouped_linear": grouped_linear,
    "block.inverse_deviation": batch_norm,  # of its factor
    "block.key_mask": key_mask,
    "block.layer_norm": layer_norm,
    "block.linear": linear,
    "block.mask_rows": mask_rows,
    "block.max_pool": max_pool2d,
    "block.mean_rows": mean_rows,
    "block.merge_attention": merge_states,
    "block.multiply": np.multiply,
    "block.online_attention": online_attention,
    "block.pack_weight": pack_panels,
    "block.pad_weight": pad_weight,
    "block.resize_grid": resize_grid,
    "block.scale": np.multiply,  # by a number
    "block.scale_rows": scale_rows,
    "block.take_rows": take_rows,
    "block.to_mask": to_mask,
    "block.transpose": np.transpose,
    "block.windows": image_windows,
}
