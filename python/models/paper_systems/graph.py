"""A description while it is built: entries in the order of the text, parameters where they are
first needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from perceiver_compiler import builder as ops
from perceiver_compiler.builder import (
    Binding,
    Block,
    BlockShape,
    Function,
    Layer,
    Mask,
    Model,
    Type,
    Value,
)

#: DeepMind's code, and so every system of the papers, has the GELU that is made of tanh.
ACTIVATION = "gelu_tanh"
#: The Fourier tables of DeepMind's code are those of JAX.
RECIPE = "jax_f32"
_CROSS_LAYERS = (
    *("q_norm", "kv_norm", "query", "key", "value", "output"),
    *("mlp_norm", "mlp_in", "mlp_out"),
)


@dataclass(frozen=True)
class Rows:
    """What the encoder reads: rows [B, M, C], and which of them count."""

    value: Value
    mask: Mask = field(default_factory=Mask)

    @property
    def channels(self) -> int:
        """C."""
        channels = self.value.shape[-1]
        assert isinstance(channels, int), "expected channels that no caller chooses"
        return channels


class Graph:
    """The entries and parameters of a system, and what its header says of the stages."""

    def __init__(self) -> None:
        self.model = Model()
        self.binding = Binding(self.model)
        self.stages: list[str] = []
        self._rows: Rows | None = None
        self._steps: list[Function] = []

    @property
    def rows(self) -> Rows:
        """What `encode` reads, once it is there."""
        assert self._rows is not None, "expected an entry that reads rows"
        return self._rows

    def read(self, rows: Rows) -> Rows:
        """Let these be what `encode` reads."""
        self._rows = rows
        return rows

    # Functions

    def entry(self, name: str, comment: str) -> Function:
        """Return an entry, not yet added."""
        return Function(name, is_entry=True, comment=comment)

    def add(self, function: Function, *, is_step: bool = False) -> Function:
        """Add a function to the model; one that is a step is part of `run`, behind the others."""
        self.model.functions.append(function)
        if is_step:
            self._steps.append(function)
        return function

    def call(self, caller: Function, callee: Function, operands: list[Value]) -> Value:
        """Add a function, and its call, to the model. Return its result."""
        self.add(callee)
        (result,) = ops.call(caller, callee, operands)
        return result

    def add_run(self) -> None:
        """Add the entry `run`: all steps in turn, each of which reads what the one before it
        gives.
        """
        steps = self._steps
        run = self.entry("run", "All of it.")
        operands = [
            run.add_argument(
                argument.name,
                argument.value.type,
                aliases=argument.aliases,
                bounds=argument.bounds,
                optional=argument.optional,
                default=argument.default,
            )
            for argument in steps[0].arguments
        ]
        for step in steps:
            operands = ops.call(run, step, operands)
        (result,) = steps[-1].results
        run.add_result(result.name, run.let(result.name, operands[0]))
        self.add(run)

    # Parameters

    def table(self, function: Function, symbol: str, key: str, shape: tuple[int, ...]) -> Value:
        """Append a learned array under a key that says so (reference.deterministic)."""
        self.binding.bind(symbol, shape, key)
        name = symbol.replace(".", "_")
        return function.let(name, ops.get_parameter(function, symbol, shape))

    def linear(self, symbol: str, inputs: int, outputs: int) -> Layer:
        """Add a linear layer, whose keys are its symbols."""
        return self.binding.linear(symbol, symbol, inputs, outputs)

    def cross_block(
        self,
        scope: str,
        comment: str,
        query: int,
        source: int,
        *,
        qk: int,
        v: int,
        heads: int = 1,
        residual: bool = True,
    ) -> Block:
        """Add a cross-attention of `query` channels to `source` channels, with its MLP."""
        shape = BlockShape(query, source, qk, v, query, query)
        layers = self.binding.block(scope, _keys(scope), shape, comment=comment)
        return Block(heads, qk, v, ACTIVATION, layers, residual=residual, scope=scope)

    def self_blocks(
        self, scope: str, comment: str, channels: int, *, count: int, qk: int, v: int, heads: int
    ) -> Block:
        """Add so many layers of self-attention as families, each with its MLP."""
        shape = BlockShape(channels, None, qk, v, channels, channels)
        keys = _keys(f"{scope}.{{}}")
        layers = self.binding.block(scope, keys, shape, count=count, comment=comment)
        return Block(heads, qk, v, ACTIVATION, layers, scope=scope)


def _keys(block: str) -> dict[str, str]:
    return {layer: f"{block}.{layer}" for layer in _CROSS_LAYERS}


def flatten(function: Function, grid: Value) -> Value:
    """Append the points of a grid [B, .., C] as rows [B, M, C]."""
    last = len(grid.shape) - 1
    if last == 2:
        return grid
    return ops.collapse(function, grid, [[0], list(range(1, last)), [last]])


def argument(function: Function, name: str, sizes: tuple, element: str = "f32") -> Value:
    """Append an argument [batch, *sizes]."""
    return function.add_argument(name, Type(("batch", *sizes), element))


def count(number: int, one: str) -> str:
    """Return "1 head", "2 heads"."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"
