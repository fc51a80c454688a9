"""What the real libraries computed, reproduced from what is imported: in NumPy, and compiled, on
this processor and on the emulated GPU.
"""

import re

import numpy as np
import pytest
from compiled import BUILD

from goldens.check import CPU, EMULATED, Checker, import_case
from goldens.commit import FORMS
from goldens.draws import classes
from goldens.golden import FOLDER, golden_paths, read_golden
from goldens.judge import worst
from goldens.perturb import hidden_tensors

PATHS = list(golden_paths())
NAMES = [str(path.relative_to(FOLDER)) for path in PATHS]
#: Together, what is committed.
MOST_BYTES = 3_000_000


def check(golden, description, results):
    """Judge results as all imports are judged."""
    effects = description.effect_of_positions("run", golden.case.inputs)
    made = golden.made
    assert worst(results, made.single, made.double, effects) <= 1


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_numpy_computes_what_the_library_did(path, tmp_path):
    golden = read_golden(path)
    description = import_case(golden.case, golden.checkpoint(tmp_path))
    results = description.evaluate("run", golden.case.inputs)
    check(golden, description, results)
    assert sum(result.size for result in results.values()) >= 16


def test_rounded_positions_have_an_effect(tmp_path):
    """Where there are Fourier positions; it is about the last bits of float32."""
    for name, moves in ("PerceiverForMaskedLM-1", False), ("PerceiverForOpticalFlow-1", True):
        golden = read_golden(FOLDER / "huggingface" / name)
        (tmp_path / name).mkdir()
        description = import_case(golden.case, golden.checkpoint(tmp_path / name))
        effect = description.effect_of_positions("run", golden.case.inputs)
        largest = np.abs(golden.made.double["logits"]).max()
        assert list(effect) == ["logits"]
        assert (0 < effect["logits"] < 1e-4 * largest) if moves else effect["logits"] == 0


# The first golden of each class; the rest takes a minute.
EACH = [
    pytest.param(path, id=name, marks=[] if name.endswith("-1") else [pytest.mark.slow])
    for path, name in zip(PATHS, NAMES)
]


@pytest.mark.parametrize("path", EACH)
def test_every_tensor_shows(path, tmp_path):
    """Changing any tensor that is bound, except those that cannot show, moves a result."""
    golden = read_golden(path)
    description = import_case(golden.case, golden.checkpoint(tmp_path))
    assert list(hidden_tensors(description, golden.case.inputs, golden.made)) == []


def check_on(device, path, directory, *, all_entries=False):
    """Compile a golden with the tools that users have, run it, and judge the results."""
    golden = read_golden(path)
    description = import_case(golden.case, golden.checkpoint(directory))
    if not all_entries:
        description.model.keep_entries("run")
    results = Checker(None, BUILD).compile_and_run(description, golden.case, directory, device)
    check(golden, description, results)


@pytest.mark.parametrize("path", EACH)
def test_the_compiler_computes_what_the_library_did(path, tmp_path):
    check_on(CPU, path, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_goldens_compile_with_all_entries(path, tmp_path):
    check_on(CPU, path, tmp_path, all_entries=True)


# On the emulated GPU: one golden of each form of files, and small ones with the other operations.
EMULATED_NAMES = (
    "files/deepmind/images-haiku_jax",
    "files/deepmind/masked_language_model-haiku_state-float16",
    "files/deepmind/rows-haiku",
    "files/huggingface/PerceiverForSequenceClassification-save_pretrained-bfloat16",
    "files/huggingface/PerceiverModel-pytorch_model-bfloat16",
    "files/huggingface/PerceiverModel-shards",
    "files/krasserm/ImageClassifier-lightning",
    "files/krasserm/MaskedLanguageModel-wrapper_bin",
    "files/krasserm/TextClassifier-wrapper",
    "files/lucidrains/Perceiver-save_file",
    "files/lucidrains/Perceiver-save_model",
    "files/lucidrains/PerceiverIO-torch",
    "huggingface/PerceiverForImageClassificationConvProcessing-2",
    "huggingface/PerceiverForMultimodalAutoencoding-1",
    "krasserm/MultiHeadAttention-1",
    "lucidrains/gated.Perceiver-1",
)
ON_GPU = [
    pytest.param(path, id=name, marks=[] if name in EMULATED_NAMES else [pytest.mark.slow])
    for path, name in zip(PATHS, NAMES)
]


@pytest.mark.parametrize("path", ON_GPU)
def test_the_emulated_device_computes_what_the_library_did(path, tmp_path):
    check_on(EMULATED, path, tmp_path)


def find_parts(golden, directory):
    """The operations of a golden's `run`, and the form of its files, if it has any."""
    description = import_case(golden.case, golden.checkpoint(directory))
    description.model.keep_entries("run")
    text = "\n".join(map(str, description.model.functions))
    operations = re.findall(r"^ *(?:%[^=]+ = )?((?:perceiver|tensor)\.\w+)", text, re.MULTILINE)
    return {*operations, *([golden.case.form] if golden.path.is_dir() else [])}


def test_each_operation_and_form_runs_on_the_emulated_device(tmp_path):
    parts = {}
    for path, name in zip(PATHS, NAMES):
        (tmp_path / name).mkdir(parents=True)
        parts[name] = find_parts(read_golden(path), tmp_path / name)
    missing = set().union(*parts.values()).difference(*(parts[name] for name in EMULATED_NAMES))
    assert {each: [n for n in NAMES if each in parts[n]] for each in missing} == {}
    for name in EMULATED_NAMES:
        others = set().union(*(parts[other] for other in EMULATED_NAMES if other != name))
        assert parts[name] - others, f"{name} shows nothing that the others do not"


def test_every_class_and_form_has_goldens():
    cases = [read_golden(path).case for path in PATHS]
    found = {(case.source, case.name) for case in cases}
    assert found == set(classes())
    files = {(each.source, each.name, each.form, each.dtype) for each in FORMS}
    whole = [path for path in PATHS if path.is_dir()]
    of_files = {
        (case.source, case.name, case.form, case.dtype)
        for case in (read_golden(path).case for path in whole)
    }
    assert of_files == files
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    assert size < MOST_BYTES


def test_a_tensor_that_is_bound_wrongly_shows(tmp_path):
    """The same tensors are not right for another model: the goldens are no tautology."""
    (path,) = [path for path in PATHS if path.name == "PerceiverForMaskedLM-1"]
    golden = read_golden(path)
    description = import_case(golden.case, golden.checkpoint(tmp_path))
    tensors = {name: tensor.read() for name, tensor in description.tensors.items()}
    name = next(name for name in tensors if name.endswith("mlp.dense1.weight"))
    tensors[name] = np.roll(tensors[name], 1, axis=0)
    results = description.model.evaluate("run", golden.case.inputs, tensors)
    assert worst(results, golden.made.single, golden.made.double) > 10
