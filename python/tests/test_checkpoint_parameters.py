"""Fields of configurations, and parameters of models: all that does not fit, in one message."""

import numpy as np
import pytest
from perceiver_compiler.checkpoint import (
    CheckpointError,
    Fields,
    Parameters,
    checkpoint_of_arrays,
    did_you_mean,
    listed,
    nearest_name,
    quoted,
    shown,
)

VALUES = {
    "count": 3,
    "ratio": 2,
    "flag": True,
    "kind": "kv",
    "sizes": [3, 4],
    "inner": {"depth": 1, "dpeth": 2},
    "nothing": None,
    "real": 4.0,
    "huge": 10**400,
    "zero": 0,
}


def fields(values=VALUES):
    return Fields(values, "config.json")


def test_fields():
    f = fields()
    assert f.integer("count") == 3 and f.integer("absent", 7) == 7
    assert f.integer("nothing", 7, null=True) is None and f.integer("absent", None) is None
    assert f.integer("zero", least=0) == 0
    assert f.number("ratio") == 2.0 and f.boolean("flag") and f.boolean("absent", False) is False
    assert f.string("kind", one_of=("kv", "q")) == "kv"
    assert f.integers("sizes", length=2) == (3, 4) and f.integers("absent", (1,)) == (1,)
    inner = f.record("inner")
    assert inner.integer("depth") == 1 and inner.unknown() == ["dpeth"]
    f.without_effect("real")
    assert f.unknown() == ["huge"] and f.has("huge") and f.unknown() == []
    with pytest.raises(CheckpointError) as caught:
        inner.refuse_unknown("argument")
    assert str(caught.value) == (
        "config.json: unknown argument 'inner.dpeth'; did you mean 'depth'?"
    )
    assert caught.value.name == "inner.dpeth" and caught.value.file == "config.json"
    other = Fields({"xyz": 1}, "config.json")
    other.without_effect("dropout")
    with pytest.raises(CheckpointError, match="unknown field 'xyz'; expected one of dropout"):
        other.refuse_unknown()


def test_remarks():
    f = fields()
    f.integer("absent", 7)
    f.without_effect("real", "dropout")
    f.record("inner").string("other", None)
    f.record("options", {})
    assert f.remarks() == [
        "config.json: field 'real' has no effect",
        "config.json: field 'absent' is missing: 7",
        "config.json: field 'inner.other' is missing: null",
    ]


REFUSED = {
    "the field 'cuont' is missing; did you mean 'count'?": lambda f: f.integer("cuont"),
    "field 'real': expected an integer of at least 1, but got 4.0": lambda f: f.integer("real"),
    "field 'flag': expected an integer of at least 1, but got true": lambda f: f.integer("flag"),
    "field 'zero': expected an integer of at least 1, but got 0": lambda f: f.integer("zero"),
    "field 'huge': expected an integer of at most 2147483647": lambda f: f.integer("huge"),
    "field 'count': expected an integer from 0 to 2, but got 3": (
        lambda f: f.integer("count", least=0, most=2)
    ),
    "field 'nothing': expected an integer of at least 1, but got null": (
        lambda f: f.integer("nothing")
    ),
    "field 'kind': expected a number of at least 0, but got 'kv'": (
        lambda f: f.number("kind", least=0)
    ),
    "field 'count': expected true or false, but got 3": lambda f: f.boolean("count"),
    "field 'count': expected a string, but got 3": lambda f: f.string("count"),
    "field 'kind': expected one of kq, q, but got 'kv'; did you mean 'kq'?": (
        lambda f: f.string("kind", one_of=("kq", "q"))
    ),
    "field 'sizes': expected a list of 3 integers, but got [3, 4]": (
        lambda f: f.integers("sizes", length=3)
    ),
    "field 'sizes': expected an integer of at least 4, but got 3": (
        lambda f: f.integers("sizes", least=4)
    ),
    "field 'count': expected an object, but got 3": lambda f: f.record("count"),
    "field 'inner.depth': expected true or false, but got 1": (
        lambda f: f.record("inner").boolean("depth")
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refused_fields(message):
    with pytest.raises(CheckpointError) as caught:
        REFUSED[message](fields())
    assert message in str(caught.value)


def checkpoint(**arrays):
    return checkpoint_of_arrays("lucidrains", {}, arrays, "w.pt")


def test_parameters_that_fit():
    c = checkpoint(a=np.ones((2, 3), "f4"), b=np.ones(3, "f2"), tied=np.ones((2, 3), "f4"))
    p = Parameters(c)
    assert p.need("a", (2, 3), among=["tied"]).name == "a"
    assert p.need("was", (2, None), among=["tied"]).name == "tied"
    assert p.optional("c", (1,)) is None and p.optional("b", (3,)).dtype == "F16"
    p.check()
    assert list(p.bound) == ["a", "tied", "b"] and c.warnings == []


def test_all_problems_are_one_message():
    c = checkpoint(
        **{
            "layers.0.weight": np.ones((2, 3), "f4"),
            "layers.0.bais": np.ones(2, "f4"),
            "count": np.ones(2, "i8"),
            "left": np.ones(1, "f4"),
            "right": np.zeros(1, "f4"),
            "layers.9.weight": np.ones(1, "f4"),
            "num_batches_tracked": np.ones((), "i8"),
            "mystery": np.ones(1, "f4"),
        }
    )
    p = Parameters(c)
    assert p.need("layers.0.weight", (3, 3)) is None
    assert p.need("layers.0.bias", (2,)) is None
    assert p.need("count", (2,)) is None
    assert p.need("left", (1,), among=["right"]) is None
    with pytest.raises(CheckpointError) as caught:
        p.check(scheme=lambda name: name.startswith("layers."))
    assert str(caught.value) == (
        "w.pt: the tensors are not those of the configuration in w.pt:\n"
        "  missing: 'layers.0.bias' [2]; the nearest is 'layers.0.bais'\n"
        "  'layers.0.weight': expected [3, 3], but got [2, 3]\n"
        "  'count': expected weights of F32, F16, BF16, F64, but got I64\n"
        "  'right': expected the same values as 'left'\n"
        "  'layers.0.bais': the configuration has no place for it\n"
        "  'layers.9.weight': the configuration has no place for it"
    )
    assert caught.value.name == "layers.0.bias"


def test_left_over_tensors_and_overflow_are_warnings():
    c = checkpoint(a=np.array([1e300]), b=np.ones(1, "f4"), num_batches_tracked=np.ones((), "i8"))
    p = Parameters(c)
    p.need("a", (1,))
    p.check(quiet=lambda name: name == "num_batches_tracked")
    assert c.warnings == ["w.pt: not used: 'b'", "w.pt: tensor 'a': values are beyond float32"]


def test_a_billion_layers_end_in_time():
    p = Parameters(checkpoint(a=np.ones(1, "f4")))
    with pytest.raises(CheckpointError, match="and 980 more"):
        for layer in range(10**9):
            p.need(f"layers.{layer}.weight", (1,))


def test_names_in_messages():
    assert quoted("a'b\n") == "'a\\x27b\\n'" and quoted("x" * 200).endswith("...'")
    assert shown([1, "a"]) == "[1, 'a']" and shown([[1]]) == "a list of 1"
    assert shown({}) == "an object" and shown(10**60) == "a huge integer"
    assert shown(object()) == "a object"
    assert listed(map(str, range(14))).endswith("11 and 2 more")
    assert nearest_name("heads", ["head", "heads_"]) == "head"
    assert nearest_name("ehads", ["heads"]) == "heads"
    assert nearest_name("a", ["b"]) is None and did_you_mean("xyz", ["abc"]) == ""
