"""Text in the papers' systems: Perceiver IO (arXiv 2107.14795), section 4.1 and its appendix on
language.
"""

import numpy as np
from perceiver_compiler.formulas.embedding import embedding, tied_logits

from .heads import tanh_classifier
from .hf_parameters import Weights, array, linear_parameters

_TOKENS = "tokens.embeddings.weight"


def token_rows(weights: Weights, ids: np.ndarray) -> np.ndarray:
    """Return rows [B, M, C] of ids [B, M]: what is learned of a token and of its place."""
    places = array(weights, "positions.position_embeddings")[: ids.shape[1]]
    return embedding(array(weights, _TOKENS), ids) + places


def task_logits(weights: Weights, row: np.ndarray) -> np.ndarray:
    """Return the logits [B, classes] of a task of GLUE from the decoder's row [B, E]."""
    hidden, final = (linear_parameters(weights, name) for name in ("hidden", "final"))
    return tanh_classifier(row, hidden, final)


def token_logits(weights: Weights, rows: np.ndarray) -> np.ndarray:
    """Return the logits [B, O, V] of the decoder's rows [B, O, E], tied to the table of tokens."""
    return tied_logits(rows, array(weights, _TOKENS), array(weights, "final.bias"))
