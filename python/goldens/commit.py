"""Make the goldens that are committed: of each class the first random cases that are small, right,
and show all tensors; and a whole checkpoint of each form of files.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .case import Case, Made
from .check import import_case
from .choices import Choices
from .draws import SOURCES, draw
from .golden import DTYPES, FOLDER, write_golden
from .judge import worst
from .library import Libraries
from .perturb import hidden_tensors

_SEED = "goldens"
_FILES = "files"
#: Of each class.
_COUNT = 2
_MOST_ATTEMPTS = 200
#: Bytes of inputs and results, and elements of weights, of a golden.
_MOST_BYTES = 16_000
_MOST_ELEMENTS = 1_000_000
_MOST_WHOLE_ELEMENTS = 6_000
#: Of this processor, for seeing whether all tensors show.
_MOST_SECONDS = 3.0


@dataclass(frozen=True)
class Form:
    """A form of files, shown by a class that is small."""

    source: str
    name: str
    form: str
    dtype: str = "float32"
    #: Whether tensors are shared, which some forms write in a way of their own.
    shared: bool = False

    @property
    def title(self) -> str:
        return self.form if self.dtype == "float32" else f"{self.form}-{self.dtype}"


FORMS = (
    Form("deepmind", "rows", "haiku"),
    Form("deepmind", "masked language model", "haiku_state", "float16"),
    Form("deepmind", "images", "haiku_jax"),
    Form("huggingface", "PerceiverForSequenceClassification", "save_pretrained"),
    Form("huggingface", "PerceiverForSequenceClassification", "save_pretrained", "bfloat16"),
    Form("huggingface", "PerceiverModel", "shards"),
    Form("huggingface", "PerceiverForMaskedLM", "pytorch_model"),
    Form("huggingface", "PerceiverModel", "pytorch_model", "bfloat16"),
    Form("lucidrains", "perceiver_pytorch.perceiver_pytorch.Perceiver", "save_file", shared=True),
    Form("lucidrains", "perceiver_pytorch.perceiver_pytorch.Perceiver", "save_model", shared=True),
    Form("lucidrains", "perceiver_pytorch.perceiver_io.PerceiverIO", "torch", shared=True),
    Form("krasserm", "TextClassifier", "torch", "float16"),
    Form("krasserm", "TextClassifier", "lightning"),
    Form("krasserm", "MaskedLanguageModel", "lightning"),
    Form("krasserm", "ImageClassifier", "lightning"),
    Form("krasserm", "TextClassifier", "wrapper"),
    Form("krasserm", "MaskedLanguageModel", "wrapper_bin"),
)


def write_all(
    libraries: Libraries, sources: Sequence[str], report: Callable[[str], None] = print
) -> None:
    """Write the goldens of libraries anew."""
    for source in sources:
        for folder in (FOLDER / source, FOLDER / _FILES / source):
            shutil.rmtree(folder, ignore_errors=True)
        for name in SOURCES[source].CLASSES:
            found = _cases(source, name, _follows_from_names)
            path = FOLDER / source / name.rpartition("pytorch.")[2].replace(" ", "_")
            kept = _keep(libraries, found, path, _COUNT, _MOST_ELEMENTS, False)
            report(f"{source} {name}: numbers {kept}")
        for form in FORMS:
            if form.source != source:
                continue
            name = form.name.rpartition(".")[2].replace(" ", "_")
            path = FOLDER / _FILES / source / f"{name}-{form.title}"
            found = _cases(source, form.name, partial(_is_of, form))
            kept = _keep(libraries, found, path, 1, _MOST_WHOLE_ELEMENTS, True)
            report(f"{form}: numbers {kept}")


def _follows_from_names(case: Case) -> bool:
    """Whether NumPy has the type of the weights, and kwargs.json or config.json of the class itself
    says what the model is.
    """
    return case.dtype in DTYPES and not case.form.startswith(("lightning", "wrapper"))


def _is_of(form: Form, case: Case) -> bool:
    is_shared = bool(case.config.get("weight_tie_layers")) and case.config["depth"] > 2
    return (case.form, case.dtype) == (form.form, form.dtype) and is_shared == form.shared


def _cases(source: str, name: str, wanted: Callable[[Case], bool]) -> Iterator[tuple[int, Case]]:
    for number in range(20 * _MOST_ATTEMPTS):
        case = draw(source, name, Choices(f"{_SEED}.{number}"))
        if wanted(case) and not case.task:
            yield number, case


def _keep(libraries, cases, path: Path, count: int, most_elements: int, whole: bool) -> list[int]:
    """Write the first cases that are fit, and return their numbers."""
    kept: list[int] = []
    for attempt, (number, case) in enumerate(cases):
        if len(kept) == count or attempt > _MOST_ATTEMPTS:
            break
        if sum(array.nbytes for array in case.inputs.values()) > _MOST_BYTES:
            continue
        with tempfile.TemporaryDirectory(prefix="perceiver-golden-") as folder:
            made = libraries.make(case, Path(folder) / "case")
            checkpoint = Path(folder) / "case" / "checkpoint"
            if not _is_fit(case, made, checkpoint, most_elements):
                continue
            name = path if whole else path.with_name(f"{path.name}-{len(kept) + 1}")
            write_golden(name, case, made, checkpoint, whole)
            kept.append(number)
    assert len(kept) == count, f"found {len(kept)} of {count} goldens for {path}"
    return kept


def _is_fit(case: Case, made: Made, checkpoint: Path, most_elements: int) -> bool:
    """Whether a case is small, has as many numbers as a result needs, and shows its tensors."""
    elements = sum(_count(shape) for shape in made.tensors.values())
    if elements > most_elements or sum(each.nbytes for each in made.double.values()) > _MOST_BYTES:
        return False
    description = import_case(case, checkpoint)
    began = time.process_time()
    results = description.evaluate("run", case.inputs)
    if (time.process_time() - began) * len(description.tensors) > _MOST_SECONDS:
        return False
    effects = description.effect_of_positions("run", case.inputs)
    error = worst(results, made.single, made.double, effects)
    assert error <= 1, f"{case.title}: {error} of the tolerance; --fuzz finds out why"
    return next(hidden_tensors(description, case.inputs, made), None) is None


def _count(shape: tuple[int, ...]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count
