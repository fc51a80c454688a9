"""Does every tensor of a model show in its output? A comparison of outputs is blind where not.

A test that compares two outputs finds a wrongly bound, transposed or forgotten tensor only if that
tensor moves the output by clearly more than the tolerance. So each tensor is rolled by one element
along each of its axes, one at a time, and the relative change of the output is measured.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

TOLERANCE = 1e-5  # what outputs are compared with, as a relative L2 norm
MARGIN = 10.0


@dataclass(frozen=True)
class Movement:
    """The relative L2 change of the output when tensor `name` is rolled by one along `axis`."""

    name: str
    axis: int
    change: float


@dataclass(frozen=True)
class Exemption:
    """Tensors whose rolls along an axis (None: any) provably cannot show in any output, and why."""

    pattern: str
    axis: int | None
    reason: str

    def covers(self, name: str, axis: int) -> bool:
        """Whether rolling tensor `name` along `axis` is exempt."""
        return self.axis in (None, axis) and re.search(self.pattern, name) is not None


EXEMPTIONS = (
    Exemption(
        r"\.key\.bias$",
        None,
        "adds the same number to all scores of a row, which softmax takes out again",
    ),
    Exemption(
        r"(^|\.)latents$",
        0,
        "the latents are a set: no block depends on their order, and the decoder or the mean over "
        "them undoes it",
    ),
    Exemption(
        r"input_preprocessor\.padding\.label$",
        None,
        "the label is masked at inference: its row is the mask token, padding included",
    ),
    Exemption(
        r"input_preprocessor\.mask\.(audio|image)$",
        None,
        "audio and image are never masked at inference",
    ),
)


def movements(
    weights: Mapping[str, np.ndarray],
    run: Callable[[dict[str, np.ndarray]], np.ndarray],
    groups: Sequence[Sequence[str]] = (),
    names: Sequence[str] | None = None,
) -> list[Movement]:
    """Return how far each roll moves run(weights); axes of length 1 and exempt rolls are left out.

    groups lists names that denote one tensor: they are rolled together, and reported under the
    first. names restricts the check to these tensors.
    """
    expected = np.asarray(run(dict(weights)), np.float64)
    norm = np.linalg.norm(expected)
    aliases = {name: list(group) for group in groups for name in group}
    result = []
    for name in weights if names is None else names:
        together = aliases.get(name, [name])
        if name != together[0]:
            continue
        for axis, size in enumerate(np.shape(weights[name])):
            if size < 2 or any(exemption.covers(name, axis) for exemption in EXEMPTIONS):
                continue
            rolled = np.roll(weights[name], 1, axis=axis)
            output = run(dict(weights) | dict.fromkeys(together, rolled))
            result.append(Movement(name, axis, float(np.linalg.norm(output - expected) / norm)))
    return result


def hidden(changes: Sequence[Movement], tolerance: float = TOLERANCE) -> list[Movement]:
    """Return the movements below MARGIN times the tolerance: tensors that a comparison can miss."""
    return [movement for movement in changes if not movement.change >= MARGIN * tolerance]
