"""Binding of a checkpoint's tensors to the parameters of a description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..builder import Layer, Model, Parameter
from ..checkpoint import Checkpoint, CheckpointError, Parameters, quoted


@dataclass(frozen=True)
class BlockShape:
    """The widths of a block: of its queries, of its source (None in a self block), of queries and
    keys, of values, of the result, and of the hidden layer of its MLP (None without one).
    """

    query: int
    source: int | None
    qk: int
    v: int
    output: int
    hidden: int | None


class Weights:
    """The parameters of `model`, each bound to a tensor of the checkpoint that has to be there.

    A key with `{}` and a `count` is a family. Keys are names of the naming scheme; the description
    gets those that the file has. Problems are collected: see checkpoint.Parameters.
    """

    def __init__(self, checkpoint: Checkpoint, model: Model) -> None:
        self.checkpoint = checkpoint
        self.model = model
        self.parameters = Parameters(checkpoint)
        self._comment = ""

    def section(self, comment: str) -> None:
        """Let a comment stand above the next parameter."""
        self._comment = comment

    def bind(
        self,
        symbol: str,
        shape: tuple[int, ...],
        key: str,
        *,
        aliases: tuple[str, ...] = (),
        count: int | None = None,
        first: int = 0,
        stride: int = 1,
        ranges: tuple[tuple[int, int], ...] | None = None,
        source: tuple[int, ...] | None = None,
        permutation: tuple[int, ...] | None = None,
    ) -> str:
        """Add a parameter, bound as builder.Parameter says, and return its symbol."""
        parameter = Parameter(
            symbol,
            shape,
            key,
            aliases,
            count,
            first,
            stride,
            ranges,
            source,
            permutation,
            self._comment,
        )
        self._comment = ""
        # One after the other: `need` stops a configuration with a billion layers in time.
        stored = [self._need(parameter, member) for member in range(parameter.members)]
        self.model.add(self._renamed(parameter, stored))
        return symbol

    def _need(self, parameter: Parameter, member: int) -> str | None:
        names = parameter.names(member)
        tensor = self.parameters.need(names[0], parameter.source_shape, names[1:])
        return None if tensor is None else tensor.stored_name

    def _renamed(self, parameter: Parameter, stored: list[str | None]) -> Parameter:
        """The parameter under the names that the file has, which may have a prefix in common, or
        hold a tied tensor under another name.
        """
        if None in stored or stored == [names[0] for names in parameter.all_names()]:
            return parameter
        fields = {**vars(parameter), "aliases": ()}
        if parameter.count is None:
            return Parameter(**{**fields, "key": stored[0]})
        for key in (parameter.key, *parameter.aliases):
            names = Parameter(**{**fields, "key": key}).all_names()
            prefixes = {
                found.removesuffix(name) if found.endswith(name) else None
                for found, (name,) in zip(stored, names)
            }
            if len(prefixes) == 1 and None not in prefixes:
                return Parameter(**{**fields, "key": f"{prefixes.pop()}{key}"})
        raise CheckpointError(
            self.checkpoint.weights_file,
            parameter.key,
            f"the tensors {quoted(parameter.key)} are stored under names of different kinds: "
            f"{quoted(stored[0])}, {quoted(stored[-1])}",
        )

    def expect(self, key: str, shape: tuple[int, ...], count: int | None = None) -> None:
        """Have tensors that the model ignores checked, too."""
        expected = Parameter("", shape, key, count=count)
        for member in range(expected.members):
            self._need(expected, member)

    def linear(
        self,
        symbol: str,
        key: str,
        inputs: int,
        outputs: int,
        *,
        bias: bool = True,
        count: int | None = None,
    ) -> Layer:
        """Add a linear layer of torch, `key.weight` [outputs, inputs] and `key.bias`."""
        weight = self.bind(
            f"{symbol}.weight",
            (inputs, outputs),
            f"{key}.weight",
            count=count,
            permutation=(1, 0),
        )
        if not bias:
            return Layer(weight)
        return Layer(weight, self.bind(f"{symbol}.bias", (outputs,), f"{key}.bias", count=count))

    def norm(self, symbol: str, key: str, channels: int, *, count: int | None = None) -> Layer:
        """Add a layer norm of torch, `key.weight` and `key.bias`."""
        return Layer(
            self.bind(f"{symbol}.weight", (channels,), f"{key}.weight", count=count),
            self.bind(f"{symbol}.bias", (channels,), f"{key}.bias", count=count),
        )

    def block(
        self,
        scope: str,
        keys: Mapping[str, str],
        shape: BlockShape,
        *,
        count: int | None = None,
        comment: str = "",
    ) -> dict[str, Layer]:
        """Add the layers of a block under `scope`; `keys` are those of its layers by name, without
        `.weight` and `.bias`.
        """
        self.section(comment)
        source = shape.query if shape.source is None else shape.source
        layers = {"q_norm": self.norm(f"{scope}.q_norm", keys["q_norm"], shape.query, count=count)}
        if shape.source is not None:
            layers["kv_norm"] = self.norm(f"{scope}.kv_norm", keys["kv_norm"], source, count=count)
        linears = {
            "query": (shape.query, shape.qk),
            "key": (source, shape.qk),
            "value": (source, shape.v),
            "output": (shape.v, shape.output),
        }
        for name, (inputs, outputs) in linears.items():
            layers[name] = self.linear(f"{scope}.{name}", keys[name], inputs, outputs, count=count)
        if shape.hidden is not None:
            layers["mlp_norm"] = self.norm(
                f"{scope}.mlp_norm", keys["mlp_norm"], shape.output, count=count
            )
            for name, inputs, outputs in (
                ("mlp_in", shape.output, shape.hidden),
                ("mlp_out", shape.hidden, shape.output),
            ):
                layers[name] = self.linear(
                    f"{scope}.{name}", keys[name], inputs, outputs, count=count
                )
        return layers
