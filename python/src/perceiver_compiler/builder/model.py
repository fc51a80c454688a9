"""Descriptions: functions and the parameters that they use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .function import Argument, Environment, Function, bind_sizes
from .parameters import Parameter, Tensors
from .text import comment_lines, quote, ruler
from .types import DTYPES


@dataclass
class Model:
    """A description, without the values of its weights. `header` is the comment at its top;
    `ignored` are tensors that the checkpoint has besides, of which nothing is said.
    """

    parameters: dict[str, Parameter] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)
    header: str = ""
    ignored: tuple[str, ...] = ()

    @property
    def entries(self) -> list[Function]:
        """The functions that can be called from outside."""
        return [function for function in self.functions if function.is_entry]

    def entry(self, name: str) -> Function:
        """Return an entry by name. KeyError if there is none."""
        return {function.name: function for function in self.entries}[name]

    def keep_entries(self, *names: str) -> None:
        """Let only these functions be entries, and drop what none of them calls: the time of a
        compilation grows with entries. KeyError for one that is none.
        """
        reached = [self.entry(name).name for name in names]
        texts = {function.name: str(function) for function in self.functions}
        for name in reached:
            reached += [n for n in texts if n not in reached and f" @{n}(" in texts[name]]
        self.functions = [function for function in self.functions if function.name in reached]
        for function in self.functions:
            function.is_entry = function.name in names

    def add(self, parameter: Parameter) -> str:
        """Add a parameter and return its symbol. ValueError if it is there with another meaning."""
        known = self.parameters.setdefault(parameter.symbol, parameter)
        if known != parameter:
            raise ValueError(f"expected @{parameter.symbol} once, but got it again")
        return parameter.symbol

    def evaluate(
        self,
        entry: Function | str,
        inputs: Mapping[str, Any],
        weights: Tensors,
        *,
        rounding: np.random.Generator | None = None,
        exact_positions: bool = False,
    ) -> dict[str, np.ndarray]:
        """Return an entry's results by name, computed in float64 from a checkpoint's tensors; with
        `rounding`, rounded to float32, up or down at random, wherever an operation stores its
        result; with `exact_positions`, Fourier positions are not rounded to float32 as their recipe
        says.

        KeyError for a tensor that is not there; ValueError for inputs that do not fit.
        """
        entry = self.entry(entry) if isinstance(entry, str) else entry

        def members(symbol: str, iteration: int | None) -> np.ndarray:
            parameter = self.parameters[symbol]
            member = 0 if parameter.count is None else (iteration or 0) % parameter.count
            return parameter.value(weights, member)

        def round_stored(array: np.ndarray) -> np.ndarray:
            shift = 1 + rounding.uniform(-1, 1, array.shape) * 2.0**-24
            return (array * shift).astype(np.float32).astype(np.float64)

        store = round_stored if rounding else (lambda array: array)
        arrays = _complete(entry, inputs)
        with np.errstate(invalid="ignore", over="ignore"):
            environment = Environment({}, members, store, exact_positions=exact_positions)
            results = entry.run(environment, arrays)
        return {result.name: array for result, array in zip(entry.results, results)}

    def __str__(self) -> str:
        parts = ["\n".join(comment_lines(self.header))] if self.header else []
        titled = bool(self.header)
        parts += [ruler("Entries")] if titled else []
        parts += map(str, self.functions)
        if self.parameters:
            parts += [ruler("Parameters")] if titled else []
            parts.append(_declare(self.parameters.values()))
        if self.ignored:
            names = ",\n".join(f"    {quote(name)}" for name in self.ignored)
            comment = comment_lines("What the checkpoint has besides, and the model ignores.")
            head = [*comment, f"module attributes {{perceiver.ignored_tensors = [\n{names}]}} {{"]
            parts = [*parts[:titled], "\n".join(head), *parts[titled:]]
        return "\n\n".join(parts) + ("\n}\n" if self.ignored else "\n")


def _declare(parameters: Any) -> str:
    """Parameters, with an empty line before each that has a comment."""
    lines: list[str] = []
    for parameter in parameters:
        lines += ["", str(parameter)] if parameter.comment and lines else [str(parameter)]
    return "\n".join(lines)


def _complete(entry: Function, inputs: Mapping[str, Any]) -> list[np.ndarray]:
    """The arrays of all arguments, also of masks that were left out."""
    given: dict[str, np.ndarray] = {}
    for argument in entry.arguments:
        for name in (argument.name, *argument.aliases):
            if name in inputs:
                given[argument.name] = np.asarray(inputs[name])
    known = {name for argument in entry.arguments for name in (argument.name, *argument.aliases)}
    if unknown := sorted(inputs.keys() - known):
        raise ValueError(f"entry {entry.name} has no input {unknown[0]!r}")
    sizes = bind_sizes(entry, given)
    return [_array(entry, argument, given, sizes) for argument in entry.arguments]


def _array(
    entry: Function, argument: Argument, given: dict[str, np.ndarray], sizes: dict[str, int]
) -> np.ndarray:
    if argument.name not in given:
        if not argument.optional:
            raise ValueError(f"entry {entry.name} needs an input {argument.name!r}")
        shape = argument.value.type.sizes(sizes)
        return np.full(shape, argument.default, DTYPES[argument.value.type.element])
    array = given[argument.name]
    if argument.bounds and array.size:
        first, last = argument.bounds
        if array.min() < first or array.max() >= last:
            raise ValueError(
                f"expected {argument.name} in {first}..{last - 1}, "
                f"but got {array.min()}..{array.max()}"
            )
    return array
