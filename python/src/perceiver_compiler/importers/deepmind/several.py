"""Models of several modalities: their rows, padded to one width, stand in alphabetical order, as do
their queries.
"""

from __future__ import annotations

from dataclasses import dataclass

from ... import builder as ops
from ...builder import Fourier, Function, Value, add_sizes
from ...checkpoint import CheckpointError, quoted
from ..signature import add_range
from .config import DecoderConfig, Several
from .graph import INPUT_MASK, Graph
from .inputs import Preprocessor, add_rows, declare, make_preprocessor
from .names import inner_decoder
from .outputs import (
    OUTPUT,
    Decoder,
    Head,
    Queries,
    bind_decoder,
    bind_head,
    bind_queries,
    describe_decoder,
)
from .positions import RECIPE, add_points


def build(graph: Graph) -> None:
    """Build the model."""
    config = graph.config
    preprocessor, postprocessor = config.preprocessor, config.postprocessor
    decoder = config.decoder
    names = set(decoder.modalities)
    if not isinstance(preprocessor, Several) or not isinstance(postprocessor, Several | None):
        raise _error(graph, "expected several modalities in preprocessor and postprocessor, too")
    if postprocessor is not None and set(postprocessor.outputs) != names:
        raise _error(graph, f"expected the decoder's {sorted(names)} in the postprocessor, too")
    if postprocessor is not None and not decoder.is_subsampled:
        raise _error(graph, "expected subsampled_index_dims where there is a postprocessor")
    inputs = _Inputs(graph, preprocessor)
    inputs.declare()
    _declare_points(graph, decoder)
    graph.signature.resolve()
    encode = graph.add_encode(inputs.add)
    stages = [encode, *graph.add_process()]
    outputs = _Outputs(graph, decoder, postprocessor)
    entries = {name: outputs.add_entries(name) for name in sorted(names)}
    run, arguments, latents = graph.new_run(stages)
    results = {}
    for name, entry in entries.items():
        points = arguments.get(_points_name(name))
        (results[name],) = ops.call(run, entry, [latents] if points is None else [latents, points])
    if postprocessor is None:
        run.add_result(OUTPUT, run.let(OUTPUT, ops.concat_rows(run, list(results.values()))))
    else:
        for name, value in results.items():
            run.add_result(f"{OUTPUT}.{name}", value)
    graph.add(run)
    graph.stages.append(
        "-> " + ", ".join(f"{each.name} {list(each.value.shape)}" for each in run.results)
    )


def _error(graph: Graph, text: str) -> CheckpointError:
    return CheckpointError(graph.checkpoint.origin, "modalities", f"field 'modalities': {text}")


def _points_name(modality: str) -> str:
    return f"subsampled.{modality}"


def _takes_points(config: DecoderConfig) -> bool:
    return config.kind in ("basic", "video") and config.positions.kind == "fourier"


def _declare_points(graph: Graph, decoder: DecoderConfig) -> None:
    """Declare the numbers of the points that are wanted of each modality with positions."""
    for name, config in decoder.modalities.items():
        if _takes_points(config):
            points = 1
            for size in config.shape[1:] if config.kind == "video" else config.shape:
                points *= size
            graph.signature.input(
                _points_name(name),
                (f"{name}_points",),
                "i64",
                aliases=(f"subsampled_output_points.{name}",),
                bounds=(0, points),
            )


@dataclass
class _Inputs:
    """The rows of all modalities."""

    graph: Graph
    config: Several

    def __post_init__(self) -> None:
        graph = self.graph
        encoder = graph.config.encoder.name
        self.width = graph.size_in(f"{encoder}/~/cross_attention/layer_norm_1:scale", 0)
        # Modules are made in the order of the file, the padding of their rows after them.
        self.scope = self.config.name
        kinds = [each.kind for each in self.config.inputs.values()]
        self.parts: dict[str, Preprocessor] = {}
        for name, config in self.config.inputs.items():
            padding = graph.size_in(self._key(name, "padding"), 1)
            prefix = "" if kinds.count(config.kind) == 1 else f"{name}_"
            given = graph.signature.given.get(f"inputs.{name}", "")
            self.parts[name] = make_preprocessor(
                graph, config, f"inputs.{name}", self.width - padding, given, prefix
            )
        graph.scopes.take(self.scope)
        widest = max(part.rows_width for part in self.parts.values())
        if widest + self.config.padding != self.width:
            raise CheckpointError(
                graph.checkpoint.origin,
                "min_padding_size",
                f"field 'min_padding_size': expected {self.width - widest}, but got "
                f"{self.config.padding}",
            )

    def _key(self, name: str, what: str) -> str:
        return f"{self.scope}/{name}_{what}:pos_embs"

    def declare(self) -> None:
        """Declare the inputs and their mask."""
        signature = self.graph.signature
        for part in self.parts.values():
            declare(part, signature)
        rows = add_sizes(self.parts[name].rows for name in sorted(self.parts))
        signature.mask(INPUT_MASK, ("batch", rows), "i32", is_named=True)

    def add(self, function: Function) -> Value:
        """Append the inputs and all rows."""
        values = {}
        for name, part in self.parts.items():
            values[name] = self.graph.signature.argument(function, part.name)
            shape = ", ".join(map(str, values[name].shape))
            self.graph.stages.append(f"{part.name} [{shape}]")
        rows = [self._rows_of(function, name, values[name]) for name in sorted(values)]
        self.graph.stages.append(f"-> rows of {self.width} channels")
        return function.let("x", ops.concat_rows(function, rows))

    def _rows_of(self, function: Function, name: str, value: Value) -> Value:
        """The rows of a modality; of one that is masked, they are all a learned one."""
        weights, part = self.graph.weights, self.parts[name]
        padding = self.width - part.rows_width
        inner = Function(f"{name}_rows", is_entry=False, comment=f"Rows of {quoted(name)}.")
        argument = inner.add_argument(name, value.type)
        made = inner.let("rows", add_rows(part, inner, argument))
        if name in self.config.masks and self.config.masks[name]:
            # What nothing reads is checked all the same, and left out.
            weights.expect(self._key(name, "padding"), (1, padding))
            return self._masked_rows(function, name)
        if name in self.config.masks:
            weights.expect(self._key(name, "mask_token"), (1, self.width))
        if padding:
            weights.section(f"What fills up the rows of {quoted(name)}.")
            symbol = f"row_padding.{name}"
            weights.bind(symbol, (padding,), self._key(name, "padding"), source=(1, padding))
            made = ops.concat(inner, [made, ops.get_parameter(inner, symbol, (padding,))])
        inner.add_result("rows", inner.let("padded", made))
        (rows,) = ops.call(function, self.graph.add(inner), [value])
        return function.let(f"{name}_rows", rows)

    def _masked_rows(self, function: Function, name: str) -> Value:
        """A learned row for each of a modality, which is not looked at."""
        part, key = self.parts[name], self._key(name, "mask_token")
        self.graph.weights.section(f"The row that stands for {quoted(name)}, which is masked.")
        symbol = f"masked.{name}"
        if part.rows == 1:
            self.graph.weights.bind(symbol, (1, self.width), key)
            row = ops.get_parameter(function, symbol, (1, self.width))
            return function.let(f"{name}_row", row)
        # As many rows as there are: their numbers, times zero, and the learned row.
        number = Fourier((part.rows,), 0, (1.0,), recipe=RECIPE, terms=("raw",))
        zeros = ops.scale(function, ops.fourier_positions(function, number), 0.0)
        head = self._part_of_row(function, f"{symbol}.head", key, 0, 1)
        tail = self._part_of_row(function, f"{symbol}.tail", key, 1, self.width)
        rows = ops.concat(function, [ops.add(function, zeros, head), tail])
        return function.let(f"{name}_rows", rows)

    def _part_of_row(
        self, function: Function, symbol: str, key: str, first: int, last: int
    ) -> Value:
        self.graph.weights.bind(
            symbol,
            (last - first,),
            key,
            ranges=((0, 1), (first, last)),
            source=(1, self.width),
        )
        return ops.get_parameter(function, symbol, (last - first,))


class _Outputs:
    """Queries of each modality, one decoder for all, and a head for each."""

    def __init__(self, graph: Graph, config: DecoderConfig, heads: Several | None) -> None:
        self.graph = graph
        self.config = config
        self.queries: dict[str, Queries] = {}
        for name, each in config.modalities.items():
            scope = inner_decoder(graph.scopes.take(each.name), each.kind)
            self.queries[name] = bind_queries(graph, each, scope, f"queries_{name}")
        self.scope = graph.scopes.take(config.name)
        widths = [each.positions.channels for each in self.queries.values()]
        self.width = max(widths) + config.padding
        self._bind_paddings()
        self.decoder: Decoder = bind_decoder(
            graph, config, f"{self.scope}/~/basic_decoder", self.width
        )
        self.heads: dict[str, Head] = {}
        if heads is not None:
            graph.scopes.take(heads.name)
            for name, head in heads.outputs.items():
                self.heads[name] = bind_head(graph, head, self.decoder.outputs, f"head_{name}")
        describe_decoder(graph, self.decoder, "a query for each point")

    def _bind_paddings(self) -> None:
        self.graph.weights.section("What fills up the queries.")
        for name, queries in self.queries.items():
            padding = self.width - queries.positions.channels
            if padding:
                key = f"{self.scope}/~decoder_query/{name}_padding:pos_embs"
                symbol = f"query_padding.{name}"
                self.graph.weights.bind(symbol, (padding,), key, source=(1, padding))

    def _decode(self, function: Function, name: str, query: Value, latents: Value) -> None:
        padding = self.width - query.shape[-1]
        if padding:
            table = ops.get_parameter(function, f"query_padding.{name}", (padding,))
            query = ops.concat(function, [query, table])
        rows = self.decoder.decode(function, function.let("padded", query), latents)
        if name in self.heads:
            rows = self.heads[name].add(function, rows)
        result = OUTPUT if not self.heads else f"{OUTPUT}.{name}"
        function.add_result(result, function.let("result", rows))
        self.graph.add(function)

    def add_entries(self, name: str) -> Function:
        """Add the entries of a modality, and return the one that `run` calls."""
        queries = self.queries[name]
        if not _takes_points(self.config.modalities[name]):
            decode, latents = self._new(f"decode_{name}", f"All of {quoted(name)}.")
            self._decode(decode, name, queries.add(decode, None), latents)
            return decode
        decode, latents = self._new(f"decode_{name}", f"A range of the points of {quoted(name)}.")
        first, count = add_range(decode, int(queries.positions.points), "points")
        query = queries.positions.at_range(decode, first, count)
        self._decode(decode, name, query, latents)
        decode, latents = self._new(
            f"decode_{name}_points", f"A list of the points of {quoted(name)}."
        )
        size = self.graph.signature.size(f"{name}_points")
        points = add_points(decode, queries.positions, "points", size)
        self._decode(decode, name, queries.add(decode, points), latents)
        return decode

    def _new(self, name: str, comment: str) -> tuple[Function, Value]:
        function = Function(name, is_entry=True, comment=comment)
        return function, function.add_argument("latents", self.graph.latents)
