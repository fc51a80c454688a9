"""Count the source files that name each operation's class.

check_operation_files.py ROOT LLVM_TBLGEN INCLUDE

What passes have to know of an operation are its interfaces and traits. A file that names its class
is one more to look at for who adds a similar operation.
"""

import re
import sys
from pathlib import Path

from records import read_operations

# Those of the core have rewrites of their own, and what joins a layer one more; so have what points
# of grids are made of.
LIMITS = {"perceiver": 4, "block": 5}
CORE = {
    "block.linear": 16,
    "block.attention": 13,
    "block.online_attention": 9,
    "block.finish_attention": 6,
    "block.layer_norm": 6,
    "block.activate": 6,
    "block.add": 9,
    "block.multiply": 8,
    "block.scale": 8,
    "block.concat_channels": 7,
    "block.concat_rows": 6,
    "block.grid_positions": 8,
    "block.transpose": 8,
}
# Not computed but declared and read: passes on stored tensors name them as others name functions.
DECLARATIONS = {
    "perceiver.parameter",
    "perceiver.get_parameter",
    "block.weight",
    "block.get_weight",
}


def count_files(name, namespace, sources):
    """Return the files that name a class: with one of our namespaces before it, or by itself.

    By itself it is one of the block level where a file uses that namespace, else one of models.
    """
    qualified = rf"(?:mlir::)?(?:perceiver::)?{namespace}::{name}\b"
    if namespace == "perceiver":
        qualified = rf"(?:mlir::)?perceiver::{name}\b"
    # tensor::ConcatOp is another one.
    bare = rf"(?<![\w:]){name}\b"
    return [
        path
        for path, (text, level) in sources.items()
        if re.search(rf"(?<![\w:]){qualified}", text)
        or (level == namespace and re.search(bare, text))
    ]


def read_source(path):
    """Return the code of a file without comments, and the level of its unqualified names."""
    text = re.sub(r"//.*", "", path.read_text())
    is_block = re.search(r"using namespace (?:mlir::)?(?:perceiver::)?block\b", text)
    return text, "block" if is_block or "dialect/Block/" in path.as_posix() else "perceiver"


def main(root, tblgen, include):
    sources = {
        path.relative_to(root): read_source(path)
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
