"""Faults that are put into PTX: a mutant is a text with one of them.

An operator yields the mutants of one kind. They are what a wrong code generator, or a wrong plan,
would have printed: a missing barrier, a guard the wrong way round, an address that is off, the
coordinates of a task exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .syntax import ADDRESS, REGISTER, Instruction, instructions

# Nothing is at address 0.
_PROBE = "{ .reg .b64 nowhere; mov.u64 nowhere, 0; st.global.b64 [nowhere], nowhere; } "


@dataclass(frozen=True)
class Mutant:
    """A PTX text with one fault, and what that is."""

    operator: str
    kernel: str
    line: int
    change: str
    ptx: str
    # The text without the fault, and where in it the instruction is.
    source: str
    start: int

    def probe(self) -> str:
        """Return a text with a fault in this place that is noticed if the place is ever reached."""
        return self.source[: self.start] + _PROBE + self.source[self.start :]

    def __str__(self) -> str:
        return f"{self.operator} {self.kernel}:{self.line}: {self.change}"


# What an operator yields: an instruction at fault, what is changed, and the text.
Fault = tuple[Instruction, str, str]
Operator = Callable[[str, Sequence[Instruction]], Iterator[Fault]]


def _without(ptx: str, instruction: Instruction) -> str:
    # Blanks leave lines and places as they are.
    return (
        ptx[: instruction.start]
        + " " * (instruction.end - instruction.start)
        + ptx[instruction.end :]
    )


def _deleted(which: Callable[[Instruction], bool]) -> Operator:
    def operator(ptx: str, code: Sequence[Instruction]) -> Iterator[Fault]:
        for instruction in filter(which, code):
            text = ptx[instruction.start : instruction.end]
            yield instruction, f"without {' '.join(text.split())}", _without(ptx, instruction)

    return operator


def _is_barrier(instruction: Instruction) -> bool:
    return instruction.name in ("bar", "barrier")


def _is_wait(instruction: Instruction) -> bool:
    return instruction.name == "cp" and bool(
        {"wait_group", "wait_all", "commit_group"} & set(instruction.modifiers)
    )


def _negated_guards(ptx: str, code: Sequence[Instruction]) -> Iterator[Fault]:
    for instruction in code:
        if instruction.guard:
            guard = instruction.guard
            other = guard[1:] if guard[0] == "!" else f"!{guard}"
            at = ptx.index(guard, instruction.start)
            yield (
                instruction,
                f"@{other} for @{guard}",
                ptx[:at] + other + ptx[at + len(guard) :],
            )


def _shifted(amount: int) -> Operator:
    """Shift the offset of each address in shared or global memory."""

    def operator(ptx: str, code: Sequence[Instruction]) -> Iterator[Fault]:
        for instruction in code:
            modifiers = {modifier.partition("::")[0] for modifier in instruction.modifiers}
            if not modifiers & {"shared", "global"}:
                continue
            for address in ADDRESS.finditer(ptx, instruction.operands_start, instruction.end):
                base, offset = address[1], int(address[2] or "0", 0)
                place = f"[{base}+{offset + amount}]"
                yield (
                    instruction,
                    f"{place} for {address[0]}",
                    ptx[: address.start()] + place + ptx[address.end() :],
                )

    return operator


def _exchanged_coordinates(ptx: str, code: Sequence[Instruction]) -> Iterator[Fault]:
    for kernel in dict.fromkeys(instruction.kernel for instruction in code):
        body = [instruction for instruction in code if instruction.kernel == kernel]
        yield from _exchanged_axes(ptx, body)
        yield from _exchanged_quotients(ptx, body)


def _exchanged_axes(ptx: str, body: Sequence[Instruction]) -> Iterator[Fault]:
    """Exchange %ctaid.x and %ctaid.y, wherever a kernel that has both reads one."""
    reads = [
        (instruction, operand)
        for instruction in body
        for operand in instruction.operands
        if operand in ("%ctaid.x", "%ctaid.y")
    ]
    if len({operand for _, operand in reads}) < 2:
        return
    for instruction, operand in reads:
        other = "%ctaid.y" if operand == "%ctaid.x" else "%ctaid.x"
        at = ptx.index(operand, instruction.start)
        yield (
            instruction,
            f"{other} for {operand}",
            ptx[:at] + other + ptx[at + len(operand) :],
        )


def _exchanged_quotients(ptx: str, body: Sequence[Instruction]) -> Iterator[Fault]:
    """Exchange what a block's number, divided, leaves: the quotient and the remainder."""
    for quotient, remainder, last in _divisions(body):
        uses = ptx[last.end : body[-1].end]
        exchanged = _exchanged(uses, quotient, remainder)
        if exchanged != uses:
            yield (
                last,
                f"{quotient} and {remainder} exchanged",
                ptx[: last.end] + exchanged + ptx[body[-1].end :],
            )


def _exchanged(text: str, first: str, second: str) -> str:
    names = {first: second, second: first}
    return REGISTER.sub(lambda match: names.get(match[0], match[0]), text)


def _divisions(body: Sequence[Instruction]) -> Iterator[tuple[str, str, Instruction]]:
    """Yield the registers of a quotient and its remainder, and the later of the two instructions.

    A block's number t is divided as `q = t / n` and `r = t % n`, `r = t - q * n`, or
    `r = q * -n + t`; by powers of two, as a shift and a mask.
    """
    # Compilers give each register one definition, but for those that a loop changes.
    defined: dict[str, Instruction] = {}
    tasks: set[str] = set()
    for instruction in body:
        match instruction.name, instruction.operands:
            case "rem", (remainder, task, divisor):
                quotient = _find(defined, "div", (task, divisor))
            case "sub", (remainder, task, product):
                factors = defined.get(product)
                of_product = factors and factors.name in ("mul", "shl")
                quotient = factors.operands[1] if of_product else None
            case "mad", (remainder, factor, divisor, task) if divisor.startswith("-"):
                quotient = factor
            case "and", (remainder, task, mask) if mask.isdecimal():
                quotient = _find(defined, "shr", (task, str((int(mask) + 1).bit_length() - 1)))
            case _:
                remainder = task = quotient = None
        if task in tasks and quotient in tasks:
            yield quotient, remainder, instruction
        for result in instruction.operands[:1]:
            defined[result] = instruction
            inputs = instruction.operands[1:]
            if any(operand.startswith("%ctaid") or operand in tasks for operand in inputs):
                tasks.add(result)


def _find(defined: dict[str, Instruction], name: str, operands: tuple[str, ...]) -> str | None:
    for register, instruction in defined.items():
        if instruction.name == name and instruction.operands[1:] == operands:
            return register
    return None


OPERATORS: dict[str, Operator] = {
    "barrier": _deleted(_is_barrier),
    "wait": _deleted(_is_wait),
    "guard": _negated_guards,
    "offset-4": _shifted(4),
    "offset-16": _shifted(16),
    "coordinates": _exchanged_coordinates,
}


def mutants(ptx: str, operators: Sequence[str] = tuple(OPERATORS)) -> list[Mutant]:
    """Return all mutants of a text by the named operators. KeyError for other names."""
    code = instructions(ptx)
    return [
        Mutant(name, instruction.kernel, instruction.line, change, text, ptx, instruction.start)
        for name in operators
        for instruction, change, text in OPERATORS[name](ptx, code)
    ]
