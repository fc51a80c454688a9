#!/usr/bin/env python3
"""Write systems of the papers that never had a checkpoint, with seeded weights.

    .venv/bin/python python/models/papers.py perceiver-imagenet-fourier --small -o model.mlir \\
        --weights w.safetensors --golden golden.safetensors
    .venv/bin/python python/models/papers.py --list

The top of each description says what the papers leave open. Every number of weights and inputs
follows from its tensor's name (reference/deterministic.py), so the same command gives the same
files anywhere.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

import reference  # noqa: E402, F401

# isort: split
from paper_systems import SYSTEMS, System, get_system  # noqa: E402
from safetensors.numpy import save_file  # noqa: E402

from command_line import Parser, run_command  # noqa: E402


def list_systems() -> list[str]:
    """Return a table of the systems at the papers' sizes."""
    columns = ("name", "rows", "latents", "parameters", "GFLOP")
    lines = ["{:30} {:>13} {:>11} {:>12} {:>7}".format(*columns)]
    for name in SYSTEMS:
        system = get_system(name)
        rows = " x ".join(map(str, system.rows))
        latents = f"{system.latents.number} x {system.latents.channels}"
        flops = f"{system.flops / 1e9:.2f}"
        lines.append(f"{name:30} {rows:>13} {latents:>11} {system.parameters:>12,} {flops:>7}")
    return lines


def write_inputs(system: System, batch: int, inputs: Path | None, golden: Path | None) -> None:
    """Write inputs, and inputs with their results in float64."""
    arrays = system.make_inputs(batch)
    if inputs is not None:
        save_file(arrays, inputs)
    if golden is not None:
        save_file(arrays | system.evaluate(arrays, system.make_weights()), golden)
        print(f"{golden}: inputs and results of a batch of {batch}")


def main(arguments: list[str] | None = None) -> None:
    """Write the files of a system, or list all."""
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument("name", metavar="NAME", nargs="?", help="a system, of those of --list")
    parser.add_argument("--list", action="store_true", help="print names and sizes of all systems")
    parser.add_argument("-o", dest="output", type=Path, help="write the description here")
    parser.add_argument("--weights", type=Path, help="write the weights here (.safetensors)")
    parser.add_argument("--small", action="store_true", help="of reduced size")
    parser.add_argument("--static", action="store_true", help="for images of that size alone")
    parser.add_argument("--golden", type=Path, help="write inputs and their results here, float64")
    parser.add_argument("--inputs", type=Path, help="write the inputs alone here")
    parser.add_argument("--batch", type=int, default=1, help="how many inputs these files have")
    given = parser.parse_args(arguments)
    if given.list:
        print("\n".join(list_systems()))
        return
    if given.name not in SYSTEMS:
        parser.error(f"expected a name among {', '.join(SYSTEMS)}, but got {given.name}")
    files = (given.output, given.weights, given.inputs, given.golden)
    if not any(files):
        parser.error("expected -o, --weights, --inputs or --golden")
    if given.batch < 1:
        parser.error(f"expected a batch of at least 1, but got {given.batch}")
    try:
        system = get_system(given.name, small=given.small, static=given.static)
    except ValueError as error:
        parser.error(str(error))
    if given.output:
        given.output.write_text(str(system.model))
        entries = ", ".join(entry.name for entry in system.model.entries)
        print(f"{given.output}: {system.parameters:,} parameters, entries {entries}")
    if given.weights:
        save_file(system.make_weights(), given.weights, metadata={"format": "pt"})
    if given.inputs or given.golden:
        write_inputs(system, given.batch, given.inputs, given.golden)


if __name__ == "__main__":
    run_command(main)
