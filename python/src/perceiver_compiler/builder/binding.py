"""Layers and blocks as parameters of a model, under the keys that a naming scheme gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .model import Model
from .parameters import Parameter
from .rows import Layer


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


class Binding:
    """The parameters of `model`, added as the model asks for them.

    A key with `{}` and a `count` is a family. Who has a checkpoint looks at it in `add`.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self._comment = ""

    def add(self, parameter: Parameter) -> None:
        """Add a parameter to the model."""
        self.model.add(parameter)

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
        """Add a parameter, bound as Parameter says, and return its symbol."""
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
        self.add(parameter)
        return symbol

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
