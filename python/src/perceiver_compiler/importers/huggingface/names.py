"""The naming scheme of transformers' Perceivers: the keys of their tensors, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: The layers of a block, below the block's key.
LAYERS = {
    "q_norm": "attention.self.layernorm1",
    "kv_norm": "attention.self.layernorm2",
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "output": "attention.output.dense",
    "mlp_norm": "layernorm",
    "mlp_in": "mlp.dense1",
    "mlp_out": "mlp.dense2",
}

_BODY = "perceiver."


def block_keys(block: str) -> dict[str, str]:
    """Return the keys of a block's layers by name."""
    return {layer: f"{block}.{key}" for layer, key in LAYERS.items()}


@dataclass(frozen=True)
class Names:
    """The keys of a model; a bare PerceiverModel is saved without `body`, which those of the tasks
    have in front.
    """

    body: str = _BODY

    @property
    def latents(self) -> str:
        return f"{self.body}embeddings.latents"

    @property
    def encoder(self) -> str:
        return f"{self.body}encoder.cross_attention"

    @property
    def self_attends(self) -> str:
        """A family: `{}` is the number of the layer."""
        return f"{self.body}encoder.self_attends.{{}}"

    # Of texts.

    tokens = f"{_BODY}input_preprocessor.embeddings.weight"
    places = f"{_BODY}input_preprocessor.position_embeddings.weight"
    token_bias = "embedding_decoder.bias"
    masked_lm_decoder = f"{_BODY}decoder.decoding_cross_attention"
    masked_lm_queries = f"{_BODY}decoder.output_position_encodings.position_embeddings"

    # Of images.

    pixels = f"{_BODY}input_preprocessor.convnet_1x1"
    pixel_places = f"{_BODY}input_preprocessor.position_embeddings.position_embeddings"
    pixel_places_projection = f"{_BODY}input_preprocessor.positions_projection"
    convolution = f"{_BODY}input_preprocessor.convnet.conv.weight"
    batch_norm = f"{_BODY}input_preprocessor.convnet.batchnorm"

    # Of optical flow.

    patches = f"{_BODY}input_preprocessor.conv_after_patches"

    # Of all decoders but that of the masked LM.

    decoder = f"{_BODY}decoder.decoder.decoding_cross_attention"
    queries = f"{_BODY}decoder.decoder.output_position_encodings.position_embeddings"
    final = f"{_BODY}decoder.decoder.final_layer"

    # Of several modalities.

    @staticmethod
    def input_padding(modality: str) -> str:
        return f"{_BODY}input_preprocessor.padding.{modality}"

    @staticmethod
    def input_mask(modality: str) -> str:
        return f"{_BODY}input_preprocessor.mask.{modality}"

    @staticmethod
    def query_padding(modality: str) -> str:
        return f"{_BODY}decoder.padding.{modality}"

    @staticmethod
    def head(modality: str) -> str:
        return f"{_BODY}output_postprocessor.modalities.{modality}.classifier"

    label_queries = (
        f"{_BODY}decoder.modalities.label.decoder.output_position_encodings.position_embeddings"
    )


_AFFINE = r"\.(weight|bias)"
_BLOCK = f"({'|'.join(map(re.escape, LAYERS.values()))}){_AFFINE}"
_KNOWN = re.compile(
    rf"(perceiver\.)?(embeddings\.latents"
    rf"|encoder\.(cross_attention|self_attends\.\d+)\.({_BLOCK}|mlp\.intermediate_act_fn\..*)"
    rf"|input_preprocessor\.(embeddings\.weight|position_embeddings\.(weight|position_embeddings)"
    rf"|(convnet_1x1|positions_projection|conv_after_patches|convnet\.batchnorm){_AFFINE}"
    rf"|convnet\.(conv\.weight|batchnorm\.running_(mean|var))|(padding|mask)\.\w+)"
    rf"|decoder\.((decoder\.)?decoding_cross_attention\.{_BLOCK}"
    rf"|(decoder\.)?output_position_encodings\.position_embeddings"
    rf"|decoder\.final_layer{_AFFINE}|padding\.\w+"
    rf"|modalities\.\w+\.decoder\.output_position_encodings\.position_embeddings)"
    rf"|output_postprocessor\.modalities\.\w+\.classifier{_AFFINE})"
    rf"|embedding_decoder\.bias"
)
_TASK_PARTS = re.compile(
    r"perceiver\.(input_preprocessor|decoder|output_postprocessor)\.|embedding_decoder\."
)


def is_known(name: str) -> bool:
    """Whether a tensor of this name belongs to a Perceiver of any class and size."""
    return _KNOWN.fullmatch(name) is not None


def is_counter(name: str) -> bool:
    """Whether a tensor only counts batches of training."""
    return name.endswith(".num_batches_tracked")


def is_part_of_task(name: str) -> bool:
    """Whether a tensor belongs to what a task adds to the bare model."""
    return _TASK_PARTS.match(name) is not None


def body_of(tensors: Mapping[str, object]) -> str:
    """Return what stands in front of the encoder's keys: "perceiver." or, if a bare model was
    saved, nothing.
    """
    bare = Names("")
    return "" if bare.latents in tensors and Names().latents not in tensors else _BODY


#: What tells the classes apart: a key that only checkpoints of this class have.
MARKS: dict[str, Callable[[Mapping[str, object]], bool]] = {
    "PerceiverForMaskedLM": lambda tensors: Names.token_bias in tensors,
    "PerceiverForMultimodalAutoencoding": lambda tensors: Names.label_queries in tensors,
    "PerceiverForOpticalFlow": lambda tensors: f"{Names.patches}.weight" in tensors,
    "PerceiverForImageClassificationLearned": lambda tensors: f"{Names.pixels}.weight" in tensors,
    "PerceiverForImageClassificationConvProcessing": lambda tensors: Names.convolution in tensors,
    "PerceiverForSequenceClassification": lambda tensors: (
        Names.tokens in tensors and f"{Names.final}.weight" in tensors
    ),
    "PerceiverForImageClassificationFourier": lambda tensors: (
        Names.queries in tensors
        and not any(name.startswith(f"{_BODY}input_preprocessor.") for name in tensors)
    ),
}
