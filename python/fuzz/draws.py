"""What random models are drawn with: choices, names, parameters, layers and blocks."""

import random

import numpy as np
from perceiver_compiler.builder import Block, Layer, Size
from perceiver_compiler.formulas import ACTIVATIONS

from .model import RandomModel
from .parameters import ParameterMaker

WIDTHS = [1, 2, 3, 5, 7, 8, 13, 15, 16, 17, 24, 31, 32, 33, 40, 48, 64, 65]
COUNTS = [1, 1, 2, 3, 4, 7, 8, 13, 16, 17, 31, 32, 33, 48, 63, 64, 65, 70]
ROWS = [1, 2, 5, 7, 13, 16, 33, 64, 65, 96, 127, 128, 129, 200, 255, 256, 257, 300]
MANY_ROWS = [1023, 1024, 1100, 2047, 2048, 2049, 2300, 4200]
EPSILONS = [1e-5, 1e-5, 1e-5, 1e-6, 1e-12, 1e-3]
MLPS = ["none", "none", "gelu_erf", "gelu_tanh", "gated(gelu_erf)"]


class Draws:
    """The choices of one seed, and the model that they make."""

    def __init__(self, seed: int):
        self.choice = random.Random(seed)
        self.model = RandomModel()
        self.parameters = ParameterMaker(self.model, self.choice, np.random.default_rng(seed))
        self.blocks: dict[tuple, Block] = {}
        self.batch: Size = self.choice.choice(["batch"] * 6 + [1, 2])
        if self.batch == "batch":
            self.model.largest["batch"] = 5
        self.symbols = 0
        # For what came later, so that seeds keep what they drew before.
        self.later = random.Random(f"later {seed}")
        self.last = random.Random(f"last {seed}")
        values = np.random.default_rng([seed, 1])
        self.later_parameters = ParameterMaker(self.model, self.later, values)

    # Choices

    def chance(self, probability: float) -> bool:
        return self.choice.random() < probability

    def width(self) -> int:
        return self.choice.choice(WIDTHS)

    def activation(self, name: str) -> str:
        """Another function in place of the named one, with gates where it has them."""
        if self.later.random() < 0.5:
            return name
        function = self.later.choice(list(ACTIVATIONS))
        return f"gated({function})" if name.startswith("gated") else function

    def symbol(self, what: str) -> str:
        self.symbols += 1
        return f"{what}_{self.symbols}"

    def grid(self) -> tuple[int, ...]:
        axes = self.choice.choice([1, 2, 2, 3])
        largest = {1: 200, 2: 14, 3: 6}[axes]
        return tuple(self.choice.randint(1, largest) for _ in range(axes))

    # Layers and blocks

    def linear(self, inputs: int, outputs: int, kind="matrix", count=None, what="linear") -> Layer:
        symbol = self.symbol(what)
        weight = self.parameters.make(f"{symbol}.weight", (inputs, outputs), kind, count)
        if self.chance(0.4):
            return Layer(weight)
        return Layer(weight, self.parameters.make(f"{symbol}.bias", (outputs,), "bias", count))

    def norm(self, channels: int, count=None, what="norm") -> Layer:
        symbol = self.symbol(what)
        return Layer(
            self.parameters.make(f"{symbol}.weight", (channels,), "gain", count),
            self.parameters.make(f"{symbol}.bias", (channels,), "bias", count),
        )

    def block(
        self, query: int, source: int | None, channels: int, iterations: int | None = None
    ) -> Block:
        """A block, new or with the weights of an earlier one of these shapes. Inside of a process
        some of its parameters are families.
        """
        shapes = (query, source, channels)
        known = [
            block
            for (*key, own), block in self.blocks.items()
            if tuple(key) == shapes and (own is None or iterations)
        ]
        if known and self.chance(0.3):
            return self.choice.choice(known)
        heads = self.choice.choice([1, 1, 2, 3, 4, 8])
        limit = 96 // heads
        widths = [width for width in WIDTHS if width <= limit]
        qk_width, v_width = self.choice.choice(widths), self.choice.choice(widths)
        if self.chance(0.4):
            v_width = qk_width
        mlp = self.choice.choice(MLPS)
        if mlp != "none":
            mlp = self.activation(mlp)
        # A family for all layers or for a few of them, one tensor for the others.
        family = None
        if iterations and self.chance(0.6):
            family = self.choice.choice([1, iterations, iterations, max(1, iterations - 1)])
        partly = self.chance(0.2)

        def count() -> int | None:
            return None if partly and self.chance(0.5) else family

        layers = {}
        if self.chance(0.8):
            layers["q_norm"] = self.norm(query, count(), "q_norm")
        if source is not None and self.chance(0.8):
            layers["kv_norm"] = self.norm(source, count(), "kv_norm")
        source = query if source is None else source
        qk, v = heads * qk_width, heads * v_width
        layers["query"] = self.linear(query, qk, "score", count(), "query")
        layers["key"] = self.linear(source, qk, "score", count(), "key")
        layers["value"] = self.linear(source, v, count=count(), what="value")
        layers["output"] = self.linear(v, channels, count=count(), what="output")
        if mlp != "none":
            inner = self.width()
            if self.chance(0.8):
                layers["mlp_norm"] = self.norm(channels, count(), "mlp_norm")
            columns = 2 * inner if mlp.startswith("gated") else inner
            layers["mlp_in"] = self.linear(channels, columns, count=count(), what="mlp_in")
            layers["mlp_out"] = self.linear(inner, channels, count=count(), what="mlp_out")
        block = Block(
            heads,
            qk,
            v,
            mlp,
            layers,
            self.choice.choice(EPSILONS),
            self.choice.choice([None, None, None, 0.25, 1.0]),
            query == channels and self.chance(0.7),
        )
        self.blocks[(*shapes, family)] = block
        return block
