"""The rows of the model table: every class of transformers at its released size, beside the
library; DeepMind's, lucidrains' and krasserm's classes and the systems of the papers, alone.
"""

import re
from dataclasses import replace
from typing import Any

# isort: split
from bench.checkpoints import HuggingFace, Paper, Row, Saved
from bench.configurations import FLOW, LANGUAGE, MULTIMODAL, PERCEIVER, VISION, VISION_FOURIER
from bench.lines import LIBRARY, STATIC

# isort: split
import deepmind_checkpoints
import krasserm_checkpoints
import lucidrains_checkpoints
from deepmind_checkpoints import fourier

import reference as r
from models.papers import SYSTEMS, get_system

# Sizes of inputs.

_TEXT = {"batch": 1, "rows": 2048}
_IMAGE = {"batch": 1, "height": 224, "width": 224}
#: One chunk of 128, as the library's example decodes them.
_CHUNKS = 128
_CLIP = {
    "batch": 1,
    "frames": 16,
    "height": 224,
    "width": 224,
    "samples": 30720,
    "image_points": 16 * 224 * 224 // _CHUNKS,
    "audio_points": 1920 // _CHUNKS,
}

# Classes of transformers.

_FOURIER = HuggingFace(
    "vision-perceiver-fourier",
    "PerceiverForImageClassificationFourier",
    VISION_FOURIER,
)
# Frequencies far above what its positions resolve: queries and keys of a larger gain would show
# how float32 rounds them.
_AUTOENCODING = HuggingFace(
    "multimodal-perceiver", "PerceiverForMultimodalAutoencoding", MULTIMODAL, gain=1.0
)


def _golden(name: str) -> str:
    """The test of a small checkpoint of the library itself."""
    return f"test_goldens.py::test_the_compiler_computes_what_the_library_did[{name}-1]"


def _imported(name: str) -> str:
    """The test of a small checkpoint and the reference."""
    return f"test_compiled_imports.py::test_compiled_models_agree[{name}]"


def _huggingface(source: HuggingFace, sizes: dict[str, int], **more: Any) -> Row:
    test = _golden(f"huggingface/{source.cls}")
    return Row(source.name, source.cls, "run", source.name, peers=(LIBRARY,), source=source,
               test=test, sizes=sizes, **more)  # fmt: skip


_FOURIER_ROW = _huggingface(_FOURIER, _IMAGE)
_AUTOENCODING_ROW = _huggingface(_AUTOENCODING, _CLIP)

_HUGGINGFACE = [
    _huggingface(HuggingFace("language-perceiver", "PerceiverForMaskedLM", LANGUAGE), _TEXT),
    _huggingface(
        HuggingFace("language-perceiver-classes", "PerceiverForSequenceClassification", LANGUAGE),
        _TEXT,
    ),
    _huggingface(
        HuggingFace(
            "vision-perceiver-learned",
            "PerceiverForImageClassificationLearned",
            {**VISION, "d_model": 512},
        ),
        _IMAGE,
    ),
    _FOURIER_ROW,
    replace(
        _FOURIER_ROW,
        name="vision-perceiver-fourier-static",
        title=f"{_FOURIER.cls}, height and width dynamic beside static",
        peers=(STATIC,),
        static_shapes=("inputs=1x3x224x224",),
        test=_imported(f"huggingface-{_FOURIER.cls}-fixed"),
    ),
    _huggingface(
        HuggingFace(
            "vision-perceiver-conv",
            "PerceiverForImageClassificationConvProcessing",
            {**VISION, "d_model": 322},
        ),
        _IMAGE,
    ),
    _huggingface(
        HuggingFace("optical-flow-perceiver", "PerceiverForOpticalFlow", FLOW),
        {"batch": 1},
        most_rounds=3,
    ),
    _AUTOENCODING_ROW,
    replace(
        _AUTOENCODING_ROW,
        name="multimodal-perceiver-all",
        title=f"{_AUTOENCODING.cls}, all outputs of one encode beside {_CHUNKS} runs",
        most_rounds=3,
        entry_sizes={
            "decode_image": {"first": 0, "count": _CLIP["image_points"]},
            "decode_audio": {"first": 0, "count": _CLIP["audio_points"]},
        },
        parts=(
            ("encode", 1),
            ("process", 1),
            ("decode_image", _CHUNKS),
            ("decode_audio", _CHUNKS),
            ("decode_label", 1),
        ),
        peer_runs=_CHUNKS,
        test=f"test_compiled_imports.py::test_compiled_entries_agree[{_AUTOENCODING.cls}]",
    ),
]

# The other libraries.


def _saved(name: str, title: str, case: Any, test: str, sizes: dict[str, int]) -> Row:
    shapes = tuple(
        f"{key}={'x'.join('?' if size is None else str(size) for size in shape)}"
        for key, shape in case.shapes.items()
    )
    return Row(name, title, "alone", name, most_rounds=3, source=Saved(name, case), test=test,
               sizes=sizes, shapes=shapes)  # fmt: skip


def _encoder(config: dict[str, Any]) -> dict[str, Any]:
    """Arguments of DeepMind's encoder."""
    found = {
        "z_index_dim": config["num_latents"],
        "num_z_channels": config["d_latents"],
        "num_blocks": config.get("num_blocks", 1),
        "num_self_attends_per_block": config["num_self_attends_per_block"],
        "num_self_attend_heads": config.get("num_self_attention_heads", 8),
        "num_cross_attend_heads": config.get("num_cross_attention_heads", 8),
    }
    return found | {k: config[k] for k in ("qk_channels", "v_channels") if k in config}


def _deepmind(
    name: str, task: str, decoder: str, kwargs: dict[str, Any], config: dict[str, Any],
    sizes: dict[str, int], **shapes: tuple,
) -> Row:  # fmt: skip
    model = r.RELEASED[task].as_deepmind()
    kwargs["encoder"] = _encoder(config) | kwargs.get("encoder", {})
    case = deepmind_checkpoints.Case(kwargs, model, decoder, shapes)
    title, test = {
        "masked_lm": ("masked language model", "MaskedLM"),
        "image_classification_learned": ("images, learned positions", "Learned"),
        "image_classification_fourier": ("images, Fourier positions", "Fourier"),
        "image_classification_conv_processing": ("images behind a convolution", "Conv"),
        "optical_flow": ("optical flow", "Flow"),
        "multimodal_autoencoding": ("autoencoding of several modalities", "Multimodal"),
    }[task]
    return _saved(name, f"DeepMind, {title}", case, _imported(f"deepmind-{test}-any"), sizes)


def _images(name: str, task: str, preprocessor: dict[str, Any], residual: bool = True) -> Row:
    decoder = {
        "type": "classification",
        "num_classes": 1000,
        "use_query_residual": residual,
        "trainable_position_encoding_kwargs": {"num_channels": 1024, "init_scale": 0.02},
    }
    kwargs = {"decoder": decoder, "preprocessor": {"type": "image", **preprocessor}}
    scope = "classification_decoder/~/basic_decoder"
    shapes = {"inputs": (None, 224, 224, 3)} if task.endswith("learned") else {}
    return _deepmind(name, task, scope, kwargs, VISION, _IMAGE, **shapes)


_DEEPMIND = [
    _deepmind(
        "deepmind-language",
        "masked_lm",
        "basic_decoder",
        {
            "decoder": {
                "type": "basic",
                "output_num_channels": 262,
                "output_index_dims": 2048,
                "num_heads": 8,
                "qk_channels": 256,
                "v_channels": 768,
                "final_project": False,
                "trainable_position_encoding_kwargs": {"num_channels": 768},
            },
            "vocab": 262,
            "d_model": 768,
        },
        LANGUAGE,
        {"batch": 1},
    ),
    _images(
        "deepmind-imagenet-learned",
        "image_classification_learned",
        {
            "prep_type": "conv1x1",
            "spatial_downsample": 1,
            "num_channels": 256,
            "position_encoding_type": "trainable",
            "project_pos_dim": 256,
            "trainable_position_encoding_kwargs": {"num_channels": 256},
        },
        residual=False,
    ),
    _images(
        "deepmind-imagenet-fourier",
        "image_classification_fourier",
        {
            "prep_type": "pixels",
            "spatial_downsample": 1,
            "fourier_position_encoding_kwargs": fourier(64, 224, 224),
        },
    ),
    _images(
        "deepmind-imagenet-conv",
        "image_classification_conv_processing",
        {"fourier_position_encoding_kwargs": fourier(64, 56, 56)},
    ),
    _deepmind(
        "deepmind-flow",
        "optical_flow",
        "flow_decoder/~/basic_decoder",
        {
            "decoder": {
                "type": "flow",
                "output_image_shape": [368, 496],
                "position_encoding_type": "fourier",
                "fourier_position_encoding_kwargs": fourier(64, 368, 496),
            },
            "preprocessor": {
                "type": "image",
                "prep_type": "patches",
                "spatial_downsample": 1,
                "temporal_downsample": 2,
                "conv_after_patching": True,
                "fourier_position_encoding_kwargs": fourier(64, 368, 496),
            },
            "flow_patches": True,
        },
        FLOW,
        {"batch": 1},
    ),
    _deepmind(
        "deepmind-multimodal",
        "multimodal_autoencoding",
        "multimodal_decoder/~/basic_decoder",
        deepmind_checkpoints.multimodal_arguments(
            encoder={"name": "encoder"},
            samples=30720,
            patch=16,
            clip=(16, 224, 224),
            resolution=(16, 56, 56),
            channels=512,
            labels=700,
            points={"audio": 15, "image": 6272},
        ),
        MULTIMODAL,
        _CLIP,
    ),
]

_LATENTS = {key: PERCEIVER[key] for key in PERCEIVER if "freq" not in key and "class" not in key}


def _folder(library: str, name: str) -> str:
    """The name of a folder for a class."""
    return f"{library}-{name.replace('.', '-').replace('_', '-').lower()}"


def _lucidrains(file: str, kwargs: dict[str, Any], config: Any, sizes: dict[str, int]) -> Row:
    name = file.removeprefix("perceiver_pytorch.")
    case = lucidrains_checkpoints.Case(f"perceiver_pytorch.{file}", kwargs, config)
    test = _golden(f"lucidrains/{name}")
    return _saved(_folder("lucidrains", name), f"perceiver-pytorch, {name}", case, test, sizes)


_IO = {**_LATENTS, "dim": 32, "queries_dim": 32, "logits_dim": 100}
_LM = {**_LATENTS, "dim": 32, "num_tokens": 20000, "max_seq_len": 2048}
_LUCIDRAINS = [
    *(
        _lucidrains(f"{file}.Perceiver", PERCEIVER, r.LucidrainsConfig(**PERCEIVER), _IMAGE)
        for file in ("perceiver_pytorch", "gated", "mixed_latents")
    ),
    _lucidrains(
        "perceiver_io.PerceiverIO",
        _IO,
        r.LucidrainsIOConfig(**_IO),
        {"batch": 1, "rows": 512, "queries": 128},
    ),
    _lucidrains(
        "perceiver_io.PerceiverLM",
        _LM,
        r.LucidrainsIOConfig(queries_dim=32, logits_dim=20000, **_LM),
        {"batch": 1, "rows": 512},
    ),
]


def _krasserm(name: str, encoder: dict, decoder: dict, latents: tuple[int, int],
              sizes: dict[str, int]) -> Row:  # fmt: skip
    kwargs = {"encoder": encoder, "decoder": decoder, "num_latents": latents[0],
              "num_latent_channels": latents[1]}  # fmt: skip
    case = krasserm_checkpoints.Case(name, kwargs)
    test = _golden(f"krasserm/{name}")
    return _saved(_folder("krasserm", name), f"perceiver-io, {name}", case, test, sizes)


_BYTES = {
    "vocab_size": 262,
    "max_seq_len": 2048,
    "num_input_channels": 768,
    "num_cross_attention_qk_channels": 256,
    "num_cross_attention_v_channels": 1280,
    "num_self_attention_qk_channels": 256,
    "num_self_attention_v_channels": 1280,
    "num_self_attention_layers_per_block": 26,
}
_KRASSERM = [
    _krasserm(
        "MaskedLanguageModel",
        _BYTES,
        {
            "vocab_size": 262,
            "max_seq_len": 2048,
            "num_cross_attention_qk_channels": 256,
            "num_cross_attention_v_channels": 768,
            "cross_attention_residual": False,
        },
        (256, 1280),
        _TEXT,
    ),
    _krasserm(
        "TextClassifier",
        _BYTES,
        {"num_output_query_channels": 1280, "num_classes": 2},
        (256, 1280),
        _TEXT,
    ),
    _krasserm(
        "ImageClassifier",
        {
            "image_shape": [224, 224, 3],
            "num_frequency_bands": 64,
            "num_cross_attention_heads": 1,
            "num_self_attention_layers_per_block": 6,
            "num_self_attention_blocks": 8,
        },
        {
            "num_output_query_channels": 1024,
            "num_classes": 1000,
            "num_cross_attention_heads": 1,
        },
        (512, 1024),
        {"batch": 1},
    ),
    _krasserm(
        "OpticalFlow",
        {
            "image_shape": [368, 496],
            "num_patch_input_channels": 27,
            "num_patch_hidden_channels": 64,
            "num_frequency_bands": 64,
            "num_cross_attention_heads": 1,
            "num_self_attention_heads": 16,
            "num_self_attention_layers_per_block": 24,
        },
        {
            "image_shape": [368, 496],
            "num_cross_attention_heads": 1,
            "num_cross_attention_qk_channels": 512,
            "num_cross_attention_v_channels": 512,
            "cross_attention_residual": False,
            "rescale_factor": 100.0,
        },
        (2048, 512),
        {"batch": 1},
    ),
]


def _title(text: str) -> str:
    """Without numbers of papers and sections."""
    return re.sub(r" \(arXiv [\d.]+\)|, (section [\d.]+|appendix)", "", text)


_PAPERS = [
    Row(
        name,
        _title(get_system(name).title),
        "alone",
        name,
        most_rounds=3,
        source=Paper(name),
        test=f"test_papers.py::test_compiled_systems_agree[{name}]",
    )
    for name in SYSTEMS
]

ROWS = {row.name: row for row in (*_HUGGINGFACE, *_DEEPMIND, *_LUCIDRAINS, *_KRASSERM, *_PAPERS)}
