"""Faults that are put into PTX: a mutant is a text with one of them.

An operator yields the mutants of one kind. They are what a wrong code generator, or a wrong plan,
would have printed: a missing barrier, a guard the wrong way round, an address that is off, the
coordinates of a task exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .coordinates import exchanges
from .syntax import ADDRESS, Instruction, instructions

# Nothing is at address 0.
_PROBE = "{ .reg .b64 nowhere; mov.u64 nowhere, 0; st.global.b64 [nowhere], nowhere; } "


@dataclass(frozen=True)
class Edit:
    """Puts a text in the place of a part of another one."""

    start: int
    end: int
    text: str

    def apply(self, source: str) -> str:
        return source[: self.start] + self.text + source[self.end :]


@dataclass(frozen=True)
class Mutant:
    """A PTX text with one fault, and what that is."""

    operator: str
    instruction: Instruction
    change: str
    source: str
    edit: Edit

    @property
    def kernel(self) -> str:
        return self.instruction.kernel

    @property
    def line(self) -> int:
        return self.instruction.line

    @property
    def code(self) -> str:
        """The instruction without the fault, with single blanks."""
        return " ".join(self.source[self.instruction.start : self.instruction.end].split())

    @property
    def ptx(self) -> str:
        """The text with the fault."""
        return self.edit.apply(self.source)

    def probe(self) -> str:
        """Return a text with a fault in this place that is noticed if the place is ever reached."""
        start = self.instruction.start
        return Edit(start, start, _PROBE).apply(self.source)

    def __str__(self) -> str:
        return f"{self.operator} {self.kernel}:{self.line}: {self.change}"


# What an operator yields: an instruction at fault, what is changed, and how.
Fault = tuple[Instruction, str, Edit]
Operator = Callable[[str, Sequence[Instruction]], Iterator[Fault]]


def _deleted(which: Callable[[Instruction], bool]) -> Operator:
    def operator(ptx: str, code: Sequence[Instruction]) -> Iterator[Fault]:
        for instruction in filter(which, code):
            start, end = instruction.start, instruction.end
            # Blanks leave lines and places as they are.
            blank = Edit(start, end, " " * (end - start))
            yield instruction, f"without {' '.join(ptx[start:end].split())}", blank

    return operator


def _is_barrier(instruction: Instruction) -> bool:
    return instruction.name in ("bar", "barrier")


def _is_wait(instruction: Instruction) -> bool:
    return instruction.name == "cp" and bool(
        {"wait_group", "wait_all", "commit_group"} & set(instruction.modifiers)
    )


def _negated_guards(ptx: str, code: Sequence[Instruction]) -> Iterator[Fault]:
    for instruction in code:
        if guard := instruction.guard:
            other = guard[1:] if guard[0] == "!" else f"!{guard}"
            at = ptx.index(guard, instruction.start)
            yield instruction, f"@{other} for @{guard}", Edit(at, at + len(guard), other)


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
                yield instruction, f"{place} for {address[0]}", Edit(*address.span(), place)

    return operator


def _exchanged_coordinates(ptx: str, code: Sequence[Instruction]) -> Iterator[Fault]:
    for kernel in dict.fromkeys(instruction.kernel for instruction in code):
        body = [instruction for instruction in code if instruction.kernel == kernel]
        yield from _exchanged_axes(ptx, body)
        for last, change, exchange in exchanges(body):
            yield last, change, Edit(last.end, last.end, f" {exchange}")


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
        yield instruction, f"{other} for {operand}", Edit(at, at + len(operand), other)


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
        Mutant(name, instruction, change, ptx, edit)
        for name in operators
        for instruction, change, edit in OPERATORS[name](ptx, code)
    ]
