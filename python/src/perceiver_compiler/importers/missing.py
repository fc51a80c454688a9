"""What importers may write and this compiler does not have yet: one table, which shrinks."""

from __future__ import annotations

import re

#: What is missing, and how its text is recognised in a description. Who adds it to the compiler
#: deletes its line here.
MISSING: dict[str, str] = {}


def find_missing(text: str) -> list[str]:
    """Return what a description needs and the compiler lacks."""
    text = re.sub(r"\n +: ", " : ", text)  # types may stand on a line of their own
    return [name for name, pattern in MISSING.items() if re.search(pattern, text)]
