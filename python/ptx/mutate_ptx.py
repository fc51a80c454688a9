#!/usr/bin/env python3
"""Put faults into a PTX text, one at a time, and report which of them are noticed.

What runs a text and judges is a function of a Python file, from the text to a `ptx.Verdict`.
Without one the mutants are listed, or written to a folder.

    python3 python/ptx/mutate_ptx.py model.ptx --runner judge.py:run --count 1000 --seed 1
"""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))

import ptx  # noqa: E402
from command_line import Parser, run_command  # noqa: E402


def load_runner(name: str) -> ptx.Runner:
    """Return the function of "FILE:FUNCTION"."""
    path, _, function = name.rpartition(":")
    specification = importlib.util.spec_from_file_location(Path(path).stem, path)
    if not specification or not specification.loader:
        raise ValueError(f"expected FILE.py:FUNCTION, but got {name}")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return getattr(module, function)


def main() -> int:
    """Exit status 1 if less than the wanted share of some operator's mutants is noticed."""
    parser = Parser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, help="PTX text")
    parser.add_argument("--runner", help="FILE.py:FUNCTION, which judges a text")
    parser.add_argument(
        "--operators",
        default=",".join(ptx.OPERATORS),
        help="which faults (default: %(default)s)",
    )
    parser.add_argument("--count", type=int, help="only so many of the mutants, drawn by the seed")
    parser.add_argument("--seed", type=int, default=0, help="(default: 0)")
    parser.add_argument("--workers", type=int, default=1, help="runs at a time (default: 1)")
    parser.add_argument("--share", type=float, default=0.95, help="wanted (default: 0.95)")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="where the mutants go")
    arguments = parser.parse_args()
    operators = arguments.operators.split(",")
    unknown = [name for name in operators if name not in ptx.OPERATORS]
    if unknown:
        parser.error(f"expected operators of {', '.join(ptx.OPERATORS)}, but got {unknown[0]}")
    mutants = ptx.mutants(arguments.file.read_text(), operators)
    if arguments.count is not None:
        mutants = ptx.choose(mutants, arguments.count, arguments.seed)
    if arguments.write:
        arguments.write.mkdir(parents=True, exist_ok=True)
        for number, mutant in enumerate(mutants):
            (arguments.write / f"{number}-{mutant.operator}.ptx").write_text(mutant.ptx)
    if not arguments.runner:
        print(*mutants, sep="\n")
        return 0
    report = ptx.survey(mutants, load_runner(arguments.runner), arguments.workers)
    print(report)
    return int(any(report.share(name) < arguments.share for name in operators))


if __name__ == "__main__":
    run_command(main)
