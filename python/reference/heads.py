"""Heads: what turns latents or decoded rows into a model's result."""

import numpy as np
from perceiver_compiler.formulas.blocks import NormParameters, apply_norm
from perceiver_compiler.formulas.linear import LinearParameters, linear
from perceiver_compiler.formulas.rows import mean_rows


def mean_pool(latents: np.ndarray, final: LinearParameters) -> np.ndarray:
    """Return the projection of the mean latent: [B, N, D] -> [B, out]. No norm, no attention.

    The head of the original Perceiver (arXiv 2103.03206), section 3.1; DeepMind's projection
    decoder.
    """
    return linear(mean_rows(latents)[:, 0], final)


def norm_mean_pool(
    latents: np.ndarray, norm: NormParameters, final: LinearParameters
) -> np.ndarray:
    """Return the projection of the layer-normed mean latent: [B, N, D] -> [B, out]; lucidrains'
    classifier head.
    """
    return linear(apply_norm(mean_rows(latents)[:, 0], norm), final)


def first_row(decoded: np.ndarray) -> np.ndarray:
    """Return row 0 of the decoded rows: [B, O, out] -> [B, out]; the classification decoder has
    one query.
    """
    return decoded[:, 0, :]


def tanh_classifier(
    row: np.ndarray, hidden: LinearParameters, final: LinearParameters
) -> np.ndarray:
    """Return final(tanh(hidden(row))): [B, E] -> [B, classes]; the GLUE head of Perceiver IO's
    appendix.
    """
    return linear(np.tanh(linear(row, hidden)), final)


def audio_samples(decoded: np.ndarray, final: LinearParameters) -> np.ndarray:
    """Return the waveform [B, patches * samples] of decoded audio patches [B, patches, E]; final
    [E, samples].
    """
    samples = linear(decoded, final)
    return samples.reshape(len(samples), -1)
