"""List what each operation has, and fail where it lacks something without saying why.

check_operations.py LLVM_TBLGEN INCLUDE INTERFACES FUZZED: INTERFACES is what
perceiver-list-operations prints, FUZZED what list_fuzzed_operations.py prints. What is looked for:

* summary, example: in the definition.
* roundtrip: a test/Dialect/**/roundtrip*.mlir has the operation.
* numeric: a test/Execution/*.mlir with check operations has it.
* reference: perceiver_compiler.formulas computes it (OPERATIONS there).
* fuzz: a random model has it, or becomes it in a stage.
* The interfaces of its level, below.

A definition says what does not apply, and why: `let lacks = ["fuzz: no model has it"]`.
"""

import json
import re
import sys
from pathlib import Path

from records import read_operations

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
from reference import OPERATIONS  # noqa: E402

# What is said of an operation that lacks it.
KINDS = {
    "summary": "its definition has none",
    "example": "no block of IR below Example: in its description has it",
    "roundtrip": "test/Dialect/**/roundtrip*.mlir do not have it",
    "numeric": "test/Execution/*.mlir with check operations do not have it",
    "reference": "perceiver_compiler.formulas.OPERATIONS does not name it",
    "fuzz": "the models of fuzz.SEEDS do not become it",
}
# The interfaces of the operations of a level. Some are only for those that have another one.
INTERFACES = {
    "perceiver": {
        "MemoryEffectOpInterface": None,
        "SizedOpInterface": None,
        "ExpandableOpInterface": None,
    },
    "block": {
        "MemoryEffectOpInterface": None,
        "DestinationStyleOpInterface": None,
        "BufferizableOpInterface": "DestinationStyleOpInterface",
        "TileMapOpInterface": "DestinationStyleOpInterface",
        "TilingInterface": "TileMapOpInterface",
        "FlopsOpInterface": "DestinationStyleOpInterface",
        "PreparableOpInterface": "DestinationStyleOpInterface",
        "HostOpInterface": "PreparableOpInterface",
        "CPUStrategyOpInterface": "TileMapOpInterface",
        "CPUKernelOpInterface": "DestinationStyleOpInterface",
    },
    "frame": {"MemoryEffectOpInterface": None},
}
# Traits that say why there is no interface.
STANDS_FOR = {
    "NoMatrixProduct": "FlopsOpInterface",
    "PreparedOnly": "CPUKernelOpInterface",
    "RecursiveMemoryEffects": "MemoryEffectOpInterface",
}
COLUMNS = [*KINDS, *dict.fromkeys(name for level in INTERFACES.values() for name in level)]


def find_operations(pattern, needs=""):
    """Return the names of operations in the code of all files that contain `needs`."""
    names = set()
    for file in ROOT.glob(pattern):
        text = file.read_text()
        if needs in text:
            code = re.sub(r"//.*|\"[^\"]*\"", "", text)
            names.update(re.findall(r"(?<![\w.@#!])[a-z]\w*\.\w+\b(?!\.)", code))
    return names


def order(operation):
    """Return a key that sorts from the level of models to that of frames."""
    levels = list(INTERFACES)
    dialect = operation.split(".")[0]
    return levels.index(dialect) if dialect in levels else len(levels), operation


def requirements(operation, interfaces):
    """Return what an operation has to have."""
    level = INTERFACES.get(operation.split(".")[0])
    if level is None:
        return COLUMNS
    return [
        *KINDS,
        *(name for name, other in level.items() if other is None or other in interfaces),
    ]


def has_example(operation, record):
    """Return whether the example in a description shows the operation."""
    example = re.search(r"Example:\s+```mlir\n(.*?)```", record["description"], re.DOTALL)
    return example is not None and operation in example[1]


def read_reasons(operation, record, required):
    """Return the reasons in a definition by kind, and what is wrong with them."""
    reasons, errors = {}, []
    for text in record.get("lacks", []):
        kind, _, reason = text.partition(": ")
        if kind not in COLUMNS:
            errors.append(
                f'{operation}: expected lacks to name one of {", ".join(COLUMNS)}, but got "{text}"'
            )
        elif not reason.strip():
            errors.append(f'{operation}: expected lacks to say why, but got "{text}"')
        elif kind in reasons:
            errors.append(f"{operation}: expected one reason for {kind} in lacks, but got two")
        elif kind not in required:
            errors.append(f"{operation}: need not say why it lacks {kind}: {reason}")
        reasons[kind] = reason
    return reasons, errors


def print_table(rows):
    headers = {column: re.sub(r"(Op)?Interface$", "", column) for column in COLUMNS}
    width = max(map(len, rows))
    print(" " * width, *headers.values())
    for operation, cells in rows.items():
        line = [cells.get(column, "").center(len(header)) for column, header in headers.items()]
        print(" ".join([operation.ljust(width), *line]).rstrip())


def main(tblgen, include, interfaces_file, fuzzed_file):
    records = read_operations(tblgen, ROOT, [include], tops=("dialect", "test/lib"))
    all_interfaces = json.loads(Path(interfaces_file).read_text())
    found = {
        "summary": {name for name, record in records.items() if record["summary"]},
        "example": {name for name, record in records.items() if has_example(name, record)},
        "roundtrip": find_operations("test/Dialect/**/roundtrip*.mlir"),
        "numeric": find_operations("test/Execution/*.mlir", needs="check.test"),
        "reference": set(OPERATIONS),
        "fuzz": set(Path(fuzzed_file).read_text().split()),
    }
    rows, excuses, errors = {}, [], []
    for operation in sorted(all_interfaces, key=order):
        interfaces = {STANDS_FOR.get(name, name) for name in all_interfaces[operation]}
        required = requirements(operation, interfaces)
        reasons, wrong = read_reasons(operation, records[operation], required)
        errors += wrong
        excuses += (f"{operation} lacks {kind}: {reason}" for kind, reason in reasons.items())
        rows[operation] = cells = {}
        for kind in COLUMNS:
            has = operation in found[kind] if kind in found else kind in interfaces
            if has and kind in reasons:
                errors.append(f"{operation}: has {kind}, but says why it lacks it: {reasons[kind]}")
            elif not has and kind in required and kind not in reasons:
                errors.append(f"{operation}: no {kind}: {KINDS.get(kind, 'it is not implemented')}")
            if has:
                cells[kind] = "yes"
            elif kind in required:
                cells[kind] = "-" if kind in reasons else "NO"
    print_table(rows)
    for name in sorted(OPERATIONS.keys() - records.keys()):
        errors.append(f"perceiver_compiler.formulas.OPERATIONS: {name} is no operation")
    print("", *excuses, "", *errors, f"{len(rows)} operations, {len(errors)} errors", sep="\n")
    return 1 if errors or not rows else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
