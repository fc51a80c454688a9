"""Hugging Face language models: masked language modelling and sequence classification.

Perceiver IO (arXiv 2107.14795), section 4.1 and its appendix on language.
"""

import numpy as np
from perceiver_compiler.formulas.embedding import embedding, tied_logits

from .heads import first_row
from .hf_config import HuggingFaceConfig
from .hf_parameters import Weights, array
from .hf_stages import hf_decode, hf_last_hidden_state, hf_query_table

_TOKENS = "perceiver.input_preprocessor.embeddings.weight"
_POSITIONS = "perceiver.input_preprocessor.position_embeddings.weight"


def text_inputs(weights: Weights, inputs: np.ndarray) -> np.ndarray:
    """Return token plus position embeddings [B, M, C] of ids [B, M]. ValueError if M exceeds the
    position table.
    """
    inputs = np.asarray(inputs)
    positions = array(weights, _POSITIONS)
    if inputs.shape[1] > len(positions):
        raise ValueError(f"expected at most {len(positions)} ids, but got {inputs.shape[1]}")
    return embedding(weights[_TOKENS], inputs) + positions[: inputs.shape[1]]


def masked_lm(
    weights: Weights,
    config: HuggingFaceConfig,
    inputs: np.ndarray,
    attention_mask: np.ndarray | None = None,
) -> np.ndarray:
    """Return logits [B, max_position_embeddings, V] of ids [B, M]; attention_mask [B, M], true
    where a token stands.

    All rows of the query table are decoded however short the input is. DeepMind's graph also wipes
    masked query rows; it asks for M = max_position_embeddings, and a mask given here must have
    that length then.
    """
    x = text_inputs(weights, inputs)
    latents = hf_last_hidden_state(weights, config, x, attention_mask)
    queries = hf_query_table(weights, config)
    decoded = hf_decode(weights, config, queries, latents, attention_mask)
    return tied_logits(decoded, array(weights, _TOKENS), array(weights, "embedding_decoder.bias"))


def sequence_classification(
    weights: Weights,
    config: HuggingFaceConfig,
    inputs: np.ndarray,
    attention_mask: np.ndarray | None = None,
) -> np.ndarray:
    """Return logits [B, labels] of ids [B, M]; attention_mask [B, M], true where a token stands."""
    x = text_inputs(weights, inputs)
    latents = hf_last_hidden_state(weights, config, x, attention_mask)
    return first_row(hf_decode(weights, config, hf_query_table(weights, config), latents))
