"""Names of haiku's parameters: `module:name`, where a module's scope is its own name behind that of
the module that made it, in the method that made it: `~` for the constructor, nothing for the call.
"""

from __future__ import annotations

import re


class Scopes:
    """Gives modules their scopes in the order in which they are made: the second of one name gets
    `_1`.
    """

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, name: str) -> str:
        """Return the scope of the next module at the top that is called `name`."""
        count = self._taken.get(name, 0)
        self._taken[name] = count + 1
        return numbered(name, count)


def numbered(name: str, index: int) -> str:
    """Return the scope of module number `index` of one name."""
    return name if index == 0 else f"{name}_{index}"


TOKENS = "embed:embeddings"
PLACES = "trainable_position_encoding:pos_embs"
TOKEN_BIAS = "embedding_decoder:bias"

#: The modules of a block, in the order in which they are made. A self block has one norm less.
CROSS_LAYERS = {"q_norm": "layer_norm", "kv_norm": "layer_norm_1", "mlp_norm": "layer_norm_2"}
SELF_LAYERS = {"q_norm": "layer_norm", "mlp_norm": "layer_norm_1"}
_LINEARS = {
    "query": "attention/linear",
    "key": "attention/linear_1",
    "value": "attention/linear_2",
    "output": "attention/linear_3",
    "mlp_in": "mlp/linear",
    "mlp_out": "mlp/linear_1",
}


def block_keys(scope: str, *, is_cross: bool) -> dict[str, str]:
    """Return the scopes of a block's layers by name."""
    layers = (CROSS_LAYERS if is_cross else SELF_LAYERS) | _LINEARS
    return {name: f"{scope}/{module}" for name, module in layers.items()}


def table_of(scope: str) -> str:
    """Return the table of trainable positions of a module."""
    return f"{scope}/trainable_position_encoding:pos_embs"


def inner_decoder(scope: str, kind: str) -> str:
    """Return the scope of the basic decoder that a decoder is or has."""
    return scope if kind == "basic" else f"{scope}/~/basic_decoder"


_KNOWN = re.compile(
    r"(embed:embeddings|embedding_decoder:bias|trainable_position_encoding:pos_embs"
    r"|\S*(self_attention|cross_attention)(_\d+)?/(layer_norm|attention/linear|mlp/linear)\S*"
    r"|\S*_?decoder(_\d+)?/\S*|\S*preprocessor(_\d+)?/\S*|\S*postprocessor(_\d+)?/\S*"
    r"|\S*/trainable_position_encoding:pos_embs)"
)
_QUIET = re.compile(r"\S*/(mean_ema|var_ema):(hidden|counter)")


def is_known(name: str) -> bool:
    """Whether a parameter of this name belongs to one of DeepMind's models."""
    return _KNOWN.fullmatch(name) is not None and not is_quiet(name)


def is_quiet(name: str) -> bool:
    """Whether a state of this name is only of training."""
    return _QUIET.fullmatch(name) is not None
