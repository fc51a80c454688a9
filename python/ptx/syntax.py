"""Instructions in a PTX text, with their places in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

# With the component of a special one: %r1, %ctaid.x.
REGISTER = re.compile(r"%[\w$]+(?:\.\w+)?")
# [register or symbol + offset]
ADDRESS = re.compile(r"\[\s*([%\w$]+)\s*(?:\+\s*(-?\w+)\s*)?\]")

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_BLANK = re.compile(r"\s*")
_ENTRY = re.compile(r"\.entry\s+([\w$]+)")
# What a body is made of. A vector of operands has braces, too, but within an instruction.
_STATEMENT = re.compile(
    r"""
    \s*
    (?:
      (?P<scope>[{}])
    | (?P<label>[\w$]+)\s*:
    | \.(?:loc|file|section)[^\n]*
    | (?P<directive>\.[^;]*;)
    | (?:@(?P<guard>!?%?[\w$]+)\s+)?(?P<opcode>[\w.:]+)(?P<operands>[^;]*);
    )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Instruction:
    """An instruction of a kernel: `@guard opcode operands;`."""

    kernel: str
    # Of the text, with the semicolon.
    start: int
    end: int
    line: int
    # "%p1", "!%p1", or "".
    guard: str
    opcode: str
    operands: tuple[str, ...]
    # Where the operands begin in the text.
    operands_start: int

    @property
    def name(self) -> str:
        """The opcode without its modifiers."""
        return self.opcode.partition(".")[0]

    @property
    def modifiers(self) -> list[str]:
        return self.opcode.split(".")[1:]


def instructions(ptx: str) -> list[Instruction]:
    """Return the instructions of all kernels. ValueError if the text is cut short."""
    # Of the same length, so that places stay.
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), ptx)
    lines = [match.start() for match in re.finditer("\n", text)]
    found = []
    for entry in _ENTRY.finditer(text):
        found += _body(text, lines, entry[1], text.index("{", entry.end()))
    return found


def _body(text: str, lines: list[int], kernel: str, start: int) -> Iterator[Instruction]:
    """Yield the instructions between braces; `lines` are the places of line breaks."""
    depth, position = 0, start
    while True:
        match = _STATEMENT.match(text, position)
        if not match:
            line = bisect_left(lines, _BLANK.match(text, position).end()) + 1
            raise ValueError(f"line {line}: expected an instruction of {kernel}")
        position = match.end()
        if match["scope"]:
            depth += 1 if match["scope"] == "{" else -1
            if depth == 0:
                return
        if match["opcode"]:
            begin = match.start("guard") - 1 if match["guard"] else match.start("opcode")
            yield Instruction(
                kernel,
                begin,
                match.end(),
                bisect_left(lines, begin) + 1,
                match["guard"] or "",
                match["opcode"],
                tuple(_split(match["operands"])),
                match.start("operands"),
            )


def _split(operands: str) -> Iterator[str]:
    """Split at commas that are in no brackets."""
    depth, word = 0, ""
    for c in operands:
        depth += (c in "{[(") - (c in "}])")
        if c == "," and depth == 0:
            yield word.strip()
            word = ""
        else:
            word += c
    if word.strip():
        yield word.strip()
