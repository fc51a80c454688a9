"""Encode, process, decode: what all classes have in common (Perceiver IO, arXiv 2107.14795)."""

from __future__ import annotations

from collections.abc import Callable

from ... import builder as ops
from ...builder import Block, BlockShape, Function, Layer, Mask, Model, Type, Value
from ...checkpoint import Checkpoint, CheckpointError
from ..signature import Signature
from ..weights import Weights
from .config import Config, check_heads
from .names import Names, block_keys

#: Names of the mask of the encoder's rows.
MASK = "attention_mask"


class Graph:
    """A model of one class while it is built: entries are added in the order of the text, and
    parameters where they are first needed.
    """

    def __init__(
        self, checkpoint: Checkpoint, config: Config, signature: Signature, names: Names
    ) -> None:
        self.checkpoint = checkpoint
        self.config = config
        self.signature = signature
        self.names = names
        self.model = Model()
        self.weights = Weights(checkpoint, self.model)
        #: What the header says of the stages.
        self.stages: list[str] = []
        self.encode: Function | None = None
        self.process: Function | None = None

    @property
    def latents(self) -> Type:
        """The type of the latents of a batch."""
        config = self.config
        return Type((self.signature.size("batch"), config.num_latents, config.d_latents))

    def add(self, function: Function) -> Function:
        """Add a function to the model."""
        self.model.functions.append(function)
        return function

    # Encode

    def add_encode(self, channels: int, make_rows: Callable[[Function], Value]) -> Function:
        """Add the entry `encode`; `make_rows` appends inputs and makes rows [B, M, channels]."""
        config = self.config
        function = Function("encode", is_entry=True, comment="From the inputs to the latents.")
        rows = make_rows(function)
        mask = self._read_mask(function)
        symbol = "latents"
        shape = (config.num_latents, config.d_latents)
        self.weights.bind(symbol, shape, self.names.latents)
        latents = function.let("latents", ops.get_parameter(function, symbol, shape))
        block = self._encoder_block(channels)
        encoded = ops.cross(function, "encode", latents, rows, block, config.d_latents, mask)
        function.add_result("latents", function.let("z", encoded))
        self.stages.append(
            f"encode   {config.num_latents} latents of {config.d_latents} channels attend to "
            f"them, {_heads(config.num_cross_attention_heads)}"
        )
        self.encode = self.add(function)
        return function

    def _read_mask(self, function: Function) -> Mask:
        """The keys that take part; a row without any averages all."""
        if not self.signature.has(MASK):
            return Mask()
        given = self.signature.argument(function, MASK)
        keys = given
        if given.type.element != "i1":
            keys = function.let("keys", ops.to_mask(function, given))
        return Mask(mask=keys, uniform=True)

    def _encoder_block(self, channels: int) -> Block:
        config = self.config
        qk = config.qk_channels or config.qk_of(config.d_latents, channels)
        v = config.v_channels or qk
        heads = config.num_cross_attention_heads
        self._check_heads(heads, "num_cross_attention_heads", qk, v)
        width = config.d_latents
        shape = BlockShape(
            width, channels, qk, v, width, width * config.cross_attention_widening_factor
        )
        layers = self.weights.block(
            "encoder",
            block_keys(self.names.encoder),
            shape,
            comment="The cross-attention of the encoder.",
        )
        return Block(
            heads,
            qk,
            v,
            config.activation,
            layers,
            residual=config.use_query_residual,
            scope="encoder",
        )

    def _check_heads(self, heads: int, field: str, qk: int, v: int) -> None:
        widths = {
            "d_latents": self.config.d_latents,
            "the width of queries and keys": qk,
            "the width of values": v,
        }
        check_heads(self.checkpoint, heads, field, widths)

    # Process

    def add_process(self) -> Function | None:
        """Add the entry `process`, if there are layers."""
        config = self.config
        width, heads = config.d_latents, config.num_self_attention_heads
        qk = config.qk_channels or width
        v = config.v_channels or qk
        self._check_heads(heads, "num_self_attention_heads", qk, v)
        count = config.num_self_attends_per_block
        if count == 0:
            return None
        if v != width:
            field = "v_channels" if config.v_channels else "qk_channels"
            raise CheckpointError(
                self.checkpoint.origin,
                field,
                f"field {field!r}: expected values of {width} channels (d_latents) where there are "
                f"self-attention layers, but got {v}",
            )
        shape = BlockShape(width, None, qk, v, width, width * config.self_attention_widening_factor)
        keys = block_keys(self.names.self_attends)
        comment = f"The {count} layers of the latent transformer."
        if not config.has_layers:
            self._expect_layers(keys, shape, count)
            return None
        layers = self.weights.block("self", keys, shape, count=count, comment=comment)
        block = Block(heads, qk, v, config.activation, layers, scope="self")
        function = Function("process", is_entry=True, comment="From latents to latents.")
        state = function.add_argument("latents", self.latents)
        result = ops.process(
            function,
            state,
            self.latents,
            count * config.num_blocks,
            lambda latents: ops.self_block(function, latents, block),
        )
        function.add_result("latents", function.let("z", result))
        times = "" if config.num_blocks == 1 else f", applied {config.num_blocks} times in turn"
        self.stages.append(f"process  {_layers(count)} with {_heads(heads)}{times}")
        self.process = self.add(function)
        return function

    def _expect_layers(self, keys: dict[str, str], shape: BlockShape, count: int) -> None:
        """Layers that are there and never applied."""
        unused = Weights(self.checkpoint, Model())
        unused.parameters = self.weights.parameters
        unused.block("self", keys, shape, count=count)

    # Decode

    def decoder_block(
        self, key: str, heads: int, query: int, qk: int, v: int, *, residual: bool
    ) -> Block:
        """Bind the cross-attention of the decoder, whose queries have `query` channels."""
        shape = BlockShape(query, self.config.d_latents, qk, v, query, query)
        layers = self.weights.block(
            "decoder", block_keys(key), shape, comment="The cross-attention of the decoder."
        )
        return Block(
            heads, qk, v, self.config.activation, layers, residual=residual, scope="decoder"
        )

    def plain_decoder(self, query: int, *, residual: bool) -> Block:
        """Bind the decoder that all classes but the masked LM have: one head, as wide as the
        latents or the queries.
        """
        qk = self.config.qk_of(query, self.config.d_latents)
        return self.decoder_block(self.names.decoder, 1, query, qk, qk, residual=residual)

    def bind_final(self, inputs: int, outputs: int) -> Layer:
        """Bind the linear layer behind the decoder."""
        return self.weights.linear("final", self.names.final, inputs, outputs)

    def new_decode(self, name: str, comment: str) -> tuple[Function, Value]:
        """Return an entry that reads latents, not yet added, and its latents."""
        function = Function(name, is_entry=True, comment=comment)
        return function, function.add_argument("latents", self.latents)

    def add_class_decode(self, labels: int, *, residual: bool = True) -> Function:
        """Add the entry `decode` of a classifier: one learned query, a linear layer."""
        width = self.config.d_latents
        self.weights.section("The decoder has one learned query, which stands for the class.")
        self.weights.bind("class_query", (1, width), self.names.queries)
        block = self.plain_decoder(width, residual=residual)
        final = self.bind_final(width, labels)
        function, latents = self.new_decode("decode", "From the latents to logits.")
        query = function.let("query", ops.get_parameter(function, "class_query", (1, width)))
        decoded = ops.cross(function, "decode", query, latents, block, width)
        row = function.let("row", ops.collapse(function, decoded, [[0, 1], [2]]))
        logits = ops.project(function, row, final, labels)
        function.add_result("logits", function.let("logits", logits))
        self.stages.append("decode   1 query attends to the latents, 1 head; linear layer")
        return self.add(function)

    # All of it

    def new_run(self) -> tuple[Function, dict[str, Value], Value]:
        """Return the entry `run` up to the latents, not yet added, with the values of its
        arguments by name.
        """
        assert self.encode is not None, "expected encode before run"
        function = Function("run", is_entry=True, comment="All of it.")
        arguments = {
            name: self.signature.argument(function, name) for name in self.signature.inputs
        }
        operands = [arguments[each.name] for each in self.encode.arguments]
        (latents,) = ops.call(function, self.encode, operands)
        if self.process is not None:
            (latents,) = ops.call(function, self.process, [latents])
        return function, arguments, function.let("latents", latents)

    def add_run(self, decode: Function) -> Function:
        """Add the entry `run` of a model whose decoder reads the latents alone."""
        function, _, latents = self.new_run()
        for value, result in zip(ops.call(function, decode, [latents]), decode.results):
            function.add_result(result.name, value)
        return self.add(function)


def _heads(count: int) -> str:
    return "1 head" if count == 1 else f"{count} heads"


def _layers(count: int) -> str:
    return "1 self-attention layer" if count == 1 else f"{count} self-attention layers"
