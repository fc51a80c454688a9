"""Entries of their own, for operations that few models have."""

from dataclasses import replace

import numpy as np
from perceiver_compiler import builder as ops
from perceiver_compiler.builder import Fourier, Function, Mask, Size, Type, Value

from .draws import COUNTS, ROWS, Draws


def draw_attention(draws: Draws) -> Function:
    """An entry that attends to what its caller projected, or projects it once more. It has no
    sizes of its own: the numbers that a seed draws for other entries stay what they are.
    """
    function = Function("attend", is_entry=True)
    heads = draws.choice.choice([1, 1, 2, 3, 8])
    qk, v = (heads * draws.choice.choice([1, 2, 3, 5, 8, 13, 16]) for _ in range(2))
    largest = draws.model.largest
    keys = "rows" if "rows" in largest and draws.chance(0.7) else draws.choice.choice(ROWS)
    queries = "outputs" if "outputs" in largest else draws.choice.choice(COUNTS)
    batch = [draws.batch] if draws.chance(0.6) else []
    query = function.add_argument("query", Type((*batch, queries, qk)))
    key = function.add_argument("key", Type((draws.batch, keys, qk)))
    value = function.add_argument("value", Type((draws.batch, keys, v)))
    lengths = mask = None
    if draws.chance(0.3):
        largest["key_lengths"] = keys
        lengths = function.add_argument("key_lengths", Type((draws.batch,), "i64"))
    if draws.chance(0.3):
        mask = function.add_argument("key_mask", Type((draws.batch, keys), "i1"))
    taken = Mask(lengths, mask, draws.chance(0.4))
    if draws.chance(0.4):
        value = ops.project(function, value, draws.linear(v, v), v)
    else:
        draws.model.masks |= {"key": taken, "value": taken}
    # Without a key it is infinite, and nothing to compare.
    log_sum_exp = lengths is None and mask is None and draws.chance(0.5)
    scale = draws.choice.choice([None, None, 0.25])
    results = ops.attend(function, query, key, value, heads, scale, taken, log_sum_exp)
    names = ["attended", "log_sum_exp"]
    for result_name, result in zip(names, results):
        function.add_result(result_name, result)
    return function


def draw_absorbed(draws: Draws) -> Function:
    """An entry whose attention does what the cost model would not choose, or would."""
    function = Function("absorbed", is_entry=True)
    count, channels = draws.choice.choice(COUNTS), draws.width()
    if draws.chance(0.5):
        query = function.add_argument("absorbing", Type((draws.batch, count, channels)))
    else:
        symbol = draws.parameters.make(draws.symbol("latents"), (count, channels), "table")
        query = ops.get_parameter(function, symbol, (count, channels))
    shape = (draws.batch, draws.choice.choice(ROWS), draws.width())
    source = function.add_argument("absorbed", Type(shape))
    mask = None
    if draws.chance(0.4):
        # Others would have to be 0 in spite of a bias of the values.
        mask = Mask(
            mask=function.add_argument("absorbed_mask", Type(shape[:2], "i1")), uniform=True
        )
        draws.model.masks["absorbed"] = mask
    block = draws.block(channels, shape[-1], channels)
    choices = ["absorb", "absorb", "project"]
    if block.heads == 1:
        choices += ["absorb_keys", "absorb_values", "absorb_queries", "absorb_output"]
        choices += ["absorb_queries_and_output"] * 2
    block = replace(block, algebra=draws.choice.choice(choices))
    result = ops.cross(function, "cross_block", query, source, block, channels, mask)
    function.add_result("attended", result)
    return function


def draw_masks(draws: Draws) -> Function:
    """An entry whose rows take part or not, in a mean and as queries; what the mask is made of
    is the caller's truth values, or numbers.
    """
    function = Function("masked", is_entry=True)
    largest = draws.model.largest
    count = "rows" if "rows" in largest and draws.chance(0.5) else draws.choice.choice(COUNTS)
    heads = draws.choice.choice([1, 2, 3])
    channels = heads * draws.choice.choice([1, 2, 5, 8, 13])
    rows = function.add_argument("masked_rows", Type((draws.batch, count, channels)))
    if draws.chance(0.5):
        mask = function.add_argument("row_mask", Type((draws.batch, count), "i1"))
        draws.model.masks["masked_rows"] = Mask(mask=mask)
    else:
        largest["row_numbers"] = 1
        element = draws.choice.choice(["i64", "i32"])
        numbers = function.add_argument("row_numbers", Type((draws.batch, count), element))
        mask = ops.to_mask(function, numbers, inverted=draws.chance(0.5))
    function.add_result("mean", ops.mean_pool(function, rows, draws.chance(0.3), mask))
    keys = draws.choice.choice(COUNTS)
    source = function.add_argument("attended_keys", Type((draws.batch, keys, channels)))
    taken = Mask(query=mask)
    attended = ops.attend(function, rows, source, source, heads, None, taken, False)[0]
    if draws.chance(0.5):
        attended = ops.project(function, attended, draws.linear(channels, 7), 7)
    function.add_result("attended", attended)
    return function


def draw_positions(draws: Draws) -> Function:
    """An entry of positions that depend on what its caller gives: of some points, of a grid of
    any size, and of coordinates.
    """
    function = Function("positions", is_entry=True)
    largest = draws.model.largest
    grid = draws.grid()

    def draw(grid: tuple[Size, ...] | None, axes: int) -> Fourier:
        terms = [("raw", "sin", "cos")] * 3 + [("raw", "sin"), ("sin", "cos"), ("sin",)]
        return Fourier(
            grid,
            draws.choice.randint(1, 20),
            tuple(draws.choice.choice([2.0, 7.0, 12.5, 224.0]) for _ in range(axes)),
            draws.choice.choice(["dm", "axis_major"]),
            draws.choice.choice(["torch_f32", "jax_f32"]),
            draws.choice.choice(["inclusive", "fraction"]),
            draws.choice.choice(terms),
        )

    largest["points"] = int(np.prod(grid)) - 1
    count = draws.choice.choice(COUNTS)
    points = function.add_argument("points", Type((count,), "i64"))
    function.add_result("of_points", ops.fourier_at_points(function, draw(grid, len(grid)), points))
    largest |= {"height": 9, "width": 11}
    plane = function.add_argument("plane", Type((draws.batch, "height", "width", 3)))
    rows = ops.collapse(function, plane, [[0], [1, 2], [3]])
    of_grid = ops.fourier_positions(function, draw(("height", "width"), 2))
    rows = ops.concat(function, [rows, of_grid])
    function.add_result("of_grid", ops.mean_pool(function, rows, keep=False))
    axes = draws.choice.randint(1, 4)
    cloud = function.add_argument("cloud", Type((draws.batch, count, axes)))
    of_cloud = ops.fourier_of_coordinates(function, draw(None, axes), cloud)
    function.add_result("of_cloud", of_cloud)
    channels, most = draws.width(), draws.choice.choice(ROWS)
    largest |= {"tokens": most, "words": 30}
    words = function.add_argument("words", Type((draws.batch, "tokens"), "i64"))
    ops.require(function, "tokens", "<=", most, "there are positions for all")
    table = draws.parameters.make(draws.symbol("tokens"), (31, channels), "table")
    places = draws.parameters.make(draws.symbol("places"), (most, channels), "table")
    embedded = ops.embedding(function, words, table, places, channels)
    function.add_result("of_words", embedded)
    return function


def draw_rows(draws: Draws) -> Function:
    """An entry of rows that numbers choose, some of them too large, and of rows of no batch."""
    function = Function("rows", is_entry=True)
    largest = draws.model.largest
    most, channels = draws.choice.choice(ROWS), draws.width()
    largest |= {"all_rows": most, "numbers": most + 1}
    count = "all_rows" if draws.chance(0.7) else most
    taken = draws.choice.choice(COUNTS)
    shape = (draws.batch, count, channels) if draws.chance(0.7) else (count, channels)
    rows = function.add_argument("source", Type(shape))
    numbers = function.add_argument("numbers", Type((taken,), draws.choice.choice(["i64", "i32"])))
    chosen = ops.take_rows(function, rows, numbers)
    if draws.chance(0.5):
        chosen = ops.project(function, chosen, draws.linear(channels, 9), 9)
    function.add_result("chosen", chosen)
    beside = function.add_argument("beside", Type((draws.batch, 2, 3)))
    table = draws.parameters.make(draws.symbol("state"), (taken, channels), "table")
    state = ops.get_parameter(function, table, (taken, channels))
    function.add_result("state", ops.broadcast(function, state, draws.batch))
    function.add_result("mean", ops.mean_pool(function, beside, keep=False))
    return function


def draw_grid_rows(draws: Draws, function: Function, name: str) -> Value:
    """Normalised points of a grid: features, the argument `name`, with positions and perhaps a
    vector that all points share.
    """
    axes = draws.choice.choice([1, 2, 2, 3])
    most = {1: 300, 2: 20, 3: 9}[axes]
    grid = tuple(draws.choice.randint(1, most) for _ in range(axes))
    fourier = Fourier(
        grid,
        draws.choice.randint(1, 12),
        tuple(draws.choice.choice([2.0, 7.0, 12.5, 224.0]) for _ in range(axes)),
        draws.choice.choice(["dm", "axis_major"]),
        draws.choice.choice(["torch_f32", "jax_f32", "exact"]),
    )
    points, features = int(np.prod(grid)), draws.choice.choice([1, 2, 3, 4, 5, 17])
    parts = [
        function.add_argument(name, Type((draws.batch, points, features))),
        ops.fourier_positions(function, fourier),
    ]
    if draws.chance(0.4):
        width = draws.choice.choice([1, 3, 8])
        vector = draws.parameters.make(draws.symbol("padding"), (width,), "table")
        parts.append(ops.get_parameter(function, vector, (width,)))
    draws.choice.shuffle(parts)
    rows = ops.concat(function, parts)
    norm = draws.norm(rows.shape[-1])
    return ops.norm(function, rows, norm, draws.choice.choice([1e-5, 1e-12, 1e-3]))


def draw_points(draws: Draws) -> Function:
    """An entry that attends to the points of a grid, by one head."""
    function = Function("points", is_entry=True)
    rows = draw_grid_rows(draws, function, "point_features")
    _, points, channels = rows.shape
    qk, v = draws.choice.choice([17, 32, 40]), draws.choice.choice([16, 31, 48])
    queries = draws.choice.choice(COUNTS)
    batch = [draws.batch] if draws.chance(0.5) else []
    query = function.add_argument("point_queries", Type((*batch, queries, qk)))
    key = ops.project(function, rows, draws.linear(channels, qk, "score"), qk)
    value = ops.project(function, rows, draws.linear(channels, v), v)
    mask = None
    if draws.chance(0.4):
        mask = function.add_argument("point_mask", Type((draws.batch, points), "i1"))
    taken = Mask(None, mask, draws.chance(0.5))
    if mask is not None:
        draws.model.masks["point_features"] = taken
    attended = ops.attend(function, query, key, value, 1, None, taken, False)[0]
    function.add_result("attended_points", attended)
    return function


def draw_point_queries(draws: Draws) -> Function:
    """An entry in which the points of a grid attend, with one head, to what its caller gives."""
    function = Function("attending_points", is_entry=True)
    rows = draw_grid_rows(draws, function, "attending_features")
    qk, v = draws.choice.choice([17, 32, 40]), draws.choice.choice([16, 31, 48])
    query = ops.project(function, rows, draws.linear(rows.shape[-1], qk, "score"), qk)
    keys = (draws.batch, draws.choice.choice(ROWS))
    key = function.add_argument("grid_keys", Type((*keys, qk)))
    value = function.add_argument("grid_values", Type((*keys, v)))
    mask = None
    if draws.chance(0.4):
        mask = function.add_argument("grid_mask", Type(keys, "i1"))
    taken = Mask(None, mask, draws.chance(0.5))
    if mask is not None:
        draws.model.masks |= {"grid_keys": taken, "grid_values": taken}
    function.add_result(
        "attended", ops.attend(function, query, key, value, 1, None, taken, False)[0]
    )
    return function
