"""The 8x8 digit scans of scikit-learn and the one way in which this project splits them.

scikit-learn ships 1,797 scans with integer pixel values 0..16. The model takes `inputs` of shape
[B, 8, 8, 1] in float32 with values already divided by 16, so `inputs` lies in [0, 1].

The split is stratified: every class gives the same number of images to the held-out and to the
validation part, and the rest is for training. With the default seed 460 images are held out; they
take part neither in training nor in choosing a model and are what reported accuracies refer to.
"""

from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits

PIXEL_RANGE = 16.0
NUM_CLASSES = 10
HELD_OUT_PER_CLASS = 46
VALIDATION_PER_CLASS = 18
DEFAULT_SEED = 2103


class Split(NamedTuple):
    """Images of one part of the data; `indices` are rows of scikit-learn's data set."""

    inputs: np.ndarray  # float32 [n, 8, 8, 1] in [0, 1]
    labels: np.ndarray  # int64 [n]
    indices: np.ndarray  # int64 [n], ascending


def split_indices(labels, seed=DEFAULT_SEED):
    """Return row indices (train, validation, held_out): a pure function of labels and seed."""
    # RandomState's stream is frozen by NumPy's compatibility policy, default_rng's is not.
    random = np.random.RandomState(seed)
    parts = ([], [], [])
    for digit in range(NUM_CLASSES):
        rows = random.permutation(np.flatnonzero(labels == digit))
        held_out, validation, train = np.split(
            rows, [HELD_OUT_PER_CLASS, HELD_OUT_PER_CLASS + VALIDATION_PER_CLASS]
        )
        for part, chosen in zip(parts, (train, validation, held_out)):
            part.append(chosen)
    return tuple(np.sort(np.concatenate(part)).astype(np.int64) for part in parts)


def load_split(seed=DEFAULT_SEED):
    """Load the scans and return the `Split`s (train, validation, held_out)."""
    digits = load_digits()
    inputs = (digits.images / PIXEL_RANGE).astype(np.float32)[..., np.newaxis]
    labels = digits.target.astype(np.int64)
    return tuple(Split(inputs[rows], labels[rows], rows) for rows in split_indices(labels, seed))
