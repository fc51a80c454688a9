"""What the command lines of the Python tools have in common."""

import pytest

from command_line import Parser


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
