"""Names of tensors in perceiver-pytorch: those of 0.8 to 0.10, and those of 0.11. `{}` stands for
the number of a layer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """A naming scheme: where attentions and feed-forwards are. A layer of PerceiverIO (`io_..`) has
    no cross-attention.
    """

    cross_attention: str
    cross_ff: str
    self_attentions: str
    io_attention: str
    io_ff: str
    encoder_attention: str
    encoder_ff: str
    latents: str = "latents"
    decoder_attention: str = "decoder_cross_attn"
    decoder_ff: str = "decoder_ff"
    logits: str = "to_logits"

    def self_attention(self, index: int) -> str:
        """The attention number `index` of a layer of a Perceiver."""
        return f"{self.self_attentions}.{index}.0"

    def self_ff(self, index: int) -> str:
        """The feed-forward behind it."""
        return f"{self.self_attentions}.{index}.1"


NUMBERED = Names(
    cross_attention="layers.{}.0",
    cross_ff="layers.{}.1",
    self_attentions="layers.{}.2",
    io_attention="layers.{}.0",
    io_ff="layers.{}.1",
    encoder_attention="cross_attend_blocks.0",
    encoder_ff="cross_attend_blocks.1",
)
NAMED = Names(
    cross_attention="layers.{}.cross_attn",
    cross_ff="layers.{}.cross_ff",
    self_attentions="layers.{}.self_attns",
    io_attention="layers.{}.self_attns.0.0",
    io_ff="layers.{}.self_attns.0.1",
    encoder_attention="cross_attend_block.cross_attn",
    encoder_ff="cross_attend_block.cross_ff",
)

TOKENS = "token_emb.weight"
PLACES = "pos_emb.weight"
INNER = "perceiver_io."

_OF_NAMED = re.compile(
    r"(perceiver_io\.)?(layers\.\d+\.(cross_attn|cross_ff|self_attns)\.|cross_attend_block\.).*"
)
_OF_NUMBERED = re.compile(r"(perceiver_io\.)?(layers\.\d+\.[0-3]\.|cross_attend_blocks\.).*")
_KNOWN = re.compile(
    r"token_emb\.weight|pos_emb\.weight|(perceiver_io\.)?(latents|to_logits\.\S*"
    r"|decoder_(cross_attn|ff)\.\S*|layers\.\d+\.\S*|cross_attend_blocks?\.\S*)"
)


def find_scheme(tensors: Mapping[str, object]) -> tuple[Names, str | None]:
    """Return the scheme of a checkpoint's names, and a name of the other one if there is any."""
    named = [name for name in tensors if _OF_NAMED.fullmatch(name)]
    numbered = [name for name in tensors if _OF_NUMBERED.fullmatch(name)]
    if named and not numbered:
        return NAMED, None
    return NUMBERED, named[0] if named else None


def is_known(name: str) -> bool:
    """Whether a tensor of this name belongs to one of the library's models."""
    return _KNOWN.fullmatch(name) is not None


def layers_of(tensors: Mapping[str, object]) -> list[int]:
    """Return the numbers of the layers that there are tensors of, in order."""
    found = (re.match(r"(?:perceiver_io\.)?layers\.(\d{1,9})\.", name) for name in tensors)
    return sorted({int(match[1]) for match in found if match})
