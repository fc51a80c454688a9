"""Make the packages and scripts of this checkout importable without installing anything."""

import sys
from pathlib import Path

_PYTHON = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_PYTHON), str(_PYTHON / "models")]
