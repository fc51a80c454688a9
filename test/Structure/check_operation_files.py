"""Count the source files that name each operation's class.

check_operation_files.py ROOT LLVM_TBLGEN INCLUDE

What passes have to know of an operation are its interfaces and traits. A file that names its class
is one more to look at for who adds a similar operation.
"""

import re
import sys
from pathlib import Path

from records import read_operations

# Those of the core have rewrites of their own.
LIMITS = {"perceiver": 4, "block": 5}
CORE = {"block.linear": 8, "block.attention": 8, "block.online_attention": 8}
# Not computed but declared and read: passes on stored tensors name them as others name functions.
DECLARATIONS = {
    "perceiver.parameter",
    "perceiver.get_parameter",
    "block.weight",
    "block.get_weight",
}


def count_files(name, namespace, sources):
    """Return the files that name a class, by itself or with one of our namespaces before it."""
    # tensor::ConcatOp is another one.
    named = re.compile(rf"(?<![\w:])(?:mlir::|perceiver::|{namespace}::)*{name}\b")
    return [path for path, text in sources.items() if named.search(text)]


def main(root, tblgen, include):
    sources = {
        path.relative_to(root): re.sub(r"//.*", "", path.read_text())
        for top in ("dialect", "lib", "tools")
        for path in sorted((root / top).rglob("*"))
        if path.suffix in (".cpp", ".h")
    }
    errors = 0
    for operation, record in sorted(read_operations(tblgen, root, [include]).items()):
        dialect = operation.split(".")[0]
        if dialect not in LIMITS or operation in DECLARATIONS:
            continue
        limit = CORE.get(operation, LIMITS[dialect])
        # The class of a record Block_AddOp is AddOp.
        name = record["!name"].split("_", 1)[1]
        files = count_files(name, dialect, sources)
        print(f"{operation}: {len(files)} of {limit}")
        if len(files) > limit:
            errors += 1
            print(f"{operation}: expected at most {limit} files that name {name}, but got")
            print("\n".join(f"  {path}" for path in files))
    print(f"{errors} errors")
    return errors != 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
