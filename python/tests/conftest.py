"""Make the packages and scripts of this checkout importable without installing anything, and
let programs find NVIDIA's assembler.
"""

import os
import sys
import sysconfig
from pathlib import Path

_PYTHON = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_PYTHON), str(_PYTHON / "models")]
_CUDA = Path(sysconfig.get_path("purelib"), "nvidia", "cu13")
os.environ["PATH"] = os.pathsep.join([str(_CUDA / "bin"), os.environ["PATH"]])
