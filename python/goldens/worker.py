"""Makes cases with the real libraries. Runs in .venv-goldens; a line on standard input is a folder
with case.json and in.safetensors, whose answer is written beside them.

The answer is the folder `checkpoint`, single.safetensors and double.safetensors, the results in
float32 and in float64, and made.json: Made without them.
"""

import json
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path

from safetensors.numpy import load_file, save_file

from goldens.case import Case, write_json


def main() -> None:
    """Answer until standard input ends."""
    # Libraries print; the answers go where standard output was.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            _make(Path(line.strip()))
            reply = {}
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
        print(json.dumps(reply), file=answers, flush=True)


def _make(folder: Path) -> None:
    case = Case(**json.loads((folder / "case.json").read_text()))
    library = import_module(f"goldens.libraries.{case.source}")
    checkpoint = folder / "checkpoint"
    checkpoint.mkdir()
    made = library.make(case, load_file(folder / "in.safetensors"), checkpoint)
    tensors = {name: list(shape) for name, shape in made.tensors.items()}
    write_json(folder / "made.json", {"tensors": tensors, "shared": made.shared})
    for name in ("tables", "single", "double"):
        save_file(getattr(made, name), folder / f"{name}.safetensors")


if __name__ == "__main__":
    main()
