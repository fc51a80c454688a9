"""Medians of interleaved rounds, their ratios, and what the machine could do at most."""

import math
import statistics
from collections.abc import Sequence
from itertools import combinations_with_replacement

CONFIDENCE = 0.9


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the lower quartile, the median and the upper quartile."""
    if not values:
        raise ValueError("expected at least one value")
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def paired_ratio(
    ours: Sequence[float], theirs: Sequence[float]
) -> tuple[float, tuple[float, float]]:
    """Return how many times theirs ours is, and its interval.

    Both have one value per round. Each round has a ratio, since what slows a round down slows both.
    They are taken as in Wilcoxon's signed-rank test: the ratio is the median of the geometric means
    of each two of them, and each with itself (Hodges and Lehmann); the interval begins and ends
    with the mean of the rank that is critical in this test. Fewer than five rounds give all of the
    range, which is not as sure.
    """
    if len(ours) != len(theirs) or not ours:
        raise ValueError(f"expected as many values, but got {len(ours)} and {len(theirs)}")
    logs = [math.log(mine / other) for mine, other in zip(ours, theirs)]
    means = sorted((a + b) / 2 for a, b in combinations_with_replacement(logs, 2))
    cut = critical_rank(len(logs))
    low, middle, high = map(math.exp, (means[cut - 1], statistics.median(means), means[-cut]))
    return middle, (low, high)


def critical_rank(count: int) -> int:
    """Return the least sum of ranks that Wilcoxon's test of so many values does not reject on one
    side of the interval: that of its tables, by the normal approximation.
    """
    pairs = count * (count + 1) / 2
    deviation = math.sqrt(pairs * (2 * count + 1) / 12)
    quantile = statistics.NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    return max(1, math.floor((pairs + 1) / 2 - quantile * deviation))


def bound_ms(flop: float, num_bytes: float, gflop_per_s: float, gb_per_s: float | None) -> float:
    """Return the time below which no program gets: arithmetic or memory, whichever takes longer."""
    arithmetic = flop / gflop_per_s / 1e6
    memory = num_bytes / gb_per_s / 1e6 if gb_per_s else 0.0
    return max(arithmetic, memory)
