"""Operations of the model level: their text, and their formulas by way of the reference."""

from dataclasses import dataclass

import numpy as np

import reference as r

from .description import Environment, Function, Mask, Statement, Type, Value


@dataclass(frozen=True)
class Layer:
    """The symbols of a layer: a linear layer's bias may be missing, a norm has both."""

    weight: str
    bias: str | None = None

    def __str__(self) -> str:
        return f"[@{self.weight}]" if self.bias is None else f"[@{self.weight}, @{self.bias}]"


@dataclass(frozen=True)
class Block:
    """What cross and self blocks have in common. `layers` are the bound ones, by name."""

    heads: int
    qk_channels: int
    v_channels: int
    mlp: str
    layers: dict[str, Layer]
    epsilon: float = 1e-5
    scale: float | None = None
    residual: bool = True

    def attributes(self, more: tuple[str, ...] = ()) -> str:
        """The attributes that differ from their defaults, as a dictionary."""
        texts = [*more]
        if not self.residual:
            texts.append("residual = false")
        if self.epsilon != 1e-5:
            texts.append(f"epsilon = {self.epsilon:e} : f64")
        if self.scale is not None:
            texts.append(f"scale = {self.scale:e} : f64")
        return f" {{{', '.join(texts)}}}" if texts else ""

    def __str__(self) -> str:
        layers = ", ".join(f"{name} = {layer}" for name, layer in self.layers.items())
        return (
            f"heads = {self.heads} qk_channels = {self.qk_channels} "
            f"v_channels = {self.v_channels} mlp = {self.mlp}\n      weights {{{layers}}}"
        )


def _linear(env: Environment, x: np.ndarray, layer: Layer) -> np.ndarray:
    bias = None if layer.bias is None else env.parameter(layer.bias)
    return env.store(r.linear(x, r.LinearParameters(env.parameter(layer.weight), bias)))


def _norm(env: Environment, x: np.ndarray, layer: Layer | None, epsilon: float) -> np.ndarray:
    if layer is None:
        return x
    gain, bias = env.parameter(layer.weight), env.parameter(layer.bias)
    return env.store(r.layer_norm(x, gain, bias, epsilon))


def _attention_block(
    env: Environment, block: Block, query: np.ndarray, source: np.ndarray | None, **masks
) -> np.ndarray:
    layer = block.layers.get
    query = query[None] if query.ndim == 2 else query
    normed_query = _norm(env, query, layer("q_norm"), block.epsilon)
    normed_source = normed_query
    if source is not None:
        normed_source = _norm(env, source, layer("kv_norm"), block.epsilon)
    weighted, _ = r.attention(
        _linear(env, normed_query, layer("query")),
        _linear(env, normed_source, layer("key")),
        _linear(env, normed_source, layer("value")),
        heads=block.heads,
        scale=block.scale,
        **masks,
    )
    x = _linear(env, env.store(weighted), layer("output"))
    x = env.store(x + query) if block.residual else x
    if block.mlp == "none":
        return x
    hidden = _linear(env, _norm(env, x, layer("mlp_norm"), block.epsilon), layer("mlp_in"))
    activation = {"gelu_erf": r.gelu_erf, "gelu_tanh": r.gelu_tanh, "geglu": r.geglu}[block.mlp]
    return x + _linear(env, env.store(activation(hidden)), layer("mlp_out"))


def _mask_operands(mask: Mask) -> list[str]:
    operands = {"lengths": mask.lengths, "mask": mask.mask}
    return [f"{name}({value.name} : {value.type})" for name, value in operands.items() if value]


def _mask_attributes(mask: Mask) -> tuple[str, ...]:
    return ("masked_rows = #perceiver.masked_rows<uniform>",) if mask.uniform else ()


def _masks(env: Environment, mask: Mask) -> dict:
    """What the reference takes."""
    masks = {"masked_rows": "uniform" if mask.uniform else "zero"}
    if mask.lengths:
        masks["key_lengths"] = env.arrays[mask.lengths.name]
    if mask.mask:
        masks["key_mask"] = env.arrays[mask.mask.name]
    return masks


def cross(
    function: Function,
    kind: str,
    query: Value,
    source: Value,
    block: Block,
    channels: int,
    mask: Mask | None = None,
) -> Value:
    """Append an encode, a decode or a cross_block of the given result channels."""
    mask = mask or Mask()
    type_ = Type((source.type.shape[0], query.type.shape[-2], channels))
    texts = [f"perceiver.{kind} {query.name}, {source.name}", *_mask_operands(mask)]
    texts.append(f"{block}{block.attributes(_mask_attributes(mask))}")
    texts.append(f"\n      : {query.type}, {source.type} -> {type_}")

    def compute(env: Environment) -> np.ndarray:
        query_array, source_array = env.arrays[query.name], env.arrays[source.name]
        return _attention_block(env, block, query_array, source_array, **_masks(env, mask))

    return function.add(type_, " ".join(texts), compute)


def attend(
    function: Function,
    query: Value,
    key: Value,
    value: Value,
    heads: int,
    scale: float | None,
    mask: Mask,
    log_sum_exp: bool,
) -> list[Value]:
    """Append an attend. Return its result and perhaps the log-sum-exp."""
    batch, queries = key.type.shape[0], query.type.shape[-2]
    types = [Type((batch, queries, value.type.shape[-1])), Type((batch, heads, queries))]
    types = types if log_sum_exp else types[:1]
    texts = [f"perceiver.attend {query.name}, {key.name}, {value.name}", *_mask_operands(mask)]
    texts.append(f"heads = {heads}")
    attributes = [*_mask_attributes(mask)]
    if scale is not None:
        attributes.append(f"scale = {scale:e} : f64")
    if attributes:
        texts.append(f"{{{', '.join(attributes)}}}")
    results = ", ".join(map(str, types))
    texts.append(f"\n      : {query.type}, {key.type}, {value.type} -> {results}")

    def compute(env: Environment) -> list[np.ndarray]:
        queries, keys, values = (env.arrays[operand.name] for operand in (query, key, value))
        queries = queries[None] if queries.ndim == 2 else queries
        masks = _masks(env, mask)
        return list(r.attention(queries, keys, values, heads=heads, scale=scale, **masks))[
            : len(types)
        ]

    return function.add_all(types, " ".join(texts), compute)


def self_block(function: Function, latents: Value, block: Block) -> Value:
    """Append a self_block."""
    text = f"perceiver.self_block {latents.name} {block}{block.attributes()} : {latents.type}"
    return function.add(
        latents.type,
        text,
        lambda env: _attention_block(env, block, env.arrays[latents.name], None),
    )


def process(function: Function, init: Value, type_: Type, iterations: int, make_body) -> Value:
    """Append a process; `make_body(state)` appends its blocks and returns what they yield."""
    state = function.make_value(type_)
    outer, function.body = function.body, []
    yielded = make_body(state)
    body, function.body = function.body, outer
    result = function.make_value(type_)
    lines = [
        f"{result.name} = perceiver.process iterations = {iterations} "
        f"({state.name} = {init.name} : {init.type}) -> {type_} {{",
        *(f"  {statement.text}" for statement in body),
        f"  perceiver.yield {yielded.name} : {type_}",
        "}",
    ]

    def execute(env: Environment) -> None:
        array = env.arrays[init.name]
        outer_iteration = env.iteration
        for env.iteration in range(iterations):
            env.arrays[state.name] = array
            for statement in body:
                statement.execute(env)
            array = env.arrays[yielded.name]
        env.iteration = outer_iteration
        env.arrays[result.name] = array

    function.body.append(Statement("\n  ".join(lines), execute))
    return result


def get_parameter(function: Function, symbol: str, shape: tuple[int, ...]) -> Value:
    """Append a get_parameter."""
    type_ = Type(shape)
    text = f"perceiver.get_parameter @{symbol} : {type_}"
    return function.add(type_, text, lambda env: np.asarray(env.parameter(symbol), np.float64))


def fourier_positions(
    function: Function,
    grid: tuple[int, ...],
    bands: int,
    resolution: tuple[float, ...],
    layout: str,
    recipe: str,
) -> Value:
    """Append fourier_positions."""
    type_ = Type((int(np.prod(grid)), len(grid) * (2 * bands + 1)))
    numbers = ", ".join(f"{number:g}" for number in resolution)
    attribute = f" {{recipe = #perceiver.fourier_recipe<{recipe}>}}"
    text = (
        f"perceiver.fourier_positions grid = [{', '.join(map(str, grid))}] bands = {bands} "
        f"max_resolution = [{numbers}] layout = {layout}"
        f"{attribute if recipe != 'torch_f32' else ''} : {type_}"
    )
    table = r.fourier_positions(grid, bands, resolution, recipe=recipe, layout=layout)
    return function.add(type_, text, lambda env: table)


def embedding(
    function: Function, ids: Value, table: str, positions: str | None, channels: int
) -> Value:
    """Append an embedding."""
    type_ = Type((*ids.type.shape, channels))
    places = f" positions @{positions}" if positions else ""
    text = f"perceiver.embedding {ids.name} table @{table}{places} : {ids.type} -> {type_}"

    def compute(env: Environment) -> np.ndarray:
        rows = r.embedding(env.parameter(table), env.arrays[ids.name])
        return rows + env.parameter(positions)[: rows.shape[-2]] if positions else rows

    return function.add(type_, text, compute)


def concat(function: Function, inputs: list[Value]) -> Value:
    """Append a concat."""
    widest = max((value.type.shape for value in inputs), key=len)
    type_ = Type((*widest[:-1], sum(value.type.shape[-1] for value in inputs)))
    names = ", ".join(value.name for value in inputs)
    types = ", ".join(str(value.type) for value in inputs)

    return function.add(
        type_,
        f"perceiver.concat {names} : ({types}) -> {type_}",
        lambda env: r.concat_channels([env.arrays[value.name] for value in inputs]),
    )


def to_channels_last(function: Function, grid: Value) -> Value:
    """Append a to_channels_last; the points' sizes are static."""
    batch, channels, *points = grid.type.shape
    type_ = Type((batch, int(np.prod(points)), channels))
    text = f"perceiver.to_channels_last {grid.name} : {grid.type} -> {type_}"
    return function.add(type_, text, lambda env: r.channels_last(env.arrays[grid.name]))


def mean_pool(function: Function, rows: Value, keep: bool) -> Value:
    """Append a mean_pool to [B, C], or to [B, 1, C]."""
    batch, _, channels = rows.type.shape
    type_ = Type((batch, 1, channels) if keep else (batch, channels))
    text = f"perceiver.mean_pool {rows.name} : {rows.type} -> {type_}"
    first = slice(None) if keep else 0
    return function.add(type_, text, lambda env: r.mean_rows(env.arrays[rows.name])[:, first])


def norm(function: Function, rows: Value, layer: Layer, epsilon: float) -> Value:
    """Append a norm."""
    text = f"perceiver.norm {rows.name} weight @{layer.weight} bias @{layer.bias}"
    text += f" {{epsilon = {epsilon:e} : f64}}" if epsilon != 1e-5 else ""
    return function.add(
        rows.type,
        f"{text} : {rows.type}",
        lambda env: _norm(env, env.arrays[rows.name], layer, epsilon),
    )


def project(function: Function, rows: Value, layer: Layer, channels: int) -> Value:
    """Append a project."""
    type_ = Type((*rows.type.shape[:-1], channels))
    bias = f" bias @{layer.bias}" if layer.bias else ""
    text = f"perceiver.project {rows.name} weight @{layer.weight}{bias} : {rows.type} -> {type_}"
    return function.add(type_, text, lambda env: _linear(env, env.arrays[rows.name], layer))


def collapse(function: Function, value: Value, groups: list[list[int]]) -> Value:
    """Append a tensor.collapse_shape; a group with a dynamic size has no other size but 1, or
    static ones.
    """
    shape = []
    for group in groups:
        sizes = [value.type.shape[dim] for dim in group if value.type.shape[dim] != 1]
        names = [size for size in sizes if isinstance(size, str)]
        assert not names or len(sizes) == 1, "expected no product of dynamic sizes"
        shape.append(names[0] if names else int(np.prod(sizes, dtype=np.int64)))
    type_ = Type(tuple(shape))
    text = f"tensor.collapse_shape {value.name} {groups} : {value.type} into {type_}"

    def compute(env: Environment) -> np.ndarray:
        array = env.arrays[value.name]
        return array.reshape([int(np.prod([array.shape[d] for d in group])) for group in groups])

    return function.add(type_, text, compute)


def batch_of(function: Function, value: Value) -> str:
    """Append what the size of dimension 0 is as an operand, if it is dynamic, and return it."""
    size = value.type.shape[0]
    if isinstance(size, int):
        return str(size)
    zero, batch = function.make_value(Type(())), function.make_value(Type(()))
    for text in (
        f"{zero.name} = arith.constant 0 : index",
        f"{batch.name} = tensor.dim {value.name}, {zero.name} : {value.type}",
    ):
        function.body.append(Statement(text, lambda env: None))
    return batch.name


def expand(function: Function, value: Value, shape: tuple[int, ...]) -> Value:
    """Append a tensor.expand_shape of [B, C] to [B, *shape], where the sizes are static."""
    batch = batch_of(function, value)
    type_ = Type((value.type.shape[0], *shape))
    groups = [[0], list(range(1, len(shape) + 1))]
    sizes = ", ".join([batch, *map(str, shape)])
    text = (
        f"tensor.expand_shape {value.name} {groups} output_shape [{sizes}] "
        f": {value.type} into {type_}"
    )
    return function.add(type_, text, lambda env: env.arrays[value.name].reshape(-1, *shape))


def slice_rows(function: Function, value: Value, first: int, count: int) -> Value:
    """Append a tensor.extract_slice of rows [N, C] or [B, N, C]."""
    *outer, _, channels = value.type.shape
    leading = [batch_of(function, value)] if outer else []
    offsets = ", ".join([*("0" for _ in outer), str(first), "0"])
    sizes = ", ".join([*leading, str(count), str(channels)])
    strides = ", ".join("1" for _ in value.type.shape)
    type_ = Type((*outer, count, channels))
    text = (
        f"tensor.extract_slice {value.name}[{offsets}] [{sizes}] [{strides}] "
        f": {value.type} to {type_}"
    )
    return function.add(
        type_, text, lambda env: env.arrays[value.name][..., first : first + count, :]
    )


def call(function: Function, callee: Function, operands: list[Value]) -> list[Value]:
    """Append a call of a function that has one result or several."""
    results = [function.make_value(result.value.type) for result in callee.results]
    names = ", ".join(value.name for value in results)
    types = ", ".join(str(value.type) for value in operands)
    result_types = ", ".join(str(value.type) for value in results)
    text = (
        f"{names} = call @{callee.name}({', '.join(value.name for value in operands)})"
        f" : ({types}) -> ({result_types})"
    )

    def execute(env: Environment) -> None:
        arrays = callee.run(env, [env.arrays[value.name] for value in operands])
        env.arrays.update((value.name, array) for value, array in zip(results, arrays))

    function.body.append(Statement(text, execute))
    return results
