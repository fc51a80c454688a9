"""Sizes of a run, and what perceiver-inspect says in terms of them."""

import operator
from collections.abc import Iterable, Mapping, Sequence

#: Whole numbers that are known, a size's name, or a program: numbers, {"size": name or number}, and
#: operations on the last two.
Size = int | str | dict | list

_OPERATIONS = {
    "+": operator.add,
    "*": operator.mul,
    "floordiv": operator.floordiv,
    "ceildiv": lambda a, b: -(-a // b),
    "mod": operator.mod,
    "max": max,
    "min": min,
}


def evaluate(size: Size, sizes: Mapping[str, int]) -> int:
    """Return the value of a size that arguments, buffers or counts have; `sizes` are in the order
    of the entry. ValueError for an operation that is not known.
    """
    if isinstance(size, int):
        return size
    if isinstance(size, str):
        return sizes[size]
    if isinstance(size, dict):
        return evaluate(size["value"], sizes)
    values = list(sizes.values())
    stack: list[int] = []
    for step in size:
        if isinstance(step, dict):
            stack.append(values[step["size"]])
        elif isinstance(step, int):
            stack.append(step)
        elif step in _OPERATIONS:
            right, left = stack.pop(), stack.pop()
            stack.append(_OPERATIONS[step](left, right))
        else:
            raise ValueError(f"unknown operation {step} of sizes")
    return stack.pop()


def bind(
    entry: Mapping, shapes: Mapping[str, Sequence[int]], fixed: Mapping[str, int]
) -> dict[str, int]:
    """Return the sizes of an entry, in its order: from the shapes of its inputs, or else `fixed`.
    ValueError if one follows from neither, or from two inputs that differ.
    """
    found = dict(fixed)
    for argument in _inputs(entry):
        for size, value in zip(argument["shape"], shapes.get(argument["name"], ())):
            if isinstance(size, str) and found.setdefault(size, value) != value:
                raise ValueError(f"expected {size} = {found[size]}, but got {value}")
    names = [size["name"] for size in entry["sizes"]]
    if missing := [name for name in names if name not in found]:
        raise ValueError(f"nothing says what {', '.join(missing)} is in {entry['name']}")
    return {name: found[name] for name in names}


def _inputs(entry: Mapping) -> Iterable[Mapping]:
    return (argument for argument in entry["arguments"] if not argument["output"])
