"""Check that what installed headers include of this project is installed, too."""

import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'^\s*#?\s*include\s*"((?:dialect|lib)/[^"]+)"', re.MULTILINE)

root = Path(sys.argv[1])
headers = [file for file in root.rglob("*") if file.suffix in (".h", ".td")]
missing = [
    f"{header.relative_to(root)}: {name} is not installed"
    for header in headers
    for name in INCLUDE.findall(header.read_text())
    if not (root / name).is_file()
]
print(*missing, sep="\n")
sys.exit(1 if missing or len(headers) < 50 else 0)
