"""The package with a model for CUDA devices, on the emulated one."""

import numpy as np
import perceiver_compiler as pc
import pytest
from compiled import BUILD

# "run" doubles numbers, "broken" reads one beyond them (test/Tools/Inputs/doubler).
DOUBLER = BUILD / "test" / "Tools" / "models" / "doubler.so"
X = np.arange(5, dtype=np.float32)


def test_runs_on_the_emulated_device():
    model = pc.load(DOUBLER, device="emulated")
    assert model.device == "emulated" and model.pool is None
    np.testing.assert_array_equal(model.run(x=X)["y"], 2 * X)
    assert model.run.workspace_size(n=5) == 0
    assert [kernel["name"] for kernel in model.metadata["kernels"]] == ["doubled", "beyond"]


def test_findings_are_an_error_of_the_run():
    model = pc.load(DOUBLER, device="emulated")
    with pytest.raises(pc.ModelError, match="has 1 finding:\nout-of-bounds kernel=beyond line=37"):
        model.broken(x=X)
    np.testing.assert_array_equal(model.run(x=X)["y"], 2 * X)


def test_what_does_not_fit():
    with pytest.raises(pc.InputError, match="device: expected cpu, cuda, cuda:N or emulated, but"):
        pc.load(DOUBLER, device="gpu")
    with pytest.raises(pc.ModelError, match="the model is for CUDA devices, and cannot run on 'c"):
        pc.load(DOUBLER, device="cpu")
    with pytest.raises(pc.InputError, match="a model on 'emulated' has no threads of the CPU"):
        pc.load(DOUBLER, device="emulated", threads=2)
    with pytest.raises(pc.ModelError, match='; device="emulated" runs it on an emulated device'):
        pc.load(DOUBLER, device="cuda:99")
