"""How messages name things, and what a user may have meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

_LONGEST = 120
_LONGEST_COMPARED = 256
_MOST_LISTED = 12


def quoted(name: object) -> str:
    """Return a name in single quotes on one line: control characters escaped, long names cut."""
    text = str(name)
    shown = "".join(
        c if c.isprintable() and c not in "'\\" else c.encode("unicode_escape").decode()
        for c in text[:_LONGEST]
    ).replace("'", "\\x27")
    return f"'{shown}...'" if len(text) > _LONGEST else f"'{shown}'"


def shown(value: object) -> str:
    """Return a value of a configuration for a message, however large or deep it is."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value.bit_length() <= 128 else "a huge integer"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list | tuple):
        simple = all(item is None or isinstance(item, int | float | str) for item in value)
        if simple and len(value) <= 8:
            return "[" + ", ".join(map(shown, value)) + "]"
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return "an object"
    return f"a {type(value).__name__}"


def listed(names: Iterable[str]) -> str:
    """Return "a, b, c", shortened if there are many."""
    names = list(names)
    text = ", ".join(names[:_MOST_LISTED])
    more = len(names) - _MOST_LISTED
    return f"{text} and {more} more" if more > 0 else text


def _distance(a: str, b: str, limit: int) -> int:
    """Return the number of edits (an exchange of neighbours is one) between a and b, or limit + 1
    if there are more.
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    far = limit + 1
    before: list[int] = []
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        # What is further than `limit` from the diagonal is further in edits, too.
        first, last = max(1, i - limit), min(len(b), i + limit)
        row = [far] * (len(b) + 1)
        row[0] = i
        for j in range(first, last + 1):
            y = b[j - 1]
            best = above[j - 1] + (x != y)
            if above[j] < best:
                best = above[j] + 1
            if row[j - 1] < best:
                best = row[j - 1] + 1
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y and before[j - 2] < best:
                best = before[j - 2] + 1
            row[j] = best
        if min(row) > limit:
            return far
        before, above = above, row
    return above[-1]


def nearest_name(wanted: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that `wanted` may stand for: at most a third of its characters differ.

    The same rule as the compiler's own messages have.
    """
    wanted = wanted[:_LONGEST_COMPARED]
    letters = Counter(wanted)
    best, best_distance = None, 0
    for candidate in candidates:
        name = candidate[:_LONGEST_COMPARED]
        longer = max(len(name), len(wanted))
        if not longer:
            continue
        limit = min(max(longer // 3, 1), longer - 1)
        if best is not None:
            limit = min(limit, best_distance - 1)
        # Each edit mends one character that the other name does not have.
        common = sum((letters & Counter(name)).values())
        if longer - common > limit:
            continue
        distance = _distance(wanted, name, limit)
        if distance > limit:
            continue
        best, best_distance = candidate, distance
        if distance == 0:
            break
    return best


def did_you_mean(wanted: str, candidates: Iterable[str]) -> str:
    """Return "; did you mean 'x'?", or nothing if no candidate is near."""
    name = nearest_name(wanted, candidates)
    return f"; did you mean {quoted(name)}?" if name is not None else ""
