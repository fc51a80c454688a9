"""The memory of compiled models: how close the plans of whole models are to the least possible
workspace, and what a run of a model touches and allocates.
"""

import shutil
import subprocess

import numpy as np
import pytest
from compiled import MODELS, ROOT, compile_model, tool
from memory_plans import evaluate, place, read_plans

FOLDERS = {
    "digits": "digits",
    "perceiver_io_imagenet_fourier": "perceiver_io_imagenet_fourier",
    "perceiver_lucidrains": "perceiver_lucidrains",
    "perceiver_lucidrains_tied": "perceiver_lucidrains",
}
ALIGNMENT = 64


# Plans


@pytest.mark.parametrize("name", FOLDERS)
def test_a_workspace_is_close_to_the_largest_sum_of_live_buffers(name, tmp_path):
    output = tmp_path / "vectorized.mlir"
    description = MODELS / FOLDERS[name] / f"{name}.mlir"
    tool("perceiver-compile", description, "--emit=vectorize", "-o", output)
    plans = read_plans(output.read_text())
    assert "run" in plans and all(plans.values())
    for plan in plans.values():
        for batch, workers in ((1, 1), (3, 2), (8, 16)):
            total, places = place(plan, [batch], workers)
            extents = []
            for (first, last, per_worker, code), (offset, _) in zip(plan, places):
                size = -(-evaluate(code, [batch]) // ALIGNMENT) * ALIGNMENT
                size *= workers if per_worker else 1
                assert offset % ALIGNMENT == 0
                assert offset + size <= total
                extents.append((first, last, offset, offset + size))
            sums = [
                sum(end - begin for first, last, begin, end in extents if first <= at <= last)
                for at in {first for first, *_ in extents}
            ]
            assert total <= 1.1 * max(sums)
            for index, (first, last, begin, end) in enumerate(extents):
                for other in extents[:index]:
                    together = first <= other[1] and other[0] <= last
                    assert not together or end <= other[2] or other[3] <= begin


# An attention of one head, in an encoder, to any number of rows.
ENCODER = """
perceiver.parameter @latents : tensor<512x32xf32> key "latents"
perceiver.parameter @query : tensor<32x{width}xf32> key "query"
perceiver.parameter @key : tensor<8x{width}xf32> key "key"
perceiver.parameter @value : tensor<8x{width}xf32> key "value"
perceiver.parameter @output : tensor<{width}x32xf32> key "output"

func.func @run(%x: tensor<?x?x8xf32> {{perceiver.name = "x", perceiver.sizes = ["batch", "rows"]}})
    -> (tensor<?x512x32xf32> {{perceiver.name = "y", perceiver.sizes = ["batch"]}})
    attributes {{perceiver.entry}} {{
  %latents = perceiver.get_parameter @latents : tensor<512x32xf32>
  %y = perceiver.encode %latents, %x heads = 1 qk_channels = {width} v_channels = {width} mlp = none
      weights {{query = [@query], key = [@key], value = [@value], output = [@output]}}
      : tensor<512x32xf32>, tensor<?x?x8xf32> -> tensor<?x512x32xf32>
  return %y : tensor<?x512x32xf32>
}}
"""


@pytest.mark.parametrize("width", [1, 7, 35, 261, 322])
def test_no_matrix_of_scores_is_stored(width, tmp_path):
    """Rows take no room, neither for scores nor for what parts of them leave for each query: the
    number of parts is limited.
    """
    description, output = tmp_path / "encoder.mlir", tmp_path / "vectorized.mlir"
    description.write_text(ENCODER.format(width=width))
    tool("perceiver-compile", description, "--emit=vectorize", "-o", output)
    plan = read_plans(output.read_text())["run"]
    sizes = [place(plan, [1, rows], workers=1)[0] for rows in (100_000, 200_000)]
    # 16 parts of sums in float64, their merged state, and what a task needs.
    assert sizes[0] == sizes[1] <= 17 * 512 * (8 * width + 16) + (4 << 20)


# Runs


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A C program linked to the digits model."""
    compiler = shutil.which("clang-22") or shutil.which("cc")
    folder = tmp_path_factory.mktemp("memory")
    weights = MODELS / "digits" / "digits.safetensors"
    model = compile_model(MODELS / "digits" / "digits.mlir", weights, folder / "digits.so")
    command = [compiler, "-std=c11", "-O1", "-Wall", "-Werror", "-I", folder]
    command += [ROOT / "python" / "tests" / "digits_memory.c", model, "-o", folder / "program"]
    command += [f"-Wl,-rpath,{folder}", "-Wl,--export-dynamic", "-lm", "-lpthread", "-ldl"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "program"


@pytest.mark.parametrize("what", ["guard", "allocations", "concurrency"])
def test_a_run_keeps_to_its_memory(program, what):
    done = subprocess.run([program, what], capture_output=True, text=True)
    assert done.returncode == 0, f"{done.returncode}: {done.stdout}{done.stderr}"
    assert done.stdout == f"{what}: ok\n"


def test_size_programs_are_evaluated():
    assert evaluate([0, 3, 1, 0, 3, 0], [7]) == 21
    assert evaluate([1, 0, 0, 64, 5, 0], [65]) == 2
    assert np.array_equal([evaluate([1, 1], [1, 9])], [9])
