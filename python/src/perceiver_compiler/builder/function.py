"""Functions of a description: what can be printed as text and computed in NumPy.

A function is a list of statements; each is the text of one operation and what it does to an
environment of arrays. So text and meaning of an operation stand side by side (the files of the
families of operations). Nothing is computed before a function is run.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from .text import comment_lines, quote, wrap_operation
from .types import INDEX, Size, Type, Value, evaluate_size, parse_size


@dataclass
class Environment:
    """The arrays of the values so far, and the iteration of the innermost process.

    `store` is applied to whatever an operation stores: nothing for the reference, rounding to
    float32 to see how far a model in single precision has to be off. `sizes` are those of the
    function's arguments by name. With `exact_positions` Fourier positions are not rounded,
    whatever their recipe says.
    """

    arrays: dict[str, np.ndarray]
    members: Callable[[str, int | None], np.ndarray]
    store: Callable[[np.ndarray], np.ndarray]
    iteration: int | None = None
    sizes: dict[str, int] = field(default_factory=dict)
    exact_positions: bool = False

    def __getitem__(self, value: Value) -> np.ndarray:
        return self.arrays[value.name]

    def parameter(self, symbol: str) -> np.ndarray:
        """The value of a parameter; of a family, the member of this iteration."""
        return self.members(symbol, self.iteration)

    def shape(self, type_: Type) -> tuple[int, ...]:
        """The numbers of a type's sizes."""
        return type_.sizes(self.sizes)


@dataclass(frozen=True)
class Statement:
    """An operation: its text, lines below the first one indented against it, and what it does to
    the arrays.
    """

    text: str
    execute: Callable[[Environment], None]


def _nothing(_: Environment) -> None:
    """What a comment does."""


@dataclass(frozen=True)
class Argument:
    """An input or a result by name.

    Of an entry's argument, `aliases` are more names, `bounds` (first, last) say first <= x < last
    of each element, and one that is `optional`, a mask, may be left out: then all is `default`.
    """

    name: str
    value: Value
    aliases: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None
    optional: bool = False
    default: bool = True

    def declare(self, is_entry: bool) -> str:
        """Return its type and attributes; only those of an entry have names outside."""
        attributes = [f"perceiver.name = {quote(self.name)}"] if is_entry else []
        if self.value.type.names:
            sizes = ", ".join(map(quote, self.value.type.names))
            attributes.append(f"perceiver.sizes = [{sizes}]")
        if self.aliases and is_entry:
            attributes.append(f"perceiver.aliases = [{', '.join(map(quote, self.aliases))}]")
        if self.bounds and is_entry:
            attributes.append(f"perceiver.bounds = [{self.bounds[0]}, {self.bounds[1]}]")
        if self.optional and is_entry:
            attributes.append(f"perceiver.default = {'true' if self.default else 'false'}")
        braces = f" {{{', '.join(attributes)}}}" if attributes else ""
        return f"{self.value.type}{braces}"


@dataclass
class Function:
    """A function of the description; its body grows statement by statement.

    `comment` is printed above it.
    """

    name: str
    is_entry: bool
    arguments: list[Argument] = field(default_factory=list)
    results: list[Argument] = field(default_factory=list)
    body: list[Statement] = field(default_factory=list)
    values: int = 0
    comment: str = ""
    #: The names that `let` gave to values.
    _names: dict[str, str] = field(default_factory=dict)
    #: The operands that sizes became, of the block that is written: see `size`.
    _sizes: dict[Size, str] = field(default_factory=dict)

    def make_value(self, type_: Type) -> Value:
        """Return a value of a new name."""
        self.values += 1
        return Value(f"%{self.values}", type_)

    def let(self, name: str, value: Value) -> Value:
        """Let a value, which has a number, have a name in the text. Return it."""
        taken = {argument.value.name for argument in self.arguments} | set(self._names.values())
        if f"%{name}" not in taken and value.name[1:].isdigit():
            self._names[value.name] = f"%{name}"
        return value

    def note(self, text: str) -> None:
        """Append a comment."""
        self.body.append(Statement("\n".join(comment_lines(text)), _nothing))

    def add(self, type_: Type, text: str, compute: Callable[[Environment], np.ndarray]) -> Value:
        """Append an operation with one result; `text` is what follows the equals sign."""
        return self.add_all([type_], text, lambda environment: [compute(environment)])[0]

    def add_all(
        self, types: list[Type], text: str, compute: Callable[[Environment], list[np.ndarray]]
    ) -> list[Value]:
        """Append an operation with a result of each type."""
        values = [self.make_value(type_) for type_ in types]

        def execute(environment: Environment) -> None:
            for value, array in zip(values, compute(environment), strict=True):
                environment.arrays[value.name] = environment.store(array)

        names = ", ".join(value.name for value in values)
        self.body.append(Statement(f"{names} = {text}", execute))
        return values

    def add_argument(
        self,
        name: str,
        type_: Type,
        *,
        aliases: tuple[str, ...] = (),
        bounds: tuple[int, int] | None = None,
        optional: bool = False,
        default: bool = True,
    ) -> Value:
        """Append an argument and return its value."""
        value = Value(f"%{name}", type_)
        self.arguments.append(Argument(name, value, aliases, bounds, optional, default))
        return value

    def add_result(self, name: str, value: Value) -> None:
        """Append a result."""
        self.results.append(Argument(name, value))

    def size(self, size: Size) -> str:
        """Return what a size is as an operand: a number, or a value that is made where it is asked
        for first, out of the sizes of arguments.
        """
        if isinstance(size, int):
            return str(size)
        if size not in self._sizes:
            operand = self._sizes[size] = self._make_size(size)
            if size.isidentifier():
                self.let(size, Value(operand, INDEX))
        return self._sizes[size]

    def index(self, size: Size) -> str:
        """Return a value that is a size, a constant or one of `size`."""
        return self.constant(size) if isinstance(size, int) else self.size(size)

    def _make_size(self, size: str) -> str:
        for argument in self.arguments:
            if argument.value.type == INDEX and argument.name == size:
                return argument.value.name
            if size in argument.value.shape:
                dimension = self.constant(argument.value.shape.index(size))
                name, type_ = argument.value.name, argument.value.type
                return self._index(f"tensor.dim {name}, {dimension} : {type_}")
        return self._compute_size(parse_size(size))

    def _compute_size(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant):
            return self.constant(node.value)
        if not isinstance(node, ast.BinOp):
            name = ast.unparse(node)
            if name in self._sizes or any(name in a.value.shape for a in self.arguments):
                return self.size(name)
            if any(a.name == name and a.value.type == INDEX for a in self.arguments):
                return self.size(name)
            raise ValueError(f"expected a size of an argument of @{self.name}, but got {name!r}")
        key = ast.unparse(node)
        if key not in self._sizes:
            operation = {ast.Add: "addi", ast.Sub: "subi", ast.Mult: "muli", ast.Div: "floordivsi"}
            operands = f"{self._compute_size(node.left)}, {self._compute_size(node.right)}"
            self._sizes[key] = self._index(f"arith.{operation[type(node.op)]} {operands} : index")
        return self._sizes[key]

    def constant(self, number: int) -> str:
        """Return a constant of type index, which is made where it is asked for first."""
        key = f"constant {number}"
        if key not in self._sizes:
            operand = self._sizes[key] = self._index(f"arith.constant {number} : index")
            self.let(f"c{number}", Value(operand, INDEX))
        return self._sizes[key]

    def _index(self, text: str) -> str:
        value = self.make_value(INDEX)
        self.body.append(Statement(f"{value.name} = {text}", _nothing))
        return value.name

    def write_region(self, make: Callable[[], Value]) -> tuple[list[Statement], Value]:
        """Return the statements that `make` appends, apart from the body, and what it returns."""
        outer, sizes = self.body, dict(self._sizes)
        self.body = []
        try:
            result = make()
            return self.body, result
        finally:
            self.body, self._sizes = outer, sizes

    def run(self, environment: Environment, inputs: list[np.ndarray]) -> list[np.ndarray]:
        """Return the results for the arguments, in order."""
        inner = replace(
            environment,
            arrays={argument.value.name: x for argument, x in zip(self.arguments, inputs)},
            iteration=None,
            sizes=bind_sizes(self, {a.name: x for a, x in zip(self.arguments, inputs)}),
        )
        for statement in self.body:
            statement.execute(inner)
        return [inner[result.value] for result in self.results]

    def __str__(self) -> str:
        arguments = [f"{a.value.name}: {a.declare(self.is_entry)}" for a in self.arguments]
        results = ", ".join(r.declare(self.is_entry) for r in self.results)
        returned = ", ".join(result.value.name for result in self.results)
        types = ", ".join(str(result.value.type) for result in self.results)
        head = f"func.func {'' if self.is_entry else 'private '}@{self.name}("
        one_line = ", ".join(arguments)
        fits = len(head) + len(one_line) <= 98
        head += one_line if fits else ",\n    ".join(["\n    " + arguments[0], *arguments[1:]])
        lines = [f"{head})\n    -> ({results})"]
        lines[0] += "\n    attributes {perceiver.entry} {" if self.is_entry else " {"
        body = [line for statement in self.body for line in statement.text.split("\n")]
        body.append(f"return {returned} : {types}")
        text = self._with_names("\n".join([*lines, *(f"  {line}" for line in body), "}"]))
        lines = []
        for line in text.split("\n"):
            indent = line[: len(line) - len(line.lstrip())]
            lines += (
                wrap_operation(line, indent) if indent and "perceiver.name" not in line else [line]
            )
        return "\n".join([*comment_lines(self.comment), *lines])

    def _with_names(self, text: str) -> str:
        """The text with the names of values; those without are numbered as they come."""
        names = dict(self._names)
        taken = {*names.values(), *(argument.value.name for argument in self.arguments)}
        numbers = (f"%{number}" for number in itertools.count())

        def name_of(found: re.Match[str]) -> str:
            if found[0] not in names:
                names[found[0]] = next(number for number in numbers if number not in taken)
            return names[found[0]]

        return re.sub(r"%\d+\b", name_of, text)


def bind_sizes(function: Function, arrays: Mapping[str, np.ndarray]) -> dict[str, int]:
    """Return the numbers of the sizes that a function's arguments have, by name.

    ValueError where arrays do not fit the arguments, or disagree.
    """
    bound: dict[str, int] = {}
    expressions = []
    for argument in function.arguments:
        if argument.name not in arrays:
            continue
        array, type_ = np.asarray(arrays[argument.name]), argument.value.type
        if type_ == INDEX:
            bound[argument.name] = int(array)
            continue
        if array.ndim != len(type_.shape):
            raise ValueError(
                f"expected {argument.name} of rank {len(type_.shape)}, but got {array.shape}"
            )
        for size, number in zip(type_.shape, array.shape):
            if isinstance(size, str) and size.isidentifier():
                if bound.setdefault(size, number) != number:
                    raise ValueError(
                        f"expected {size} = {bound[size]}, but got {argument.name} {array.shape}"
                    )
            else:
                expressions.append((argument.name, size, number))
    for name, size, number in expressions:
        try:
            expected = evaluate_size(size, bound)
        except KeyError:
            continue
        if expected != number:
            raise ValueError(f"expected {size} = {expected} in {name}, but got {number}")
        if isinstance(size, str):
            bound[size] = number
    return bound
