"""What callers give besides arrays, in an entry of its own: numbers, sizes that follow from others,
conditions between them, and masks of any type that may be left out.
"""

import random

import numpy as np
from perceiver_compiler import builder as ops
from perceiver_compiler.builder import INDEX, Fourier, Function, Size, Type

from .model import RandomModel

ELEMENTS = ("i1", "i8", "ui8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64")


def require(model: RandomModel, function: Function, left: Size, relation: str, right: Size) -> None:
    """Append a require that the sizes of all runs meet."""
    model.conditions.append((left, relation, right))
    ops.require(function, left, relation, right, f"{left} {relation} {right}")


def draw_calls(model: RandomModel, choice: random.Random, batch: Size) -> Function:
    """Draw an entry: a mean of the points of an image that a mask shows, a value added to each of
    them, and a range of points.
    """
    function = Function("called", is_entry=True)
    channels = choice.choice([1, 3, 8, 17])
    model.largest |= {"down": 12, "across": 9, "first": 24, "count": 24, "shown": 1}
    model.bound |= {"down", "across", "first", "count"}
    points = "down * across"
    element = choice.choice(ELEMENTS)
    # NumPy has no bfloat16; of what may be left out, runs take any type.
    optional = element == "bf16" or choice.random() < 0.5
    shown = function.add_argument(
        "shown",
        Type((batch, points), element),
        optional=optional,
        default=optional and choice.random() < 0.5,
    )
    image = function.add_argument("image", Type((batch, "down", "across", channels)))
    model.follows["points"] = points
    shift = function.add_argument("shift", Type(("points", channels)))
    for name in ("first", "count"):
        function.add_argument(name, INDEX)
    first, count = (argument.value for argument in function.arguments[-2:])
    require(model, function, "down", "multiple_of", choice.choice([1, 2, 3]))
    require(model, function, "points", "=", points)
    require(model, function, 1, "<=", "count")
    require(model, function, "first + count", "<=", "points")

    rows = ops.collapse(function, image, [[0], [1, 2], [3]])
    mask = shown if shown.type.element == "i1" else ops.to_mask(function, shown)
    function.add_result("mean", ops.mean_pool(function, rows, False, mask))
    function.add_result("shifted", ops.add(function, rows, shift))
    function.add_result("part", ops.slice_rows(function, shift, "first", "count"))
    grid = (choice.choice([12, 13]), choice.choice([9, 16]))  # of at least as many points
    layout = choice.choice(["dm", "axis_major"])
    fourier = Fourier(grid, choice.randint(1, 9), tuple(map(float, grid)), layout, "torch_f32")
    assert int(np.prod(grid)) >= model.largest["down"] * model.largest["across"]
    function.add_result("of_range", ops.fourier_at_range(function, fourier, first, count))
    return function
