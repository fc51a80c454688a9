"""The descriptions of small checkpoints of each class: what imported models look like.

    .venv/bin/python python/tests/imported_descriptions.py --write

writes them again, which the commit that is meant to change them explains.
"""

import sys
import tempfile
from pathlib import Path

_PYTHON = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(_PYTHON / "src"), str(_PYTHON)]

import deepmind_checkpoints  # noqa: E402
import hf_checkpoints  # noqa: E402
import krasserm_checkpoints  # noqa: E402
import lucidrains_checkpoints  # noqa: E402
from perceiver_compiler.importers import (  # noqa: E402
    from_deepmind,
    from_huggingface,
    from_krasserm,
    from_lucidrains,
)

FOLDER = Path(__file__).parent / "descriptions"


def huggingface_text(name, directory):
    """Return the description of a small checkpoint of a class of transformers."""
    return from_huggingface(hf_checkpoints.CASES[name].save(directory)).text


def lucidrains_text(name, directory):
    """Return the description of a small checkpoint of perceiver-pytorch."""
    case = lucidrains_checkpoints.CASES[name]
    return from_lucidrains(case.save(directory), shapes=case.shapes).text


def deepmind_text(name, directory):
    """Return the description of a small checkpoint of DeepMind's code."""
    case = deepmind_checkpoints.CASES[name]
    return from_deepmind(case.save(directory), shapes=case.shapes).text


def krasserm_text(name, directory):
    """Return the description of a small checkpoint of perceiver-io."""
    case = krasserm_checkpoints.CASES[name]
    return from_krasserm(case.save(directory), shapes=case.shapes).text


_KRASSERM = [name for name, case in krasserm_checkpoints.CASES.items() if name == case.name]
_LUCIDRAINS = ("Perceiver", "Gated", "MixedLatents", "PerceiverIO", "PerceiverLM")
#: By file: what writes it.
MAKERS = {
    **{f"deepmind/{name}.mlir": (deepmind_text, name) for name in deepmind_checkpoints.CASES},
    **{f"huggingface/{name}.mlir": (huggingface_text, name) for name in hf_checkpoints.CASES},
    **{f"krasserm/{name}.mlir": (krasserm_text, name) for name in _KRASSERM},
    **{f"lucidrains/{name}.mlir": (lucidrains_text, name) for name in _LUCIDRAINS},
}


def make(file, directory):
    """Return the text that a file has to have."""
    maker, name = MAKERS[file]
    return maker(name, directory)


def main():
    """Write all files."""
    if sys.argv[1:] != ["--write"]:
        sys.exit(__doc__)
    for file in MAKERS:
        (FOLDER / file).parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as directory:
            (FOLDER / file).write_text(make(file, Path(directory)))


if __name__ == "__main__":
    main()
