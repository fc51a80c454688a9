"""Descriptions of models, built operation by operation: their text, and their results in NumPy.

A function of this package appends an operation to a Function; its text is that of the dialect, and
it computes in float64 what dialect/Model/*Ops.td says. So each model that is built here can be
printed, compiled, and run without the compiler:

    model = builder.Model()
    model.add(builder.Parameter("head.weight", (8, 3), "head.weight", permutation=(1, 0)))
    run = builder.Function("run", is_entry=True)
    x = run.add_argument("inputs", builder.Type(("batch", 5, 8)))
    y = builder.project(run, builder.mean_pool(run, x, keep=False), builder.Layer("head.weight"), 3)
    run.add_result("logits", y)
    model.functions.append(run)
    print(model)
    model.evaluate("run", {"inputs": np.ones((1, 5, 8))}, weights)
"""

from .attention import Block, Mask, attend, cross, process, self_block
from .binding import Binding, BlockShape
from .conditions import compare_sizes, require
from .elements import activate, add, multiply, scale
from .function import Argument, Environment, Function, Statement, bind_sizes
from .images import batch_norm, max_pool, resize_grid, windows
from .inputs import broadcast, concat, embedding, take_rows, to_channels_last
from .layouts import concat_rows, transpose
from .masks import to_mask
from .model import Model
from .parameters import Parameter, Tensors
from .positions import (
    Fourier,
    fourier_at_points,
    fourier_at_range,
    fourier_of_coordinates,
    fourier_positions,
)
from .rows import Layer, get_parameter, mean_pool, norm, project
from .tensors import call, collapse, expand, slice_of, slice_rows, split
from .types import (
    DTYPES,
    INDEX,
    Size,
    Type,
    Value,
    add_sizes,
    divide_size,
    evaluate_size,
    multiply_sizes,
)

__all__ = [
    "DTYPES",
    "INDEX",
    "Argument",
    "Binding",
    "Block",
    "BlockShape",
    "Environment",
    "Fourier",
    "Function",
    "Layer",
    "Mask",
    "Model",
    "Parameter",
    "Size",
    "Statement",
    "Tensors",
    "Type",
    "Value",
    "activate",
    "add",
    "add_sizes",
    "attend",
    "batch_norm",
    "bind_sizes",
    "broadcast",
    "call",
    "collapse",
    "compare_sizes",
    "concat",
    "concat_rows",
    "cross",
    "divide_size",
    "embedding",
    "evaluate_size",
    "expand",
    "fourier_at_points",
    "fourier_at_range",
    "fourier_of_coordinates",
    "fourier_positions",
    "get_parameter",
    "max_pool",
    "mean_pool",
    "multiply",
    "multiply_sizes",
    "norm",
    "process",
    "project",
    "require",
    "resize_grid",
    "scale",
    "self_block",
    "slice_of",
    "slice_rows",
    "split",
    "take_rows",
    "to_channels_last",
    "to_mask",
    "transpose",
    "windows",
]
