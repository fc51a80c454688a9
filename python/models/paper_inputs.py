"""From images, sound, points and text to the rows that the papers' models read. Arrays are
channels-last.
"""

from __future__ import annotations

from paper_graphs import Graph, add_input
from perceiver_compiler import builder as ops
from perceiver_compiler.builder import Fourier, Layer, Value

#: Of DeepMind's tables.
_RECIPE = "jax_f32"
_STEM_CHANNELS = 64


def _flatten(graph: Graph, grid: Value) -> Value:
    """The points of a grid [B, .., C] as rows."""
    axes = len(grid.shape)
    return ops.collapse(graph.run, grid, [[0], list(range(1, axes - 1)), [axes - 1]])


def _with_positions(graph: Graph, rows: Value, fourier: Fourier) -> Value:
    positions = graph.run.let("positions", ops.fourier_positions(graph.run, fourier))
    return graph.run.let("x", ops.concat(graph.run, [rows, positions]))


def grid_positions(grid: tuple[int, ...], bands: int, resolution: tuple[float, ...]) -> Fourier:
    """Fourier features of a whole grid."""
    return Fourier(grid, bands, resolution, recipe=_RECIPE)


def fourier_pixels(graph: Graph, size: int, bands: int) -> Value:
    """Images, each pixel with its position."""
    image = add_input(graph.run, "inputs", (size, size, 3))
    fourier = grid_positions((size, size), bands, (float(size), float(size)))
    return _with_positions(graph, _flatten(graph, image), fourier)


def permuted_pixels(graph: Graph, size: int, bands: int) -> Value:
    """Pixels in any order, and which of the image's they are."""
    count = size * size
    pixels = add_input(graph.run, "inputs", (count, 3))
    points = graph.run.add_argument("points", ops.Type((count,), "i64"), bounds=(0, count))
    fourier = grid_positions((size, size), bands, (float(size), float(size)))
    positions = ops.fourier_at_points(graph.run, fourier, points)
    return graph.run.let("x", ops.concat(graph.run, [pixels, positions]))


def learned_pixels(graph: Graph, size: int, channels: int) -> Value:
    """Images, each pixel with a learned position."""
    image = add_input(graph.run, "inputs", (size, size, 3))
    table = graph.parameter("places.position_embeddings", (size * size, channels))
    return graph.run.let("x", ops.concat(graph.run, [_flatten(graph, image), table]))


def projected_pixels(graph: Graph, size: int, channels: int) -> Value:
    """Images through a 1 x 1 convolution, each pixel with a learned position through a layer."""
    image = add_input(graph.run, "inputs", (size, size, 3))
    pixels = graph.linear("pixels", 3, channels)
    pixels = ops.project(graph.run, _flatten(graph, image), pixels, channels)
    table = graph.parameter("places.position_embeddings", (size * size, channels))
    layer = graph.linear("places_projection", channels, channels)
    positions = ops.project(graph.run, table, layer, channels)
    return graph.run.let("x", ops.concat(graph.run, [pixels, positions]))


def convolved_pixels(graph: Graph, size: int, bands: int) -> Value:
    """Images through a convolution of stride 2 and a pooling of stride 2, both of which halve the
    size, rounded up; what is left of the grid with its positions.
    """
    run, channels = graph.run, _STEM_CHANNELS
    image = add_input(run, "inputs", (size, size, 3))
    windows = ops.windows(run, image, (7, 7), (2, 2), "same")
    half = windows.shape[1]
    weights = graph.weights
    kernel = weights.bind(
        "stem.weight",
        (7 * 7 * 3, channels),
        "stem.conv.weight",
        source=(channels, 3, 7, 7),
        permutation=(2, 3, 1, 0),
    )
    roles = {"weight": "weight", "bias": "bias", "mean": "running_mean", "variance": "running_var"}
    norm = tuple(
        weights.bind(f"stem_norm.{role}", (channels,), f"stem.batchnorm.{key}")
        for role, key in roles.items()
    )
    x = ops.project(run, _flatten(graph, windows), Layer(kernel), channels)
    x = ops.activate(run, ops.batch_norm(run, x, norm), "relu")
    x = ops.split(run, x, ("batch", half, half, channels), [[0], [1, 2], [3]])
    x = ops.max_pool(run, x, (3, 3), (2, 2), "same")
    quarter = x.shape[1]
    fourier = grid_positions((quarter, quarter), bands, (float(quarter), float(quarter)))
    return _with_positions(graph, _flatten(graph, x), fourier)


def video_blocks(
    graph: Graph, frames: int, size: int, block: tuple[int, int, int], bands: int
) -> Value:
    """Video in blocks of frames, rows and columns, each with its position."""
    run = graph.run
    video = add_input(run, "video", (frames, size, size, 3))
    grid = tuple(length // part for length, part in zip((frames, size, size), block))
    shape = ("batch", *(number for pair in zip(grid, block) for number in pair), 3)
    split = ops.split(run, video, shape, [[0], [1, 2], [3, 4], [5, 6], [7]])
    moved = ops.transpose(run, split, (0, 1, 3, 5, 2, 4, 6, 7))
    rows = ops.collapse(run, moved, [[0], [1, 2, 3], [4, 5, 6, 7]])
    fourier = grid_positions(grid, bands, tuple(map(float, grid)))
    return _with_positions(graph, rows, fourier)


def sound_patches(graph: Graph, samples: int, patch: int, bands: int) -> Value:
    """Samples in patches, each with its position."""
    sound = add_input(graph.run, "audio", (samples,))
    count = samples // patch
    rows = ops.expand(graph.run, sound, (count, patch))
    return _with_positions(graph, rows, grid_positions((count,), bands, (float(samples),)))


def spectrogram(graph: Graph, times: int, frequencies: int, bands: int) -> Value:
    """A mel spectrogram, each of its numbers with its position."""
    grid = (times, frequencies)
    mel = add_input(graph.run, "mel", grid)
    numbers = ops.collapse(graph.run, mel, [[0], [1, 2]])
    rows = ops.expand(graph.run, numbers, (times * frequencies, 1))
    return _with_positions(graph, rows, grid_positions(grid, bands, tuple(map(float, grid))))


def join_modalities(graph: Graph, rows: dict[str, Value], least: int) -> Value:
    """The rows of all modalities in alphabetical order, filled up to one width by a vector that
    each modality learns, of at least so many channels.
    """
    width = max(value.shape[-1] for value in rows.values()) + least
    padded = []
    for name, value in sorted(rows.items()):
        padding = graph.parameter(f"padding.{name}", (width - value.shape[-1],))
        padded.append(graph.run.let(f"{name}_rows", ops.concat(graph.run, [value, padding])))
    return graph.run.let("joined", ops.concat_rows(graph.run, padded))


def points_in_space(graph: Graph, bands: int, resolution: float) -> Value:
    """Points [B, points, 3], their coordinates in [-1, 1] as Fourier features and as they are."""
    points = graph.run.add_argument("inputs", ops.Type(("batch", "points", 3)))
    fourier = Fourier(None, bands, (resolution,) * 3, recipe=_RECIPE)
    return graph.run.let("x", ops.fourier_of_coordinates(graph.run, fourier, points))


def text(graph: Graph, vocabulary: int, places: int, channels: int) -> tuple[Value, Value]:
    """Ids [B, rows] as rows, and the mask of those that count, which may be left out."""
    run = graph.run
    ids = run.add_argument("inputs", ops.Type(("batch", "rows"), "i64"), bounds=(0, vocabulary))
    mask = run.add_argument("input_mask", ops.Type(("batch", "rows"), "i32"), optional=True)
    ops.require(run, "rows", "<=", places, f"expected at most {places:,} tokens")
    graph.weights.bind("tokens", (vocabulary, channels), "embeddings.weight")
    graph.weights.bind("places", (places, channels), "places.position_embeddings")
    x = run.let("x", ops.embedding(run, ids, "tokens", "places", channels))
    return x, run.let("keys", ops.to_mask(run, mask))
