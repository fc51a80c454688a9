"""Time compiled models, and other systems beside them. Started by tools/bench."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import report
from bench.against import Comparer
from bench.checkpoints import Model
from bench.lines import ATTENTION_PEERS, LIBRARY, PEERS, Line
from bench.markdown import to_markdown
from bench.markdown_models import models_to_markdown
from bench.measure import LONG_MS, LONG_ROUNDS, ROUNDS, Bench
from bench.models import ROWS
from bench.systems import NOT_INSTALLED, are_peers_installed, install_peers, peer_versions
from bench.whole import TABLE, needs_library, open_workload
from bench.workload import ROOT
from command_line import Parser, run_command

PEER_NAMES = (*PEERS, *(name for name in ATTENTION_PEERS if name not in PEERS), LIBRARY)


def _names(known, what: str):
    """A parser of names separated by commas."""

    def parse(text: str) -> tuple[str, ...]:
        names = tuple(text.split(","))
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(
                    f"expected {what} among {', '.join(known)}, but got '{name}'"
                )
        return names

    return parse


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 4096:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to 4096, but got '{text}'")
    return int(text)


def _build_folder(text: str) -> Path:
    path = Path(text)
    for tool in ("perceiver-compile", "perceiver-run"):
        if not (path / "bin" / tool).exists():
            raise argparse.ArgumentTypeError(
                f"expected a build folder with bin/{tool}, but got '{text}'"
            )
    return path


def make_parser(table: Mapping[str, Line], prog: str) -> argparse.ArgumentParser:
    """Return the parser of the command line, for the lines of a table."""
    parser = Parser(
        prog=prog,
        description="Time compiled models, and other systems beside them, on this machine. "
        "`tools/bench models` has the classes of other libraries and the systems of the papers at "
        "full size. Let nothing else run.",
        epilog="\n".join(f"  {line.name:<16} {line.title}" for line in table.values()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--lines",
        type=_names(table, "a line"),
        metavar="NAME,..",
        help="the lines to measure, listed below (default: all; with --against, all that run)",
    )
    parser.add_argument(
        "--rounds",
        type=_positive,
        help=f"how often each system is timed, in turn (default: {ROUNDS}, and {LONG_ROUNDS} where "
        f"a run takes more than {LONG_MS / 1e3:g} s)",
    )
    parser.add_argument(
        "--threads",
        type=_positive,
        default=len(os.sched_getaffinity(0)),
        help="threads of every system (default: one per processor)",
    )
    peers = parser.add_mutually_exclusive_group()
    peers.add_argument(
        "--peers",
        type=_names(PEER_NAMES, "a peer"),
        metavar="NAME,..",
        help=f"the systems to compare with: {', '.join(PEER_NAMES)}, where torch stands for both "
        "of its attentions; installs them first (default: all, if they are installed)",
    )
    peers.add_argument("--no-peers", action="store_true", help="ours only")
    peers.add_argument(
        "--against",
        type=_build_folder,
        metavar="BUILD",
        help="compare with the build of another commit instead: times of runs and of compiling, "
        "their memory, and the bits of outputs",
    )
    peers.add_argument(
        "--markdown",
        action="store_true",
        help="measure nothing: print as a table in Markdown what the file of --json holds",
    )
    parser.add_argument(
        "--against-checkout",
        type=Path,
        default=ROOT,
        metavar="DIR",
        help="with --against: where the descriptions that BUILD can read are (default: this "
        "checkout)",
    )
    parser.add_argument(
        "--install-peers",
        action="store_true",
        help="put the other systems into .venv-peers (2.7 GB) and stop",
    )
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="where all numbers are written, or read by --markdown (default: bench.json in "
        "build/bench/; with --against against.json, of models models.json; those that are no "
        "comparison keep the lines that are not measured again)",
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="leave the files of models in build/bench/models (30 GB for all)",
    )
    parser.add_argument("--build", type=Path, default=ROOT / "build", help=argparse.SUPPRESS)
    return parser


def _install() -> None:
    print("== installing the other systems into .venv-peers", file=sys.stderr)
    try:
        install_peers()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"tools/bench: could not install the peers: {error}")


def machine() -> dict:
    """What the numbers belong to."""
    model = ""
    for text in Path("/proc/cpuinfo").read_text().splitlines():
        if text.startswith("model name"):
            model = text.partition(":")[2].strip()
    return {"processor": model, "processors": len(os.sched_getaffinity(0))}


def _choose_peers(arguments: argparse.Namespace) -> tuple[str, ...] | None:
    """The peers to measure, or None for all; installs those that are named."""
    if arguments.peers and not are_peers_installed():
        _install()
    if arguments.no_peers:
        return ()
    if arguments.peers is None and not are_peers_installed():
        print(f"peers: {NOT_INSTALLED}")
        return ()
    return arguments.peers


def _read(path: Path) -> dict:
    """Return what has been measured beside other systems."""
    try:
        document = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        sys.exit(f"tools/bench: could not read what has been measured: {error}")
    if "versions" not in document:
        sys.exit(f"tools/bench: expected times beside those of other systems in '{path}'")
    return document


def _print_markdown(path: Path, names: Iterable[str], to_text) -> None:
    """Print the table of the lines `names` that have been written to `path`."""
    document = _read(path)
    document["lines"] = [line for line in document["lines"] if line["name"] in names]
    print(to_text(document))


@dataclass(frozen=True)
class Task:
    """What to measure: how each of `lines` is, and how what came of it is said."""

    lines: Sequence[Line]
    measure: Callable[[Line], dict]
    to_table: Callable[[dict], str]
    #: Lines that were measured before and stay, and the order of all.
    before: tuple[dict, ...] = ()
    order: tuple[str, ...] = ()


def _measure(task: Task, document: dict, path: Path) -> int:
    """Print the table of each line, and write all to `path`. Return how many are refused."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {line["name"]: line for line in task.before}
    refused = 0
    for line in task.lines:
        print(f"== {line.name}", file=sys.stderr, flush=True)
        begin = time.monotonic()
        outcome = task.measure(line)
        outcome["seconds"] = round(time.monotonic() - begin, 1)
        refused += outcome["refused"] is not None
        print(f"{task.to_table(outcome)}\n", flush=True)
        found[line.name] = outcome
        names = [name for name in task.order if name in found] or list(found)
        # After each line, so that an interrupted benchmark keeps what it has.
        document["lines"] = [found[name] for name in names]
        path.write_text(json.dumps(document, indent=1) + "\n")
    print(f"all numbers: {path}")
    return refused


def _task(arguments: argparse.Namespace, table: Mapping[str, Line], path: Path) -> Task:
    """What the command line asks for."""
    build, rounds, threads = arguments.build, arguments.rounds, arguments.threads
    lines = [table[name] for name in arguments.lines or table]
    of_models = table is not TABLE
    if not arguments.lines and not of_models and not are_peers_installed():
        # Named, they say what is missing.
        lines = [line for line in lines if not needs_library(line)]
    if arguments.against:
        comparer = Comparer(
            build,
            arguments.against,
            arguments.against_checkout,
            rounds or ROUNDS,
            threads,
            open_workload,
        )
        return Task(
            lines if arguments.lines else [line for line in lines if line.does_run],
            lambda line: report.comparison_to_json(comparer.measure(line)),
            report.comparison_to_table,
        )
    bench = Bench(build, rounds, threads, _choose_peers(arguments), open_workload)
    if of_models:
        bench.open_workload = partial(Model, keep=arguments.keep)
    return Task(
        lines,
        lambda line: report.to_json(bench.measure(line)),
        report.to_table,
        tuple(_read(path)["lines"]) if path.exists() else (),
        tuple(table),
    )


def main() -> None:
    """Measure the lines, or compare two builds on them; exit status 1 if a line is refused."""
    words, table, prog, to_text = sys.argv[1:], TABLE, "tools/bench", to_markdown
    if of_models := words[:1] == ["models"]:
        words, table, prog, to_text = words[1:], ROWS, "tools/bench models", models_to_markdown
    parser = make_parser(table, prog)
    arguments = parser.parse_args(words)
    if arguments.against and of_models:
        parser.error("argument --against: not for models")
    if arguments.keep and not of_models:
        parser.error("argument --keep: expected models")
    if arguments.install_peers:
        if not are_peers_installed():
            _install()
        return
    name = "against" if arguments.against else "models" if of_models else "bench"
    path = arguments.json or arguments.build / f"bench/{name}.json"
    if arguments.markdown:
        _print_markdown(path, arguments.lines or table, to_text)
        return
    document = machine()
    if not arguments.against:
        document["versions"] = peer_versions()
    sys.exit(1 if _measure(_task(arguments, table, path), document, path) else 0)


if __name__ == "__main__":
    run_command(main)
