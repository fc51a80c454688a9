"""Perceivers of krasserm's perceiver-io.

Its packages import Lightning and fairscale, which the models do not need: the packages are
replaced by empty ones, whose files are imported one by one.
"""

import dataclasses
import json
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import torch
from safetensors.torch import save_file

from goldens.libraries.torch_models import make_with, save_state


def _stand_in(name, **contents):
    module = sys.modules[name] = ModuleType(name)
    vars(module).update(contents)
    return module


_stand_in("fairscale", nn=_stand_in("fairscale.nn", checkpoint_wrapper=lambda layer, **_: layer))
for _name in ("text.classifier", "text.mlm", "vision.image_classifier", "vision.optical_flow"):
    _folder = Path(find_spec("perceiver").origin).parent / "model" / _name.replace(".", "/")
    _stand_in(f"perceiver.model.{_name}", __path__=[str(_folder)])

_CORE = "perceiver.model.core"
#: Of a model: its file, the configuration classes of encoder and decoder, and the wrapper's model
#: type and class.
_MODELS = {
    "TextClassifier": (
        "text.classifier",
        "TextEncoderConfig",
        "ClassificationDecoderConfig",
        "perceiver-io-text-classifier",
        "PerceiverTextClassifier",
    ),
    "MaskedLanguageModel": (
        "text.mlm",
        "TextEncoderConfig",
        "TextDecoderConfig",
        "perceiver-io-masked-language-model",
        "PerceiverMaskedLanguageModel",
    ),
    "ImageClassifier": (
        "vision.image_classifier",
        "ImageEncoderConfig",
        "ClassificationDecoderConfig",
        "perceiver-io-image-classifier",
        "PerceiverImageClassifier",
    ),
    "OpticalFlow": (
        "vision.optical_flow",
        "OpticalFlowEncoderConfig",
        "OpticalFlowDecoderConfig",
        "perceiver-io-optical-flow",
        "OpticalFlowPerceiver",
    ),
}


def make(case, inputs, folder):
    return make_with(sys.modules[__name__], case, inputs, folder)


def build(case):
    core = import_module(_CORE)
    config = dict(case.config)
    if case.name in _MODELS:
        module = import_module(f"perceiver.model.{_MODELS[case.name][0]}.backend")
        return getattr(module, case.name)(_configuration(case))
    if case.name == "PerceiverEncoder":
        adapter = core.TokenInputAdapter(**config.pop("input_adapter"))
        return core.PerceiverEncoder(adapter, **config)
    if case.name == "PerceiverDecoder":
        adapter = core.ClassificationOutputAdapter(**config.pop("output_adapter"))
        queries = core.TrainableQueryProvider(**config.pop("output_query_provider"))
        return core.PerceiverDecoder(adapter, queries, **config)
    return core.MultiHeadAttention(**config)


def _configuration(case):
    """The object of configuration classes that a model is made of."""
    file, encoder, decoder, *_ = _MODELS[case.name]
    module = import_module(f"perceiver.model.{file}.backend")
    parts = {"encoder": encoder, "decoder": decoder}
    made = {}
    for part, cls in parts.items():
        fields = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in case.config[part].items()
        }
        made[part] = getattr(module, cls)(**fields)
    return import_module(_CORE).PerceiverIOConfig(**{**case.config, **made})


def call(model, case, inputs):
    inputs = dict(inputs)
    is_wrapped = case.form.startswith("wrapper")
    if "attention_mask" in inputs:
        inputs["pad_mask"] = ~inputs.pop("attention_mask").bool()
    mask = {"pad_mask": inputs.pop("pad_mask")} if "pad_mask" in inputs else {}
    if is_wrapped:
        output = model(*inputs.values(), **mask)
    else:
        output = model(**inputs, **mask)
    if case.name == "MultiHeadAttention":
        return {"last_hidden_state": output.last_hidden_state}
    return {"logits" if is_wrapped else "output": output}


def save(model, case, folder):
    if case.form == "lightning":
        _save_lightning(model, case, folder)
    elif case.form.startswith("wrapper"):
        _save_wrapper(model, case, folder)
    else:
        kwargs = {"source": "perceiver-io==0.11.0", "class": case.name, "kwargs": case.config}
        save_state(model, case, folder, kwargs)


def _save_lightning(model, case, folder):
    """What Lightning's ModelCheckpoint writes of the library's modules."""
    config = _configuration(case)
    parameters = {field.name: getattr(config, field.name) for field in dataclasses.fields(config)}
    parameters |= {"params": None}
    if case.name == "MaskedLanguageModel":
        parameters |= {"num_predictions": 3, "masked_samples": None}
    checkpoint = {
        "epoch": 3,
        "global_step": 1200,
        "pytorch-lightning_version": "2.0.9",
        "state_dict": {f"model.{name}": each for name, each in model.state_dict().items()},
        "loops": {"fit_loop": {"state_dict": {}}},
        "callbacks": {"ModelCheckpoint": {"monitor": "val_loss", "best_model_score": 0.5}},
        "optimizer_states": [{"state": {0: {"step": torch.tensor(3.0)}}, "param_groups": []}],
        "lr_schedulers": [],
        "hparams_name": "kwargs",
        "hyper_parameters": parameters,
    }
    torch.save(checkpoint, folder / "epoch=003-val_loss=0.500.ckpt")


def _save_wrapper(model, case, folder):
    """What save_pretrained of the library's classes for transformers writes."""
    *_, kind, cls = _MODELS[case.name]
    config = {
        "architectures": [cls],
        "is_decoder": False,
        "model_config": dataclasses.asdict(_configuration(case)),
        "model_type": kind,
        "torch_dtype": case.dtype,
        "transformers_version": "4.31.0",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    state = {f"backend_model.{name}": each for name, each in model.state_dict().items()}
    if case.form == "wrapper":
        save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    else:
        torch.save(state, folder / "pytorch_model.bin")
