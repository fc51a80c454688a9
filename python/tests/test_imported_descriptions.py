"""What importers write has been looked at: a change shows as a difference."""

import imported_descriptions
import pytest


@pytest.mark.parametrize("file", imported_descriptions.MAKERS)
def test_text(file, tmp_path):
    text = imported_descriptions.make(file, tmp_path)
    assert text == (imported_descriptions.FOLDER / file).read_text()


#: A layer of gated recurrent units has 44 operations, which no block says.
LONG = ["lucidrains/Gated.mlir"]


def test_entries_are_short():
    for file in imported_descriptions.FOLDER.glob("*/*.mlir"):
        if str(file.relative_to(imported_descriptions.FOLDER)) in LONG:
            continue
        functions = file.read_text().split("\nfunc.func ")[1:]
        assert functions
        for function in functions:
            assert len(function.split("\n}\n")[0].splitlines()) < 40, f"{file}: {function}"


def test_no_file_is_left_over():
    folder = imported_descriptions.FOLDER
    files = {str(file.relative_to(folder)) for file in folder.rglob("*.mlir")}
    assert files == set(imported_descriptions.MAKERS)
