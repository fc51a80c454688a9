"""Perceivers of lucidrains' perceiver-pytorch; which version is imported decides the path of the
worker.
"""

import sys
from importlib import import_module

from goldens.libraries.torch_models import make_with, save_state


def make(case, inputs, folder):
    return make_with(sys.modules[__name__], case, inputs, folder)


def build(case):
    module, _, name = case.name.rpartition(".")
    return getattr(import_module(module), name)(**case.config)


def call(model, case, inputs):
    first = "x" if "x" in inputs else "data"
    others = {name: tensor for name, tensor in inputs.items() if name != first}
    return {"output": model(inputs[first], **others, **case.settings)}


def save(model, case, folder):
    source = f"perceiver-pytorch=={case.version}"
    save_state(model, case, folder, {"source": source, "class": case.name, "kwargs": case.config})
