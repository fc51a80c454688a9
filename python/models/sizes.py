"""Other sizes for the committed descriptions."""

import re
from collections.abc import Mapping


def with_sizes(text: str, sizes: Mapping[str, str]) -> str:
    """Replace whole numbers, all at once, so that no new size is taken for an old one."""
    keys = "|".join(map(re.escape, sorted(sizes, key=len, reverse=True)))
    return re.sub(rf"(?<!\d)(?:{keys})(?!\d)", lambda match: sizes[match[0]], text)
