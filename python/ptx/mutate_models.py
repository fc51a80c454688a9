#!/usr/bin/env python3
"""Put faults into the three models' kernels and plans, and report which of them are noticed.

    python3 python/ptx/mutate_models.py              # 1,000 of them, drawn by --seed
    python3 python/ptx/mutate_models.py --all        # 12,000, in 3 minutes

The models are those of models/ragged_models.py, the device is the emulated one, and what nobody can
notice is in equivalent.txt.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))

import ptx  # noqa: E402
from command_line import Parser, run_command  # noqa: E402
from models import ragged_models  # noqa: E402
from ptx.mutants import Mutant  # noqa: E402

BUILD = Path(os.environ.get("PERCEIVER_BUILD", ROOT / "build"))
SHARE = 0.95
"""Of the faults of an operator that have to be noticed."""

_EQUIVALENT = Path(__file__).with_name("equivalent.txt")
# Room for arrays, those of the largest batch among them.
_MEMORY_BYTES = 1 << 27


@dataclass(frozen=True)
class Equivalent:
    """Faults that change nothing, and why."""

    operator: str
    kernel: str
    instruction: str
    reason: str

    def describes(self, fault: ptx.Fault) -> bool:
        return (
            isinstance(fault, Mutant)
            and bool(re.fullmatch(self.operator, fault.operator))
            and bool(re.fullmatch(self.kernel, fault.kernel))
            and bool(re.fullmatch(self.instruction, fault.code))
        )


def read_equivalents(path: Path = _EQUIVALENT) -> list[Equivalent]:
    """Read lines of an operator, a kernel, an instruction and, behind a `#`, a reason."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return [
        Equivalent(*what.strip().split(maxsplit=2), reason.strip())
        for what, _, reason in (line.rpartition("#") for line in lines)
    ]


def _compile(model: ragged_models.RaggedModel, folder: Path) -> ptx.CompiledModel:
    description, weights = folder / "model.mlir", folder / "model.safetensors"
    description.write_text(model.description)
    save_file(model.weights, weights)
    command = [BUILD / "bin" / "perceiver-compile", description, "--target=cuda", "--cuda-arch=80"]
    # Nobody needs machine code, so that the assembler is not found.
    subprocess.run(
        [*command, f"--weights={weights}", "-o", folder / "model.so"],
        env=os.environ | {"PATH": "/usr/bin:/bin", "CUDA_HOME": ""},
        capture_output=True,
        check=True,
    )
    return ptx.CompiledModel(BUILD, folder / "model.so")


def _repeat_rows(arrays: Mapping[str, np.ndarray], batch: int, rows: int) -> dict[str, np.ndarray]:
    """Return arrays of so many rows, which are those of a batch in turn."""
    return {
        name: np.resize(values.reshape(batch, -1), (rows, values.size // batch))
        for name, values in arrays.items()
    }


@contextmanager
def open_survey(name: str) -> Iterator[tuple[ptx.ModelSurvey, float]]:
    """Have a model with all its entries run, and how far its outputs are from float64."""
    model = ragged_models.MODELS[name]()
    with TemporaryDirectory() as folder:
        compiled = _compile(model, Path(folder))
        library = BUILD / "lib" / "libperceiver_cuda_emulator.so"
        with ptx.open_model(library, compiled, _MEMORY_BYTES, "threads=1 steps=1000000") as on:
            survey = ptx.ModelSurvey(on)
            (batch,) = {len(values) for values in model.inputs.values()}
            logits = survey.add_run("run", [batch], model.inputs)["logits"]
            expected = model.run().reshape(-1)
            error = float(np.linalg.norm(logits - expected) / np.linalg.norm(expected))
            # From one entry to the next. The last, which has a row for each image, gets a batch of
            # which that is several tasks.
            state = dict(model.inputs)
            names = [entry["name"] for entry in compiled.description["entries"]]
            *steps, last = [entry for entry in names if entry != "run"]
            for entry in steps:
                state = survey.add_run(entry, [batch], state)
            rows = model.decoded_rows
            survey.add_run(last, [rows], _repeat_rows(state, batch, rows))
            yield survey, error


def main() -> int:
    """Exit status 1 if too few faults are noticed, or others than `equivalent.txt` says are not."""
    parser = Parser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", default=",".join(ragged_models.MODELS), help="which models")
    parser.add_argument("--count", type=int, default=1000, help="of faults (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="that draws them (default: 0)")
    parser.add_argument("--all", action="store_true", help="all faults, and check equivalent.txt")
    arguments = parser.parse_args()
    names = arguments.models.split(",")
    if unknown := [name for name in names if name not in ragged_models.MODELS]:
        parser.error(f"expected models of {', '.join(ragged_models.MODELS)}, but got {unknown[0]}")
    total = ptx.Report()
    for name in names:
        with open_survey(name) as (survey, error):
            faults = survey.faults()
            if not arguments.all:
                faults = ptx.choose_evenly(faults, arguments.count // len(names), arguments.seed)
            report = survey.report(faults, total)
        print(f"== {name}: relative error without a fault {error:.2g}\n{report}", flush=True)
    failed = any(total.share(operator) < SHARE for operator in total.killed)
    equivalents = read_equivalents()
    survivors = [fault for faults in total.survivors.values() for fault in faults]
    for fault in survivors:
        if not any(each.describes(fault) for each in equivalents):
            print(f"no reason is known why this survives: {fault}")
            failed = True
    if arguments.all and len(names) == len(ragged_models.MODELS):
        for each in equivalents:
            if not any(each.describes(fault) for fault in survivors):
                print(f"no fault survives for this reason: {each.reason}")
                failed = True
    return int(failed)


if __name__ == "__main__":
    run_command(main)
