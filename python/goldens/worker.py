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

import numpy as np
import torch
from safetensors.numpy import save_file
from safetensors.torch import load_file

from goldens.case import Case, write_json
from reference.deterministic import deterministic_parameter

_COUNTER = "num_batches_tracked"


def main() -> None:
    """Answer until standard input ends."""
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
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
    torch.manual_seed(0)
    model = library.make(case).eval()
    tables = _fill(model)
    model.to(getattr(torch, case.dtype))
    checkpoint = folder / "checkpoint"
    checkpoint.mkdir()
    library.save(model, case, checkpoint)

    inputs = load_file(folder / "in.safetensors")
    for name, dtype in (("single", torch.float32), ("double", torch.float64)):
        # Half precision is widened exactly; what is computed from it is not.
        model.to(dtype)
        given = {key: x.to(dtype) if x.is_floating_point() else x for key, x in inputs.items()}
        results = library.call(model, case, given)
        arrays = {key: result.contiguous().numpy() for key, result in results.items()}
        assert all(array.dtype == f"float{8 * dtype.itemsize}" for array in arrays.values())
        save_file(arrays, folder / f"{name}.safetensors")
    _describe(model, tables, folder)


def _fill(model: torch.nn.Module) -> dict[str, np.ndarray]:
    """Give all tensors their values by the rule of their names, and return those that the library
    computes itself, which stay as they are.
    """
    parameters = set(dict(model.named_parameters(remove_duplicate=False)))
    tables = {}
    for name, tensor in model.state_dict().items():
        if name in parameters or name.endswith(("running_mean", "running_var")):
            values = deterministic_parameter(name, tuple(tensor.shape))
            tensor.copy_(torch.from_numpy(values))
        elif not name.endswith(_COUNTER):
            tables[name] = tensor.numpy().copy()
    return tables


def _describe(model: torch.nn.Module, tables: dict[str, np.ndarray], folder: Path) -> None:
    """Write which tensors there are, and which of them are the same one."""
    state = model.state_dict()
    groups: dict[tuple, list[str]] = {}
    for name, tensor in state.items():
        groups.setdefault((tensor.data_ptr(), tuple(tensor.shape)), []).append(name)
    shared = {name: names[-1] for names in groups.values() for name in names[:-1] if len(names) > 1}
    made = {
        "tensors": {
            name: list(tensor.shape)
            for name, tensor in state.items()
            if not name.endswith(_COUNTER)
        },
        "shared": shared,
    }
    write_json(folder / "made.json", made)
    save_file(tables, folder / "tables.safetensors")


if __name__ == "__main__":
    main()
