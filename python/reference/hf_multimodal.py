"""Hugging Face multimodal autoencoding: video, audio and a label through one set of latents.

Perceiver IO (arXiv 2107.14795), section 4.3 and its appendix on multimodal autoencoding.
Modalities stand in alphabetical order everywhere: audio, image, label.
"""

import numpy as np
from perceiver_compiler.formulas.linear import linear
from perceiver_compiler.formulas.patches import space_to_depth
from perceiver_compiler.formulas.positions import (
    fourier_features,
    fourier_positions,
    subsampled_positions,
)

from .heads import audio_samples, first_row
from .hf_config import HuggingFaceConfig
from .hf_image import append_fourier_positions
from .hf_parameters import AUDIO_BANDS, Weights, array, linear_parameters
from .hf_stages import hf_decode, hf_last_hidden_state

_IMAGE_BLOCK = 4


def multimodal_inputs(
    weights: Weights, config: HuggingFaceConfig, image: np.ndarray, audio: np.ndarray
) -> np.ndarray:
    """Return the inputs [B, audio patches + image patches + 1, C] of image [B, T, 3, H, W] and
    audio [B, samples, 1].

    The label's row is its learned mask token: at inference the label is always masked, so it is no
    operand here. ValueError if the samples do not divide into patches.
    """
    frames = np.moveaxis(np.asarray(image, np.float64), 2, -1)
    image_rows = append_fourier_positions(space_to_depth(frames, _IMAGE_BLOCK), config)
    if np.size(audio) % (len(audio) * config.samples_per_patch):
        raise ValueError(f"expected audio in patches of {config.samples_per_patch} samples")
    patches = np.asarray(audio, np.float64).reshape(len(audio), -1, config.samples_per_patch)
    table = fourier_positions(
        patches.shape[1:2], AUDIO_BANDS, (config.audio_samples,), recipe=config.variant.recipe
    )
    table = np.broadcast_to(table, (len(patches), *table.shape))
    audio_rows = np.concatenate([patches, table], axis=-1)
    name = "perceiver.input_preprocessor"
    label_row = np.broadcast_to(
        array(weights, f"{name}.mask.label"), (len(patches), 1, _width(weights))
    )
    return np.concatenate(
        [
            _pad(audio_rows, array(weights, f"{name}.padding.audio")),
            _pad(image_rows, array(weights, f"{name}.padding.image")),
            label_row,
        ],
        axis=1,
    )


def multimodal_queries(
    weights: Weights,
    config: HuggingFaceConfig,
    image_points: np.ndarray,
    audio_points: np.ndarray,
) -> np.ndarray:
    """Return the queries [audio points + image points + 1, E] of the given row-major indices.

    audio_points index audio patches, image_points pixels of (frame, row, column).
    """
    recipe = config.variant.recipe
    patches = (config.audio_samples // config.samples_per_patch,)
    audio = fourier_features(
        subsampled_positions(audio_points, patches, recipe),
        AUDIO_BANDS,
        (config.audio_samples,),
        recipe=recipe,
    )
    image = fourier_features(
        subsampled_positions(image_points, (config.num_frames, *config.image_dims), recipe),
        config.num_bands,
        config.max_resolution,
        recipe=recipe,
    )
    table = "perceiver.decoder.modalities.label.decoder.output_position_encodings"
    label = array(weights, f"{table}.position_embeddings")
    rows = {"audio": audio, "image": image, "label": label}
    padded = [
        _pad(block[None], array(weights, f"perceiver.decoder.padding.{modality}"))[0]
        for modality, block in rows.items()
    ]
    return np.concatenate(padded, axis=0)


def multimodal_autoencoding(
    weights: Weights,
    config: HuggingFaceConfig,
    image: np.ndarray,
    audio: np.ndarray,
    image_points: np.ndarray,
    audio_points: np.ndarray,
) -> dict[str, np.ndarray]:
    """Return audio [B, points * samples_per_patch], image [B, points, 3] and label [B, labels].

    image [B, T, 3, H, W], audio [B, samples, 1]; the points say which outputs to decode, as in
    `multimodal_queries`.
    """
    x = multimodal_inputs(weights, config, image, audio)
    latents = hf_last_hidden_state(weights, config, x)
    queries = multimodal_queries(weights, config, image_points, audio_points)
    decoded = hf_decode(weights, config, queries, latents)
    heads = {
        modality: linear_parameters(
            weights, f"perceiver.output_postprocessor.modalities.{modality}.classifier"
        )
        for modality in ("audio", "image", "label")
    }
    split = [len(audio_points), len(audio_points) + len(image_points)]
    audio_rows, image_rows, label_rows = np.split(decoded, split, axis=1)
    return {
        "audio": audio_samples(audio_rows, heads["audio"]),
        "image": linear(image_rows, heads["image"]),
        "label": first_row(linear(label_rows, heads["label"])),
    }


def _width(weights: Weights) -> int:
    return weights["perceiver.input_preprocessor.mask.label"].shape[-1]


def _pad(rows: np.ndarray, padding: np.ndarray) -> np.ndarray:
    """Append the learned channels [1, P] to every row of [B, N, C]."""
    return np.concatenate([rows, np.broadcast_to(padding, (*rows.shape[:2], padding.shape[1]))], -1)
