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


PROJECT = """
perceiver.parameter @head : tensor<8x5xf32> key "head"

func.func @run(%x: tensor<?x8xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x5xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %y = perceiver.project %x weight @head : tensor<?x8xf32> -> tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}
"""


def test_compiles_and_runs_on_the_emulated_device():
    rng = np.random.default_rng(0)
    head = rng.standard_normal((8, 5), np.float32)
    x = rng.standard_normal((3, 8), np.float32)
    model = pc.compile(
        PROJECT, {"head": head}, target="cuda", cuda_arch=[80, 90], device="emulated"
    )
    np.testing.assert_allclose(model.run(x=x)["y"], x @ head, rtol=1e-5, atol=1e-5)
    images = [(image["arch"], image["kind"]) for image in model.metadata["images"]]
    assert images == [(80, "cubin"), (90, "cubin"), (80, "ptx")]
    assert all(kernel["images"][0]["registers"] > 0 for kernel in model.metadata["kernels"])


def test_code_for_a_device():
    ptx = pc.lower(PROJECT, "ptx", target="cuda", cuda_arch=[80])
    assert ptx.count(".visible .entry") == 1
    with pytest.raises(pc.CompilerError, match="75"):
        pc.lower(PROJECT, "ptx", target="cuda", cuda_arch=[75])


@pytest.mark.parametrize("architectures", ["80,90", 80])
def test_architectures_are_numbers(architectures):
    with pytest.raises(pc.InputError, match="cuda_arch: expected numbers, as .80, 90., but got"):
        pc.lower(PROJECT, "ptx", target="cuda", cuda_arch=architectures)


@pytest.mark.parametrize("device", [0, 1, "", b"cpu"])
def test_devices_are_names(tmp_path, device):
    with pytest.raises(pc.InputError, match="device: expected cpu, cuda, cuda:N or emulated, but"):
        pc.load(tmp_path / "model.so", device=device)
