"""The parts of python/goldens that need none of the libraries."""

import numpy as np
import pytest

from goldens import survey
from goldens.check import Outcome
from goldens.choices import Choices
from goldens.draws import classes, draw
from goldens.fuzz import Fuzzer
from goldens.judge import error, tolerance, worst

CLASSES = classes()


def test_tolerance_is_ten_errors_of_the_library():
    double = np.array([2.0, -4.0])
    assert tolerance(double + [0, 1e-3], double) == pytest.approx(1e-2)
    assert tolerance(double, double) == pytest.approx(4e-5)
    assert error(double + 2e-5, double, double) == pytest.approx(0.5)
    assert error(double + 2e-5, double, double, effect=2e-5) == pytest.approx(0.25)


def test_what_is_never_right():
    one = np.ones(2)
    assert error(np.ones((1, 2)), one, one) == np.inf
    assert error(np.array([1, np.nan]), one, one) == np.inf
    assert error(np.array([1.0]), np.zeros(1), np.zeros(1)) == np.inf
    assert worst({"a": one}, {"b": one}, {"b": one}) == np.inf
    assert error(np.zeros(1), np.zeros(1), np.zeros(1)) == 0


def test_choices_are_independent():
    """Setting one choice to its simplest value moves no other, and the same seed draws the same."""
    choices = Choices("seed")
    drawn = [choices.integer(f"n{i}", 0, 10**6) for i in range(4)]
    simpler = Choices("seed", frozenset({"n1"}))
    assert [simpler.integer(f"n{i}", 0, 10**6) for i in range(4)] == [drawn[0], 0, *drawn[2:]]
    assert set(simpler.made) == {"n0", "n2", "n3"}
    assert Choices("other").integer("n0", 0, 10**6) != drawn[0]


@pytest.mark.parametrize(("source", "name"), CLASSES)
def test_every_field_is_drawn(source, name):
    """300 draws of all classes are 15 of each: no field stays at its default for lack of luck."""
    outcomes = []
    for number in range(60):
        case = draw(source, name, Choices(f"1.{number}"))
        assert (case.source, case.name) == (source, name)
        assert all(array.size for array in case.inputs.values())
        outcomes.append(Outcome(case, "right"))
    assert survey.shortfalls(outcomes, [(source, name)]) == []


@pytest.mark.parametrize(("source", "name"), CLASSES)
def test_any_choice_may_be_simple(source, name):
    """What is drawn stays valid: to make a case smaller, any choice may be set to its simplest."""
    choices = Choices("1")
    draw(source, name, choices)
    for choice in choices.made:
        smaller = draw(source, name, Choices("1", frozenset({choice})))
        assert smaller.inputs and smaller.name == name


class FakeChecker:
    """Fails on what has more than one latent."""

    def check(self, case, folder, effort):
        folder.mkdir(parents=True)
        is_wrong = case.config["num_latents"] > 1
        return Outcome(case, "wrong" if is_wrong else "right", folder=folder)


def test_what_fails_is_made_smaller(tmp_path):
    lines = []
    fuzzer = Fuzzer(
        FakeChecker(), [("krasserm", "TextClassifier")], 3, tmp_path, report=lines.append
    )
    outcomes = fuzzer.run(0, 4)
    wrong = [outcome for outcome in outcomes if outcome.is_miss]
    assert 0 < len(wrong) <= 4
    assert all("what it takes: {'num_latents': " in line for line in lines[2::3])
    assert all(line.count(":") == 2 for line in [text.split("\n")[0] for text in lines[2::3]])
    assert len(list(tmp_path.iterdir())) == 2 * len(wrong)


def test_tables():
    wanted = ("lucidrains", "perceiver_pytorch.perceiver_io.PerceiverIO")
    case = draw(*wanted, Choices("1"))
    outcomes = [
        Outcome(case, "right", numpy_error=0.25, compiled_error=0.5),
        Outcome(case, "refused"),
        Outcome(case, "right", numpy_error=0.125),
    ]
    table = survey.error_table(outcomes)
    assert "0.250" in table and "0.500" in table
    assert "NumPy: 2 of 2 cases within 50% of it" in table
    assert "CPU: 1 of 1 cases" in table and "emulated GPU: 0 of 0 cases" in table
    short = survey.shortfalls(outcomes, [wanted, CLASSES[0]])
    assert short == [
        "huggingface PerceiverModel: 0 of 3 cases",
        "1 of 3 cases were refused",
    ]


class EffortChecker:
    """Notes what effort each class gets."""

    def __init__(self):
        self.efforts = {}

    def check(self, case, folder, effort):
        folder.mkdir(parents=True)
        self.efforts.setdefault((case.source, case.name), []).append(effort)
        return Outcome(case, "right")


def test_each_class_has_cases_on_the_emulated_device_and_with_all_entries(tmp_path):
    checker = EffortChecker()
    Fuzzer(checker, CLASSES, 1, tmp_path).run(0, 300)
    assert checker.efforts.keys() == set(CLASSES)
    for efforts in checker.efforts.values():
        assert any(effort.emulated for effort in efforts)
        assert any(effort.all_entries for effort in efforts)
    assert 28 <= sum(e.emulated for each in checker.efforts.values() for e in each) <= 32
