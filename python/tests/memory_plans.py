"""The memory plans of compiled entries: buffers, their sizes, where the runtime places them."""

import re
import subprocess

from compiled import BUILD


def read_plans(text):
    """The buffers of each entry: first and last position, whether each worker has its own, the
    program that computes the bytes.
    """
    plans = {}
    for name, buffers in re.findall(r"func\.func @(\w+)\(.*?buffers = \[(<.*?>)\]>", text):
        plans[name] = [
            (int(first), int(last), worker == "true", list(map(int, code.split(", "))))
            for first, last, code, worker in re.findall(
                r"<first = (\d+), last = (\d+), size = \[([-\d, ]+)\](?:, per_worker = (\w+))?>",
                buffers,
            )
        ]
    return plans


def evaluate(code, sizes):
    """The value of a size program (lib/Runtime/size_program.h lists the instructions)."""
    stack = []
    for opcode, value in zip(code[::2], code[1::2]):
        if opcode < 2:
            stack.append(value if opcode == 0 else sizes[value])
            continue
        b, a = stack.pop(), stack.pop()
        stack.append([a + b, a * b, a // b, -(-a // b), a % b, min(a, b), max(a, b)][opcode - 2])
    (result,) = stack
    return result


def place(plan, sizes, workers):
    """The bytes of the workspace, and offset and stride of each buffer, from the runtime."""
    lines = [f"{workers} {len(sizes)} {len(plan)}", " ".join(map(str, sizes))]
    for first, last, per_worker, code in plan:
        numbers = [first, last, int(per_worker), len(code) // 2, *code]
        lines.append(" ".join(map(str, numbers)))
    done = subprocess.run(
        [BUILD / "test" / "Unit" / "PerceiverPlaceBuffers"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    total, *places = map(int, done.stdout.split())
    return total, list(zip(places[::2], places[1::2]))
