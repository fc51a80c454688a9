"""Command lines of the Python tools, with the rules of the others."""

from __future__ import annotations

import argparse


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
