"""A model that can be printed as a description and computed in NumPy.

A function is a list of statements; each is the text of one operation and what it does to an
environment of arrays. So text and meaning of an operation stand side by side (operations.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

Size = int | str  # a number, or the name of a size that the caller chooses

DTYPES = {"f32": np.float32, "i64": np.int64, "i32": np.int32, "i1": np.bool_}


@dataclass(frozen=True)
class Type:
    """A tensor type: sizes and the name of the elements."""

    shape: tuple[Size, ...]
    element: str = "f32"

    def __str__(self) -> str:
        sizes = (str(size) if isinstance(size, int) else "?" for size in self.shape)
        return f"tensor<{'x'.join([*sizes, self.element])}>"

    @property
    def names(self) -> list[str]:
        """The names of the dynamic sizes, in order."""
        return [size for size in self.shape if isinstance(size, str)]

    def sizes(self, bound: dict[str, int]) -> tuple[int, ...]:
        """Return the shape with every name replaced by its number."""
        return tuple(bound[size] if isinstance(size, str) else size for size in self.shape)


@dataclass(frozen=True)
class Value:
    """A tensor of a function: its name, `%x`, and its type."""

    name: str
    type: Type


@dataclass(frozen=True)
class Mask:
    """Which keys of a source take part."""

    lengths: Value | None = None
    mask: Value | None = None
    uniform: bool = False


@dataclass
class Environment:
    """The arrays of the values so far, and the iteration of the innermost process.

    `store` is applied to whatever an operation stores: nothing for the reference, rounding to
    float32 to see how far a model in single precision has to be off.
    """

    arrays: dict[str, np.ndarray]
    members: Callable[[str, int | None], np.ndarray]
    store: Callable[[np.ndarray], np.ndarray]
    iteration: int | None = None

    def parameter(self, symbol: str) -> np.ndarray:
        """The value of a parameter; of a family, the member of this iteration."""
        return self.members(symbol, self.iteration)


@dataclass(frozen=True)
class Statement:
    """An operation: its text, and what it does to the arrays."""

    text: str
    execute: Callable[[Environment], None]


@dataclass(frozen=True)
class Argument:
    """An input or a result by name."""

    name: str
    value: Value

    def declare(self, is_entry: bool) -> str:
        """Return its type and attributes; only those of an entry have names outside."""
        names = self.value.type.names
        sizes = ", ".join(f'"{name}"' for name in names)
        attributes = [f'perceiver.name = "{self.name}"'] if is_entry else []
        if names:
            attributes.append(f"perceiver.sizes = [{sizes}]")
        return f"{self.value.type} {{{', '.join(attributes)}}}"


@dataclass
class Function:
    """A function of the description; its body grows statement by statement."""

    name: str
    is_entry: bool
    arguments: list[Argument] = field(default_factory=list)
    results: list[Argument] = field(default_factory=list)
    body: list[Statement] = field(default_factory=list)
    values: int = 0

    def make_value(self, type_: Type) -> Value:
        """Return a value of a new name."""
        self.values += 1
        return Value(f"%{self.values}", type_)

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

    def add_argument(self, name: str, type_: Type) -> Value:
        """Append an argument and return its value."""
        value = Value(f"%{name}", type_)
        self.arguments.append(Argument(name, value))
        return value

    def run(self, environment: Environment, inputs: list[np.ndarray]) -> list[np.ndarray]:
        """Return the results for the arguments, in order."""
        inner = Environment(
            {argument.value.name: array for argument, array in zip(self.arguments, inputs)},
            environment.members,
            environment.store,
        )
        for statement in self.body:
            statement.execute(inner)
        return [inner.arrays[result.value.name] for result in self.results]

    def __str__(self) -> str:
        arguments = ", ".join(f"{a.value.name}: {a.declare(self.is_entry)}" for a in self.arguments)
        results = ", ".join(r.declare(self.is_entry) for r in self.results)
        returned = ", ".join(result.value.name for result in self.results)
        types = ", ".join(str(result.value.type) for result in self.results)
        head = f"func.func {'' if self.is_entry else 'private '}@{self.name}({arguments})"
        lines = [f"{head}\n    -> ({results})"]
        lines[0] += "\n    attributes {perceiver.entry} {" if self.is_entry else " {"
        lines += (f"  {statement.text}" for statement in self.body)
        return "\n".join([*lines, f"  return {returned} : {types}", "}"])


@dataclass(frozen=True)
class Parameter:
    """A parameter: its declaration, its members as the model sees them, and the tensors of the
    checkpoint that hold them.
    """

    declaration: str
    members: list[np.ndarray]
    tensors: dict[str, np.ndarray]


@dataclass
class Model:
    """A description with weights.

    `largest` are the largest sizes that the caller chooses and the largest numbers in integer
    inputs, by name; `masks` says which rows of an input take part.
    """

    parameters: dict[str, Parameter] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)
    largest: dict[str, Size] = field(default_factory=dict)
    masks: dict[str, Mask] = field(default_factory=dict)

    @property
    def entries(self) -> list[Function]:
        """The functions that can be called from outside."""
        return [function for function in self.functions if function.is_entry]

    @property
    def weights(self) -> dict[str, np.ndarray]:
        """The checkpoint, by name."""
        return {
            name: tensor
            for parameter in self.parameters.values()
            for name, tensor in parameter.tensors.items()
        }

    def evaluate(
        self,
        entry: Function,
        inputs: dict[str, np.ndarray],
        *,
        rounding: np.random.Generator | None = None,
    ) -> dict[str, np.ndarray]:
        """Return an entry's results by name, computed in float64; with `rounding`, rounded to
        float32, up or down at random, wherever an operation stores its result.
        """

        def members(symbol: str, iteration: int | None) -> np.ndarray:
            family = self.parameters[symbol].members
            return family[0 if len(family) == 1 else iteration % len(family)]

        def round_stored(array: np.ndarray) -> np.ndarray:
            shift = 1 + rounding.uniform(-1, 1, array.shape) * 2.0**-24
            return (array * shift).astype(np.float32).astype(np.float64)

        store = round_stored if rounding else (lambda array: array)
        arrays = [inputs[argument.name] for argument in entry.arguments]
        with np.errstate(invalid="ignore", over="ignore"):
            results = entry.run(Environment({}, members, store), arrays)
        return {result.name: array for result, array in zip(entry.results, results)}

    def __str__(self) -> str:
        declarations = "\n".join(p.declaration for p in self.parameters.values())
        return "\n\n".join([declarations, *map(str, self.functions)]) + "\n"
