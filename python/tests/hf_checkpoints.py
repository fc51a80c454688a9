"""Small checkpoints as Hugging Face's transformers saves them, and what the reference makes of
them.

Tensors have the names and shapes of reference.hf_parameters, which know nothing of importers, and
values by the rule of reference.deterministic.
"""

import json
from dataclasses import dataclass, field, replace

import numpy as np
from safetensors.numpy import save_file

import reference as r

_COMMON = {
    "num_latents": 8,
    "d_latents": 32,
    "num_blocks": 2,
    "num_self_attends_per_block": 2,
    "num_self_attention_heads": 4,
    "num_cross_attention_heads": 1,
}
_TEXT = {
    "num_latents": 16,
    "d_latents": 80,
    "d_model": 64,
    "num_self_attends_per_block": 2,
    "qk_channels": 256,
    "v_channels": 80,
    "max_position_embeddings": 32,
    "vocab_size": 262,
}
ROOT_NAME = "perceiver."


#: transformers' names of activations, and those of formulas.
ACTIVATIONS = {"quick_gelu": "quick_gelu", "swish": "silu", "relu2": "relu_squared"}


@dataclass(frozen=True)
class Case:
    """A class of transformers, its config.json, the reference's configuration, sizes of inputs that
    make a description static, and the task of the reference.
    """

    name: str
    config: dict
    reference: r.HuggingFaceConfig
    shapes: dict = field(default_factory=dict)

    @property
    def tensor_shapes(self):
        """Every tensor's shape by name."""
        shapes = r.parameter_shapes(self.reference)
        if self.name == "PerceiverModel":
            keep = ("perceiver.embeddings.", "perceiver.encoder.")
            shapes = {
                name.removeprefix(ROOT_NAME): shape
                for name, shape in shapes.items()
                if name.startswith(keep)
            }
        return shapes

    def tensors(self, gain=2.0):
        """The tensors in float32; queries and keys are large enough to show."""
        return {
            name: r.deterministic_parameter(name, shape, gain).astype(np.float32)
            for name, shape in self.tensor_shapes.items()
        }

    def changed(self, **fields):
        """The case with other fields that the reference has, too; hidden_act is one."""
        taken = {name: value for name, value in fields.items() if name != "hidden_act"}
        if "hidden_act" in fields:
            taken["activation"] = ACTIVATIONS[fields["hidden_act"]]
        return replace(
            self, config={**self.config, **fields}, reference=replace(self.reference, **taken)
        )

    def save(self, directory, **changes):
        """Write config.json and model.safetensors; `changes` of fields, None takes one out."""
        directory.mkdir(parents=True, exist_ok=True)
        config = {"model_type": "perceiver", "architectures": [self.name], **self.config, **changes}
        config = {name: value for name, value in config.items() if value is not None}
        (directory / "config.json").write_text(json.dumps(config))
        save_file(self.tensors(), directory / "model.safetensors")
        return directory


def _case(name, task, config, shapes=None, **fields):
    shared = {key: value for key, value in config.items() if key not in ("image_size",)}
    known = {key for key in r.HuggingFaceConfig.__dataclass_fields__ if key in shared}
    taken = {key: shared[key] for key in known} | fields
    return Case(name, config, r.HuggingFaceConfig(task, **taken), shapes or {})


_LABELS = {"id2label": {str(i): f"LABEL_{i}" for i in range(10)}}
_SHORT_TEXTS = {"inputs": (None, 20)}
_SMALL_IMAGES = {"inputs": (None, 3, 16, 12)}

CASES = {
    case.name: case
    for case in (
        _case("PerceiverModel", "masked_lm", _TEXT, {"inputs": (None, 20, 64)}),
        _case("PerceiverForMaskedLM", "masked_lm", _TEXT, _SHORT_TEXTS),
        _case("PerceiverForSequenceClassification", "sequence_classification", _TEXT, _SHORT_TEXTS),
        _case(
            "PerceiverForImageClassificationLearned",
            "image_classification_learned",
            {**_COMMON, **_LABELS, "image_size": 16},
            d_model=512,
            num_labels=10,
            image_size=16,
        ),
        _case(
            "PerceiverForImageClassificationFourier",
            "image_classification_fourier",
            {**_COMMON, **_LABELS},
            _SMALL_IMAGES,
            d_model=261,
            num_labels=10,
            max_resolution=(224, 224),
        ),
        _case(
            "PerceiverForImageClassificationConvProcessing",
            "image_classification_conv_processing",
            {**_COMMON, **_LABELS},
            {"inputs": (None, 3, 25, 18)},
            d_model=322,
            num_labels=10,
            max_resolution=(56, 56),
        ),
        _case(
            "PerceiverForOpticalFlow",
            "optical_flow",
            {**_COMMON, "train_size": [8, 12]},
            d_model=322,
            image_size=(8, 12),
            max_resolution=(8, 12),
        ),
        _case(
            "PerceiverForMultimodalAutoencoding",
            "multimodal_autoencoding",
            {
                **_COMMON,
                "num_labels": 7,
                "image_size": 16,
                "num_frames": 3,
                "audio_samples_per_frame": 24,
                "samples_per_patch": 4,
                "output_shape": [1, 3, 10, 14],
                "output_num_channels": 32,
            },
            {"inputs.image": (None, 4, 3, 8, 12), "inputs.audio": (None, 40, 1)},
            d_model=393,
            num_labels=7,
            num_bands=32,
            image_size=(10, 14),
            max_resolution=(3, 16, 16),
            num_frames=3,
            audio_samples=72,
            samples_per_patch=4,
        ),
    )
}


def inputs_of(case, batch=2):
    """Return inputs of `run` by name."""
    values = r.deterministic_values
    rows = 20
    match case.name.removeprefix("PerceiverFor"):
        case "PerceiverModel":
            return {
                "inputs": values("input.rows", (batch, rows, 64)),
                "attention_mask": (values("input.mask", (batch, rows)) > -0.5).astype(np.int64),
            }
        case "MaskedLM" | "SequenceClassification":
            ids = (37 * np.arange(batch * rows) % 256 + 6).reshape(batch, rows)
            mask = np.ones((batch, rows), np.int64)
            mask[-1, 12:] = 0
            return {"inputs": ids, "attention_mask": mask}
        case "ImageClassificationLearned":
            return {"inputs": values("input.image", (batch, 3, 16, 16))}
        case "ImageClassificationFourier":
            return {"inputs": values("input.image", (batch, 3, 16, 12))}
        case "ImageClassificationConvProcessing":
            return {"inputs": values("input.image", (batch, 3, 25, 18))}
        case "OpticalFlow":
            frames = values("input.flow", (batch, 2, 8, 12, 3))
            return {"inputs": r.flow_patches(frames)}
        case _:
            return {
                "inputs.image": values("input.image", (batch, 4, 3, 8, 12)),
                "inputs.audio": values("input.audio", (batch, 40, 1)),
                "inputs.label": values("input.label", (batch, 7)),
                "subsampled_output_points.image": np.array([0, 5, 419, 5, 77]),
                "subsampled_output_points.audio": np.array([17, 0, 9]),
            }


def expected_of(case, inputs):
    """Return what the reference makes of the inputs, by the names of the results."""
    weights, config = case.tensors(), case.reference
    mask = inputs.get("attention_mask")
    match case.name.removeprefix("PerceiverFor"):
        case "PerceiverModel":
            weights = {f"{ROOT_NAME}{name}": tensor for name, tensor in weights.items()}
            state = r.hf_last_hidden_state(weights, config, inputs["inputs"], mask)
            return {"last_hidden_state": state}
        case "MaskedLM":
            return {"logits": r.masked_lm(weights, config, inputs["inputs"], mask)}
        case "SequenceClassification":
            return {"logits": r.sequence_classification(weights, config, inputs["inputs"], mask)}
        case "OpticalFlow":
            return {"logits": r.optical_flow(weights, config, inputs["inputs"])}
        case "MultimodalAutoencoding":
            results = r.multimodal_autoencoding(
                weights,
                config,
                inputs["inputs.image"],
                inputs["inputs.audio"],
                inputs["subsampled_output_points.image"],
                inputs["subsampled_output_points.audio"],
            )
            return {f"logits.{name}": array for name, array in results.items()}
        case _:
            return {"logits": r.image_classification(weights, config, inputs["inputs"])}
