"""Whoever imports this imports the package perceiver_compiler of this checkout, before an installed
one. The native modules are those of the installed one.
"""

import sys
from pathlib import Path

_SOURCES = str(Path(__file__).resolve().parent / "src")
if _SOURCES not in sys.path:
    sys.path.insert(0, _SOURCES)
