"""Sound and video as rows of the papers' systems.

Perceiver (arXiv 2103.03206), section 4.2; Perceiver IO (arXiv 2107.14795), appendix on AudioSet.
"""

from collections.abc import Mapping

import numpy as np
from perceiver_compiler.formulas.patches import space_to_depth
from perceiver_compiler.formulas.rows import concat_channels

from .hf_parameters import Weights, array
from .paper_images import with_fourier_positions


def audio_rows(samples: np.ndarray, patch: int, bands: int, resolution: int) -> np.ndarray:
    """Return rows [B, T / patch, patch + width] of samples [B, T]."""
    patches = samples.reshape(len(samples), -1, patch)
    return with_fourier_positions(patches, bands, (resolution,))


def mel_rows(mel: np.ndarray, bands: int, resolution: tuple[int, int]) -> np.ndarray:
    """Return rows [B, T * F, 1 + width] of mel spectrograms [B, T, F]: one for each number."""
    return with_fourier_positions(mel[..., None], bands, resolution)


def video_rows(
    video: np.ndarray, block: tuple[int, int], bands: int, resolution: tuple[int, ...]
) -> np.ndarray:
    """Return rows [B, M, C + width] of video [B, T, H, W, 3] in blocks of (frames, pixels of a
    side).
    """
    frames, side = block
    blocks = space_to_depth(video, side, frames)
    return with_fourier_positions(blocks, bands, resolution)


def join_modalities(weights: Weights, rows: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the rows [B, M_i, C_i] of all modalities below each other, [B, sum, C], in
    alphabetical order, each filled up to C by what is learned of its modality.
    """
    filled = [
        concat_channels([rows[name], array(weights, f"modality.padding.{name}")])
        for name in sorted(rows)
    ]
    return np.concatenate(filled, axis=1)
