"""Check that the files and folders that README.md names exist."""

import re
import sys
from pathlib import Path

PATH = re.compile(r"(?<![\w./-])(?:dialect|lib|tools|test|python)/[\w*./-]*")
# The pass that a reader adds, and what a section of that name announces.
NEW = re.compile(r"MergeNorms|merge-norms")
LATER = "## Not there yet"


def main(root):
    text = (root / "README.md").read_text().partition(LATER)[0]
    names = sorted({match.rstrip(".") for match in PATH.findall(text) if not NEW.search(match)})
    missing = [name for name in names if not any(root.glob(name))]
    print(*(f"README.md: {name} does not exist" for name in missing), sep="\n")
    return 1 if missing or not names else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
