"""Make the packages and scripts of this checkout importable without installing anything, and
let programs find NVIDIA's assembler.

Tests that take minutes have the mark `slow` and run with --slow alone: `python3 -m pytest --slow -m
slow python/tests`.
"""

import os
import sys
import sysconfig
from pathlib import Path

_PYTHON = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_PYTHON / "src"), str(_PYTHON), str(_PYTHON / "models")]
_CUDA = Path(sysconfig.get_path("purelib"), "nvidia", "cu13")
os.environ["PATH"] = os.pathsep.join([str(_CUDA / "bin"), os.environ["PATH"]])


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="run the tests that take minutes, too")


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes minutes; runs with --slow alone")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--slow"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]
