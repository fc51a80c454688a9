"""What the tests of importers share: an imported model is saved, compiled and run."""

import numpy as np
import perceiver_compiler as pc
import pytest
from compiled import run, tool

import reference as r

TOLERANCE = 2e-5


def names_to_compile(names, quick):
    """Return the names as parameters of a test: all but the quick ones are slow."""
    assert set(quick) <= set(names)
    return [pytest.param(name, marks=[] if name in quick else [pytest.mark.slow]) for name in names]


def check_compiled(make, inputs, expected, directory):
    """Compile what `make()` imports, and compare the results of `run` with arrays: one, or several
    by name. Skip what needs operations that this compiler does not have.
    """
    try:
        description = make()
    except pc.CheckpointError as error:
        assert error.text.endswith("which this compiler does not have")
        pytest.skip(error.text)
    path = description.save(directory / "model.mlir")
    (weights,) = description.weights
    tool("perceiver-compile", path, f"--weights={weights}", "-o", directory / "model.so")
    given = {
        # Files hold rows one after the other, whatever the array's order.
        key: np.ascontiguousarray(array, np.float32 if array.dtype.kind == "f" else None)
        for key, array in inputs.items()
    }
    results = run(directory / "model.so", given, directory, threads=2)
    if not isinstance(expected, dict):
        expected = dict.fromkeys(results, expected)
    assert results.keys() == expected.keys()
    for key, array in expected.items():
        assert r.relative_errors(results[key], array).max() < TOLERANCE, key
