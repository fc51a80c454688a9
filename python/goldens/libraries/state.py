"""State dicts beside a kwargs.json, in the forms that users of torch have them."""

import json

import torch
from safetensors.torch import save_file, save_model


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
