#!/usr/bin/env python3
"""Make random small checkpoints with the real libraries, import them, and judge what comes out.

    python3 python/goldens/generate.py --install
    python3 python/goldens/generate.py --fuzz 300 --seed 1
    python3 python/goldens/generate.py --write

A result is right if it is as close to what the library computes in float64 as ten times the error
of the library's own float32, or 1e-5 of the largest element. Of a case that fails, a smaller one is
sought; its folder stays, with the checkpoint, inputs, results and description.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PYTHON = ROOT / ".venv/bin/python"
if importlib.util.find_spec("numpy") is None and _PYTHON.exists():
    # What tools/check has installed: Debian's own Python has no NumPy.
    os.execv(_PYTHON, [str(_PYTHON), *sys.argv])
sys.path[:0] = [str(ROOT / "python" / "src"), str(ROOT / "python")]

from command_line import Parser, run_command  # noqa: E402
from goldens import commit, library, survey  # noqa: E402
from goldens.check import Checker  # noqa: E402
from goldens.draws import SOURCES, classes  # noqa: E402
from goldens.fuzz import Fuzzer  # noqa: E402


def main() -> None:
    """Run from the command line; exit status 1 if a case is not right."""
    parser = Parser(description=__doc__.partition("\n")[0])
    there = "put the libraries (2.7 GB) into .venv-goldens and stop"
    parser.add_argument("--install", action="store_true", help=there)
    parser.add_argument("--write", action="store_true", help="write goldens anew")
    parser.add_argument("--fuzz", type=int, default=0, metavar="N", help="check N random cases")
    parser.add_argument("--seed", type=int, default=0, help="of the random cases (default: 0)")
    parser.add_argument("--first", type=int, default=0, help="number of the first one (default: 0)")
    parser.add_argument("--source", choices=SOURCES, help="one library only")
    parser.add_argument("--class", dest="name", help="one class only, by (the end of) its name")
    parser.add_argument("--seconds", type=float, help="start no case after so many seconds")
    parser.add_argument("--keep", type=Path, help="where folders of failed cases go")
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="build folder")
    each = "of each class, run every N-th case on the emulated GPU, too (default: 10)"
    parser.add_argument("--emulate-each", type=int, default=10, metavar="N", help=each)
    parser.add_argument("--no-compile", action="store_true", help="compute in NumPy alone")
    arguments = parser.parse_args()
    if arguments.install:
        try:
            library.install()
        except subprocess.CalledProcessError as error:
            sys.exit(f"generate.py: could not install the libraries: {error}")
        return
    if not (library.VENV / "bin/python").exists():
        parser.error("the libraries are not there: --install puts them into .venv-goldens")
    if arguments.write:
        libraries = library.Libraries()
        try:
            commit.write_all(libraries, [arguments.source] if arguments.source else list(SOURCES))
        finally:
            libraries.close()
        return
    sys.exit(_fuzz(arguments, parser))


def _fuzz(arguments, parser: Parser) -> int:
    wanted = [
        (source, name)
        for source, name in classes()
        if arguments.source in (None, source) and name.endswith(arguments.name or "")
    ]
    if not wanted:
        parser.error(f"there is no class {arguments.name!r}")
    keep = arguments.keep or Path(tempfile.mkdtemp(prefix="perceiver-goldens-"))
    libraries = library.Libraries()
    build = None if arguments.no_compile else arguments.build.resolve()
    checker = Checker(libraries, build)
    fuzzer = Fuzzer(checker, wanted, arguments.seed, keep, arguments.emulate_each)
    try:
        outcomes = fuzzer.run(arguments.first, arguments.fuzz, arguments.seconds)
    finally:
        libraries.close()
    print(survey.error_table(outcomes))
    print(survey.field_table(outcomes))
    short = survey.shortfalls(outcomes, wanted)
    for line in short:
        print(f"too few: {line}")
    misses = sum(outcome.is_miss for outcome in outcomes)
    print(f"{len(outcomes)} cases of seed {arguments.seed}, {misses} not right")
    return 1 if misses else 0


if __name__ == "__main__":
    run_command(main)
