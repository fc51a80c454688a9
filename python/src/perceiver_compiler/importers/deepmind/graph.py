"""Encoder and entries, which all models have (Perceiver IO, arXiv 2107.14795), and the layers of
haiku.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ... import builder as ops
from ...builder import Block, BlockShape, Function, Layer, Mask, Model, Type, Value
from ...checkpoint import Checkpoint, CheckpointError, quoted
from ..signature import Signature
from ..weights import Weights
from . import names
from .config import Config
from .names import Scopes

ACTIVATION = "gelu_tanh"
INPUT_MASK, QUERY_MASK = "input_mask", "query_mask"
_NORM = {"weight": "scale", "bias": "offset"}


class Graph:
    """A model while it is built; modules take their scopes in the order of DeepMind's code."""

    def __init__(self, checkpoint: Checkpoint, config: Config, signature: Signature) -> None:
        self.checkpoint = checkpoint
        self.config = config
        self.signature = signature
        self.model = Model()
        self.weights = Weights(checkpoint, self.model)
        self.scopes = Scopes()
        #: What the header says of the stages.
        self.stages: list[str] = []
        self.encoder_scope = ""

    @property
    def latents(self) -> Type:
        """The type of the latents of a batch."""
        encoder = self.config.encoder
        return Type((self.signature.size("batch"), encoder.latents, encoder.channels))

    def add(self, function: Function) -> Function:
        """Add a function to the model."""
        self.model.functions.append(function)
        return function

    def size_in(self, key: str, axis: int) -> int:
        """Return a size that only a tensor tells. CheckpointError if it is not there."""
        tensor = self.checkpoint.tensors.get(key)
        if tensor is None or len(tensor.shape) <= axis:
            what = "is missing" if tensor is None else f"has too few axes: {list(tensor.shape)}"
            raise CheckpointError(
                self.checkpoint.weights_file, key, f"the tensor {quoted(key)} {what}"
            )
        return tensor.shape[axis]

    # Layers.

    def linear(
        self,
        symbol: str,
        key: str,
        inputs: int,
        outputs: int,
        count: int | None = None,
        first: int = 0,
    ) -> Layer:
        """Bind a linear layer of haiku, whose weights are [inputs, outputs]."""
        weight = self.weights.bind(
            f"{symbol}.weight", (inputs, outputs), f"{key}:w", count=count, first=first
        )
        bias = self.weights.bind(f"{symbol}.bias", (outputs,), f"{key}:b", count=count, first=first)
        return Layer(weight, bias)

    def norm(
        self, symbol: str, key: str, channels: int, count: int | None = None, first: int = 0
    ) -> Layer:
        """Bind a layer norm of haiku."""
        return Layer(
            *(
                self.weights.bind(
                    f"{symbol}.{role}", (channels,), f"{key}:{name}", count=count, first=first
                )
                for role, name in _NORM.items()
            )
        )

    def block(
        self, symbol: str, scope: str, shape: BlockShape, count: int | None = None, first: int = 0
    ) -> dict[str, Layer]:
        """Bind the layers of a block, or of a family of them."""
        keys = names.block_keys(scope, is_cross=shape.source is not None)
        source = shape.query if shape.source is None else shape.source
        hidden = shape.hidden or 0
        widths = {
            "query": (shape.query, shape.qk),
            "key": (source, shape.qk),
            "value": (source, shape.v),
            "output": (shape.v, shape.output),
            "mlp_in": (shape.output, hidden),
            "mlp_out": (hidden, shape.output),
        }
        norms = {"q_norm": shape.query, "kv_norm": source, "mlp_norm": shape.output}
        layers = {}
        for name, key in keys.items():
            if name in norms:
                layers[name] = self.norm(f"{symbol}.{name}", key, norms[name], count, first)
            else:
                layers[name] = self.linear(f"{symbol}.{name}", key, *widths[name], count, first)
        return layers

    def check_heads(self, field: str, heads: int, qk: int, v: int) -> None:
        """Refuse heads that do not divide the widths."""
        for what, width in (("queries and keys", qk), ("values", v)):
            if width % heads:
                raise CheckpointError(
                    self.checkpoint.origin,
                    field,
                    f"field {quoted(field)}: expected a divisor of {width} (the width of {what}), "
                    f"but got {heads}",
                )

    # Encode

    def read_mask(self, function: Function, name: str) -> Value | None:
        """Append a mask, if there is one."""
        if not self.signature.has(name):
            return None
        given = self.signature.argument(function, name)
        return given if given.type.element == "i1" else ops.to_mask(function, given)

    def add_encode(self, make_rows: Callable[[Function], Value]) -> Function:
        """Add the entry `encode`; `make_rows` appends inputs and makes rows [B, M, C]."""
        encoder = self.config.encoder
        function = Function("encode", is_entry=True, comment="From the inputs to the latents.")
        rows = make_rows(function)
        keys = self.read_mask(function, INPUT_MASK)
        self.encoder_scope = f"{self.scopes.take(encoder.name)}/~"
        shape = (encoder.latents, encoder.channels)
        self.weights.section("The latents.")
        self.weights.bind("latents", shape, names.table_of(self.encoder_scope))
        latents = function.let("latents", ops.get_parameter(function, "latents", shape))
        source, width = rows.shape[-1], encoder.channels
        qk = encoder.qk or (source if encoder.shape_for_attention == "kv" else width)
        v = encoder.v or qk
        self.check_heads("kwargs.encoder.num_cross_attend_heads", encoder.cross_heads, qk, v)
        self.weights.section("The cross-attention of the encoder.")
        widths = BlockShape(width, source, qk, v, width, width * encoder.cross_widening)
        layers = self.block("encoder", f"{self.encoder_scope}/cross_attention", widths)
        block = Block(
            encoder.cross_heads,
            qk,
            v,
            ACTIVATION,
            layers,
            residual=encoder.residual,
            scope="encoder",
        )
        mask = Mask(mask=function.let("keys", keys) if keys else None)
        z = ops.cross(function, "encode", latents, rows, block, width, mask)
        function.add_result("latents", function.let("z", z))
        self.stages.append(
            f"encode   {encoder.latents} latents of {width} channels attend to the rows, "
            f"{heads_text(encoder.cross_heads)}"
        )
        return self.add(function)

    def add_process(self) -> list[Function]:
        """Add the entry `process`, if there are layers that are applied: haiku makes the parameters
        of others never. The scope of the first has no number, so it is no member of the family of
        the others.
        """
        encoder, width = self.config.encoder, self.config.encoder.channels
        if encoder.layers == 0 or encoder.blocks == 0:
            return []
        qk = encoder.qk or width
        v = encoder.v or qk
        self.check_heads("kwargs.encoder.num_self_attend_heads", encoder.self_heads, qk, v)
        if v != width:
            field = "v_channels" if encoder.v else "qk_channels"
            raise CheckpointError(
                self.checkpoint.origin,
                f"kwargs.encoder.{field}",
                f"field 'kwargs.encoder.{field}': expected values of {width} channels "
                f"(num_z_channels) where there are self-attention layers, but got {v}",
            )
        shape = BlockShape(width, None, qk, v, width, width * encoder.self_widening)
        scope, more = f"{self.encoder_scope}/self_attention", encoder.layers - 1
        self.weights.section("The first layer of self-attention.")
        layers = self.block("first_self", scope, shape)
        first = Block(encoder.self_heads, qk, v, ACTIVATION, layers, scope="first_self")
        others = first
        if more:
            self.weights.section("The other layers of self-attention.")
            layers = self.block("self", f"{scope}_{{}}", shape, more, first=1)
            others = replace(first, layers=layers, scope="self")
        function = Function("process", is_entry=True, comment="From latents to latents.")

        def body(state: Value) -> Value:
            state = ops.self_block(function, state, first)
            if more == 0:
                return state
            return ops.process(
                function,
                state,
                self.latents,
                more,
                lambda inner: ops.self_block(function, inner, others),
            )

        state = function.add_argument("latents", self.latents)
        z = ops.process(function, state, self.latents, encoder.blocks, body)
        function.add_result("latents", function.let("z", z))
        count = "1 layer" if encoder.layers == 1 else f"{encoder.layers} layers"
        times = "" if encoder.blocks == 1 else f", applied {encoder.blocks} times in turn"
        self.stages.append(
            f"process  {count} of self-attention with {heads_text(encoder.self_heads)}{times}"
        )
        return [self.add(function)]

    # All of it

    def new_run(self, stages: Sequence[Function]) -> tuple[Function, dict[str, Value], Value]:
        """Return the entry `run` up to the latents, not yet added, with the values of its
        arguments by name.
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


def heads_text(count: int) -> str:
    """Return "8 heads"."""
    return "1 head" if count == 1 else f"{count} heads"
