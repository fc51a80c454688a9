"""The three stages of a Perceiver IO: encode, process, decode."""

from collections.abc import Sequence

import numpy as np

from .blocks import CrossBlockParameters, SelfBlockParameters, as_batch, cross_block, self_block
from .linear import LinearParameters, linear

Block = CrossBlockParameters | SelfBlockParameters


def encode(
    latents: np.ndarray,
    inputs: np.ndarray,
    block: CrossBlockParameters,
    *,
    residual: bool = True,
    **masks,
) -> np.ndarray:
    """Return the latents [B, N, D] after reading inputs [B, M, C]; latents [N, D] are broadcast
    over the batch.

    masks as in `attention` (key_mask marks the inputs that exist). Perceiver IO (arXiv
    2107.14795), section 3.1.
    """
    return cross_block(latents, inputs, block, residual=residual, **masks)


def process(
    latents: np.ndarray,
    repeats: Sequence[Sequence[Block]],
    inputs: np.ndarray | None = None,
    **masks,
) -> np.ndarray:
    """Return the latents [B, N, D] after all repeats, in order.

    repeats[r] lists the blocks of repeat r: `tied(blocks, R)` for one set of weights, or a list of
    lists for weights of its own per repeat. Self blocks are never masked; a cross block among them
    reads `inputs` under the masks, as in the iterative Perceiver (arXiv 2103.03206), section 3.1.
    ValueError if such a block finds no inputs.
    """
    x = as_batch(latents)
    for blocks in repeats:
        for block in blocks:
            if isinstance(block, SelfBlockParameters):
                x = self_block(x, block)
            elif inputs is None:
                raise ValueError("expected inputs for a cross block")
            else:
                x = cross_block(x, inputs, block, **masks)
    return x


def tied(blocks: Sequence[Block], repeats: int) -> list[Sequence[Block]]:
    """Return the same blocks, the same weights, for each of `repeats` repeats."""
    return [blocks] * repeats


def decode(
    queries: np.ndarray,
    latents: np.ndarray,
    block: CrossBlockParameters,
    *,
    residual: bool = False,
    final: LinearParameters | None = None,
    **masks,
) -> np.ndarray:
    """Return [B, O, out] for queries [B, O, E] or [O, E] (broadcast) reading latents [B, N, D];
    out = E without final.

    query_mask with masked_rows "zero" wipes the attention of masked queries, as DeepMind's decoder
    does. Perceiver IO (arXiv 2107.14795), section 3.2.
    """
    y = cross_block(queries, as_batch(latents), block, residual=residual, **masks)
    return y if final is None else linear(y, final)
