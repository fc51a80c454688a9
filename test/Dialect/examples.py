"""Parse and verify the Example blocks of operation definitions.

usage: examples.py FILE.td... -- PERCEIVER_OPT [OPTION...]

Each ```mlir block becomes one module. A block without a function is put into
one: values that it uses but does not define become arguments, with the types
that stand next to them, `(%a, %b : type, type)`, at the end of the line,
`op %a by %b : type, type` or `op %a : type -> type`, or `index` in brackets.
"""

import re
import subprocess
import sys


def split_types(text):
    """Split at commas that are not inside of brackets."""
    parts, depth, start = [], 0, 0
    for position, char in enumerate(text):
        if char in "<([":
            depth += 1
        elif char in ">)]" and text[position - 1] != "-":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:position].strip())
            start = position + 1
    return parts + [text[start:].strip()]


def free_values(block):
    """The values a block uses but does not define, with their types."""
    defined = set()
    for results in re.findall(r"^\s*(%[\w, %]+?) =", block, re.MULTILINE):
        defined.update(re.findall(r"%\w+", results))
    types = {}
    for values, group in re.findall(r"\(((?:%\w+(?:, )?)+)\s*:\s*([^()]*)\)", block):
        for value, type_ in zip(re.findall(r"%\w+", values), split_types(group)):
            types[value] = type_
    for value in re.findall(r"[\[(](%\w+)[\])]", block):
        types.setdefault(value, "index")
    for line in block.splitlines():
        operation, _, trailing = line.partition(" : ")
        values = re.findall(r"%\w+", operation.partition("=")[2])
        trailing = split_types(trailing.partition(" -> ")[0])
        if not types.keys() & set(values) and len(values) == len(trailing):
            types.update(zip(values, trailing))
    return {value: type_ for value, type_ in types.items() if value not in defined}


def as_module(block):
    module_level = r"^\s*(module|perceiver\.parameter|check\.test|check\.checkpoint)\b"
    if "func.func" in block or re.search(module_level, block, re.MULTILINE):
        return block
    arguments = ", ".join(f"{v}: {t}" for v, t in free_values(block).items())
    return f"func.func @example({arguments}) {{\n{block}\n  return\n}}\n"


def main():
    separator = sys.argv.index("--")
    paths, command = sys.argv[1:separator], sys.argv[separator + 1 :]
    if "--verify-roundtrip" not in command:
        command.append("--verify-roundtrip")
    failed = False
    for path in paths:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        definitions = len(re.findall(r"let summary", text))
        blocks = re.findall(r"```mlir\n(.*?)```", text, re.DOTALL)
        if len(blocks) < definitions:
            print(f"{path}: {definitions} definitions, but {len(blocks)} examples")
            failed = True
        modules = "// -----\n".join(as_module(block) for block in blocks)
        run = subprocess.run(
            command + ["--split-input-file", "-o", "/dev/null"],
            input=modules,
            text=True,
            capture_output=True,
            check=False,
        )
        if run.returncode != 0:
            failed = True
            print(f"{path}:\n{modules}{run.stderr}")
    return failed or not paths


if __name__ == "__main__":
    sys.exit(main())
