"""What many cases have covered, and how far off they were: tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .check import Outcome
from .draws import SOURCES, classes

#: Every class in so many of 300 cases, every field away from its default in this share, and at
#: most this share refused.
LEAST_CASES = 10 / 300
LEAST_SHARE = 0.05
MOST_REFUSED = 0.03
#: How much of the tolerance is aimed at: five times the error of the library's float32, not ten.
AIM = 0.5
#: Shares of fewer cases say nothing.
ENOUGH = 30


def error_table(outcomes: Sequence[Outcome]) -> str:
    """Return a line for each class: cases, misses, how many were compiled, largest errors."""
    lines = [
        f"{'class':52} {'cases':>6} {'right':>6} {'wrong':>6} {'refused':>8} {'compiled':>9} "
        f"{'NumPy':>8} {'CPU':>8} {'GPU':>8}"
    ]
    for source, name in classes():
        found = _of(outcomes, source, name)
        if not found:
            continue
        kinds = Counter(each.kind for each in found)
        compiled = [each.compiled_error for each in found if each.compiled_error is not None]
        errors = [each.numpy_error for each in found if each.numpy_error is not None]
        emulated = [each.emulated_error for each in found if each.emulated_error is not None]
        wrong = kinds["wrong"] + kinds["library"]
        lines.append(
            f"{_title(source, name):52} {len(found):6} {kinds['right']:6} {wrong:6} "
            f"{kinds['refused']:8} {len(compiled):9} {_largest(errors):>8} "
            f"{_largest(compiled):>8} {_largest(emulated):>8}"
        )
    lines.append("Errors are the largest ones, in units of the tolerance.")
    by_device = {
        "NumPy": [each.numpy_error for each in outcomes],
        "CPU": [each.compiled_error for each in outcomes],
        "emulated GPU": [each.emulated_error for each in outcomes],
    }
    for device, found in by_device.items():
        known = [error for error in found if error is not None]
        near = sum(error <= AIM for error in known)
        lines.append(f"{device}: {near} of {len(known)} cases within {AIM:.0%} of it, the aim")
    return "\n".join(lines)


def field_table(outcomes: Sequence[Outcome]) -> str:
    """Return a line for each class with how often each field was away from its default."""
    lines = []
    for source, name in classes():
        found = _of(outcomes, source, name)
        if found:
            shares = _shares(source, name, found)
            text = ", ".join(f"{field} {share:.0%}" for field, share in shares.items())
            lines.append(f"{_title(source, name)}: {text}")
    return "\n".join(lines)


def shortfalls(outcomes: Sequence[Outcome], wanted: Sequence[tuple[str, str]]) -> list[str]:
    """Return what was drawn too rarely, and what was refused too often."""
    found = []
    for source, name in wanted:
        of_class = _of(outcomes, source, name)
        if len(of_class) < LEAST_CASES * len(outcomes):
            found.append(f"{_title(source, name)}: {len(of_class)} of {len(outcomes)} cases")
        for field, share in _shares(source, name, of_class).items():
            if len(of_class) >= ENOUGH and share < LEAST_SHARE:
                found.append(
                    f"{_title(source, name)}: {field} is away from its default {share:.0%}"
                )
    refused = sum(each.kind == "refused" for each in outcomes)
    if refused > MOST_REFUSED * len(outcomes):
        found.append(f"{refused} of {len(outcomes)} cases were refused")
    return found


def _shares(source: str, name: str, outcomes: Sequence[Outcome]) -> dict[str, float]:
    defaults = SOURCES[source].DEFAULTS[name]
    return {
        field: sum(_is_away(each, field, default) for each in outcomes) / max(len(outcomes), 1)
        for field, default in defaults.items()
    }


def _is_away(outcome: Outcome, field: str, default: object) -> bool:
    config = outcome.case.config
    for part in field.split("."):
        if part not in config:
            return False
        config = config[part]
    return config != default


def _of(outcomes: Sequence[Outcome], source: str, name: str) -> list[Outcome]:
    return [each for each in outcomes if (each.case.source, each.case.name) == (source, name)]


def _title(source: str, name: str) -> str:
    return f"{source} {name.removeprefix('perceiver_pytorch.')}"


def _largest(errors: Sequence[float]) -> str:
    return f"{max(errors):.3f}" if errors else "-"
