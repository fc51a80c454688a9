"""The hand-written descriptions name exactly the tensors of the checkpoints that they are for."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_golden_vectors import FOURIER, IO, LUCIDRAINS

import reference as r
from models.digits import reference as digits

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "test" / "Execution" / "golden"
MODELS = ROOT / "python" / "models"

SEED = r.LucidrainsConfig()

PARAMETER = re.compile(
    r'perceiver\.parameter @(?P<symbol>\S+) : tensor<(?P<type>[\dx]+)xf32> key "(?P<key>[^"]+)"'
    r"(?: aliases \[(?P<aliases>[^]]+)\])?(?: count (?P<count>\d+))?"
    r"(?: slice \[(?P<slice>[^]]+)\])?(?: of \[(?P<of>[^]]+)\])?(?P<transpose> transpose)?"
    r"(?= perceiver| func| //|$)"
)


def find_parameters(path):
    """Return a match of PARAMETER for each parameter of a description."""
    lines = (line for line in path.read_text().splitlines() if not line.startswith("//"))
    text = " ".join(" ".join(lines).split())
    found = list(PARAMETER.finditer(text))
    assert len(found) == text.count("perceiver.parameter @")
    return found


def read_names(match):
    """Return the names of a parameter's tensor, with {} for the number of a layer."""
    return [match["key"], *re.findall(r'"([^"]+)"', match["aliases"] or "")]


def read_parameters(path):
    """Yield (names, checkpoint's shape, slices) of each tensor that a description reads."""
    for match in find_parameters(path):
        shape = [int(size) for size in match["type"].split("x")]
        shape = shape[::-1] if match["transpose"] else shape
        slices = tuple(slice(0, size) for size in shape)
        if match["of"]:
            shape = [int(size) for size in match["of"].split(",")]
        if match["slice"]:
            ranges = (part.split(":") for part in match["slice"].split(","))
            slices = tuple(slice(int(first), int(last)) for first, last in ranges)
        names = read_names(match)
        for member in range(int(match["count"] or 1)):
            yield [name.replace("{}", str(member)) for name in names], tuple(shape), slices


@pytest.mark.parametrize(
    ("path", "shapes"),
    [
        (
            MODELS / "perceiver_io_imagenet_fourier" / "perceiver_io_imagenet_fourier.mlir",
            r.parameter_shapes(r.RELEASED["image_classification_fourier"]),
        ),
        (
            MODELS / "perceiver_lucidrains" / "perceiver_lucidrains.mlir",
            r.perceiver_shapes(SEED),
        ),
        (
            MODELS / "perceiver_lucidrains" / "perceiver_lucidrains_tied.mlir",
            r.perceiver_shapes(SEED),
        ),
        (MODELS / "digits" / "digits.mlir", digits.parameter_shapes()),
        (GOLDEN / "v3_fourier.mlir", r.parameter_shapes(FOURIER)),
        (
            GOLDEN / "v5_perceiver_io.mlir",
            r.perceiver_io_shapes(replace(IO, decoder_ff=True)),
        ),
        (GOLDEN / "v5_perceiver_io_masked.mlir", r.perceiver_io_shapes(IO)),
        (GOLDEN / "v6_perceiver.mlir", r.perceiver_shapes(LUCIDRAINS)),
        (GOLDEN / "v6_perceiver_tied.mlir", r.perceiver_shapes(LUCIDRAINS)),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else "",
)
def test_names_and_shapes(path, shapes):
    """Every element of every tensor is read, under every one of its names, exactly once."""
    reads = {name: np.zeros(shape, np.int8) for name, shape in shapes.items()}
    for names, shape, slices in read_parameters(path):
        for name in names:
            assert shapes[name] == shape, name
            reads[name][slices] += 1
    assert [name for name, count in reads.items() if (count != 1).any()] == []


@pytest.mark.parametrize(
    "path", [*MODELS.glob("*/*.mlir"), *GOLDEN.glob("*.mlir")], ids=lambda path: path.stem
)
def test_biases_are_those_of_their_weights(path):
    """No output shows a key bias, so nothing else would find that of another layer."""
    names = {match["symbol"]: read_names(match) for match in find_parameters(path)}
    biases = [symbol for symbol in names if symbol.endswith(".bias")]
    for symbol in biases:
        weights = names[symbol.removesuffix("bias") + "weight"]
        assert names[symbol] == [name.removesuffix("weight") + "bias" for name in weights]
    assert biases


@pytest.mark.parametrize(
    ("path", "config"),
    [
        (MODELS / "perceiver_lucidrains" / "perceiver_lucidrains_tied.mlir", SEED),
        (GOLDEN / "v6_perceiver_tied.mlir", LUCIDRAINS),
    ],
    ids=["seed", "v6"],
)
def test_tied_names(path, config):
    """The names of one tensor are those that the original ties."""
    groups = {tuple(names) for names, _, _ in read_parameters(path) if len(names) > 1}
    tied = r.tied_groups(replace(config, weight_tie_layers=True))
    assert groups == {tuple(group) for group in tied}
