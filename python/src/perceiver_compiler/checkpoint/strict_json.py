"""Read JSON that has one meaning only: no duplicate keys, no NaN, no integers that a double would
round, nothing after the end.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import CheckpointError
from .names import quoted
from .regular_file import IS_JSON, IS_UNKNOWN, read_limited, what_it_is

CONFIGURATION_BYTES = 16 << 20
INDEX_BYTES = 128 << 20
_DEEPEST = 32
# Bounds the memory of what is parsed: a list takes 60 bytes for two of the file.
_MOST_VALUES = 1_000_000
_LARGEST_INTEGER = 2**53


class JsonError(ValueError):
    """What is wrong with a text; `name` is the key it is about."""

    def __init__(self, text: str, name: str = "") -> None:
        super().__init__(text)
        self.name = name


def read_json_object(path: Path, most_bytes: int = CONFIGURATION_BYTES) -> dict[str, Any]:
    """Return the object that a file holds; CheckpointError names the line or the field."""
    data = read_limited(path, most_bytes)
    what = what_it_is(memoryview(data))
    if what not in (IS_JSON, IS_UNKNOWN):
        raise CheckpointError(path, "", f"expected JSON text, but the file {what}")
    try:
        value = parse_json(data, _LARGEST_INTEGER)
    except JsonError as error:
        raise CheckpointError(path, error.name, str(error)) from None
    if not isinstance(value, dict):
        raise CheckpointError(path, "", "expected a JSON object")
    return value


def parse_json(data: bytes, largest_integer: int) -> Any:
    """Parse UTF-8 text by the rules above; JsonError says what is wrong."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise JsonError("expected UTF-8 without a byte order mark")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise JsonError(f"line {line}: is not valid UTF-8") from None
    if text.count(",") + text.count("[") + text.count("{") > _MOST_VALUES:
        raise JsonError(f"expected at most {_MOST_VALUES} values")

    def integer(digits: str) -> int:
        value = int(digits) if len(digits) <= 20 else largest_integer + 1
        if not -largest_integer <= value <= largest_integer:
            raise JsonError(f"the integer {digits[:40]} is too large to be exact")
        return value

    def real(digits: str) -> float:
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            raise JsonError(f"the number {digits[:40]} is too large")
        return value

    def constant(name: str) -> None:
        raise JsonError(f"expected JSON, which has no {name}")

    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=integer,
            parse_float=real,
            parse_constant=constant,
        )
    except json.JSONDecodeError as error:
        problem = error.msg[:1].lower() + error.msg[1:]
        raise JsonError(f"line {error.lineno}: is not valid JSON: {problem}") from None
    except RecursionError:
        raise JsonError(f"expected at most {_DEEPEST} levels of nesting") from None
    _check(value, lone_surrogates="\\ud" in text or "\\uD" in text)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise JsonError(f"duplicate field {quoted(name)}", name)
            seen.add(name)
    return result


def _check(value: Any, lone_surrogates: bool) -> None:
    """Refuse what is nested too deep, and halves of surrogate pairs, which no file name has."""
    level = [value]
    for _ in range(_DEEPEST + 1):
        inner = []
        for item in level:
            if isinstance(item, dict):
                inner += item.values()
                if lone_surrogates:
                    inner += item
            elif isinstance(item, list):
                inner += item
            elif lone_surrogates and isinstance(item, str):
                try:
                    item.encode()
                except UnicodeEncodeError:
                    raise JsonError("expected no half of a surrogate pair in a string") from None
        level = inner
        if not level:
            return
    raise JsonError(f"expected at most {_DEEPEST} levels of nesting")
