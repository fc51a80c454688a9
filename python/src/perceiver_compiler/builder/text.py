"""Pieces of the text of a description."""

from __future__ import annotations


def quote(text: str) -> str:
    """Return a string literal of MLIR."""
    escaped = []
    for character in text:
        if character in '"\\':
            escaped.append(f"\\{character}")
        elif character.isprintable():
            escaped.append(character)
        else:
            escaped += (f"\\{byte:02X}" for byte in character.encode())
    return f'"{"".join(escaped)}"'


def comment_lines(text: str) -> list[str]:
    """Return the lines of a comment; none for no text."""
    return [f"// {line}".rstrip() for line in text.splitlines()]


def ruler(title: str) -> str:
    """Return the heading of a section."""
    line = f"//===----{'-' * 62}----===//"
    return f"{line}\n// {title}\n{line}"


def number(value: float) -> str:
    """Return a floating-point literal that reads back as the same number."""
    text = repr(float(value))
    mantissa, _, exponent = text.partition("e")
    mantissa = mantissa if "." in mantissa else f"{mantissa}.0"
    return f"{mantissa}e{int(exponent):+03d}" if exponent else mantissa


_COLUMNS = 100


def wrap_operation(line: str, indent: str) -> list[str]:
    """Return the lines of an operation that is too long for one: its types stand on a line of their
    own.
    """
    if len(line) <= _COLUMNS:
        return [line]
    depth = 0
    for place, character in enumerate(line):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0 and line.startswith(" : ", place):
            types = f"{indent}    {line[place + 1 :]}"
            return [line[:place], *_wrap_types(types, indent)]
    return [line]


def _wrap_types(line: str, indent: str) -> list[str]:
    place = line.rfind(" -> ")
    if len(line) <= _COLUMNS or place < 0:
        return [line]
    return [line[:place], f"{indent}    {line[place + 1 :]}"]
