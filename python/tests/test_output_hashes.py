"""Outputs keep their bits: the tables in hashes/, computed again.

Where a change is meant to change bits, output_hashes.py says how to write the tables.
"""

import output_hashes as h
import pytest

ONE, TWO, THREE = ("x86-64-v3", "a: @run, 'y'"), ("x86-64-v3", "b"), ("x86-64-v4", "a: @run, 'y'")


@pytest.mark.parametrize("target", h.TARGETS)
@pytest.mark.parametrize("table", h.COMPUTE)
def test_outputs_keep_their_bits(table, target, tmp_path):
    if not h.can_run(target):
        pytest.skip(f"this machine cannot run {target}")
    expected = {key: digest for key, digest in h.read_table(table).items() if key[0] == target}
    assert expected
    differences = h.compare(expected, h.COMPUTE[table](target, tmp_path))
    assert not differences, "\n".join(differences)


def test_rows_that_differ_are_named():
    expected, actual = {ONE: "0", TWO: "1"}, {ONE: "2", THREE: "0"}
    assert h.compare(expected, expected) == []
    assert h.compare(expected, actual) == [
        "changed: x86-64-v3 a: @run, 'y'",
        "gone: x86-64-v3 b",
        "new: x86-64-v4 a: @run, 'y'",
    ]


def test_a_table_is_read_as_it_was_written(tmp_path, monkeypatch):
    monkeypatch.setattr(h, "TABLES", tmp_path)
    rows = {THREE: "0", TWO: "1", ONE: "2"}
    h.write_table("some", rows)
    text = (tmp_path / "some.txt").read_text()
    assert text == "2 x86-64-v3 a: @run, 'y'\n1 x86-64-v3 b\n0 x86-64-v4 a: @run, 'y'\n"
    assert h.read_table("some") == rows
