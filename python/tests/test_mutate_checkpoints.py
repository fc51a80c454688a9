"""Faults in the files of checkpoints; 10,000 are read by python/fuzz/mutate_checkpoints.py."""

import pytest

from fuzz import mutate_checkpoints


@pytest.fixture(scope="module")
def watch():
    return mutate_checkpoints.Watch()


def test_mutants_are_imported_or_refused(tmp_path, watch):
    counts = mutate_checkpoints.run(tmp_path, 300, 0, watch)
    assert counts["imported"] + counts["refused"] == 300
    assert counts["refused"] >= 100 and counts["imported"] >= 30


def test_what_is_executed_would_be_noticed(tmp_path, watch):
    def execute(directory):
        if "mutant" in directory.name:
            exec("1 + 1")

    with pytest.raises(AssertionError, match="RuntimeError: compile of"):
        mutate_checkpoints.run(tmp_path, 1, 0, watch, execute)


def test_other_exceptions_are_faults(tmp_path, watch):
    def fail(directory):
        if "mutant" in directory.name:
            raise KeyError("name")

    with pytest.raises(AssertionError, match="KeyError: 'name'"):
        mutate_checkpoints.run(tmp_path, 1, 0, watch, fail)
