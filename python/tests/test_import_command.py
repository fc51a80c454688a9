"""perceiver-import: what it prints, what it leaves behind, what it refuses."""

import shlex
import tomllib

import pytest
from compiled import ROOT
from hf_checkpoints import CASES
from perceiver_compiler.importers import command


def make(directory):
    return CASES["PerceiverForMaskedLM"].save(directory / "checkpoint")


def perceiver_import(*arguments):
    return command.main([str(argument) for argument in arguments])


def test_the_command_says_what_comes_next(tmp_path, capsys):
    directory = make(tmp_path)
    output = tmp_path / "it's here.mlir"
    assert perceiver_import(directory, "-o", output) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    first, last = printed.out.splitlines()
    entries = "entries encode, process, decode, run"
    parameters = sum(tensor.size for tensor in CASES["PerceiverForMaskedLM"].tensors().values())
    assert first == f"{output}: PerceiverForMaskedLM, {parameters:,} parameters, {entries}"
    weights = str(directory / "model.safetensors")
    binary = str(output.with_suffix(".so"))
    assert shlex.split(last) == [
        "perceiver-compile",
        str(output),
        "--weights",
        weights,
        "-o",
        binary,
    ]
    assert perceiver_import(directory, "-o", output, "--verbose", "--shape", "inputs=1x?") == 0
    noted = capsys.readouterr().err
    assert "perceiver-import: note: input inputs [1, rows] i64" in noted
    assert "field 'num_cross_attention_heads' is missing: 8" in noted
    scripts = tomllib.loads((ROOT / "python" / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == {"perceiver-import": f"{command.__name__}:main"}


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--task", "PerceiverForOpticalFlow"], 1, "the class is PerceiverForMaskedLM, but"),
        (["--task", "BertModel"], 1, "there is no class 'BertModel'; there are PerceiverModel"),
        (["--from", "lucidrains"], 1, "lucidrains"),
        (["--shape", "input_id=?x?"], 1, "no input 'input_id'; did you mean 'input_ids'?"),
        (["--shape", "inputs=?x?x3"], 1, "input 'inputs': expected 2 sizes, but got 3"),
        (["--shape", "inputs=?x33"], 1, "input 'inputs': expected at most 32 rows"),
        (["--shape", "inputs=none"], 1, "none is for inputs that are optional"),
        (["--shape", "inputs=?xi32"], 1, "only masks have any"),
        (["--shape", "inputs=a"], 1, "expected sizes such as ?x3x224x224, or none, but got 'a'"),
        (["--shape", "inputs=?x8", "--shape", "attention_mask=?x9"], 1, "expected 8, but got 9"),
        (["--set", "output_attentions=true"], 1, "field 'output_attentions': expected false"),
        (["--set", "interpolate_pos_encoding=true"], 1, "unknown setting 'interpolate_pos_enco"),
        (["--prefix", "module."], 1, "no tensor has a name that starts with 'module.'"),
        (["--task", "A", "--task", "B"], 2, "expected it once"),
        (["--unknown"], 2, "unrecognized arguments"),
        (["--set", f"x={'[' * 100_000}"], 1, "unknown setting 'x'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_options_are_refused(arguments, status, message, tmp_path, capsys):
    directory = make(tmp_path)
    assert perceiver_import(directory, "-o", tmp_path / "m.mlir", *arguments) == status
    assert message in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["checkpoint"]


def test_outputs_that_cannot_be_written(tmp_path, capsys):
    directory = make(tmp_path)
    for output, status, message in [
        (tmp_path / "no" / "m.mlir", 1, "m.mlir: cannot write: No such file or directory"),
        (tmp_path / "m.txt", 2, "argument -o: expected a name that ends in .mlir"),
        (tmp_path / "folder.mlir", 1, "folder.mlir: cannot write: Is a directory"),
    ]:
        if output.stem == "folder":
            output.mkdir()
        assert perceiver_import(directory, "-o", output) == status
        assert message in capsys.readouterr().err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["checkpoint", "folder.mlir"]
