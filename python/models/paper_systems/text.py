"""Text as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perceiver_compiler import builder as ops
from perceiver_compiler.builder import Function, Mask, Type

from .graph import Graph, Rows

#: The key of what is learned of tokens.
TOKENS = "tokens.embeddings.weight"


@dataclass(frozen=True)
class Text:
    """Bytes or other tokens, each with what is learned of it and of its place; masked ones are not
    read.
    """

    length: int = 2048
    vocabulary: int = 262
    channels: int = 768

    @property
    def sizes(self) -> Mapping[str, int]:
        return {"length": self.length}

    def add_rows(self, graph: Graph, function: Function) -> Rows:
        """Append the arguments `ids` [batch, length] and `mask`, true where a token stands."""
        shape = ("batch", "length")
        ids = function.add_argument("ids", Type(shape, "i64"), bounds=(0, self.vocabulary))
        mask = function.add_argument("mask", Type(shape, "i1"), optional=True)
        sentence = f"expected a length of at most {self.length:,}"
        ops.require(function, "length", "<=", self.length, sentence)
        binding, channels = graph.binding, self.channels
        binding.section("What is learned of tokens and places.")
        binding.bind("tokens", (self.vocabulary, channels), TOKENS)
        binding.bind("positions", (self.length, channels), "positions.position_embeddings")
        rows = ops.embedding(function, ids, "tokens", "positions", channels)
        graph.stages += [
            f"ids [batch, length], which are less than {self.vocabulary:,}; mask [batch, length]",
            f"-> rows of {channels} channels: token and place",
        ]
        return Rows(function.let("x", rows), Mask(mask=mask))

    def flops(self) -> int:
        return 0
