"""The command perceiver-import."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..checkpoint import SOURCES, CheckpointError
from . import import_path
from .description import Description
from .signature import GivenShape, parse_shape
from .sources import Options

_NAME = "perceiver-import"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0 written, 1 refused, 2 wrong usage."""
    try:
        given = _parser().parse_args(arguments)
        if Path(given.output).suffix != ".mlir":
            _parser().error(
                f"argument -o: expected a name that ends in .mlir, got {given.output!r}"
            )
    except SystemExit as end:
        return 2 if end.code else 0
    output = Path(given.output)
    try:
        description = import_path(given.path, given.source, _options(given))
        for warning in description.warnings:
            _say(f"warning: {warning}")
        if given.verbose:
            shown = set(description.warnings)
            for line in description.report:
                if line not in shown:
                    _say(f"note: {line}")
        description.save(output)
    except CheckpointError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{output}: cannot write: {error.strerror or error}")
    except MemoryError:
        return _fail(f"{given.path}: there is not enough memory for it")
    print(_summary(description, output))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_NAME,
        description="Write the description of a checkpoint of the Perceiver family.",
        allow_abbrev=False,
    )
    parser.add_argument("path", metavar="PATH", help="a checkpoint's directory or weight file")
    parser.add_argument("-o", dest="output", metavar="NAME.mlir", required=True, action=_Once)
    parser.add_argument(
        "--from", dest="source", choices=SOURCES, action=_Once, help="(default: found out)"
    )
    parser.add_argument(
        "--task", metavar="CLASS", action=_Once, help="the library's name of the class"
    )
    parser.add_argument(
        "--shape",
        metavar="INPUT=SIZES",
        action="append",
        default=[],
        help="fix sizes of an input, as inputs=?x3x224x224, or leave it out, as mask=none",
    )
    parser.add_argument(
        "--set",
        dest="settings",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="fix an argument of the library's forward; the value is JSON or a string",
    )
    parser.add_argument(
        "--prefix",
        metavar="TEXT",
        default="",
        action=_Once,
        help="what the names of the model's tensors start with",
    )
    parser.add_argument("--verbose", action="store_true", help="say what was chosen, and why")
    return parser


class _Once(argparse.Action):
    """Refuses an option with a value that is given again."""

    def __call__(self, parser, namespace, values, option_string=None) -> None:
        seen = vars(namespace).setdefault("_seen", set())
        if self.dest in seen:
            raise argparse.ArgumentError(self, "expected it once, but got it again")
        seen.add(self.dest)
        setattr(namespace, self.dest, values)


def _options(given: argparse.Namespace) -> Options:
    shapes: dict[str, GivenShape] = {}
    for text in given.shape:
        name, shape = parse_shape(text, "--shape")
        if name in shapes:
            raise CheckpointError("--shape", name, f"expected {name} once, but got it again")
        shapes[name] = shape
    settings: dict[str, Any] = {}
    for text in given.settings:
        key, equals, value = text.partition("=")
        if not equals or not key or key in settings:
            raise CheckpointError("--set", key, f"expected KEY=VALUE once, but got {text!r}")
        settings[key] = _value(value)
    return Options(given.task, shapes, settings, given.prefix)


def _value(text: str) -> Any:
    """JSON, or else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _summary(description: Description, output: Path) -> str:
    """What was written, and the command to type next."""
    weights = [str(path) for path in description.weights or description.checkpoint.weights]
    binary = output.with_suffix(".so")
    command = ["perceiver-compile", str(output), *_flags(weights), "-o", str(binary)]
    parameters = sum(tensor.elements for tensor in description.tensors.values())
    entries = ", ".join(function.name for function in description.model.entries)
    return (
        f"{output}: {description.name}, {parameters:,} parameters, entries {entries}\n"
        f"{shlex.join(command)}"
    )


def _flags(weights: list[str]) -> list[str]:
    return [part for path in weights for part in ("--weights", path)]


def _say(text: str) -> None:
    print(f"{_NAME}: {text}", file=sys.stderr)


def _fail(text: str) -> int:
    _say(f"error: {text}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
