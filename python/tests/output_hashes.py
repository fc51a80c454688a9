#!/usr/bin/env python3
"""Compute SHA-256 of what compiled models return, and keep tables of it in hashes/.

A table has a row "HASH TARGET NAME" for each output, by target and name. Inputs and weights follow
from integers or seeds, and code for a target gives the same bits on every processor that runs it.
A change that is meant to change bits writes the tables again, and its commit says why:

    .venv/bin/python python/tests/output_hashes.py --write

On a machine that cannot run a target, that target's rows stay as they are.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np

sys.path.extend(str(Path(__file__).resolve().parents[1] / folder) for folder in ("", "models"))

import random_weights
from compiled import MODELS, compile_model, run

from command_line import Parser, run_command

TABLES = Path(__file__).with_name("hashes")
# What the levels of x86-64 need, as Linux names it.
TARGETS = {
    "x86-64-v3": {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"},
    "x86-64-v4": {"avx2", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
}
FULL_SIZE = ("perceiver_io_imagenet_fourier", "perceiver_lucidrains")

Rows = dict[tuple[str, str], str]
"""Hashes by target and name."""


def can_run(target: str) -> bool:
    """Whether this machine has the instructions of a target."""
    flags = re.search(r"^flags\s*:(.*)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return flags is not None and TARGETS[target] <= set(flags[1].split())


def _rows(target: str, name: str, outputs: dict[str, np.ndarray]) -> Rows:
    return {
        (target, f"{name}, '{output}'"): sha256(array.tobytes()).hexdigest()
        for output, array in outputs.items()
    }


def _in_parallel(function, items: Iterable) -> Rows:
    """The rows that `function` returns for each item, with a process per processor at work."""
    rows: Rows = {}
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for found in pool.map(function, items):
            rows |= found
    return rows


def model_hashes(target: str, folder: Path) -> Rows:
    """All entries of the models in python/models."""
    return _in_parallel(
        lambda name: _model_rows(name, target, folder / name), (*FULL_SIZE, "digits")
    )


def _model_rows(name: str, target: str, folder: Path) -> Rows:
    folder.mkdir(parents=True)
    if name == "digits":
        weights = MODELS / name / "digits.safetensors"
        pixels = np.arange(3 * 8 * 8) * 7 % 17
        inputs = {"inputs": (pixels.reshape(3, 8, 8, 1) / 16).astype(np.float32)}
    else:
        generated = random_weights.get_model(name)
        weights = random_weights.make_weights(generated)
        inputs = random_weights.make_inputs(generated)
    description = MODELS / name / f"{name}.mlir"
    model = compile_model(description, weights, folder / f"{name}.so", f"--target-cpu={target}")
    rows = _rows(target, f"{name}: @run", run(model, inputs, folder, entry="run"))
    for entry in re.findall(r"func\.func @(encode|process|decode)\(", description.read_text()):
        inputs = run(model, inputs, folder, entry=entry)
        rows |= _rows(target, f"{name}: @{entry}", inputs)
    return rows


# Tables

COMPUTE = {"models": model_hashes}
"""How each table is computed: (target, an empty folder) -> its rows for this target."""


def read_table(name: str) -> Rows:
    """Return the rows of a table, for all targets."""
    path = TABLES / f"{name}.txt"
    rows: Rows = {}
    for line in path.read_text().splitlines() if path.exists() else []:
        digest, target, output = line.split(" ", 2)
        rows[target, output] = digest
    return rows


def write_table(name: str, rows: Rows) -> None:
    """Write a table, by target and name."""
    lines = (f"{rows[key]} {' '.join(key)}\n" for key in sorted(rows))
    (TABLES / f"{name}.txt").write_text("".join(lines))


def compare(expected: Rows, actual: Rows) -> list[str]:
    """Return a line for each row that is not the same in both."""
    lines = []
    for key in sorted(expected.keys() | actual.keys()):
        if key not in actual:
            lines.append(f"gone: {' '.join(key)}")
        elif key not in expected:
            lines.append(f"new: {' '.join(key)}")
        elif expected[key] != actual[key]:
            lines.append(f"changed: {' '.join(key)}")
    return lines


def main() -> None:
    """Compare the tables, and write them if asked to; exit status 1 if they differ and stay."""
    parser = Parser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write what differs into the tables")
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"of {', '.join(COMPUTE)}")
    arguments = parser.parse_args()
    is_same = True
    for name in arguments.tables or COMPUTE:
        if name not in COMPUTE:
            parser.error(f"expected a table among {', '.join(COMPUTE)}, but got '{name}'")
        rows = read_table(name)
        for target in TARGETS:
            if not can_run(target):
                print(f"{name}: this machine cannot run {target}")
                continue
            known = {key: digest for key, digest in rows.items() if key[0] == target}
            with tempfile.TemporaryDirectory(prefix="perceiver-hashes-") as folder:
                found = COMPUTE[name](target, Path(folder))
            for line in compare(known, found):
                is_same = False
                print(f"{name}: {line}")
            rows = {key: digest for key, digest in rows.items() if key[0] != target} | found
        if arguments.write:
            write_table(name, rows)
    sys.exit(0 if is_same or arguments.write else 1)


if __name__ == "__main__":
    run_command(main)
