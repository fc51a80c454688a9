"""Time compiled models, and other systems beside them. Started by tools/bench."""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from bench.lines import ATTENTION_PEERS, LINES, PEERS
from bench.measure import Bench
from bench.report import to_json, to_table
from bench.systems import NOT_INSTALLED, are_peers_installed, install_peers
from bench.workload import ROOT
from command_line import Parser

PEER_NAMES = (*PEERS, *(name for name in ATTENTION_PEERS if name not in PEERS))


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


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = Parser(
        prog="tools/bench",
        description="Time compiled models, and other systems beside them, on this machine. "
        "Let nothing else run.",
        epilog="\n".join(f"  {line.name:<16} {line.title}" for line in LINES.values()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--lines",
        type=_names(LINES, "a line"),
        default=tuple(LINES),
        metavar="NAME,..",
        help="the lines to measure, listed below (default: all)",
    )
    parser.add_argument(
        "--rounds",
        type=_positive,
        default=10,
        help="how often each system is timed, in turn (default: 10)",
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
    parser.add_argument(
        "--install-peers",
        action="store_true",
        help="put the other systems into .venv-peers (2.7 GB) and stop",
    )
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="where to write all numbers (default: build/bench/bench.json)",
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


def main() -> None:
    """Measure the lines and print their tables; exit status 1 if one is refused."""
    arguments = make_parser().parse_args()
    wants_peers = arguments.install_peers or arguments.peers
    if wants_peers and not are_peers_installed():
        _install()
    if arguments.install_peers:
        return
    peers = () if arguments.no_peers else arguments.peers
    if peers is None and not are_peers_installed():
        print(f"peers: {NOT_INSTALLED}")
        peers = ()
    bench = Bench(arguments.build, arguments.rounds, arguments.threads, peers)
    path = arguments.json or arguments.build / "bench/bench.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    document = machine() | {"rounds": arguments.rounds, "lines": []}
    refused = 0
    for name in arguments.lines:
        print(f"== {name}", file=sys.stderr, flush=True)
        begin = time.monotonic()
        outcome = to_json(bench.measure(LINES[name]))
        outcome["seconds"] = round(time.monotonic() - begin, 1)
        refused += outcome["refused"] is not None
        print(f"{to_table(outcome)}\n", flush=True)
        document["lines"].append(outcome)
        # After each line, so that an interrupted benchmark keeps what it has.
        path.write_text(json.dumps(document, indent=1) + "\n")
    print(f"all numbers: {path}")
    sys.exit(1 if refused else 0)


if __name__ == "__main__":
    main()
