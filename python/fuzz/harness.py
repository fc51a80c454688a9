"""Compile a model, run it in several ways, and compare what comes out."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from perceiver_compiler.builder import (
    DTYPES,
    INDEX,
    Argument,
    Function,
    Mask,
    compare_sizes,
    evaluate_size,
)
from safetensors.numpy import load_file, save_file

from reference import relative_errors

from .model import RandomModel

# A sentence of a model's log, "model.mlir:7: fold-norms: norm folded (..)" or "..: reason", without
# its place and what comes after the rewrite and what it did.
_REWRITE = re.compile(r"(?:[^ ]*:\d+: )?([\w-]+: [^(:]*[^(: ])")
# Relative L2 distance of a batch row from the reference that is always allowed.
TOLERANCE = 1e-5
# Some random models are ill-conditioned: softmax of large scores, norms of nearly equal channels.
# How far float32 has to be off shows when each stored result of the reference is rounded to it, at
# random, a few times. Compiled code rounds within its sums as well, and in what it folds; where
# rounding shows at all, it was seen to be off by up to 8 times as much.
NOISE_RUNS = 4
NOISE_FACTOR = 16.0
# Being within more than this says nothing of a model: such an entry is ill-conditioned.
MOST_TOLERANCE = 1e-3
# A row that cancels to nearly nothing is compared as if its elements were this large.
LEAST_MAGNITUDE = 1e-3


@dataclass(frozen=True)
class Device:
    """Where models run: options of the compiler, of which each model gets one, and of runs."""

    targets: tuple[str, ...]
    #: Of a run, with `threads` of them, all of which have to give the same bits.
    options: tuple[str, ...]
    #: Of a run with more than one.
    more_options: tuple[str, ...] = ()

    def run_options(self, threads: int) -> list[str]:
        """Return the options of a run."""
        options = self.options + (self.more_options if threads > 1 else ())
        return [option.format(threads=threads) for option in options]


DEVICES = {
    "cpu": Device(("--target-cpu=native", "--target-cpu=x86-64-v3"), ("--threads={threads}",)),
    # Blocks and warps in another order for each number.
    "emulated": Device(
        ("--target=cuda --cuda-arch=80",),
        ("--device=emulated", "--emulator=seed={threads} threads={threads}"),
        ("--separate-buffers",),
    ),
}


class Failure(Exception):
    """A model that does not compile, does not run, or gives wrong numbers."""


@dataclass(frozen=True)
class Tools:
    """The build whose tools are used."""

    build: Path

    def run(self, name: str, *arguments: object, timeout: int = 120) -> str:
        """Run a tool; return what it prints. Failure with what it says if it does not succeed, or
        warns.
        """
        command = [str(self.build / "bin" / name), *map(str, arguments)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
        except subprocess.TimeoutExpired:
            raise Failure(f"{' '.join(command)}\nexpected an end within {timeout} s") from None
        if done.returncode or "warning" in done.stderr:
            text = f"{done.stdout}{done.stderr}"[:4000]
            raise Failure(f"{' '.join(command)}\nexit status {done.returncode}\n{text}")
        return done.stdout


def random_sizes(model: RandomModel, values: np.random.Generator) -> dict[str, int]:
    """Return a number for each size that the caller chooses."""
    arguments = [argument for function in model.functions for argument in function.arguments]
    names = {name for a in arguments for name in a.value.type.names if name.isidentifier()}
    numbers = {argument.name for argument in arguments if argument.value.type == INDEX}
    sizes = {
        name: int(values.integers(1, model.largest[name] + 1))
        for name in sorted(names - model.bound - set(model.follows))
    }
    if not model.bound:
        return sizes
    # Others are as they would be without these, so that seeds keep what they drew before.
    tries = values.spawn(1)[0]
    while True:
        for name in sorted(model.bound):
            least = 0 if name in numbers else 1
            sizes[name] = int(tries.integers(least, model.largest[name] + 1))
        for name, size in model.follows.items():
            sizes[name] = evaluate_size(size, sizes)
        if all(compare_sizes(*condition, sizes) for condition in model.conditions):
            return sizes


def random_inputs(
    model: RandomModel, entry: Function, sizes: dict[str, int], values: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return arrays for an entry's arguments. Keys that are masked may be NaN or infinite."""
    inputs = {}
    for argument in entry.arguments:
        if argument.value.type == INDEX:
            inputs[argument.name] = sizes[argument.name]
            continue
        if argument.optional and values.random() < 0.3:
            continue
        shape = argument.value.type.sizes(sizes)
        match argument.value.type.element:
            case "i1":
                shares = values.choice([0.0, 0.1, 0.5, 0.9, 1.0], size=(shape[0], 1))
                array = values.random(shape) < shares
            case element if argument.name in model.largest:
                most = model.largest[argument.name]
                most = sizes[most] if isinstance(most, str) else most
                array = values.integers(0, most + 1, shape).astype(DTYPES[element])
            case _:
                array = values.standard_normal(shape).astype(np.float32)
        inputs[argument.name] = array
    for name, mask in model.masks.items():
        if name in inputs and values.random() < 0.5:
            poison = values.choice([np.nan, np.inf, -np.inf])
            inputs[name][~_rows_that_count(inputs, inputs[name].shape[:2], mask)] = poison
    return inputs


def _rows_that_count(
    inputs: dict[str, np.ndarray], shape: tuple[int, int], mask: Mask
) -> np.ndarray:
    taken = np.ones(shape, bool)
    if mask.lengths:
        taken &= np.arange(shape[1]) < inputs[mask.lengths.name[1:]][:, None]
    if mask.mask:
        taken &= inputs[mask.mask.name[1:]]
    if mask.uniform:
        # Without any key, a row averages all values as they are.
        taken |= ~taken.any(axis=1, keepdims=True)
    return taken


@dataclass(frozen=True)
class Case:
    """A model in a folder: model.mlir, weights.safetensors, and model.so once it is compiled."""

    model: RandomModel
    folder: Path
    tools: Tools
    device: Device

    def compile(self, target: str) -> None:
        """Write the description and the weights, and compile them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "model.mlir").write_text(str(self.model))
        weights = self.model.weights
        save_file(weights, self.folder / "weights.safetensors")
        self.tools.run(
            "perceiver-compile",
            self.folder / "model.mlir",
            f"--weights={self.folder / 'weights.safetensors'}",
            *target.split(),
            "-o",
            self.folder / "model.so",
        )

    def run(self, entry: Function, inputs: dict, threads: int) -> dict:
        """Return the results of an entry by name."""
        numbers = {a.name: inputs[a.name] for a in entry.arguments if a.value.type == INDEX}
        arrays = {name: array for name, array in inputs.items() if name not in numbers}
        save_file(arrays, self.folder / "in.safetensors")
        self.tools.run(
            "perceiver-run",
            self.folder / "model.so",
            f"--entry={entry.name}",
            *(f"--size={name}={number}" for name, number in numbers.items()),
            *self.device.run_options(threads),
            f"--input={self.folder / 'in.safetensors'}",
            f"--output={self.folder / 'out.safetensors'}",
            "--poison-outputs",
        )
        return load_file(self.folder / "out.safetensors")

    def check_entry(self, entry: Function, values: np.random.Generator) -> float | None:
        """Run an entry for random sizes on one thread, on several, and one batch row alone.
        Return the largest error, as a part of what is tolerated; None if it is ill-conditioned.
        """
        sizes = random_sizes(self.model, values)
        inputs = random_inputs(self.model, entry, sizes, values)
        threads = int(values.integers(2, 5))
        actual = self.run(entry, inputs, threads=1)
        worst = self._compare(entry, sizes, inputs, actual)
        again = self.run(entry, inputs, threads)
        _expect_equal(f"entry {entry.name}, {sizes}: 1 and {threads} threads", actual, again)
        if sizes.get("batch", 1) > 1:
            row = int(values.integers(sizes["batch"]))
            given = [argument for argument in entry.arguments if argument.name in inputs]
            alone = {a.name: _take_row(a, inputs[a.name], row) for a in given}
            again = self.run(entry, alone, threads)
            expected = {a.name: _take_row(a, actual[a.name], row) for a in entry.results}
            _expect_equal(f"entry {entry.name}, {sizes}: row {row} alone", expected, again)
        return worst

    def _compare(
        self, entry: Function, sizes: dict[str, int], inputs: dict, actual: dict
    ) -> float | None:
        expected = self.model.compute(entry, inputs)
        rounding = np.random.default_rng(0)
        rounded = [self.model.compute(entry, inputs, rounding) for _ in range(NOISE_RUNS)]
        if any(_overflows(expected, run) for run in rounded):
            return None
        worst, is_ill_conditioned = 0.0, False
        for name, array in expected.items():
            if actual[name].shape != array.shape:
                raise Failure(
                    f"entry {entry.name}, {sizes}: expected {name} of shape {array.shape}, "
                    f"but got {actual[name].shape}"
                )
            noise = np.max([_errors(run[name], array) for run in rounded], axis=0)
            tolerance = np.maximum(TOLERANCE, NOISE_FACTOR * noise)
            ratio = _errors(actual[name], array) / tolerance
            if not np.all(ratio <= 1.0):
                raise Failure(
                    f"entry {entry.name}, {sizes}: expected {name} within {tolerance} of the "
                    f"reference, but got errors of {ratio * tolerance}"
                )
            worst = max(worst, float(ratio.max()))
            is_ill_conditioned |= bool(np.any(tolerance > MOST_TOLERANCE))
        return None if is_ill_conditioned else worst


def _overflows(exact: dict[str, np.ndarray], rounded: dict[str, np.ndarray]) -> bool:
    """Is a result finite that no longer is if everything is rounded to float32?"""
    return any(
        np.isfinite(array).all() and not np.isfinite(rounded[name]).all()
        for name, array in exact.items()
    )


def _errors(actual: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return relative_errors(actual, expected, LEAST_MAGNITUDE)


def _take_row(argument: Argument, array: np.ndarray, row: int) -> np.ndarray:
    return array[row : row + 1] if argument.value.type.shape[:1] == ("batch",) else array


def _expect_equal(what: str, one: dict, other: dict) -> None:
    for name, array in one.items():
        if not np.array_equal(array, other[name], equal_nan=True):
            count = int(np.sum(array != other[name]))
            raise Failure(f"{what}: expected equal bits of {name}, but {count} differ")


def read_rewrites(folder: Path, tools: Tools) -> set[str]:
    """Return what rewrites did with the model that `check` compiled in `folder`, and what they left
    alone, as "fold-norms: norm folded".
    """
    log = json.loads(tools.run("perceiver-inspect", "--json", folder / "model.so"))["fusion_log"]
    return {_REWRITE.match(sentence)[1] for sentence in log}


def check(
    model: RandomModel, seed: int, folder: Path, tools: Tools, device: str = "cpu"
) -> list[float | None]:
    """Compile a model for one of a device's targets and check all of its entries. Return the
    largest error of each, as a part of what is tolerated, or None where it is ill-conditioned;
    Failure tells what is wrong.
    """
    values = np.random.default_rng(seed + 1)
    case = Case(model, folder, tools, DEVICES[device])
    targets = case.device.targets
    case.compile(targets[int(values.integers(len(targets)))])
    return [case.check_entry(entry, values) for entry in model.entries]
