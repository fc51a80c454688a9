"""Point clouds as rows of the papers' systems: Perceiver (arXiv 2103.03206), section 4.3."""

import numpy as np
from perceiver_compiler.formulas.positions import fourier_features


def cloud_rows(coordinates: np.ndarray, bands: int, resolution: int) -> np.ndarray:
    """Return rows [B, P, width] of points [B, P, 3] in [-1, 1]: coordinates and their Fourier
    features, up to half the resolution on each axis.
    """
    rows = [
        fourier_features(cloud, bands, (resolution,) * 3, recipe="jax_f32") for cloud in coordinates
    ]
    return np.stack(rows)
