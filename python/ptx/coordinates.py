"""Where a kernel takes the coordinates of its task out of a block's number.

Compilers divide in many ways: by powers of two as shifts, masks and bit fields, by others as a
quotient and what a multiplication leaves; and what is scaled anyway stays so:
`(t << 6) & 448` is 64 times a coordinate of three bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from .syntax import REGISTER, Instruction

# With more coordinates only neighbours are exchanged.
_MOST_PAIRED = 4


@dataclass(frozen=True)
class Coordinate:
    """A register that holds `2 ** shift` times a coordinate, and what defines it."""

    register: str
    definition: Instruction
    shift: int = 0
    # If it is some bits of a number: that, or "" for a block's number, and a mask of the bits.
    selection: tuple[str, int] | None = None

    @property
    def bits(self) -> int:
        """Of the register."""
        return 64 if self.definition.opcode.endswith("64") else 32


def coordinates(body: Sequence[Instruction]) -> list[Coordinate]:
    """Return the coordinates of a kernel's tasks in the order in which they are defined."""
    # Compilers give each register one definition, but for those that a loop changes. Of those that
    # hold a block's number, or something that it is added to: the power of two that multiplies it.
    numbers: dict[str, int] = {}
    products: set[str] = set()
    # The number that a scaled or moved one is.
    origins: dict[str, str] = {}
    found: dict[str, Coordinate] = {}
    for instruction in body:
        register, *inputs = instruction.operands or ("",)
        kind, shift = _classify(instruction, inputs, numbers, products)
        if kind == "number":
            numbers[register] = shift
            source = next((name for name in inputs if name in numbers), "")
            is_same = instruction.name in ("mov", "cvt", "add", "shl")
            origins[register] = origins.get(source, "") if is_same else register
        elif kind == "product":
            products.add(register)
        elif kind == "coordinate":
            selection = None
            if instruction.name == "and":
                origin = origins.get(inputs[0], inputs[0])
                selection = (origin, int(inputs[1]) >> numbers[inputs[0]])
            found[register] = Coordinate(register, instruction, shift, selection)
            # May be divided once more.
            if not shift:
                numbers[register] = 0
    return list(found.values())


def _classify(
    instruction: Instruction, inputs: Sequence[str], numbers: dict[str, int], products: set[str]
) -> tuple[str, int]:
    """Return what an instruction defines: a "number", a "coordinate", the "product" of one with
    what it was divided by, or "", and the shift."""
    first = inputs[0] if inputs else ""
    shift = numbers.get(first)
    constant = inputs[1] if len(inputs) > 1 and inputs[1].isdecimal() else None
    match instruction.name:
        case "mov" if first.startswith("%ctaid"):
            return "number", 0
        case "mov" | "cvt" if shift is not None:
            return "number", shift
        case "add" if any(operand in numbers for operand in inputs):
            return "number", max(numbers.get(operand, 0) for operand in inputs)
        case "shl" if shift is not None and constant:
            return "number", shift + int(constant)
        # A division by a constant: what it is shifted by next makes it a coordinate.
        case "mul" if shift == 0 and "hi" in instruction.modifiers:
            return "number", 0
        case "mul" if shift == 0:
            return "product", 0
        case "mad" if inputs[-1] in numbers and inputs[1].startswith("-"):
            return "coordinate", numbers[inputs[-1]]
        case "mad" if shift == 0:
            return "number", 0
        case "sub" if shift is not None and inputs[1] in products | numbers.keys():
            return "coordinate", shift
        case "div" | "rem" | "bfe" if shift == 0:
            return "coordinate", 0
        case "shr" if shift is not None and constant:
            return "coordinate", max(shift - int(constant), 0)
        case "and" if shift is not None and constant:
            zeros = (int(constant) & -int(constant)).bit_length() - 1
            return "coordinate", max(zeros, shift)
    return "", 0


def exchanges(body: Sequence[Instruction]) -> Iterator[tuple[Instruction, str, str]]:
    """Yield an instruction, a sentence, and code that after it exchanges two coordinates, for each
    pair that a kernel still uses then."""
    found = coordinates(body)
    pairs = combinations(found, 2) if len(found) <= _MOST_PAIRED else pairwise(found)
    for first, second in pairs:
        if first.selection and first.selection == second.selection:
            continue
        last = max(first.definition, second.definition, key=lambda each: each.start)
        used = {
            register
            for instruction in body
            if instruction.start > last.start
            for operand in instruction.operands
            for register in REGISTER.findall(operand)
        }
        if {first.register, second.register} & used:
            change = f"{first.register} and {second.register} exchanged"
            yield last, change, _exchange(first, second)


def _exchange(first: Coordinate, second: Coordinate) -> str:
    code = ["{", ".reg .b64 exchanged_first, exchanged_second;"]
    for coordinate, name in ((first, "exchanged_first"), (second, "exchanged_second")):
        code.append(
            f"mov.b64 {name}, {coordinate.register};"
            if coordinate.bits == 64
            else f"cvt.u64.u32 {name}, {coordinate.register};"
        )
        code.append(f"shr.u64 {name}, {name}, {coordinate.shift};")
    for coordinate, name in ((first, "exchanged_second"), (second, "exchanged_first")):
        code.append(f"shl.b64 {name}, {name}, {coordinate.shift};")
        code.append(
            f"mov.b64 {coordinate.register}, {name};"
            if coordinate.bits == 64
            else f"cvt.u32.u64 {coordinate.register}, {name};"
        )
    return " ".join([*code, "}"])
