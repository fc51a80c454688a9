"""Check the names of passes and include guards, and the tests that sources name.

check_names.py ROOT prints a line for each name that breaks a rule of style:
* In a .td file, the pass "perceiver-fold-norms" is FoldNormsPass. Beside it, FoldNorms.cpp has the
  struct of that name, and names its test.
* The include guard of lib/Weights/HostOps.h is PERCEIVER_LIB_WEIGHTS_HOSTOPS_H.
* A source names its tests in the last lines of its header, with full paths:

      //
      // Tests: test/Tiling/form-phases.mlir, test/Tiling/form-phases-inside.mlir.
      //
      //===----------------------------------------------------------------------===//

  in C in a last paragraph that is such a line.
* A folder's CMakeLists.txt, its first file, begins with a comment: what belongs there.
"""

import re
import sys
from pathlib import Path

PASS = re.compile(r'^def\s+(\w+)\s*:\s*(?:Interface)?Pass<\s*"([^"]*)"', re.MULTILINE)
# FoldNorms, SplitFMA, ConvertFrameToLLVM
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]+")
NAMES_TEST = re.compile(r"\b(?:Tests?:(?!:)|Tested by\b)")
PATH = r"test/[\w./-]+"
# The comments that a source begins with, and how they end if they name tests.
HEADER, HEADER_IN_C = r"(?://.*\n)*", r"(?:/\*(?:.|\n)*?\*/\s*)*"
TESTS = rf"\n//\n// (Tests?): ({PATH}(?:,(?: |\n// ){PATH})*)\.\n//\n//===-+===//\n\Z"
TESTS_IN_C = rf"\n\n   (Tests?): ({PATH}(?:,(?: |\n   ){PATH})*)\. \*/\s*\Z"

# The text of this header is in those of models, which may be older or newer.
KEPT_GUARDS = {
    "lib/Runtime/perceiver_abi.h": "PERCEIVER_ABI_H",
    "lib/Runtime/perceiver_cuda.h": "PERCEIVER_CUDA_H",
}


def find_files(root, tops, suffixes):
    """Return (path from the root, text) of all files below `tops` that end so."""
    for top in tops:
        for file in sorted((root / top).rglob("*.*")):
            if file.suffix in suffixes:
                yield file.relative_to(root).as_posix(), file.read_text()


def find_tests(text):
    """Return the match of the tests that the header of a source names: Test or Tests, paths."""
    in_c = text.startswith("/*")
    header = re.match(HEADER_IN_C if in_c else HEADER, text).group()
    return re.search(TESTS_IN_C if in_c else TESTS, header)


def check_pass(root, folder, name, argument):
    """Return what is wrong with the pass `name` that a file in `folder` defines."""
    stem = name.removesuffix("Pass")
    expected = "-".join(["perceiver", *(word.lower() for word in WORD.findall(stem))])
    if name == stem:
        yield f"expected {name} to end in Pass"
    if argument != expected:
        yield f'expected {name} to be "{expected}", but got "{argument}"'
    source = root / folder / f"{stem}.cpp"
    if not source.is_file():
        yield f"expected {name} in {stem}.cpp, which does not exist"
        return
    text = source.read_text()
    struct = rf"struct\s+{name}\s*:\s*perceiver::impl::{name}Base<\s*{name}>"
    if not re.search(struct, text):
        yield f"expected {stem}.cpp to have struct {name} : perceiver::impl::{name}Base<{name}>"
    if not find_tests(text):
        yield f"expected {stem}.cpp to name its test"


def check_guard(path, text):
    """Return what is wrong with the include guard of a file."""
    guard = KEPT_GUARDS.get(path, re.sub(r"\W", "_", f"PERCEIVER_{path}").upper())
    begin = re.search(r"^#.*\n.*\n", text, re.MULTILINE)
    if not begin or begin.group() != f"#ifndef {guard}\n#define {guard}\n":
        yield f"expected the include guard {guard}"
    elif not text.endswith((f"\n#endif // {guard}\n", f"\n#endif /* {guard} */\n")):
        yield f"expected to end in #endif // {guard}"


def check_tests(root, text):
    """Return what is wrong with the tests that a file names."""
    tests = find_tests(text)
    if len(NAMES_TEST.findall(text)) != (1 if tests else 0):
        yield 'expected tests as "Test: test/A.mlir." in the last lines of the header alone'
    if tests:
        word, paths = tests.group(1), re.findall(PATH, tests.group(2))
        if word != ("Test" if len(paths) == 1 else "Tests"):
            yield f"expected Test: for one and Tests: for several, but got {word}:"
        yield from (f"{path} does not exist" for path in paths if not (root / path).is_file())


def main(root):
    passes = guards = sources = 0
    errors = []
    for path, text in find_files(root, ("dialect", "lib", "test"), (".td",)):
        for name, argument in PASS.findall(text):
            passes += 1
            found = check_pass(root, Path(path).parent, name, argument)
            errors += [f"{path}: {error}" for error in found]
    for path, text in find_files(
        root, ("dialect", "lib", "python", "test", "tools"), (".h", ".td")
    ):
        guards += 1
        errors += [f"{path}: {error}" for error in check_guard(path, text)]
    for path, text in find_files(root, ("dialect", "lib", "tools"), (".c", ".cpp", ".h", ".td")):
        sources += NAMES_TEST.search(text) is not None
        errors += [f"{path}: {error}" for error in check_tests(root, text)]
    for path, text in find_files(root, ("dialect", "lib", "test", "tools"), (".txt",)):
        if Path(path).name == "CMakeLists.txt" and not text.startswith("# "):
            errors.append(f"{path}: expected to begin with a comment that says what belongs there")
    count = f"{passes} passes, {guards} include guards, {sources} sources with tests"
    print(*errors, f"{count}, {len(errors)} errors", sep="\n")
    return 1 if errors or not (passes and guards and sources) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
