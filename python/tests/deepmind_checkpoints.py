"""Small checkpoints of DeepMind's models, and what the reference makes of them.

The reference has the tensors of Hugging Face's conversion; here they get haiku's names and layouts.
"""

import re
from dataclasses import dataclass, field, replace

import numpy as np
from checkpoint_files import haiku_array, pickle_of, safetensors_bytes, write_config

import reference as r

_ENCODER = {
    "num_self_attends_per_block": 2,
    "num_blocks": 2,
    "z_index_dim": 8,
    "num_z_channels": 32,
    "num_self_attend_heads": 4,
}
_COMMON = {
    "num_latents": 8,
    "d_latents": 32,
    "num_blocks": 2,
    "num_self_attends_per_block": 2,
    "num_self_attention_heads": 4,
    "num_cross_attention_heads": 1,
}


@dataclass(frozen=True)
class Case:
    """Arguments, the reference's configuration, the decoder's scope and sizes of inputs."""

    kwargs: dict
    reference: r.HuggingFaceConfig
    decoder: str
    shapes: dict = field(default_factory=dict)

    def torch_tensors(self, gain=2.0):
        """The tensors under Hugging Face's names."""
        return {
            name: r.deterministic_parameter(name, shape, gain).astype(np.float32)
            for name, shape in r.parameter_shapes(self.reference).items()
        }

    def tensors(self):
        """The tensors under haiku's names."""
        found = dict(renamed(name, tensor, self) for name, tensor in self.torch_tensors().items())
        return {name: tensor for name, tensor in found.items() if name}

    def save(self, directory, form="safetensors", tensors=None, **changes):
        """Write kwargs.json and the weights."""
        config = {
            "source": "deepmind-research@f5de0ede",
            "class": "perceiver.Perceiver",
            "kwargs": {**self.kwargs, **changes},
        }
        write_config(directory, config, "kwargs.json")
        tensors = self.tensors() if tensors is None else tensors
        if form == "safetensors":
            (directory / "model.safetensors").write_bytes(safetensors_bytes(tensors))
            return directory
        trees = {"params": {}, "state": {}}
        for name, tensor in tensors.items():
            module, _, leaf = name.rpartition(":")
            tree = trees["state" if leaf == "average" else "params"]
            tree.setdefault(module, {})[leaf] = haiku_array(tensor)
        counter = {"counter": haiku_array(np.array(3, "<i4"))}
        trees["state"].setdefault("image_preprocessor/~/b/~/mean_ema", {}).update(counter)
        (directory / "model.pystate").write_bytes(pickle_of(trees))
        return directory


def renamed(name, tensor, case):
    """Return haiku's name and layout of a tensor."""
    name = name.removeprefix("perceiver.")
    encoder = f"{case.kwargs['encoder'].get('name', 'perceiver_encoder')}/~"
    modal = re.fullmatch(r"output_postprocessor.modalities.(\w+).classifier.(weight|bias)", name)
    if modal:
        kinds = {"audio": "audio", "image": "projection", "label": "classification"}
        leaf = {"weight": "w", "bias": "b"}[modal[2]]
        return f"{kinds[modal[1]]}_postprocessor/linear:{leaf}", tensor.T
    simple = {
        "embeddings.latents": f"{encoder}/trainable_position_encoding:pos_embs",
        "input_preprocessor.embeddings.weight": "embed:embeddings",
        "input_preprocessor.position_embeddings.weight": "trainable_position_encoding:pos_embs",
        "input_preprocessor.position_embeddings.position_embeddings": (
            "image_preprocessor/~_build_network_inputs/trainable_position_encoding:pos_embs"
        ),
        "embedding_decoder.bias": "embedding_decoder:bias",
        "decoder.modalities.label.decoder.output_position_encodings.position_embeddings": (
            "classification_decoder/~/basic_decoder/~/trainable_position_encoding:pos_embs"
        ),
    }
    if name in simple:
        return simple[name], tensor
    if name.endswith("output_position_encodings.position_embeddings"):
        return f"{case.decoder}/~/trainable_position_encoding:pos_embs", tensor
    padding = re.fullmatch(r"(input_preprocessor|decoder).(padding|mask).(\w+)", name)
    if padding:
        where = "multimodal_preprocessor"
        if padding[1] == "decoder":
            where = "multimodal_decoder/~decoder_query"
        what = {"padding": "padding", "mask": "mask_token"}[padding[2]]
        return f"{where}/{padding[3]}_{what}:pos_embs", tensor
    stem = "image_preprocessor/~/conv2_d_downsample/~"
    if name == "input_preprocessor.convnet.conv.weight":
        # Stored with both spatial axes exchanged.
        return f"{stem}/conv:w", np.ascontiguousarray(tensor.transpose(3, 2, 1, 0))
    if name.startswith("input_preprocessor.convnet.batchnorm."):
        leaf = {
            "weight": ":scale",
            "bias": ":offset",
            "running_mean": "/~/mean_ema:average",
            "running_var": "/~/var_ema:average",
        }.get(name.rpartition(".")[2])
        return (leaf and f"{stem}/batchnorm{leaf}", tensor.reshape(1, 1, 1, -1))
    module, _, leaf = name.rpartition(".")
    linears = {
        "input_preprocessor.convnet_1x1": "image_preprocessor/~/conv2_d",
        "input_preprocessor.positions_projection": (
            "image_preprocessor/~_build_network_inputs/position_encoding_projector/linear"
        ),
        "input_preprocessor.conv_after_patches": "image_preprocessor/patches_linear",
    }
    if module.endswith("final_layer"):
        linears[module] = f"{case.decoder}/output"
    if module in linears:
        if tensor.ndim == 4:
            return f"{linears[module]}:w", np.ascontiguousarray(tensor.transpose(2, 3, 1, 0))
        return f"{linears[module]}:{'w' if leaf == 'weight' else 'b'}", tensor.T
    block = re.fullmatch(
        r"(encoder\.cross_attention|encoder\.self_attends\.(\d+)|\S*decoding_cross_attention)\.(.*)",
        module,
    )
    is_self = block[2] is not None
    if is_self:
        scope = f"{encoder}/self_attention" + (f"_{block[2]}" if int(block[2]) else "")
    elif block[1].startswith("encoder"):
        scope = f"{encoder}/cross_attention"
    else:
        scope = f"{case.decoder}/cross_attention"
    norms = {"attention.self.layernorm1": 0, "attention.self.layernorm2": 1}
    norms["layernorm"] = 1 if is_self else 2
    if block[3] in norms:
        number = norms[block[3]]
        leaf = {"weight": "scale", "bias": "offset"}[leaf]
        return f"{scope}/layer_norm" + (f"_{number}" if number else "") + f":{leaf}", tensor
    layers = {
        "attention.self.query": "attention/linear",
        "attention.self.key": "attention/linear_1",
        "attention.self.value": "attention/linear_2",
        "attention.output.dense": "attention/linear_3",
        "mlp.dense1": "mlp/linear",
        "mlp.dense2": "mlp/linear_1",
    }
    return f"{scope}/{layers[block[3]]}:{'w' if leaf == 'weight' else 'b'}", tensor.T


def fourier(bands, *resolution):
    """Arguments of Fourier positions."""
    return {"num_bands": bands, "max_resolution": list(resolution)}


_CLASSES = {
    "type": "classification",
    "num_classes": 10,
    "use_query_residual": True,
    "trainable_position_encoding_kwargs": {"num_channels": 32, "init_scale": 0.02},
}


def _images(task, preprocessor, shapes, residual=True, **config):
    decoder = {**_CLASSES, "use_query_residual": residual}
    kwargs = {"encoder": _ENCODER, "decoder": decoder, "preprocessor": preprocessor}
    reference = r.HuggingFaceConfig(task, **_COMMON, num_labels=10, **config).as_deepmind()
    return Case(kwargs, reference, "classification_decoder/~/basic_decoder", shapes)


_TEXT_ENCODER = {**_ENCODER, "num_blocks": 1, "qk_channels": 16, "v_channels": 32}
CASES = {
    "MaskedLM": Case(
        {
            "encoder": {**_TEXT_ENCODER, "num_cross_attend_heads": 4},
            "decoder": {
                "type": "basic",
                "output_num_channels": 23,
                "output_index_dims": 12,
                "num_heads": 8,
                "qk_channels": 256,
                "v_channels": 24,
                "final_project": False,
                "trainable_position_encoding_kwargs": {"num_channels": 24},
            },
            "vocab": 23,
            "d_model": 24,
        },
        r.HuggingFaceConfig(
            "masked_lm",
            **{**_COMMON, "num_blocks": 1, "num_cross_attention_heads": 4},
            d_model=24,
            qk_channels=16,
            v_channels=32,
            vocab_size=23,
            max_position_embeddings=12,
        ).as_deepmind(),
        "basic_decoder",
    ),
    "Fourier": _images(
        "image_classification_fourier",
        {
            "type": "image",
            "prep_type": "pixels",
            "spatial_downsample": 1,
            "fourier_position_encoding_kwargs": fourier(64, 16, 12),
        },
        {"inputs": (None, 16, 12, 3)},
        d_model=261,
        max_resolution=(16, 12),
    ),
    "Learned": _images(
        "image_classification_learned",
        {
            "type": "image",
            "prep_type": "conv1x1",
            "spatial_downsample": 1,
            "num_channels": 256,
            "position_encoding_type": "trainable",
            "project_pos_dim": 256,
            "trainable_position_encoding_kwargs": {"num_channels": 256},
        },
        {"inputs": (None, 16, 16, 3)},
        residual=False,
        d_model=512,
        image_size=16,
    ),
    "Conv": _images(
        "image_classification_conv_processing",
        {
            "type": "image",
            "fourier_position_encoding_kwargs": fourier(64, 56, 56),
        },
        {"inputs": (None, 25, 18, 3)},
        d_model=322,
        max_resolution=(56, 56),
    ),
    "Flow": Case(
        {
            "encoder": {**_ENCODER, "num_blocks": 1},
            "decoder": {
                "type": "flow",
                "output_image_shape": [8, 12],
                "position_encoding_type": "fourier",
                "fourier_position_encoding_kwargs": fourier(64, 8, 12),
            },
            "preprocessor": {
                "type": "image",
                "prep_type": "patches",
                "spatial_downsample": 1,
                "temporal_downsample": 2,
                "conv_after_patching": True,
                "fourier_position_encoding_kwargs": fourier(64, 8, 12),
            },
            "flow_patches": True,
        },
        replace(
            r.HuggingFaceConfig(
                "optical_flow",
                **{**_COMMON, "num_blocks": 1},
                d_model=322,
                image_size=(8, 12),
                max_resolution=(8, 12),
            ).as_deepmind()
        ),
        "flow_decoder/~/basic_decoder",
    ),
}


def multimodal_arguments(*, encoder, samples, patch, clip, resolution, channels, labels, points):
    """Arguments of the model of videos with sound and a label: audio of `samples` in patches, a
    clip of (frames, height, width), the resolution of its Fourier bands, the channels of outputs,
    and how many points of each are wanted.
    """
    audio = {"fourier_position_encoding_kwargs": fourier(192, samples)}
    image = {"fourier_position_encoding_kwargs": fourier(32, *resolution)}
    queries = {"output_num_channels": channels, "position_encoding_type": "fourier"}
    table = {"trainable_position_encoding_kwargs": {"num_channels": 1024}}
    return {
        "encoder": encoder,
        "preprocessor": {
            "modalities": {
                "audio": {"type": "audio", "samples_per_patch": patch, **audio},
                "image": {
                    "type": "image",
                    "prep_type": "patches",
                    "spatial_downsample": 4,
                    **image,
                },
                "label": {"type": "onehot"},
            },
            "mask_probs": {"image": 0.0, "audio": 0.0, "label": 1.0},
            "min_padding_size": 4,
        },
        "decoder": {
            "modalities": {
                "audio": {
                    "type": "basic",
                    "output_index_dims": [samples // patch],
                    **queries,
                    **audio,
                },
                "image": {"type": "video", "output_shape": [1, *clip], **queries, **image},
                "label": {"type": "classification", "num_classes": labels, **table},
            },
            "output_num_channels": channels,
            "num_outputs": None,
            "subsampled_index_dims": {**points, "label": 1},
        },
        "postprocessor": {
            "modalities": {
                "audio": {"type": "audio", "samples_per_patch": patch},
                "image": {"type": "projection", "num_outputs": 3},
                "label": {"type": "classification", "num_classes": labels},
            }
        },
    }


CASES["Multimodal"] = Case(
    multimodal_arguments(
        encoder={**_ENCODER, "name": "encoder"},
        samples=72,
        patch=4,
        clip=(3, 10, 14),
        resolution=(3, 16, 16),
        channels=32,
        labels=7,
        points={"audio": 3, "image": 5},
    ),
    r.HuggingFaceConfig(
        "multimodal_autoencoding",
        **_COMMON,
        d_model=393,
        num_labels=7,
        num_bands=32,
        image_size=(10, 14),
        max_resolution=(3, 16, 16),
        num_frames=3,
        audio_samples=72,
        samples_per_patch=4,
    ).as_deepmind(),
    "multimodal_decoder/~/basic_decoder",
)


def inputs_of(name, batch=2):
    """Return inputs of `run` by name."""
    values = r.deterministic_values
    if name == "MaskedLM":
        ids = (37 * np.arange(batch * 12) % 23).reshape(batch, 12)
        mask = (np.arange(12) < np.array([[12], [7]])).astype(np.int32)
        return {"inputs": ids, "input_mask": mask, "query_mask": mask}
    if name == "Flow":
        return {"inputs": values("input.flow", (batch, 2, 8, 12, 3))}
    if name == "Multimodal":
        return {
            "inputs.image": values("input.image", (batch, 4, 8, 12, 3)),
            "inputs.audio": values("input.audio", (batch, 40, 1)),
            "inputs.label": values("input.label", (batch, 7)),
            "subsampled.image": np.array([0, 5, 419, 5, 77]),
            "subsampled.audio": np.array([17, 0, 9]),
        }
    shape = CASES[name].shapes["inputs"]
    return {"inputs": values("input.image", tuple(size or batch for size in shape))}


def expected_of(name, inputs):
    """Return what the reference makes of the inputs: an array, or arrays by name."""
    case = CASES[name]
    weights, config = case.torch_tensors(), case.reference
    if name == "Multimodal":
        image = np.moveaxis(inputs["inputs.image"], -1, 2)
        points = inputs["subsampled.image"], inputs["subsampled.audio"]
        found = r.multimodal_autoencoding(weights, config, image, inputs["inputs.audio"], *points)
        return {f"output.{modality}": array for modality, array in found.items()}
    if name == "MaskedLM":
        return r.masked_lm(weights, config, inputs["inputs"], inputs.get("input_mask"))
    if name == "Flow":
        return r.optical_flow(weights, config, r.flow_patches(inputs["inputs"]))
    return r.image_classification(weights, config, np.moveaxis(inputs["inputs"], -1, 1))
