"""Encoder, decoder and entries, which all models are made of (Perceiver IO, arXiv 2107.14795)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ... import builder as ops
from ...builder import Block, BlockShape, Fourier, Function, Layer, Mask, Model, Size, Type, Value
from ...checkpoint import Checkpoint, CheckpointError, Fields, quoted
from ..signature import Signature
from ..weights import Weights
from . import names
from .config import DecoderConfig, EncoderConfig, Latents, Text, check_heads

#: Stored tables of positions may be off by this much.
_POSITIONS_TOLERANCE = 1e-3
_ROWS_AT_ONCE = 4096


@dataclass(frozen=True)
class Inputs:
    """What the inputs and results of a class are called."""

    data: str
    mask: str = "pad_mask"
    aliases: tuple[str, ...] = ()
    result: str = "output"
    is_padding: bool = True

    @property
    def mask_type(self) -> str:
        """The type of a mask: the library takes bool alone, its wrapper any integer."""
        return "i1" if self.is_padding else "i64"


class Graph:
    """A model of one class while it is built. `encoder` and `decoder` are the prefixes of their
    tensors.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        signature: Signature,
        inputs: Inputs,
        encoder: str,
        decoder: str,
    ) -> None:
        self.checkpoint = checkpoint
        self.signature = signature
        self.inputs = inputs
        self.encoder = encoder
        self.decoder = decoder
        self.model = Model()
        self.weights = Weights(checkpoint, self.model)
        #: What the header says of the stages.
        self.stages: list[str] = []

    def latents_type(self, latents: Latents) -> Type:
        """The type of the latents of a batch."""
        return Type((self.signature.size("batch"), latents.count, latents.channels))

    def add(self, function: Function) -> Function:
        """Add a function to the model."""
        self.model.functions.append(function)
        return function

    # Rows.

    def declare_mask(self, rows: Size = "rows", is_named: bool = False) -> None:
        """Declare the mask of padding, or the wrapper's mask of what is to be kept."""
        self.signature.mask(
            self.inputs.mask,
            ("batch", rows),
            self.inputs.mask_type,
            is_named=is_named,
            default=not self.inputs.is_padding,
        )

    def read_mask(self, function: Function) -> Mask:
        """The keys that take part; a row without any averages all."""
        if not self.signature.has(self.inputs.mask):
            return Mask()
        given = self.signature.argument(function, self.inputs.mask)
        if given.type.element == "i1" and not self.inputs.is_padding:
            return Mask(mask=given, uniform=True)
        keys = ops.to_mask(function, given, inverted=self.inputs.is_padding)
        return Mask(mask=function.let("keys", keys), uniform=True)

    def embed(self, function: Function, text: Text) -> Value:
        """Append the ids and make rows of them."""
        ids = self.signature.argument(function, self.inputs.data)
        self.weights.section("Tokens and their places in the text.")
        width = text.channels
        self.weights.bind("tokens", (text.tokens, width), f"{self.encoder}{names.TOKENS}")
        if text.has_places:
            self.weights.bind("places", (text.places, width), f"{self.encoder}{names.PLACES}")
            self.check_rows(function, ids, text.places, "max_seq_len")
        self.stages.append(f"{self.inputs.data} [batch, rows], ids of {text.tokens:,} tokens")
        places = "places" if text.has_places else None
        return function.let("x", ops.embedding(function, ids, "tokens", places, width))

    def check_rows(self, function: Function, ids: Value, most: int, field: str) -> None:
        """Refuse a text that is longer than a table, when it is imported or when it is run."""
        rows = ids.shape[1]
        if not isinstance(rows, int):
            ops.require(function, rows, "<=", most, f"expected at most {most:,} tokens")
        elif rows > most:
            name = self.inputs.data
            raise CheckpointError(
                self.signature.file,
                name,
                f"input {quoted(name)}: expected at most {most} rows ({field}), but got {rows}",
            )

    def positions(self, function: Function, fourier: Fourier) -> Value:
        """Append the positions of a grid. The checkpoint holds a table of them, which has to be
        ours.
        """
        key = f"{self.encoder}{names.FOURIER}"
        if key in self.checkpoint.tensors:
            grid = tuple(int(size) for size in fourier.grid or ())
            shape = (math.prod(grid), fourier.channels)
            stored = self.weights.parameters.need(key, shape)
            if stored is not None and not _is_table_of(stored.read(), fourier, grid):
                raise CheckpointError(
                    stored.file,
                    key,
                    f"tensor {quoted(key)}: expected the positions of the grid {list(grid)}",
                )
        return function.let("positions", ops.fourier_positions(function, fourier))

    # Encoder.

    def encode_rows(
        self,
        function: Function,
        rows: Value,
        fields: Fields,
        config: EncoderConfig,
        latents: Latents,
        *,
        widths: tuple[int, int] | None = None,
    ) -> list[Function]:
        """Append the cross-attention to the rows, and add it as the entry `encode`, with what
        follows; return the entries. `widths` are those of the first attention's queries and keys,
        and of its values, where they do not follow from the configuration.
        """
        mask = self.read_mask(function)
        shape = (latents.count, latents.channels)
        self.weights.bind("latents", shape, f"{self.encoder}{names.LATENTS}")
        z = function.let("latents", ops.get_parameter(function, "latents", shape))
        channels = rows.shape[-1]
        qk, v = widths or config.cross.resolve(latents.channels)
        check_heads(fields, "num_cross_attention_heads", config.cross.heads, qk, v)
        first = self._cross_block("cross", "1", qk, v, channels, config, latents)
        others = first
        if config.cross_layers > 1 and not config.is_first_cross_shared:
            others = self._cross_block("cross_n", "n", qk, v, channels, config, latents)
        self.stages.append(
            f"encode   {latents.count} latents of {latents.channels} channels attend to the rows, "
            f"{heads_text(config.cross.heads)}"
        )
        blocks = self._self_blocks(fields, config, latents)

        def attend(state: Value, block: Block) -> Value:
            kind = "encode" if state is z else "cross_block"
            return ops.cross(function, kind, state, rows, block, latents.channels, mask)

        if config.cross_layers == 1:
            function.add_result("latents", function.let("z", attend(z, first)))
            return [self.add(function), self._add_process(config, latents, blocks)]
        # The inputs are read again and again, so all iterations are in `encode`.
        state = self._apply(function, attend(z, first), blocks[0], config, latents, 1)
        again = config.cross_layers - 1

        def iterate(state: Value) -> Value:
            return self._apply(function, attend(state, others), blocks[1], config, latents, 1)

        state = ops.process(function, state, self.latents_type(latents), again, iterate)
        if config.blocks > config.cross_layers:
            rest = config.blocks - config.cross_layers
            state = self._apply(function, state, blocks[1], config, latents, rest)
        function.add_result("latents", function.let("z", state))
        self.stages.append(
            f"  {config.cross_layers} times, with {config.blocks} blocks of {config.layers} layers "
            f"of self-attention, {heads_text(config.self_.heads)}"
        )
        return [self.add(function)]

    def _cross_block(
        self,
        scope: str,
        which: str,
        qk: int,
        v: int,
        channels: int,
        config: EncoderConfig,
        latents: Latents,
    ) -> Block:
        width = latents.channels
        shape = BlockShape(width, channels, qk, v, width, width * config.cross.widening)
        keys = names.block_keys(*names.cross_attention(self.encoder, which), is_cross=True)
        comment = "The cross-attention to the rows" + (
            ", after the first." if which == "n" else "."
        )
        layers = self.weights.block(scope, keys, shape, comment=comment)
        return Block(config.cross.heads, qk, v, "gelu_erf", layers, scope=scope)

    def _self_blocks(
        self, fields: Fields, config: EncoderConfig, latents: Latents
    ) -> tuple[Block, Block]:
        """Bind the first block of self-attention layers, and those after it."""
        first = self._self_block("self", "1", fields, config, latents)
        if config.blocks == 1 or config.is_first_block_shared:
            return first, first
        return first, self._self_block("self_n", "n", fields, config, latents)

    def _self_block(
        self, scope: str, which: str, fields: Fields, config: EncoderConfig, latents: Latents
    ) -> Block:
        width = latents.channels
        qk, v = config.self_.resolve(width)
        check_heads(fields, "num_self_attention_heads", config.self_.heads, qk, v)
        shape = BlockShape(width, None, qk, v, width, width * config.self_.widening)
        keys = names.block_keys(*names.self_attention(self.encoder, which), is_cross=False)
        comment = "The self-attention of the latents" + (
            ", after the first block." if which == "n" else "."
        )
        layers = self.weights.block(scope, keys, shape, count=config.layers, comment=comment)
        return Block(config.self_.heads, qk, v, "gelu_erf", layers, scope=scope)

    def _apply(
        self,
        function: Function,
        state: Value,
        block: Block,
        config: EncoderConfig,
        latents: Latents,
        times: int,
    ) -> Value:
        return ops.process(
            function,
            state,
            self.latents_type(latents),
            config.layers * times,
            lambda inner: ops.self_block(function, inner, block),
        )

    def _add_process(
        self, config: EncoderConfig, latents: Latents, blocks: tuple[Block, Block]
    ) -> Function:
        first, others = blocks
        function = Function("process", is_entry=True, comment="From latents to latents.")
        state = function.add_argument("latents", self.latents_type(latents))
        once = config.blocks if first is others else 1
        state = self._apply(function, state, first, config, latents, once)
        if once < config.blocks:
            state = self._apply(function, state, others, config, latents, config.blocks - 1)
        function.add_result("latents", function.let("z", state))
        layers = "1 layer" if config.layers == 1 else f"{config.layers} layers"
        times = "" if config.blocks == 1 else f", {config.blocks} times"
        self.stages.append(
            f"process  {layers} of self-attention with {heads_text(config.self_.heads)}{times}"
        )
        return self.add(function)

    # Decoder.

    def decoder_block(
        self, fields: Fields, config: DecoderConfig, query: int, source: int
    ) -> Block:
        """Bind the decoder's cross-attention of queries of `query` channels."""
        qk, v = config.cross.resolve(query)
        check_heads(fields, "num_cross_attention_heads", config.cross.heads, qk, v)
        shape = BlockShape(query, source, qk, v, query, query * config.cross.widening)
        attention = names.decoder_attention(self.decoder, config.residual)
        layers = self.weights.block(
            "decoder",
            names.block_keys(*attention, is_cross=True),
            shape,
            comment="The cross-attention of the decoder.",
        )
        return Block(
            config.cross.heads,
            qk,
            v,
            "gelu_erf",
            layers,
            residual=config.residual,
            scope="decoder",
        )

    def bind_queries(self, count: int, channels: int) -> None:
        """Bind the table of queries."""
        self.weights.section("The queries of the decoder.")
        key = f"{self.decoder}{names.QUERIES}"
        self.weights.bind("queries", (count, channels), key)

    def bind_logits(self, inputs: int, outputs: int) -> Layer:
        """Bind the linear layer behind the decoder."""
        return self.weights.linear("logits", f"{self.decoder}{names.LOGITS}", inputs, outputs)

    def new_decode(
        self, type_: Type, name: str = "decode", comment: str = ""
    ) -> tuple[Function, Value]:
        """Return an entry that reads latents, not yet added, and its latents."""
        function = Function(name, is_entry=True, comment=comment or "From the latents to results.")
        return function, function.add_argument("latents", type_)

    # All of it.

    def new_run(self, stages: Sequence[Function]) -> tuple[Function, dict[str, Value], Value]:
        """Return the entry `run` up to the latents that the stages make, not yet added, with the
        values of its arguments by name.
        """
        run = Function("run", is_entry=True, comment="All of it.")
        arguments = {name: self.signature.argument(run, name) for name in self.signature.inputs}
        value: Value | None = None
        for stage in stages:
            called = [each.name for each in stage.arguments]
            operands = [value if name == "latents" else arguments[name] for name in called]
            (value,) = ops.call(run, stage, operands)
        assert value is not None, "expected a stage"
        return run, arguments, value

    def add_run(self, stages: Sequence[Function]) -> Function:
        """Add the entry `run`, which calls the stages in turn."""
        run, _, value = self.new_run(stages)
        result = self.inputs.result
        run.add_result(result, run.let(result, value))
        return self.add(run)


def _is_table_of(stored: np.ndarray, fourier: Fourier, grid: tuple[int, ...]) -> bool:
    """Whether a table has the positions of a grid, to a tolerance."""
    for first in range(0, len(stored), _ROWS_AT_ONCE):
        part = stored[first : first + _ROWS_AT_ONCE]
        table = fourier.at(first + np.arange(len(part)), grid)
        if not np.abs(part - table).max() <= _POSITIONS_TOLERANCE:
            return False
    return True


def heads_text(count: int) -> str:
    """Return "8 heads"."""
    return "1 head" if count == 1 else f"{count} heads"
