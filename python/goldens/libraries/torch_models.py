"""What the libraries that are written for torch have in common."""

import json

import numpy as np
import torch
from safetensors.torch import save_file, save_model

from goldens.case import Made
from goldens.rule import parameter_values

_COUNTER = "num_batches_tracked"


def make_with(library, case, inputs, folder):
    """Make the checkpoint of a case in a folder, and return what it computes; `library` has
    build(case), call(model, case, inputs) and save(model, case, folder).
    """
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    torch.manual_seed(0)
    model = library.build(case).eval()
    tables = _fill(model)
    model.to(getattr(torch, case.dtype))
    library.save(model, case, folder)
    results = []
    for dtype in (torch.float32, torch.float64):
        # Half precision is widened exactly; what is computed from it is not.
        model.to(dtype)
        given = {
            name: x.to(dtype) if x.is_floating_point() else x
            for name, x in ((name, torch.from_numpy(array)) for name, array in inputs.items())
        }
        found = library.call(model, case, given)
        results.append({name: result.contiguous().numpy() for name, result in found.items()})
        size = 8 * dtype.itemsize
        assert all(array.dtype == f"float{size}" for array in results[-1].values())
    shapes = {
        name: tuple(tensor.shape)
        for name, tensor in model.state_dict().items()
        if not name.endswith(_COUNTER)
    }
    return Made(shapes, _shared(model), tables, *results)


def _fill(model):
    """Give all tensors their values by the rule of their names, and return those that the library
    computes itself, which stay as they are.
    """
    parameters = set(dict(model.named_parameters(remove_duplicate=False)))
    tables = {}
    for name, tensor in model.state_dict().items():
        if name in parameters or name.endswith(("running_mean", "running_var")):
            values = parameter_values(name, tuple(tensor.shape))
            tensor.copy_(torch.from_numpy(values))
        elif not name.endswith(_COUNTER):
            tables[name] = tensor.numpy().astype(np.float32)
    return tables


def _shared(model):
    """The names of tensors that have another name, too, and the last one of that tensor."""
    groups = {}
    for name, tensor in model.state_dict().items():
        groups.setdefault((tensor.data_ptr(), tuple(tensor.shape)), []).append(name)
    return {name: names[-1] for names in groups.values() for name in names[:-1]}


def save_state(model, case, folder, kwargs):
    """Write kwargs.json and the weights in the case's form."""
    (folder / "kwargs.json").write_text(json.dumps(kwargs))
    state = {f"{case.prefix}{name}": each for name, each in model.state_dict().items()}
    if case.form == "save_model":
        save_model(model, folder / "model.safetensors")
    elif case.form == "save_file":
        # Tensors that share memory are refused.
        copies = {name: tensor.clone().contiguous() for name, tensor in state.items()}
        save_file(copies, folder / "model.safetensors")
    else:
        torch.save(state, folder / "model.pt")
