"""Attention and the blocks around it (dialect/Model/AttentionOps.td, ProcessOps.td)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .. import formulas as r
from .function import Environment, Function, Statement
from .rows import Layer, apply_linear, apply_norm
from .text import number
from .types import Type, Value


@dataclass(frozen=True)
class Mask:
    """Which keys of a source, and which queries, take part. A row of queries without keys gives
    zero, or is `uniform`.
    """

    lengths: Value | None = None
    mask: Value | None = None
    uniform: bool = False
    query: Value | None = None

    def operands(self) -> list[str]:
        """The text of the operands."""
        named = {"lengths": self.lengths, "mask": self.mask, "query_mask": self.query}
        return [f"{name}({value.name} : {value.type})" for name, value in named.items() if value]

    def attributes(self) -> tuple[str, ...]:
        """The text of the attributes that differ from their defaults."""
        return ("masked_rows = #perceiver.masked_rows<uniform>",) if self.uniform else ()

    def arrays(self, env: Environment) -> dict[str, object]:
        """What the formula takes."""
        masks: dict[str, object] = {"masked_rows": "uniform" if self.uniform else "zero"}
        if self.lengths:
            masks["key_lengths"] = env[self.lengths]
        if self.mask:
            masks["key_mask"] = env[self.mask]
        if self.query:
            masks["query_mask"] = env[self.query]
        return masks


@dataclass(frozen=True)
class Block:
    """What cross and self blocks have in common. `layers` are the bound ones, by name; with a
    `scope`, theirs are the symbols `scope.layer.weight` and `scope.layer.bias`, and the text says
    `weights @scope`. `algebra` says which layers the attention absorbs.
    """

    heads: int
    qk_channels: int
    v_channels: int
    mlp: str
    layers: dict[str, Layer] = field(default_factory=dict)
    epsilon: float = 1e-5
    scale: float | None = None
    residual: bool = True
    scope: str | None = None
    algebra: str | None = None  # as `perceiver.algebra` names it

    def attributes(self, more: tuple[str, ...] = ()) -> str:
        """The attributes that differ from their defaults, as a dictionary."""
        texts = [*more]
        if not self.residual:
            texts.append("residual = false")
        if self.epsilon != 1e-5:
            texts.append(f"epsilon = {self.epsilon:e} : f64")
        if self.scale is not None:
            texts.append(f"scale = {number(self.scale)} : f64")
        if self.algebra is not None:
            texts.append(f"perceiver.algebra = #perceiver.algebra<{self.algebra}>")
        return f" {{{', '.join(texts)}}}" if texts else ""

    def __str__(self) -> str:
        layers = ", ".join(f"{name} = {layer}" for name, layer in self.layers.items())
        weights = f"{{{layers}}}"
        if self.scope is not None:
            bare = [name for name, layer in self.layers.items() if layer.bias is None]
            weights = f"@{self.scope}" + (f" without_bias [{', '.join(bare)}]" if bare else "")
        return (
            f"heads = {self.heads} qk_channels = {self.qk_channels} "
            f"v_channels = {self.v_channels} mlp = {self.mlp}\n    weights {weights}"
        )


def _apply_block(
    env: Environment, block: Block, query: np.ndarray, source: np.ndarray | None, **masks
) -> np.ndarray:
    layer = block.layers.get
    query = query[None] if query.ndim == 2 else query
    normed_query = apply_norm(env, query, layer("q_norm"), block.epsilon)
    normed_source = normed_query
    if source is not None:
        normed_source = apply_norm(env, source, layer("kv_norm"), block.epsilon)
    weighted, _ = r.attention(
        apply_linear(env, normed_query, layer("query")),
        apply_linear(env, normed_source, layer("key")),
        apply_linear(env, normed_source, layer("value")),
        heads=block.heads,
        scale=block.scale,
        **masks,
    )
    x = apply_linear(env, env.store(weighted), layer("output"))
    x = env.store(x + query) if block.residual else x
    if block.mlp == "none":
        return x
    normed = apply_norm(env, x, layer("mlp_norm"), block.epsilon)
    hidden = r.activation(block.mlp)(apply_linear(env, normed, layer("mlp_in")))
    return x + apply_linear(env, env.store(hidden), layer("mlp_out"))


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
    type_ = Type((source.shape[0], query.shape[-2], channels))
    texts = [f"perceiver.{kind} {query.name}, {source.name}", *mask.operands()]
    texts.append(f"{block}{block.attributes(mask.attributes())}")
    types = f"{query.type}, {source.type} -> {type_}"

    def compute(env: Environment) -> np.ndarray:
        return _apply_block(env, block, env[query], env[source], **mask.arrays(env))

    return function.add(type_, f"{' '.join(texts)}\n    : {types}", compute)


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
    batch, queries = key.shape[0], query.shape[-2]
    types = [Type((batch, queries, value.shape[-1])), Type((batch, heads, queries))]
    types = types if log_sum_exp else types[:1]
    texts = [f"perceiver.attend {query.name}, {key.name}, {value.name}", *mask.operands()]
    texts.append(f"heads = {heads}")
    attributes = [*mask.attributes()]
    if scale is not None:
        attributes.append(f"scale = {number(scale)} : f64")
    if attributes:
        texts.append(f"{{{', '.join(attributes)}}}")
    results = ", ".join(map(str, types))
    text = f"{' '.join(texts)}\n    : {query.type}, {key.type}, {value.type} -> {results}"

    def compute(env: Environment) -> list[np.ndarray]:
        queries = env[query][None] if env[query].ndim == 2 else env[query]
        masks = mask.arrays(env)
        found = r.attention(queries, env[key], env[value], heads=heads, scale=scale, **masks)
        return list(found)[: len(types)]

    return function.add_all(types, text, compute)


def self_block(function: Function, latents: Value, block: Block) -> Value:
    """Append a self_block."""
    text = f"perceiver.self_block {latents.name} {block}{block.attributes()} : {latents.type}"
    return function.add(
        latents.type, text, lambda env: _apply_block(env, block, env[latents], None)
    )


def process(
    function: Function,
    init: Value,
    type_: Type,
    iterations: int,
    make_body: Callable[[Value], Value],
) -> Value:
    """Append a process; `make_body(state)` appends its blocks and returns what they yield."""
    state = function.make_value(type_)
    body, yielded = function.write_region(lambda: make_body(state))
    result = function.make_value(type_)
    lines = [
        f"{result.name} = perceiver.process iterations = {iterations} "
        f"({state.name} = {init.name} : {init.type}) -> {type_} {{",
        *(f"  {line}" for statement in body for line in statement.text.split("\n")),
        f"  perceiver.yield {yielded.name} : {type_}",
        "}",
    ]

    def execute(env: Environment) -> None:
        array = env[init]
        outer_iteration = env.iteration
        for env.iteration in range(iterations):
            env.arrays[state.name] = array
            for statement in body:
                statement.execute(env)
            array = env[yielded]
        env.iteration = outer_iteration
        env.arrays[result.name] = array

    function.body.append(Statement("\n".join(lines), execute))
    return result
