"""Pickles of haiku's parameters, as NumPy and JAX write arrays. Nothing in them is executed."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from checkpoint_files import NDARRAY, Call, Global, haiku_array, pickle_of
from perceiver_compiler.checkpoint import CheckpointError
from perceiver_compiler.checkpoint.haiku_pickle import read_haiku_pickle

WEIGHT = np.arange(12, dtype="<f4").reshape(3, 4)
LARGE = np.linspace(-1, 1, 1 << 18).astype("<f4")


def saved(path, value):
    path.write_bytes(value if isinstance(value, bytes) else pickle_of(value))
    return path


@pytest.mark.parametrize("protocol", range(1, 6))
def test_arrays_as_numpy_pickles_them(protocol, tmp_path):
    arrays = {"w": WEIGHT, "t": WEIGHT.T, "h": WEIGHT.astype("<f2"), "n": np.array([3], "<i4")}
    arrays |= {"d": WEIGHT.astype("<f8"), "one": np.float32(7)}
    if protocol > 2:  # before, no bytes are a call of a global that is not in the table
        arrays["none"] = np.zeros((0, 3), "<f4")
    arrays["large"] = LARGE  # its bytes stay in the file, or are one long text
    params = {"a/~/linear": arrays, "b": {"w": WEIGHT}}
    path = saved(tmp_path / "w.pickle", pickle.dumps(params, protocol))
    tensors = read_haiku_pickle(path)
    assert list(tensors) == [f"a/~/linear:{name}" for name in arrays] + ["b:w"]
    for name, array in arrays.items():
        found = tensors[f"a/~/linear:{name}"]
        np.testing.assert_array_equal(found.read(), array)
        assert found.shape == array.shape and found.read().dtype == array.dtype


def test_params_and_state(tmp_path):
    mapping = Global("haiku._src.data_structures", "FlatMapping")
    params = Call(mapping, ({"a": {"w": haiku_array(WEIGHT)}},))
    state = {"a/~/mean_ema": {"average": haiku_array(WEIGHT, fortran=True)}}
    path = saved(tmp_path / "w.pkl", {"params": params, "state": state, "step": 7})
    tensors = read_haiku_pickle(path)
    assert list(tensors) == ["a:w", "a/~/mean_ema:average"]
    np.testing.assert_array_equal(tensors["a/~/mean_ema:average"].read(), WEIGHT)


def test_arrays_of_jax(tmp_path):
    brain = Call(
        Global("numpy", "dtype"),
        (Global("ml_dtypes", "bfloat16"), False, True),
        (3, "<", None, None, None, -1, -1, 0),
    )
    bits = np.array([0x3F80, 0xC000], "<u2")
    arrays = {}
    for name, module, array, dtype in (
        ("w", "jax._src.array._reconstruct_array", WEIGHT, None),
        ("b", "jax._src.device_array.reconstruct_device_array", bits, brain),
    ):
        inner = haiku_array(array, "numpy._core", dtype=dtype)
        function = Global(*module.rsplit(".", 1))
        arrays[name] = Call(function, (inner.function, inner.arguments, inner.state, {"w": False}))
    tensors = read_haiku_pickle(saved(tmp_path / "w.pystate", {"a": arrays}))
    np.testing.assert_array_equal(tensors["a:w"].read(), WEIGHT)
    assert tensors["a:b"].dtype == "BF16"
    np.testing.assert_array_equal(tensors["a:b"].read(), np.float32([1, -2]))


@pytest.mark.parametrize("name", ["jax", "numpy", "flat_mapping"])
def test_real_files(name):
    """Written by dm-haiku 0.0.17 on JAX 0.10.2: arrays of JAX, of NumPy, and in haiku's mapping."""
    tensors = read_haiku_pickle(Path(__file__).parent / "pickles" / f"{name}.pickle")
    weight = np.arange(6, dtype=np.float32).reshape(2, 3)
    expected = {"a/~/linear:w": weight, "a/~/linear:b": weight[0], "b:w": weight}
    if name == "jax":
        ema = "a/~/batchnorm/~/mean_ema"
        expected |= {f"{ema}:hidden": weight[:1], f"{ema}:average": weight[:1]}
        expected[f"{ema}:counter"] = np.int32(3)
    assert tensors.keys() == expected.keys() and tensors["b:w"].dtype == "BF16"
    for key, array in expected.items():
        np.testing.assert_array_equal(tensors[key].read(), array)


def array(**change):
    return {"a": {"w": haiku_array(WEIGHT, **change)}}


def dtype(code, state=None):
    return array(dtype=Call(Global("numpy", "dtype"), (code, False, True), state))


MADE = haiku_array(WEIGHT)
REFUSED = {
    "refused to load the global numpy.load": {"a": {"w": Call(Global("numpy", "load"), ("x",))}},
    "refused to load the global torch._utils._rebuild_tensor_v2": Global(
        "torch._utils", "_rebuild_tensor_v2"
    ),
    "refused to load object arrays": dtype("O8"),
    "refused to load arrays of dtype 'c8'": dtype("c8"),
    "refused to load a structured dtype": dtype(
        "V8", (3, "|", None, ("a", "b"), {"a": 1}, 8, 1, 0)
    ),
    "expected little-endian arrays": dtype("f4", (3, ">", None, None, None, -1, -1, 0)),
    "expected a byte order, but got 'x'": dtype("f4", (3, "x", None, None, None, -1, -1, 0)),
    "expected 48 bytes for an array F32[3, 4], but got 4": array(data=b"1234"),
    "expected the bytes of an array, but got a list of 1": array(data=[7.5, [1]][1:]),
    "expected the shape of an array to be a tuple of integers >= 0": array(shape=(-1, 2)),
    "expected an array to have a dtype": array(dtype="f4"),
    "expected the state of an array to have five parts": {
        "a": {"w": Call(MADE.function, MADE.arguments, (1, 2))}
    },
    "refused to make an array of 7": {"a": {"w": Call(MADE.function, (7, (0,), b"b"))}},
    "the array 'a:w' has no elements": {"a": {"w": Call(MADE.function, MADE.arguments)}},
    "refused to call numpy.ndarray": {"a": {"w": Call(NDARRAY, ((3,),))}},
    "refused to call numpy.dtype": {
        "a": {
            "w": Call(
                Global("jax._src.array", "_reconstruct_array"),
                (Global("numpy", "dtype"), (), (), {}),
            )
        }
    },
    "expected latin1 text, but got 'utf-8'": {
        "a": Call(Global("_codecs", "encode"), ("a", "utf-8"))
    },
    "expected other arguments of _codecs.encode": {
        "a": Call(Global("_codecs", "encode"), ("\u0394", "latin1"))
    },
    "expected an array 'a:w', but got 7": {"a": {"w": 7}},
    "expected a dict of arrays for the module 'a', but got 7": {"a": 7},
    "expected a dict of modules, but got [1]": [1],
    "there are two arrays 'a:w'": {
        "params": {"a": {"w": MADE}},
        "state": {"a": {"w": MADE}},
    },
    "expected a pickle, but the file is a zip archive": b"PK\x03\x04",
}


@pytest.mark.parametrize("message", REFUSED)
def test_refused(message, tmp_path):
    path = saved(tmp_path / "w.pkl", REFUSED[message])
    with pytest.raises(CheckpointError) as caught:
        read_haiku_pickle(path)
    assert message in str(caught.value) and caught.value.file == str(path)
