"""Check that the files and folders that README.md and those of folders name exist."""

import re
import sys
from pathlib import Path

PATH = re.compile(r"(?<![\w./-])(?:dialect|lib|tools|test|python)/[\w*./-]*")
# The pass that a reader adds, and what a section of that name announces.
NEW = re.compile(r"MergeNorms|merge-norms")
LATER = "## Not there yet"
TOPS = ("dialect", "lib", "python", "test", "tools")


def main(root):
    files = [root / "README.md", *(root / top / "README.md" for top in TOPS)]
    errors = []
    for file in files:
        text = file.read_text().partition(LATER)[0]
        names = sorted({match.rstrip(".") for match in PATH.findall(text) if not NEW.search(match)})
        if not names:
            errors.append(f"{file.relative_to(root)}: names no file")
        for name in names:
            if not any(root.glob(name)):
                errors.append(f"{file.relative_to(root)}: {name} does not exist")
    print(*errors, sep="\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
