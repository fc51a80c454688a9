"""Check that a test expects each error of the dialects' verifiers and parsers.

These are test/Dialect and, for operations of other dialects, test/Unit/ExtraDialectTest.cpp.
"""

import re
import sys
from pathlib import Path

EMIT = re.compile(r"\bemit(?:Op)?Error\s*\(")
JOINED = re.compile(r'"\s*(?:<<)?\s*"')
# Of `x ? "a" : "b"` either may be in a test.
CHOICE = re.compile(r'\?\s*"(?:[^"\\]|\\.)*"\s*:\s*"(?:[^"\\]|\\.)*"')
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
EXPECTED = re.compile(r"expected-(?:error|warning|note|remark)\b.*?\{\{(.*)\}\}")


def messages(file):
    """The literal parts of each message, with the line where it is emitted."""
    text = file.read_text()
    for match in EMIT.finditer(text):
        statement = CHOICE.sub(
            "", JOINED.sub("", text[match.start() : text.find(";", match.start())])
        )
        parts = [part for part in LITERAL.findall(statement) if part.strip()]
        if parts:
            yield text[: match.start()].count("\n") + 1, parts


def main(root):
    expected = []
    for test in sorted((root / "test" / "Dialect").rglob("*.mlir")):
        expected += EXPECTED.findall(test.read_text())
    # Those that only operations of other dialects bring about.
    extra = root / "test" / "Unit" / "ExtraDialectTest.cpp"
    if extra.is_file():
        expected += LITERAL.findall(JOINED.sub("", extra.read_text()))
    count, errors = 0, []
    for file in sorted((root / "dialect").rglob("*.cpp")):
        for line, parts in messages(file):
            count += 1
            pattern = re.compile(".*".join(re.escape(part) for part in parts))
            if not any(pattern.search(text) for text in expected):
                errors.append(
                    f'{file.relative_to(root)}:{line}: no test expects "{" .. ".join(parts)}"'
                )
    print(*errors, f"{count} messages, {len(errors)} without a test", sep="\n")
    return 1 if errors or not count else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
