"""Check who includes whom: prints one line per violation and exits with 1 if there is one.

An arrow in lib/README.md is an entry here; generated files (.inc) belong to their folder.
"""

import re
import sys
from pathlib import Path

MLIR = "llvm mlir"
DIALECTS = "dialect dialect/Model dialect/Block dialect/Frame"
PASSES = f"{MLIR} {DIALECTS} lib/Analysis"
ALL_PASSES = f"{PASSES} lib/Conversion lib/Transforms lib/Tiling lib/Execution"
ARTIFACTS = "lib/Artifact lib/Runtime lib/Target"
READERS = "CLI nlohmann tools/CommandLine lib/Loader lib/Runtime lib/Support lib/TensorFile"
ALLOWED = {
    "dialect": MLIR,
    "dialect/Model": f"{MLIR} dialect",
    "dialect/Block": f"{MLIR} dialect dialect/Model",
    "dialect/Frame": f"{MLIR} dialect",
    "lib/Runtime": "",
    "lib/Emulator": "",
    "lib/Support": "",
    "lib/TensorFile": "nlohmann lib/Support",
    "lib/Loader": "nlohmann lib/Runtime lib/Support lib/TensorFile",
    "lib/Math": f"{MLIR} dialect/Model",
    "lib/Target": f"{MLIR} lld lib/Runtime lib/Support",
    "lib/Artifact": f"{MLIR} lib/Runtime lib/Target",
    "lib/Analysis": f"{PASSES} lib/Runtime",
    "lib/Conversion": PASSES,
    "lib/Transforms": PASSES,
    "lib/Tiling": f"{PASSES} lib/Conversion lib/Transforms",
    "lib/Execution": f"{PASSES} {ARTIFACTS} lib/Conversion lib/Transforms",
    "lib/Pipelines": f"{ALL_PASSES} {ARTIFACTS}",
    "lib/CPU": f"{ALL_PASSES} {ARTIFACTS} lib/Math lib/Pipelines",
    "lib/GPU": f"{ALL_PASSES} {ARTIFACTS} lib/Math lib/Pipelines",
    "lib/Init": f"{ALL_PASSES} lib/CPU lib/GPU lib/Pipelines lib/Weights",
    "lib/Weights": f"{PASSES} lib/Artifact lib/Runtime lib/TensorFile lib/Transforms",
    "lib/Compiler": f"{ALL_PASSES} {ARTIFACTS} lib/Loader lib/Pipelines lib/Support"
    " lib/TensorFile lib/Weights",
    "lib/CAPI": f"{MLIR} lib/Compiler lib/Init",
    "python": "lib/Loader lib/CAPI lib/Runtime lib/TensorFile",
    "tools/perceiver-opt": f"{MLIR} lib/Init",
    "tools/perceiver-lsp-server": f"{MLIR} lib/Init",
    "tools/perceiver-reduce": f"{MLIR} lib/Init",
    "tools/perceiver-compile": f"{MLIR} CLI tools/CommandLine lib/Compiler lib/Init lib/Support",
    "tools/CommandLine": "CLI lib/Support lib/TensorFile",
    "tools/perceiver-peak": "",
    "tools/perceiver-emulator-bench": "lib/Emulator",
    # These two run where there is no compiler.
    "tools/perceiver-run": READERS,
    "tools/perceiver-inspect": READERS,
}
OUTSIDE = ("CLI", "lld", "llvm", "mlir", "nlohmann")
INCLUDE = re.compile(r'^\s*#?\s*include\s*(["<])([^">]+)[">]')

# (where: a regular expression for the path, what is refused, why)
REFUSED = [
    (r"(dialect|lib)/", r"\bcl::(opt|list|bits)\b", "options travel in structs and attributes"),
    (r"(dialect|lib)/", r"\bgetenv\s*\(", "options travel in structs and attributes"),
    (r".*\.h$", r"^\s*using namespace", "a header leaves its includers' scopes alone"),
    (r"(?!lib/Init/|test/)", r"InitAll\w+\.h\b", "registration is lib/Init's"),
    # "prepare" is also what names of functions begin with.
    (
        r"(lib|tools)/(?!CPU/CPUBackend\.cpp|GPU/CUDABackend\.cpp|Transforms/SplitPrepare\.cpp)",
        r'"(expand|rewrite|strategy|prepare|tile|bufferize|vectorize|to-llvm)"',
        "stages are known by their roles",
    ),
    (r".*\.td$", r'Option<"(lanes|registers|tasks)"', "passes read the target of the module"),
]


def folder_of(path):
    """Return "lib/X", "tools/X" or "dialect/X" for what is in there, else the first part."""
    parts = path.split("/")
    has_folders = parts[0] in ("lib", "tools") or parts[0] == "dialect" and len(parts) > 2
    return "/".join(parts[:2] if has_folders else parts[:1])


def include_error(path, line):
    """Return what is wrong with an include, or None."""
    match = INCLUDE.match(line)
    if not match or path.startswith("test/"):
        return None
    quote, target = match.groups()
    folder, included = folder_of(path), folder_of(target)
    if included == folder:
        return None
    if folder not in ALLOWED:
        return f"{folder} is missing in test/Structure/check_includes.py"
    if quote == "<" and included not in OUTSIDE and included not in ALLOWED:
        if folder == "lib/Runtime" and not target.endswith(".h"):
            return f"lib/Runtime is plain C and must not include <{target}>"
        return None
    if "/" not in target:
        return f'write "{target}" as a path from the root of the repository'
    if included not in ALLOWED[folder].split():
        return f"{folder} must not include {included} ({target})"
    return None


def main(root):
    errors = []
    files = 0
    for top in ("dialect", "lib", "tools", "test", "python"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in (".c", ".cpp", ".h", ".td"):
                continue
            files += 1
            path = file.relative_to(root).as_posix()
            for number, line in enumerate(file.read_text().splitlines(), 1):
                found = [include_error(path, line)]
                for where, what, why in REFUSED:
                    if re.match(where, path) and re.search(what, line):
                        found.append(f"{line.strip()}: {why}")
                errors += [f"{path}:{number}: {error}" for error in found if error]
    print(*errors, f"{files} files, {len(errors)} violations", sep="\n")
    return 1 if errors or not files else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
