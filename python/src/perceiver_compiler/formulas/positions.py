"""Position encodings: Fourier features of a grid, of subsampled grid points, and learned tables.

The published models build Fourier tables in float32, and at high bands the rounding of the
positions is visible (up to 9e-3 for the multimodal audio encoding). So the recipe is a choice:

* "torch_f32": torch.linspace, then float32 products, and sine and cosine rounded to float32.
* "jax_f32": the same with jnp.linspace, which rounds most entries differently by a unit in the
  last place.
* "exact": float64 throughout.
"""

from collections.abc import Sequence

import numpy as np

RECIPES = ("torch_f32", "jax_f32", "exact")
LAYOUTS = ("dm", "axis_major")
SPACINGS = ("inclusive", "fraction")


def linspace(start: float, stop: float, count: int, recipe: str) -> np.ndarray:
    """Return `count` equally spaced values [count] from start to stop inclusive, float64 (rounded
    by the recipe).

    One value gives start. ValueError for an unknown recipe or a count below 1.
    """
    _check_recipe(recipe)
    if count < 1:
        raise ValueError(f"expected at least one value, but got {count}")
    if count == 1:
        return np.array([_round(start, recipe)], np.float64)
    index = np.arange(count)
    if recipe == "exact":
        return (start * (count - 1 - index) + stop * index) / (count - 1)
    single = np.float32
    start, stop, last = single(start), single(stop), single(count - 1)
    if recipe == "torch_f32":
        step = (stop - start) / last
        low = start + step * index.astype(single)
        high = stop - step * (count - 1 - index).astype(single)
        return np.where(index < count // 2, low, high).astype(np.float64)
    fraction = index.astype(single) / last
    values = start * (single(1) - fraction) + stop * fraction
    values[-1] = stop
    return values.astype(np.float64)


def grid_positions(index_dims: Sequence[int], recipe: str = "torch_f32") -> np.ndarray:
    """Return the positions [M, d] of all points of a grid of the given sizes, row-major; -1 to +1
    per axis.

    Perceiver (arXiv 2103.03206), section 3.2.
    """
    axes = [linspace(-1.0, 1.0, size, recipe) for size in index_dims]
    grid = np.meshgrid(*axes, indexing="ij")
    return np.stack([axis.reshape(-1) for axis in grid], axis=-1)


def subsampled_positions(
    flat_indices: np.ndarray, index_dims: Sequence[int], recipe: str = "torch_f32"
) -> np.ndarray:
    """Return the positions [P, d] of the points with the given row-major indices [P]: -1 + 2 *
    index / size per axis.

    Perceiver IO's subsampled decoding (arXiv 2107.14795, appendix on multimodal autoencoding). It
    divides by the size, not by size - 1, so a subsampled point is not where `grid_positions` puts
    it. IndexError if out of range.
    """
    _check_recipe(recipe)
    flat_indices = np.asarray(flat_indices, np.int64)
    count = int(np.prod(index_dims, dtype=np.int64))
    if flat_indices.size and (flat_indices.min() < 0 or flat_indices.max() >= count):
        raise IndexError(f"expected indices in 0..{count - 1}")
    index = np.stack(np.unravel_index(flat_indices, tuple(index_dims)), axis=-1)
    real = np.float64 if recipe == "exact" else np.float32
    return (real(-1) + (2 * index).astype(real) / np.array(index_dims, real)).astype(np.float64)


def point_positions(
    points: np.ndarray,
    index_dims: Sequence[int],
    recipe: str = "torch_f32",
    spacing: str = "inclusive",
) -> np.ndarray:
    """Return the positions [P, d] of the points with the given row-major indices [P].

    Spacing "inclusive" puts them where `grid_positions` does, "fraction" where
    `subsampled_positions` does. IndexError if out of range, ValueError for another spacing.
    """
    if spacing == "fraction":
        return subsampled_positions(points, index_dims, recipe)
    if spacing != "inclusive":
        raise ValueError(f"expected a spacing among {', '.join(SPACINGS)}, but got {spacing}")
    points = np.asarray(points, np.int64)
    count = int(np.prod(index_dims, dtype=np.int64))
    if points.size and (points.min() < 0 or points.max() >= count):
        raise IndexError(f"expected indices in 0..{count - 1}")
    index = np.unravel_index(points, tuple(index_dims))
    axes = [linspace(-1.0, 1.0, size, recipe) for size in index_dims]
    return np.stack([axis[i] for axis, i in zip(axes, index)], axis=-1)


def fourier_features(
    positions: np.ndarray,
    num_bands: int,
    max_resolution: Sequence[float],
    *,
    concat_pos: bool = True,
    sine_only: bool = False,
    recipe: str = "torch_f32",
    layout: str = "dm",
) -> np.ndarray:
    """Return the Fourier features [M, width] of positions [M, d].

    Axis a has num_bands frequencies f equally spaced from 1 to max_resolution[a] / 2; the features
    are sin(pi * f * pos) and, unless sine_only, cos(pi * f * pos), and the position itself if
    concat_pos. Columns:

    * "dm" (DeepMind, Hugging Face): all positions, all sines (axis major, band minor), all
      cosines.
    * "axis_major" (lucidrains): for each axis its sines, its cosines, its position.

    Perceiver (arXiv 2103.03206), section 3.2. ValueError for an unknown recipe or layout, or if
    max_resolution does not have d entries.
    """
    if layout not in LAYOUTS:
        raise ValueError(f"expected a layout among {', '.join(LAYOUTS)}, but got {layout}")
    positions = np.asarray(positions, np.float64)
    axes = positions.shape[1]
    if len(max_resolution) != axes:
        raise ValueError(f"expected {axes} maximum resolutions, but got {len(max_resolution)}")
    groups: list[list[np.ndarray]] = []
    for axis, resolution in enumerate(max_resolution):
        bands = linspace(1.0, resolution / 2.0, num_bands, recipe) if num_bands else np.zeros(0)
        angle = _product(positions[:, axis, None], bands, recipe)
        angle = _product(angle, np.pi, recipe)
        sine, cosine = _round(np.sin(angle), recipe), _round(np.cos(angle), recipe)
        groups.append([sine] if sine_only else [sine, cosine])
    raw = [positions[:, axis, None] for axis in range(axes)] if concat_pos else []
    if layout == "axis_major":
        columns = [part for axis in range(axes) for part in (*groups[axis], *raw[axis : axis + 1])]
    else:
        columns = raw + [group[part] for part in range(len(groups[0])) for group in groups]
    return np.concatenate(columns, axis=1)


def fourier_positions(
    index_dims: Sequence[int],
    num_bands: int,
    max_resolution: Sequence[float] | None = None,
    **options,
) -> np.ndarray:
    """Return the Fourier table [M, width] of a whole grid; options as in `fourier_features`.

    max_resolution defaults to the grid's sizes; the grid itself is index_dims whatever
    max_resolution is.
    """
    positions = grid_positions(index_dims, options.get("recipe", "torch_f32"))
    resolution = index_dims if max_resolution is None else max_resolution
    return fourier_features(positions, num_bands, resolution, **options)


def join_axis_tables(
    tables: Sequence[np.ndarray], layout: str = "dm", offset: int = 0, count: int | None = None
) -> np.ndarray:
    """Return the features [M, width] of the grid's points in row-major order, from a table
    [length, 1 + 2 * bands] of each axis: position, sines, cosines.

    offset and count pick consecutive points; layouts as in `fourier_features`. Perceiver (arXiv
    2103.03206), section 3.2.
    """
    lengths = tuple(len(table) for table in tables)
    last = None if count is None else offset + count
    points = np.unravel_index(np.arange(np.prod(lengths))[offset:last], lengths)
    rows = [np.asarray(table, np.float64)[index] for table, index in zip(tables, points)]
    bands = [row.shape[1] // 2 for row in rows]
    parts = [np.split(row, [1, 1 + band], axis=1) for row, band in zip(rows, bands)]
    if layout == "axis_major":
        columns = [part for position, *waves in parts for part in (*waves, position)]
    else:
        columns = [axis[part] for part in range(3) for axis in parts]
    return np.concatenate(columns, axis=1)


def trainable_positions(table: np.ndarray, batch: int) -> np.ndarray:
    """Return a learned table [M, C] broadcast to [batch, M, C] (a view).

    Perceiver IO (arXiv 2107.14795), section 3.2.
    """
    table = np.asarray(table, np.float64)
    return np.broadcast_to(table, (batch, *table.shape))


def _product(a: np.ndarray, b: np.ndarray | float, recipe: str) -> np.ndarray:
    """Return a * b, both operands and the result rounded as the recipe says."""
    return _round(np.multiply(_round(a, recipe), _round(b, recipe)), recipe)


def _round(x: np.ndarray | float, recipe: str) -> np.ndarray:
    """Round to float32 and widen again, unless exact. A product of two float32 is exact in
    float64.
    """
    x = np.asarray(x, np.float64)
    return x if recipe == "exact" else x.astype(np.float32).astype(np.float64)


def _check_recipe(recipe: str) -> None:
    if recipe not in RECIPES:
        raise ValueError(f"expected a recipe among {', '.join(RECIPES)}, but got {recipe}")
