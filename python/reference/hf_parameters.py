"""Names and shapes of the Hugging Face Perceiver checkpoints, and their binding to block
parameters.
"""

from collections.abc import Mapping

import numpy as np
from perceiver_compiler.formulas.blocks import (
    AttentionParameters,
    CrossBlockParameters,
    NormParameters,
    SelfBlockParameters,
)
from perceiver_compiler.formulas.linear import LinearParameters
from perceiver_compiler.formulas.mlp import MlpParameters

from .hf_config import HuggingFaceConfig

Weights = Mapping[str, np.ndarray]
Shapes = dict[str, tuple[int, ...]]

AUDIO_BANDS = 192
_LABEL_QUERY_CHANNELS = 1024
_MIN_PADDING = 4
_MIN_QUERY_PADDING = 2


def parameter_shapes(config: HuggingFaceConfig) -> Shapes:
    """Return every tensor's shape in the torch layout by its full checkpoint name."""
    latent_width = config.d_latents
    shapes: Shapes = {"perceiver.embeddings.latents": (config.num_latents, latent_width)}
    shapes |= _preprocessor_shapes(config)
    by_keys = config.cross_attention_shape_for_attention == "kv"
    qk = config.qk_channels or (config.d_model if by_keys else latent_width)
    shapes |= _block_shapes(
        "perceiver.encoder.cross_attention",
        (latent_width, config.d_model, qk, config.v_channels or qk),
        config.cross_attention_widening_factor,
        cross=True,
    )
    qk = config.qk_channels or latent_width
    for layer in range(config.num_self_attends_per_block):
        shapes |= _block_shapes(
            f"perceiver.encoder.self_attends.{layer}",
            (latent_width, latent_width, qk, config.v_channels or qk),
            config.self_attention_widening_factor,
            cross=False,
        )
    return shapes | _decoder_shapes(config)


def modality_channels(config: HuggingFaceConfig) -> dict[str, int]:
    """Return each modality's channels before padding, alphabetically; multimodal model."""
    image = 3 * 4 * 4 + 3 * (2 * config.num_bands + 1)
    audio = config.samples_per_patch + 2 * AUDIO_BANDS + 1
    return {"audio": audio, "image": image, "label": config.num_labels}


def query_channels(config: HuggingFaceConfig) -> dict[str, int]:
    """Return the channels of each modality's queries of the multimodal model before padding,
    alphabetically.
    """
    image = 3 * (2 * config.num_bands + 1)
    return {"audio": 2 * AUDIO_BANDS + 1, "image": image, "label": _LABEL_QUERY_CHANNELS}


def decoder_prefix(config: HuggingFaceConfig) -> str:
    """Return the name under which the decoder's attention block is stored."""
    inner = "decoder." if config.task == "masked_lm" else "decoder.decoder."
    return f"perceiver.{inner}decoding_cross_attention"


def linear_parameters(weights: Weights, name: str) -> LinearParameters:
    """Bind name.weight [out, in] (transposed) and name.bias."""
    return LinearParameters(array(weights, f"{name}.weight").T, array(weights, f"{name}.bias"))


def array(weights: Weights, name: str) -> np.ndarray:
    """Return a tensor as float64. KeyError if it is not there."""
    return np.asarray(weights[name], np.float64)


def cross_parameters(
    weights: Weights, name: str, heads: int, config: HuggingFaceConfig
) -> CrossBlockParameters:
    """Bind the cross-attention block stored under `name`."""
    return CrossBlockParameters(
        norm_queries=_norm(weights, f"{name}.attention.self.layernorm1"),
        norm_inputs=_norm(weights, f"{name}.attention.self.layernorm2"),
        attention=_attention(weights, name, heads),
        norm_mlp=_norm(weights, f"{name}.layernorm"),
        mlp=_mlp(weights, name, config),
    )


def self_parameters(
    weights: Weights, name: str, heads: int, config: HuggingFaceConfig
) -> SelfBlockParameters:
    """Bind the self-attention block stored under `name`."""
    return SelfBlockParameters(
        norm=_norm(weights, f"{name}.attention.self.layernorm1"),
        attention=_attention(weights, name, heads),
        norm_mlp=_norm(weights, f"{name}.layernorm"),
        mlp=_mlp(weights, name, config),
    )


def _norm(weights: Weights, name: str) -> NormParameters:
    return NormParameters(array(weights, f"{name}.weight"), array(weights, f"{name}.bias"))


def _attention(weights: Weights, name: str, heads: int) -> AttentionParameters:
    return AttentionParameters(
        query=linear_parameters(weights, f"{name}.attention.self.query"),
        key=linear_parameters(weights, f"{name}.attention.self.key"),
        value=linear_parameters(weights, f"{name}.attention.self.value"),
        output=linear_parameters(weights, f"{name}.attention.output.dense"),
        heads=heads,
    )


def _mlp(weights: Weights, name: str, config: HuggingFaceConfig) -> MlpParameters:
    return MlpParameters(
        up=linear_parameters(weights, f"{name}.mlp.dense1"),
        down=linear_parameters(weights, f"{name}.mlp.dense2"),
        activation=config.activation or f"gelu_{config.variant.gelu}",
    )


def _affine(name: str, outputs: int, *inputs: int) -> Shapes:
    return {f"{name}.weight": (outputs, *inputs), f"{name}.bias": (outputs,)}


def _block_shapes(
    name: str, widths: tuple[int, int, int, int], widening: int, cross: bool
) -> Shapes:
    query, key, qk, v = widths
    shapes = _affine(f"{name}.attention.self.layernorm1", query)
    if cross:
        shapes |= _affine(f"{name}.attention.self.layernorm2", key)
    shapes |= _affine(f"{name}.attention.self.query", qk, query)
    shapes |= _affine(f"{name}.attention.self.key", qk, key)
    shapes |= _affine(f"{name}.attention.self.value", v, key)
    shapes |= _affine(f"{name}.attention.output.dense", query, v)
    shapes |= _affine(f"{name}.layernorm", query)
    shapes |= _affine(f"{name}.mlp.dense1", widening * query, query)
    return shapes | _affine(f"{name}.mlp.dense2", query, widening * query)


def _preprocessor_shapes(config: HuggingFaceConfig) -> Shapes:
    name = "perceiver.input_preprocessor"
    if config.task in ("masked_lm", "sequence_classification"):
        return {
            f"{name}.embeddings.weight": (config.vocab_size, config.d_model),
            f"{name}.position_embeddings.weight": (config.max_position_embeddings, config.d_model),
        }
    if config.task == "image_classification_learned":
        pixels = config.image_dims[0] * config.image_dims[1]
        table = f"{name}.position_embeddings.position_embeddings"
        shapes = _affine(f"{name}.convnet_1x1", 256, 3, 1, 1)
        return shapes | {table: (pixels, 256)} | _affine(f"{name}.positions_projection", 256, 256)
    if config.task == "image_classification_conv_processing":
        norm = f"{name}.convnet.batchnorm"
        shapes = {f"{name}.convnet.conv.weight": (64, 3, 7, 7)} | _affine(norm, 64)
        return shapes | {f"{norm}.running_mean": (64,), f"{norm}.running_var": (64,)}
    if config.task == "optical_flow":
        return _affine(f"{name}.conv_after_patches", 64, 2 * 27)
    if config.task == "multimodal_autoencoding":
        channels = modality_channels(config)
        width = max(channels.values()) + _MIN_PADDING
        padding = {f"{name}.padding.{m}": (1, width - c) for m, c in channels.items()}
        return padding | {f"{name}.mask.{m}": (1, width) for m in channels}
    return {}


def _decoder_shapes(config: HuggingFaceConfig) -> Shapes:
    task, latent_width, block = config.task, config.d_latents, decoder_prefix(config)
    name = block.removesuffix(".decoding_cross_attention")
    table = f"{name}.output_position_encodings.position_embeddings"
    by_keys = config.cross_attention_shape_for_attention == "kv"
    if task == "masked_lm":
        width = config.d_model
        widths = (width, latent_width, config.decoder_qk_channels, width)
        shapes = {table: (config.max_position_embeddings, width)}
        shapes |= _block_shapes(block, widths, 1, cross=True)
        return shapes | {"embedding_decoder.bias": (config.vocab_size,)}
    if task == "optical_flow":
        width, outputs, shapes = config.d_model, 2, {}
    elif task == "multimodal_autoencoding":
        channels = query_channels(config)
        width, outputs = max(channels.values()) + _MIN_QUERY_PADDING, latent_width
        shapes = {f"perceiver.decoder.padding.{m}": (1, width - c) for m, c in channels.items()}
        label = "perceiver.decoder.modalities.label.decoder.output_position_encodings"
        shapes |= {f"{label}.position_embeddings": (1, _LABEL_QUERY_CHANNELS)}
        heads = {"audio": config.samples_per_patch, "image": 3, "label": config.num_labels}
        for modality, count in heads.items():
            head = f"perceiver.output_postprocessor.modalities.{modality}.classifier"
            shapes |= _affine(head, count, latent_width)
    else:
        width, outputs, shapes = latent_width, config.num_labels, {table: (1, latent_width)}
    qk = latent_width if by_keys else width
    shapes |= _block_shapes(block, (width, latent_width, qk, qk), 1, cross=True)
    return shapes | _affine(f"{name}.final_layer", outputs, width)
