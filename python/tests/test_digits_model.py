"""The `digits` model as committed: its data protocol, its size and what it gets right."""

import hashlib

import numpy as np
import pytest

from models.digits import data, reference


@pytest.fixture(scope="module")
def splits():
    return data.load_split()


@pytest.fixture(scope="module")
def parameters():
    return reference.load_parameters()


def test_split_sizes(splits):
    train, validation, held_out = splits
    assert [len(split.labels) for split in splits] == [1157, 180, 460]
    for split in splits:
        assert split.inputs.shape == (len(split.labels), 8, 8, 1)
        assert split.inputs.dtype == np.float32
        assert split.inputs.min() == 0 and split.inputs.max() == 1
    assert set(np.bincount(held_out.labels)) == {data.HELD_OUT_PER_CLASS}
    assert set(np.bincount(validation.labels)) == {data.VALIDATION_PER_CLASS}
    assert np.bincount(train.labels).min() > 100


def test_split_parts_are_disjoint_and_complete(splits):
    rows = np.concatenate([split.indices for split in splits])
    assert np.array_equal(np.sort(rows), np.arange(1797))
    # No scan occurs twice in the data set, so that no copy of a held-out one was trained on.
    assert len({image.tobytes() for split in splits for image in split.inputs}) == 1797


def test_split_is_reproducible(splits):
    checksums = [hashlib.sha256(s.indices.astype("<i8").tobytes()).hexdigest() for s in splits]
    assert [checksum[:16] for checksum in checksums] == [
        "ca3344bc7dba7923",
        "ac74418a89b334ff",
        "8116f16de94f304d",
    ]
    for split, again in zip(splits, data.load_split()):
        assert np.array_equal(split.inputs, again.inputs)
        assert np.array_equal(split.labels, again.labels)


def test_split_depends_on_seed(splits):
    other = data.load_split(seed=data.DEFAULT_SEED + 1)
    assert not np.array_equal(splits[2].indices, other[2].indices)


def test_parameters_have_the_described_shapes(parameters):
    shapes = {name: values.shape for name, values in parameters.items()}
    assert shapes == reference.parameter_shapes()
    assert reference.WEIGHTS.stat().st_size < 2_000_000


def test_fourier_positions():
    positions = reference.fourier_positions()
    assert positions.shape == (64, 34)
    assert np.array_equal(positions, positions.astype(np.float32))
    row, column = np.divmod(np.arange(64), 8)
    exact_row, exact_column = -1 + 2 * row / 7, -1 + 2 * column / 7
    np.testing.assert_allclose(positions[:, 0], exact_row, atol=1e-7)
    np.testing.assert_allclose(positions[:, 1], exact_column, atol=1e-7)
    # The highest bands have frequency 4; sines of both axes come before cosines.
    np.testing.assert_allclose(positions[:, 9], np.sin(4 * np.pi * exact_row), atol=2e-6)
    np.testing.assert_allclose(positions[:, 17], np.sin(4 * np.pi * exact_column), atol=2e-6)
    np.testing.assert_allclose(positions[:, 18], np.cos(np.pi * exact_row), atol=2e-6)
    np.testing.assert_allclose(positions[:, 33], np.cos(4 * np.pi * exact_column), atol=2e-6)


def test_images_do_not_depend_on_their_batch(splits, parameters):
    inputs = splits[1].inputs[:3]
    together = reference.forward(parameters, inputs)
    assert together.shape == (3, 10) and together.dtype == np.float64
    alone = np.concatenate([reference.forward(parameters, image[np.newaxis]) for image in inputs])
    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-12)


def test_logits_of_one_scan(splits, parameters):
    # Computed by formulas of the model alone, without python/reference.
    expected = [
        *(4.821966479749, -0.473273503887, -0.498570494410, -0.486279696705, -0.525907586338),
        *(-0.496343251609, -0.514070387359, -0.471174331594, -0.442014439873, -0.525549178941),
    ]
    logits = reference.forward(parameters, splits[2].inputs[:1])[0]
    np.testing.assert_allclose(logits, expected, rtol=0, atol=1e-11)


def test_held_out_accuracy(splits, parameters):
    held_out = splits[2]
    assert reference.accuracy(parameters, held_out.inputs, held_out.labels) >= 0.97
