"""Checkpoints of the four libraries, imported, compiled and run, against the reference.

Each class is compiled with the sizes that its import leaves open by test_goldens.py; here are those
whose sizes are fixed, which goldens lack, and entries besides `run`. The others are slow.
"""

import os
import shlex
import subprocess

import deepmind_checkpoints as deepmind
import hf_checkpoints as huggingface
import krasserm_checkpoints as krasserm
import lucidrains_checkpoints as lucidrains
import numpy as np
import perceiver_compiler as pc
import pytest
from compiled import BUILD, ROOT, run, run_emulated, run_with, tool
from safetensors.numpy import save_file

import reference as r

TOLERANCE = 2e-5
#: Of each library: what imports its checkpoints, and small ones.
LIBRARIES = {
    "huggingface": (pc.from_huggingface, huggingface),
    "deepmind": (pc.from_deepmind, deepmind),
    "lucidrains": (pc.from_lucidrains, lucidrains),
    "krasserm": (pc.from_krasserm, krasserm),
}
#: Sizes besides none and those that make a case static.
OTHER_SHAPES = {
    ("lucidrains", "PerceiverIO"): {"data": (2, 9, 6)},
    ("lucidrains", "PerceiverLM"): {"x": (None, 11)},
    ("krasserm", "TextClassifier"): {"x": (None, 11)},
    ("krasserm", "TextClassifierQueries"): {"x": (2, 11), "pad_mask": (2, 11, "i64")},
    ("krasserm", "MaskedLanguageModel"): {"x_masked": (None, 11)},
    ("krasserm", "MaskedLanguageModelUntied"): {"x_masked": (None, 11)},
}
#: What is compiled without --slow.
QUICK = {
    "huggingface-PerceiverForMaskedLM-fixed",
    "huggingface-PerceiverForImageClassificationFourier-fixed",
    "deepmind-Fourier-any",
    "lucidrains-MixedLatents-any",
    "lucidrains-PerceiverUnread-any",
    "lucidrains-PerceiverIO-other",
    "krasserm-MaskedLanguageModel-other",
    "krasserm-PerceiverDecoder-any",
    "krasserm-MultiHeadAttention-any",
}


def compiled_cases():
    """Every case, with the sizes that it has without and with --shape."""
    known = set()
    for library, (_, checkpoints) in LIBRARIES.items():
        for name, case in checkpoints.CASES.items():
            kinds = {
                "any": {},
                "fixed": case.shapes,
                "other": OTHER_SHAPES.get((library, name)),
            }
            for kind, shapes in kinds.items():
                if kind != "any" and not shapes:
                    continue
                id_ = f"{library}-{name}-{kind}"
                known.add(id_)
                marks = [] if id_ in QUICK else [pytest.mark.slow]
                yield pytest.param(library, name, shapes, id=id_, marks=marks)
    assert known >= QUICK


def as_stored(inputs):
    """Files hold rows one after the other, whatever the array's order."""
    return {
        name: np.ascontiguousarray(array, np.float32 if array.dtype.kind == "f" else None)
        for name, array in inputs.items()
    }


def check_results(results, expected):
    """Compare results with arrays: one, or several by name."""
    if not isinstance(expected, dict):
        expected = dict.fromkeys(results, expected)
    assert results.keys() == expected.keys()
    for name, array in expected.items():
        assert results[name].shape == array.shape, name
        assert r.relative_errors(results[name], array).max() < TOLERANCE, name


def compile_import(description, directory, *options):
    """Compile what was imported to `model.so`."""
    path, model = description.save(directory / "model.mlir"), directory / "model.so"
    (weights,) = description.weights
    tool("perceiver-compile", path, f"--weights={weights}", *options, "-o", model)
    return model


@pytest.mark.parametrize(("library", "name", "shapes"), list(compiled_cases()))
def test_compiled_models_agree(library, name, shapes, tmp_path):
    load, checkpoints = LIBRARIES[library]
    case = checkpoints.CASES[name]
    # Only Hugging Face's cases know all that inputs follow from.
    key = case if library == "huggingface" else name
    directory, inputs = case.save(tmp_path / "checkpoint"), checkpoints.inputs_of(key)
    expected = checkpoints.expected_of(key, inputs)
    model = compile_import(load(directory, shapes=shapes), tmp_path)
    check_results(run(model, as_stored(inputs), tmp_path, threads=2), expected)


@pytest.mark.parametrize(
    ("target", "run_on"),
    [("cpu", run), pytest.param("cuda", run_emulated, marks=pytest.mark.slow)],
)
def test_one_artefact_takes_images_of_any_size(target, run_on, tmp_path):
    """Through a convolution, which has as many windows as an image has room for."""
    case = huggingface.CASES["PerceiverForImageClassificationConvProcessing"]
    description = pc.from_huggingface(case.save(tmp_path / "checkpoint"))
    for function in description.model.functions:
        function.is_entry = function.name == "run"  # compilation takes time for each entry
    model = compile_import(description, tmp_path, f"--target={target}")
    for batch, height, width in ((2, 25, 18), (1, 6, 13)):
        image = r.deterministic_values("image", (batch, 3, height, width))
        inputs = as_stored({"inputs": image})
        results = run_on(model, inputs, tmp_path)
        check_results(results, huggingface.expected_of(case, inputs))


def call_of(function, latents):
    """Inputs of an entry that reads latents, and its sizes."""
    inputs, sizes = {}, {"first": 3, "count": 9}
    for argument in function.arguments:
        name, type_ = argument.name, argument.value.type
        if name == "latents":
            inputs[name] = latents
        elif type_.element == "i64":
            inputs[name] = np.array([argument.bounds[1] - 1, 0, 7, 7])
        elif type_.element == "f32":
            shape = (len(latents), *type_.shape[1:])
            inputs[name] = r.deterministic_values(name, shape).astype(np.float32)
    named = {argument.name for argument in function.arguments}
    return inputs, {name: size for name, size in sizes.items() if name in named}


#: The kinds of decoders: of ranges, and of several modalities. That of lists is in
#: test_package_import.py.
KINDS = ("PerceiverForOpticalFlow", "PerceiverForMultimodalAutoencoding")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in KINDS else [pytest.mark.slow])
        for name in huggingface.CASES
        if not name.startswith("PerceiverForImage")
    ],
)
def test_compiled_entries_agree(name, tmp_path):
    """Whatever reads latents: process, and decoders of all, of lists and of ranges; and `run`."""
    case = huggingface.CASES[name]
    directory = case.save(tmp_path / "checkpoint")
    description = pc.from_huggingface(directory, shapes=case.shapes)
    model = compile_import(description, tmp_path)
    inputs = huggingface.inputs_of(case)
    expected = huggingface.expected_of(case, inputs)
    check_results(run(model, as_stored(inputs), tmp_path, threads=2), expected)
    shape = (2, case.config["num_latents"], case.config["d_latents"])
    latents = r.deterministic_values("latents", shape).astype(np.float32)
    checked = 0
    for function in description.model.entries:
        if function.arguments[0].name != "latents":
            continue
        inputs, sizes = call_of(function, latents)
        expected = description.evaluate(function.name, {**inputs, **sizes})
        options = [f"--size={size}={number}" for size, number in sizes.items()]
        check_results(run_with(options, model, inputs, tmp_path, function.name), expected)
        checked += 1
    assert checked > 0


@pytest.mark.parametrize(
    ("name", "length"),
    [
        pytest.param("PerceiverForImageClassificationFourier", 192, marks=pytest.mark.slow),
        ("PerceiverForMultimodalAutoencoding", 40 // 4 + 4 * 2 * 3 + 1),
    ],
)
def test_masks_of_computed_lengths(name, length, tmp_path):
    """Those of images and of several modalities; another length is refused."""
    case = huggingface.CASES[name]
    shapes = {"attention_mask": (None, None, "f16")}
    description = pc.from_huggingface(case.save(tmp_path / "checkpoint"), shapes=shapes)
    for other in [each for each in description.model.entries if each.name != "encode"]:
        description.model.functions.remove(other)
    model = compile_import(description, tmp_path)
    inputs = huggingface.inputs_of(case)
    inputs = as_stored({key: array for key, array in inputs.items() if "points" not in key})
    mask = (r.deterministic_values("mask", (2, length)) > 0.25).astype(np.float16)
    inputs["attention_mask"] = mask
    expected = description.evaluate("encode", inputs)
    check_results(run(model, inputs, tmp_path, entry="encode"), expected)
    inputs["attention_mask"] = mask[:, 1:].copy()
    with pytest.raises(AssertionError, match=f" is {length}, but got f16 \\[2, {length - 1}\\]"):
        run(model, inputs, tmp_path, entry="encode")


def test_the_commands_that_users_type(tmp_path):
    """perceiver-import prints the next command; the results are judged by a file of the library's,
    in float32 and float64.
    """
    case = huggingface.CASES["PerceiverForSequenceClassification"]
    case.save(tmp_path / "it's a checkpoint")
    inputs = huggingface.inputs_of(case)
    save_file(as_stored(inputs), tmp_path / "in.safetensors")
    golden = {}
    for name, array in huggingface.expected_of(case, inputs).items():
        golden |= {name: array.astype(np.float32), f"{name}.f64": array}
    save_file(golden, tmp_path / "out.safetensors")

    paths = [str(BUILD / "bin"), str(ROOT / ".venv" / "bin"), os.environ["PATH"]]
    environment = os.environ | {
        "PATH": os.pathsep.join(paths),
        "PYTHONPATH": str(ROOT / "python" / "src"),
    }

    def type_in(words):
        done = subprocess.run(
            words,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    printed = type_in(["perceiver-import", "it's a checkpoint", "-o", "m.mlir"])
    type_in(shlex.split(printed.splitlines()[-1]))
    verify = ["--input", "in.safetensors", "--verify", "out.safetensors"]
    assert "logits" in type_in(["perceiver-run", "m.so", *verify])
    wrong = {name: array * 1.01 for name, array in golden.items()}
    save_file(wrong, tmp_path / "out.safetensors")
    with pytest.raises(AssertionError, match="logits"):
        type_in(["perceiver-run", "m.so", *verify])
