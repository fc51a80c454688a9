"""Medians of interleaved rounds, their ratios, and what the machine could do at most."""

import random
import statistics
from collections.abc import Sequence

RESAMPLES = 1000
CONFIDENCE = 0.9


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the lower quartile, the median and the upper quartile."""
    if not values:
        raise ValueError("expected at least one value")
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def ratio_of_medians(
    ours: Sequence[float], theirs: Sequence[float]
) -> tuple[float, tuple[float, float]]:
    """Return median(ours) / median(theirs) and its bootstrap interval.

    Both have one value per round. Rounds are drawn with replacement, both values of a round
    together, since what slows a round down slows both; the same draws every time.
    """
    if len(ours) != len(theirs) or not ours:
        raise ValueError(f"expected as many values, but got {len(ours)} and {len(theirs)}")

    def ratio(rounds: Sequence[int]) -> float:
        return statistics.median(ours[i] for i in rounds) / statistics.median(
            theirs[i] for i in rounds
        )

    count = range(len(ours))
    draw = random.Random(0)
    ratios = sorted(ratio(draw.choices(count, k=len(ours))) for _ in range(RESAMPLES))
    cut = round((1 - CONFIDENCE) / 2 * RESAMPLES)
    return ratio(count), (ratios[cut], ratios[-1 - cut])


def bound_ms(flop: float, num_bytes: float, gflop_per_s: float, gb_per_s: float | None) -> float:
    """Return the time below which no program gets: arithmetic or memory, whichever takes longer."""
    arithmetic = flop / gflop_per_s / 1e6
    memory = num_bytes / gb_per_s / 1e6 if gb_per_s else 0.0
    return max(arithmetic, memory)
