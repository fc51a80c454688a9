"""Random small models: shapes, blocks, bindings and entries, all from one seed."""

from dataclasses import dataclass

import numpy as np
from perceiver_compiler import builder as ops
from perceiver_compiler.builder import (
    Block,
    Fourier,
    Function,
    Layer,
    Mask,
    Size,
    Type,
    Value,
)

from .calls import draw_calls
from .draws import COUNTS, EPSILONS, MANY_ROWS, ROWS, Draws
from .model import RandomModel
from .pieces import (
    draw_absorbed,
    draw_attention,
    draw_masks,
    draw_point_queries,
    draw_points,
    draw_positions,
    draw_rows,
)


@dataclass(frozen=True)
class Inputs:
    """What the encoder reads: an array of rows, and what of it exists."""

    rows: Value
    mask: Mask


class _Generator(Draws):
    # Inputs

    def row_count(self) -> Size:
        """A number of rows, or the name of one that the caller chooses."""
        count = self.choice.choice(ROWS)
        if self.chance(0.08):
            count = self.choice.choice(MANY_ROWS)
        if self.chance(0.5):
            return count
        self.model.largest["rows"] = count
        return "rows"

    def positions(self, function: Function, grid: tuple[int, ...] | None, count: int) -> Value:
        """Positions [count, C]: Fourier features of a grid, or a table."""
        if self.chance(0.5):
            channels = self.width()
            symbol = self.parameters.make(self.symbol("positions"), (count, channels), "table")
            positions = ops.get_parameter(function, symbol, (count, channels))
            if grid and len(grid) == 2 and self.later.random() < 0.4:
                other = tuple(self.later.randint(1, 9) for _ in grid)
                shape = (int(np.prod(other)), channels)
                symbol = self.later_parameters.make(self.symbol("positions"), shape, "table")
                table = ops.get_parameter(function, symbol, shape)
                positions = ops.resize_grid(function, table, other, grid)
        else:
            grid = grid or (count,)
            resolution = tuple(float(max(2, size)) for size in grid)
            if self.chance(0.3):
                resolution = tuple(size * 1.5 for size in resolution)
            fourier = Fourier(
                grid,
                self.choice.randint(1, 5),
                resolution,
                self.choice.choice(["dm", "axis_major"]),
                self.choice.choice(["torch_f32", "torch_f32", "jax_f32", "exact"]),
            )
            positions = ops.fourier_positions(function, fourier)
        if self.chance(0.2):
            positions = self.projected(function, positions)
        return positions

    def projected(self, function: Function, rows: Value) -> Value:
        channels = rows.type.shape[-1]
        if self.chance(0.4):
            layer = self.norm(channels)
            rows = ops.norm(function, rows, layer, self.choice.choice(EPSILONS))
        if self.chance(0.8):
            outputs = self.width()
            activation = self.later.choice(["none", "none", "none", "silu", "gated(silu)"])
            if activation != "none":
                activation = self.activation(activation)
            columns = 2 * outputs if activation.startswith("gated") else outputs
            layer = self.linear(channels, columns)
            rows = ops.project(function, rows, layer, columns, activation)
        if self.later.random() < 0.2:
            names = (self.symbol("batch_norm") for _ in range(4))
            kinds = ("gain", "bias", "bias", "variance")
            shape = (rows.shape[-1],)
            symbols = [self.later_parameters.make(*each) for each in zip(names, [shape] * 4, kinds)]
            rows = ops.batch_norm(function, rows, tuple(symbols), self.later.choice(EPSILONS))
        for _ in range(self.later.choice([0, 0, 0, 1, 2])):
            rows = self.element(function, rows)
        return rows

    def element(self, function: Function, rows: Value) -> Value:
        """A function of the elements of rows, alone or with rows, a vector or a number."""
        *_, count, channels = rows.shape
        kind = self.later.choice(["scale", "activate", "add", "add", "multiply"])
        if kind == "scale":
            return ops.scale(function, rows, self.later.choice([0.5, -1.25]))
        if kind == "activate":
            activation = self.later.choice(["silu", "gated(silu)"][: 2 - channels % 2])
            return ops.activate(function, rows, self.activation(activation))
        shapes = [(channels,), (1,)]
        if isinstance(count, int) and len(rows.shape) == 3:
            shapes.append((count, channels))
        shape = self.later.choice(shapes)
        symbol = self.later_parameters.make(self.symbol("other"), shape, "gain")
        other = ops.get_parameter(function, symbol, shape)
        combine = ops.add if kind == "add" else ops.multiply
        return combine(function, rows, rows if self.later.random() < 0.2 else other)

    def read_rows(self, function: Function) -> Value:
        """The input array [B, M, C] from whatever the caller has."""
        kind = self.choice.choice(["rows"] * 4 + ["first", "last", "ids", "ids", "flat", "two"])
        channels = self.choice.choice([1, 1, 2, 3, 3, 6, 8, 13, 17, 24])
        grid = None
        if kind in ("first", "last"):
            grid = self.grid()
            count = int(np.prod(grid))
        if kind == "first":
            image = function.add_argument("image", Type((self.batch, channels, *grid)))
            rows = ops.to_channels_last(function, image)
        elif kind == "last":
            image = function.add_argument("inputs", Type((self.batch, *grid, channels)))
            axes = len(grid)
            if axes == 2 and self.later.random() < 0.5:
                image = self.windowed(function, image)
                grid = image.shape[1:3]
                count = int(np.prod(grid))
            groups = [[0], list(range(1, axes + 1)), [axes + 1]]
            rows = image if axes == 1 else ops.collapse(function, image, groups)
        elif kind == "ids":
            rows, count = self.read_ids(function)
        elif kind == "flat":
            count = self.choice.choice(ROWS)
            flat = function.add_argument("inputs", Type((self.batch, count * channels)))
            rows = ops.expand(function, flat, (count, channels))
        else:
            count = self.row_count()
            rows = function.add_argument("inputs", Type((self.batch, count, channels)))
        parts = [rows]
        if kind == "two":
            other = Type((self.batch, count, self.width()))
            parts.append(function.add_argument("more_inputs", other))
        if kind != "ids" and self.chance(0.3):
            parts[0] = self.projected(function, parts[0])
        if isinstance(count, int) and self.chance(0.5):
            parts.append(self.positions(function, grid, count))
        if len(parts) > 1:
            self.choice.shuffle(parts)
            rows = ops.concat(function, parts)
        else:
            rows = parts[0]
        return self.projected(function, rows) if self.chance(0.2) else rows

    def windowed(self, function: Function, image: Value) -> Value:
        """Windows of an image, as a convolution reads them, or their largest elements."""
        size = tuple(self.later.randint(1, min(3, length)) for length in image.shape[1:3])
        stride = tuple(self.later.randint(1, 2) for _ in size)
        padding = "same"
        if self.later.random() < 0.5:
            padding = tuple(
                (self.later.randrange(length), self.later.randrange(length)) for length in size
            )
        apply = self.later.choice([ops.windows, ops.max_pool])
        return apply(function, image, size, stride, padding)

    def read_ids(self, function: Function) -> tuple[Value, Size]:
        count = self.row_count()
        element = self.choice.choice(["i64", "i64", "i32"])
        ids = function.add_argument("ids", Type((self.batch, count), element))
        channels, words = self.width(), 50
        self.model.largest["ids"] = words - 1
        table = self.parameters.make(self.symbol("tokens"), (words, channels), "table")
        places = None
        if isinstance(count, int) and self.chance(0.7):
            most = count + self.choice.choice([0, 0, 3])
            places = self.parameters.make(self.symbol("places"), (most, channels), "table")
        return ops.embedding(function, ids, table, places, channels), count

    def read_mask(self, function: Function, rows: Value) -> Mask:
        uniform = self.chance(0.4)
        if self.chance(0.55):
            return Mask()
        kind = self.choice.choice(["lengths", "mask", "mask", "both"])
        batch, count, _ = rows.type.shape
        lengths = mask = None
        if kind != "mask":
            lengths = function.add_argument("lengths", Type((batch,), "i64"))
            self.model.largest["lengths"] = count
        if kind != "lengths":
            mask = function.add_argument("mask", Type((batch, count), "i1"))
        found = Mask(lengths, mask, uniform)
        # Inputs of three axes have their rows before their channels; an image does not.
        for argument in function.arguments:
            if argument.name in ("inputs", "more_inputs") and len(argument.value.type.shape) == 3:
                self.model.masks[argument.name] = found
        return found

    # Stages

    def encode(self, function: Function) -> list[Value]:
        """The latents, and the rows if the process reads them again."""
        rows = self.read_rows(function)
        if self.chance(0.08):
            # A model without latents: the rows attend to each other.
            return [ops.self_block(function, rows, self.self_weights(rows.type.shape[-1]))]
        inputs = Inputs(rows, self.read_mask(function, rows))
        number, channels = self.choice.choice(COUNTS), self.width()
        if self.chance(0.15):
            batch = [self.batch] if self.chance(0.5) else []
            latents = function.add_argument("latents", Type((*batch, number, channels)))
        else:
            symbol = self.parameters.make(self.symbol("latents"), (number, channels), "table")
            latents = ops.get_parameter(function, symbol, (number, channels))
            if self.chance(0.15):
                latents = self.projected(function, latents)
                channels = latents.type.shape[-1]
        if self.chance(0.3):
            return [self.iterate(function, latents, inputs)]
        result = channels if self.chance(0.8) else self.width()
        block = self.block(channels, rows.type.shape[-1], result)
        kind = self.choice.choice(["encode", "encode", "cross_block"])
        encoded = ops.cross(function, kind, latents, rows, block, result, inputs.mask)
        if self.chance(0.25):
            encoded = self.iterate(function, encoded, inputs)
        if self.chance(0.1):
            # Another modality.
            size = self.choice.choice(ROWS)
            type_ = Type((self.batch, size, self.width()))
            other = function.add_argument("other_inputs", type_)
            block = self.block(result, type_.shape[-1], result)
            encoded = ops.cross(function, "encode", encoded, other, block, result)
        return [encoded]

    def iterate(self, function: Function, latents: Value, inputs: Inputs | None) -> Value:
        """A process that reads `inputs`, if there are any, in each iteration. Without, it may read
        the latents that it began with.
        """
        *_, number, channels = latents.type.shape
        batch = self.batch
        iterations = self.choice.choice([1, 2, 2, 3, 4])
        type_ = Type((batch, number, channels))
        if inputs is None and self.chance(0.15):
            inputs = Inputs(latents, Mask())

        def make_body(state: Value) -> Value:
            if inputs is not None:
                rows = inputs.rows
                block = self.block(channels, rows.type.shape[-1], channels, iterations)
                state = ops.cross(
                    function, "cross_block", state, rows, block, channels, inputs.mask
                )
            for _ in range(self.choice.choice([0, 1, 1, 2]) if inputs else 1):
                if self.chance(0.15):
                    state = self.iterate_inside(function, state)
                else:
                    weights = self.self_weights(channels, iterations)
                    state = ops.self_block(function, state, weights)
            return state

        return ops.process(function, latents, type_, iterations, make_body)

    def iterate_inside(self, function: Function, latents: Value) -> Value:
        """A process within the region of another one."""
        iterations = self.choice.choice([1, 2, 3])
        weights = self.self_weights(latents.type.shape[-1], iterations)
        return ops.process(
            function,
            latents,
            latents.type,
            iterations,
            lambda state: ops.self_block(function, state, weights),
        )

    def self_weights(self, channels: int, iterations: int | None = None) -> Block:
        return self.block(channels, None, channels, iterations)

    def latent_layers(self, function: Function, latents: Value) -> list[Value]:
        """Some self blocks, repeated or not."""
        for _ in range(self.choice.choice([0, 1, 1, 2])):
            if self.chance(0.6):
                latents = self.iterate(function, latents, None)
            else:
                weights = self.self_weights(latents.type.shape[-1])
                latents = ops.self_block(function, latents, weights)
        return [self.moved(function, latents)]

    def moved(self, function: Function, latents: Value) -> Value:
        """Latents behind others, with a vector beside them, or mixed by a layer across rows."""
        kind = self.later.choice([""] * 5 + ["rows", "vector", "mix"])
        *_, number, channels = latents.shape
        make = self.later_parameters.make
        if kind == "rows":
            shape = (self.later.choice([1, 3, 17]), channels)
            symbol = make(self.symbol("rows"), shape, "table")
            first = ops.get_parameter(function, symbol, shape)
            return ops.concat_rows(function, [first, latents])
        if kind == "vector":
            symbol = make(self.symbol("vector"), (5,), "bias")
            return ops.concat(function, [latents, ops.get_parameter(function, symbol, (5,))])
        if kind == "mix" and isinstance(number, int):
            turned = ops.transpose(function, latents, (0, 2, 1))
            layer = Layer(make(self.symbol("mixer"), (number, number), "matrix"))
            mixed = ops.project(function, turned, layer, number)
            return ops.add(function, latents, ops.transpose(function, mixed, (0, 2, 1)))
        return latents

    def head(self, function: Function, latents: Value) -> list[Value]:
        """From the latents to what the model returns."""
        kind = self.choice.choice(["none", "pool", "pool", "decode", "decode", "decode", "slice"])
        number = latents.type.shape[1]
        if kind == "none" or (kind == "slice" and isinstance(number, str)):
            return [latents]
        if kind == "slice":
            count = self.choice.randint(1, number)
            first = self.choice.randint(0, number - count)
            rows = ops.slice_rows(function, latents, first, count)
            return [self.projected(function, rows)]
        if kind == "pool":
            pooled = ops.mean_pool(function, latents, keep=self.chance(0.3))
            return [self.projected(function, pooled)]
        decoded = self.decode(function, latents)
        if decoded.type.shape[1] == 1 and self.chance(0.6):
            decoded = ops.collapse(function, decoded, [[0, 1], [2]])
        return [self.projected(function, decoded)]

    def decode(self, function: Function, latents: Value) -> Value:
        number = self.choice.choice([1, 1, 1, 2, 4, 5, 13, 17, 33, 65])
        channels = self.width()
        kind = self.choice.choice(["parameter"] * 3 + ["slice", "input", "batch", "positions"])
        if kind in ("input", "batch"):
            batch = [self.batch] if kind == "batch" else []
            if self.chance(0.5):
                self.model.largest["outputs"], number = number, "outputs"
            query = function.add_argument("queries", Type((*batch, number, channels)))
        elif kind == "positions":
            query = self.positions(function, None, number)
            channels = query.type.shape[-1]
        else:
            extra = self.choice.randint(1, 5) if kind == "slice" else 0
            symbol = self.parameters.make(
                self.symbol("queries"), (number + extra, channels), "table"
            )
            query = ops.get_parameter(function, symbol, (number + extra, channels))
            if kind == "slice":
                query = ops.slice_rows(function, query, self.choice.randint(0, extra), number)
        result = channels if self.chance(0.6) else self.width()
        block = self.block(channels, latents.type.shape[-1], result)
        return ops.cross(function, "decode", query, latents, block, result)

    # Functions

    def stage(self, name: str, values: list[Value], run: Function, make, kind: str) -> list[Value]:
        """Append a stage to `run`: its operations, or a call of an entry or private function."""
        # Sizes of a function's arguments are numbers or names: no `rows + 17`.
        names = [size for value in values for size in value.type.names]
        if kind == "inline" or not all(map(str.isidentifier, names)):
            return make(run, *values)
        function = Function(name, is_entry=kind == "entries")
        arguments = [
            function.add_argument(f"state_{index}", value.type)
            for index, value in enumerate(values)
        ]
        results = make(function, *arguments)
        for index, value in enumerate(results):
            function.add_result(f"state_{index}", value)
        self.model.functions.append(function)
        inputs = [
            run.add_argument(argument.name, argument.value.type)
            for argument in function.arguments[len(values) :]
        ]
        return ops.call(run, function, [*values, *inputs])

    def generate(self) -> RandomModel:
        run = Function("run", is_entry=True)
        kind = self.choice.choice(["inline", "inline", "entries", "private"])
        latents = self.stage("encode", [], run, self.encode, kind)
        latents = self.stage("process", latents, run, self.latent_layers, kind)
        results = self.stage("decode", latents, run, self.head, kind)
        for index, value in enumerate(results):
            run.add_result(f"output_{index}", value)
        if self.chance(0.2) and latents[0].name != results[0].name:
            run.add_result("latents", latents[0])
        self.model.functions.append(run)
        if self.chance(0.25):
            self.model.functions.append(draw_attention(self))
        if self.chance(0.2):
            self.model.functions.append(draw_masks(self))
        if self.chance(0.2):
            self.model.functions.append(draw_positions(self))
        if self.chance(0.2):
            self.model.functions.append(draw_rows(self))
        if self.last.random() < 0.2:
            self.model.functions.append(draw_calls(self.model, self.last, self.batch))
        if self.last.random() < 0.25:
            self.model.functions.append(draw_points(self))
        if self.chance(0.25):
            self.model.functions.append(draw_absorbed(self))
        if self.chance(0.25):
            self.model.functions.append(draw_point_queries(self))
        return self.model


def generate(seed: int) -> RandomModel:
    """Return the model of a seed."""
    return _Generator(seed).generate()
