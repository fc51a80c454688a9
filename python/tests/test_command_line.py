"""What the command lines of the Python tools have in common."""

import subprocess
import sys
from pathlib import Path

import pytest

from command_line import Parser, run_command


def test_an_option_with_a_value_is_given_once(capsys):
    parser = Parser(prog="tool")
    parser.add_argument("file")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fast", action="store_true")
    for _ in range(2):  # what was given before does not count
        settings = parser.parse_args(["a", "--rounds", "5", "--fast", "--fast"])
        assert (settings.file, settings.rounds, settings.fast) == ("a", 5, True)
    assert parser.parse_args(["a"]).rounds == 3
    with pytest.raises(SystemExit):
        parser.parse_args(["a", "--rounds=4", "--rounds=5"])
    error = "tool: error: argument --rounds: expected it once, but got it again\n"
    assert capsys.readouterr().err.endswith(error)


@pytest.mark.parametrize("writes", ["print('x' * 100_000)", "print('x')"])
def test_output_may_be_closed(writes):
    """Before what was printed has been written, or once the tool is done."""
    code = f"from command_line import run_command; run_command(lambda: {writes})"
    tool = subprocess.Popen(
        [sys.executable, "-c", f"input(); {code}"],
        cwd=Path(__file__).resolve().parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    tool.stdout.close()
    _, errors = tool.communicate(b"\n")
    assert (tool.returncode, errors) == (141, b"")


def test_other_closed_pipes_are_errors():
    def main():
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        run_command(main)
