"""Check that the tests which sources name in their first comment ("Test: test/...") exist."""

import re
import sys
from pathlib import Path

NAMED = re.compile(r"\bTests?:((?:[\s/]|[\w./-]+,?|and)*)")
PATH = re.compile(r"test/[\w./-]+\w")


def main(root):
    names, errors = 0, []
    for top in ("dialect", "lib"):
        for file in sorted((root / top).rglob("*.*")):
            if file.suffix not in (".c", ".cpp", ".h", ".td"):
                continue
            for match in NAMED.finditer(file.read_text()):
                for name in PATH.findall(match.group(1)):
                    names += 1
                    if not (root / name).is_file():
                        errors.append(f"{file.relative_to(root)}: {name} does not exist")
    print(*errors, f"{names} tests named, {len(errors)} missing", sep="\n")
    return 1 if errors or not names else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
