"""What the tests of compiled models share: compile a description, run it, compare."""

import os
import subprocess
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("PERCEIVER_BUILD", ROOT / "build"))
MODELS = ROOT / "python" / "models"
GOLDEN = ROOT / "test" / "Execution" / "golden"

TOLERANCE = 1e-5
"""Of compiled float32 code against the float64 reference, relative L2 of a batch row."""


def tool(name, *arguments):
    """Run a tool of the build and return what it prints; its diagnostics on failure."""
    command = [str(BUILD / "bin" / name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def compile_model(description, weights, model, *options):
    """Compile a description to `model` with weights from a file, or from a dictionary."""
    if isinstance(weights, dict):
        checkpoint = model.with_suffix(".safetensors")
        save_file(
            {name: np.ascontiguousarray(value, np.float32) for name, value in weights.items()},
            checkpoint,
        )
        weights = checkpoint
    tool("perceiver-compile", description, f"--weights={weights}", "-o", model, *options)
    return model


def run_with(options, model, inputs, directory, entry="run"):
    """Run an entry on arrays by name and return the results by name."""
    save_file(inputs, directory / "in.safetensors")
    tool(
        "perceiver-run",
        model,
        f"--entry={entry}",
        f"--input={directory / 'in.safetensors'}",
        f"--output={directory / 'out.safetensors'}",
        "--poison-outputs",
        *options,
    )
    return load_file(directory / "out.safetensors")


def run(model, inputs, directory, threads=1, entry="run"):
    """Run an entry on this processor."""
    return run_with([f"--threads={threads}"], model, inputs, directory, entry)


def run_emulated(model, inputs, directory, entry="run", words="", options=()):
    """Run an entry on the emulated device, which has nothing to find."""
    device = ["--device=emulated", *([f"--emulator={words}"] if words else []), *options]
    return run_with(device, model, inputs, directory, entry)


def check_rewritten(model, inputs, expected, directory, entries):
    """Hold one of two entries, of which the first is rewritten, to 3 times the error of the other,
    or 1e-6: relative L2 of the array `result`, `expected` in float64.
    """
    results = [run(model, inputs, directory, entry=entry)["result"] for entry in entries]
    rewritten, whole = (np.linalg.norm(each - expected) for each in results)
    scale = np.linalg.norm(expected)
    assert rewritten <= max(3 * whole, 1e-6 * scale), (rewritten / scale, whole / scale)


def check_bits(model, inputs, directory, entry, *, shared=()):
    """Compare the array `result` with that of other numbers of threads, and each row of the batch
    with the row alone; inputs that are `shared` have no batch.
    """
    whole = run(model, inputs, directory, entry=entry)["result"]
    for threads in (2, 3, 16):
        some = run(model, inputs, directory, threads, entry)["result"]
        np.testing.assert_array_equal(some, whole)
    for row in range(len(whole)):
        one = {
            name: value if name in shared else value[row : row + 1]
            for name, value in inputs.items()
        }
        alone = run(model, one, directory, entry=entry)["result"]
        np.testing.assert_array_equal(alone[0], whole[row])
