"""Perceivers of Hugging Face's transformers."""

import sys

import torch
import transformers
from safetensors.torch import save_file

from goldens.libraries.torch_models import make_with

transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()

_BARE = "PerceiverModel"
_ROOT = "perceiver."


def make(case, inputs, folder):
    return make_with(sys.modules[__name__], case, inputs, folder)


def build(case):
    config = transformers.PerceiverConfig(**case.config)
    return getattr(transformers, case.name)(config)


def call(model, case, inputs):
    if case.task == _BARE:
        model = _bare(model)
    nested = {}
    for name, tensor in inputs.items():
        outer, _, inner = name.partition(".")
        if inner:
            nested.setdefault(outer, {})[inner] = tensor
        else:
            nested[name] = tensor
    output = model(**nested, **case.settings)
    name = "last_hidden_state" if isinstance(model, transformers.PerceiverModel) else "logits"
    result = output[name]
    if isinstance(result, dict):
        return {f"{name}.{modality}": tensor for modality, tensor in result.items()}
    return {name: result}


def _bare(model):
    """The encoder alone, as PerceiverModel.from_pretrained takes it out of a checkpoint."""
    bare = transformers.PerceiverModel(model.config).to(next(model.parameters()).dtype).eval()
    tensors = {
        name.removeprefix(_ROOT): tensor
        for name, tensor in model.state_dict().items()
        if name.startswith(_ROOT)
    }
    missing = bare.load_state_dict(tensors, strict=False).missing_keys
    assert not missing, missing
    return bare


def save(model, case, folder):
    if case.form == "save_pretrained":
        model.save_pretrained(folder)
    elif case.form == "shards":
        model.save_pretrained(folder, max_shard_size="16KB")
    else:
        model.config.architectures = [case.name]
        model.config.save_pretrained(folder)
        state = {f"{case.prefix}{name}": each for name, each in model.state_dict().items()}
        if case.form == "pytorch_model":
            torch.save(state, folder / "pytorch_model.bin")
        else:
            save_file(state, folder / "model.safetensors")
