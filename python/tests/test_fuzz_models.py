"""Random models against the reference: a few fixed ones, which together have every operation of
descriptions and every kind of binding. `python/fuzz/fuzz_models.py` tries others.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import fuzz

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("PERCEIVER_BUILD", ROOT / "build"))


@pytest.mark.parametrize("seed", fuzz.SEEDS)
def test_random_model_agrees_with_the_reference(seed, tmp_path):
    errors = fuzz.check(fuzz.generate(seed), seed, tmp_path, fuzz.Tools(BUILD))
    assert None not in errors


# All of them, which have every operation, and six more.
@pytest.mark.parametrize("seed", [*fuzz.SEEDS, 1, 2, 3, 4, 5, 7])
def test_random_model_runs_on_the_emulated_device(seed, tmp_path):
    errors = fuzz.check(fuzz.generate(seed), seed, tmp_path, fuzz.Tools(BUILD), "emulated")
    assert None not in errors


@pytest.mark.parametrize("seed", [3050, 94035])
def test_functions_take_no_sizes_that_no_argument_has(seed):
    """Rows of these models grow between their stages."""
    model = fuzz.generate(seed)
    assert re.search(r"rows \+ \d+", str(model))
    for function in model.functions:
        taken = [name for each in function.arguments for name in each.value.type.names]
        assert all(map(str.isidentifier, taken)) or function.name == "called"


def test_a_model_that_rounding_upsets_is_ill_conditioned(tmp_path):
    assert None in fuzz.check(fuzz.generate(752), 752, tmp_path, fuzz.Tools(BUILD))


def test_the_models_have_every_operation_and_kind_of_binding():
    texts = "\n".join(str(fuzz.generate(seed)) for seed in fuzz.SEEDS)
    definitions = "".join(path.read_text() for path in (ROOT / "dialect" / "Model").glob("*Ops.td"))
    operations = re.findall(r'^def Perceiver_\w+Op\s*:\s*\w+<"(\w+)"', definitions, re.MULTILINE)
    assert len(operations) > 10
    for name in operations:
        assert f"perceiver.{name} " in texts, name
    bindings = [
        re.sub(r'"[^"]*"|\d+', "", line)
        for line in re.findall(r"perceiver\.parameter .*\n +key (.*)", texts)
    ]
    for kind in ("transpose", "slice", "permutation", "count", "first", "stride"):
        assert any(f" {kind}" in binding for binding in bindings), kind
    assert "" in bindings
    for value in ("none", "gelu_erf", "gelu_tanh", "gated(gelu_erf)"):
        assert f"mlp = {value}" in texts, value
    for text in (
        "lengths(",
        " mask(",
        "masked_rows<uniform>",
        "layout = dm",
        "layout = axis_major",
        " multiple_of ",
        ": index {",
        "perceiver.default = true",
        '"down * across"]',
    ):
        assert text in texts, text


def test_a_seed_makes_one_model():
    first, second = fuzz.generate(5), fuzz.generate(5)
    assert str(first) == str(second) != str(fuzz.generate(6))
    for name, tensor in first.weights.items():
        assert np.array_equal(tensor, second.weights[name])


def test_a_wrong_model_is_found_and_kept(tmp_path, monkeypatch):
    model = fuzz.generate(280)
    wrong = {name: tensor * np.float32(1.01) for name, tensor in model.weights.items()}
    evaluate = model.evaluate
    monkeypatch.setattr(
        model,
        "evaluate",
        lambda entry, inputs, _, **options: evaluate(entry, inputs, wrong, **options),
    )
    with pytest.raises(fuzz.Failure, match="of the reference, but got errors of"):
        fuzz.check(model, 280, tmp_path, fuzz.Tools(BUILD))
    for name in ("model.mlir", "weights.safetensors", "in.safetensors", "out.safetensors"):
        assert (tmp_path / name).exists()


def run_script(*arguments):
    script = ROOT / "python" / "fuzz" / "fuzz_models.py"
    command = [sys.executable, script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_script_says_how_to_repeat_a_failure(tmp_path):
    (tmp_path / "bin").mkdir()
    compiler = tmp_path / "bin" / "perceiver-compile"
    compiler.write_text("#!/bin/sh\necho 'error: a fault' >&2\nexit 1\n")
    compiler.chmod(0o755)
    done = run_script("--runs=1", "--seed=280", f"--keep={tmp_path}", f"--build={tmp_path}")
    assert done.returncode == 1
    assert "error: a fault" in done.stdout
    assert "repeat: python3 python/fuzz/fuzz_models.py --runs 1 --seed 280" in done.stdout
    assert (tmp_path / "seed-280" / "model.mlir").exists()


def test_the_script_goes_on_after_an_exception(tmp_path):
    done = run_script("--runs=2", f"--keep={tmp_path}", f"--build={tmp_path}")
    assert done.returncode == 1
    assert done.stdout.count("FileNotFoundError: ") == 2
    assert "2 models from seed 0, 2 failed" in done.stdout
