"""Command lines of the Python tools, with the rules of the others."""

from __future__ import annotations

import argparse
import os
import select
import signal
import sys
from collections.abc import Callable


class Parser(argparse.ArgumentParser):
    """A parser that refuses an option with a value that is given again: argparse lets the last one
    count in silence."""

    def __init__(self, *arguments, **options) -> None:
        super().__init__(*arguments, **options)
        self.given: set[str] = set()
        self.register("action", None, _StoreOnce)

    def parse_known_args(self, *arguments, **options):
        self.given.clear()
        return super().parse_known_args(*arguments, **options)


class _StoreOnce(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None) -> None:
        if self.dest in parser.given:
            raise argparse.ArgumentError(self, "expected it once, but got it again")
        parser.given.add(self.dest)
        setattr(namespace, self.dest, values)


def run_command(main: Callable[[], int | None]) -> None:
    """Run a tool and exit with the status that it returns.

    Where nobody reads its output to the end, as behind `| head`, it stops without a word, with the
    status of what SIGPIPE ends.
    """
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        if not _is_output_closed():
            raise
        # What is left to print is for nobody, also when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 128 + signal.SIGPIPE
    sys.exit(status)


def _is_output_closed() -> bool:
    """Whether it is standard output that nobody reads."""
    poll = select.poll()
    poll.register(sys.stdout, 0)  # errors are reported unasked
    return any(events & select.POLLERR for _, events in poll.poll(0))
