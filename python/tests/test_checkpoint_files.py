"""Which library a checkpoint is of, which files belong to it, and what is refused about them."""

import json
import os

import numpy as np
import pytest
from checkpoint_files import (
    Global,
    New,
    haiku_array,
    pickle_of,
    safetensors_bytes,
    torch_tensor,
    write_config,
    write_torch,
    write_zip,
)
from perceiver_compiler.checkpoint import (
    CheckpointError,
    Record,
    checkpoint_of_arrays,
    open_checkpoint,
)

WEIGHT = np.arange(6, dtype="<f4").reshape(2, 3)
HF = {"model_type": "perceiver", "d_latents": 8}
LR = {"source": "perceiver-pytorch==0.8.8"}
DM = {"source": "deepmind-research@f5de0ede"}


def directory(path, config=HF, name="config.json", **files):
    write_config(path, config, name)
    for file, data in files.items():
        (path / file.replace("__", ".")).write_bytes(data)
    return path


def names(*which):
    return safetensors_bytes({name: WEIGHT for name in which})


@pytest.mark.parametrize(
    "name, config, source",
    [
        ("config.json", HF, "huggingface"),
        ("config.json", {"model_type": "perceiver-io-text-classifier"}, "krasserm"),
        ("config.json", {"model_type": "perceiver-ar-symbolic-audio-model"}, "krasserm"),
        ("kwargs.json", LR, "lucidrains"),
        ("kwargs.json", {"source": "perceiver-io==0.11.0"}, "krasserm"),
        ("kwargs.json", DM, "deepmind"),
    ],
)
def test_sources(name, config, source, tmp_path):
    checkpoint = open_checkpoint(directory(tmp_path, config, name, model__safetensors=names("a")))
    assert checkpoint.source == source and checkpoint.config == config
    assert checkpoint.origin == tmp_path / name
    assert checkpoint.weights == (tmp_path / "model.safetensors",)
    np.testing.assert_array_equal(checkpoint.tensors["a"].read(), WEIGHT)


def test_first_kind_of_weights_wins(tmp_path):
    directory(tmp_path, other__safetensors=names("other"))
    write_torch(tmp_path / "pytorch_model.bin", {"torch": WEIGHT})
    (tmp_path / "tf_model.h5").write_bytes(b"\x89HDF")
    checkpoint = open_checkpoint(tmp_path)
    assert list(checkpoint.tensors) == ["torch"] and checkpoint.weights == ()
    index = {"metadata": {"total_size": 1}, "weight_map": {"shard": "s.safetensors"}}
    (tmp_path / "s.safetensors").write_bytes(names("shard", "unmapped"))
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    checkpoint = open_checkpoint(tmp_path)
    assert list(checkpoint.tensors) == ["shard", "unmapped"]
    assert checkpoint.weights == (tmp_path / "model.safetensors.index.json",)
    target = tmp_path / "blob"
    target.write_bytes(names("whole"))
    (tmp_path / "model.safetensors").symlink_to(target)  # as in the Hub's cache
    assert list(open_checkpoint(tmp_path).tensors) == ["whole"]
    assert list(open_checkpoint(tmp_path / "other.safetensors").tensors) == ["other"]


def test_other_kinds_of_weights(tmp_path):
    path = directory(tmp_path / "lr", LR, "kwargs.json")
    write_torch(path / "model.pt", {"a": WEIGHT})
    assert list(open_checkpoint(path).tensors) == ["a"]
    path = directory(tmp_path / "dm", DM, "kwargs.json")
    (path / "w.pystate").write_bytes(pickle_of({"m": {"w": haiku_array(WEIGHT)}}))
    assert list(open_checkpoint(path).tensors) == ["m:w"]


def test_checkpoint_of_lightning(tmp_path):
    cls = Global("perceiver.model.text.common.backend", "TextEncoderConfig")
    value = {
        "epoch": 3,
        "state_dict": {"model.a": torch_tensor("0", WEIGHT)},
        "hyper_parameters": {"num_latents": 4, "encoder": New(cls, {"vocab_size": 7})},
    }
    path = tmp_path / "last.ckpt"
    write_zip(path, {"data.pkl": pickle_of(value), "data/0": WEIGHT.tobytes()})
    checkpoint = open_checkpoint(tmp_path)
    assert checkpoint.source == "krasserm" and checkpoint.origin == path
    assert list(checkpoint.tensors) == ["model.a"]
    parameters = checkpoint.fields().record("hyper_parameters")
    encoder = parameters.record("encoder")
    assert encoder.global_name == "perceiver.model.text.common.backend.TextEncoderConfig"
    assert encoder.integer("vocab_size") == 7 and parameters.integer("num_latents") == 4
    assert isinstance(checkpoint.config["hyper_parameters"]["encoder"], Record)
    write_config(tmp_path, LR, "kwargs.json")  # now it is lucidrains', whatever saved it
    assert open_checkpoint(path).source == "lucidrains"


def test_prefix_and_aliases(tmp_path):
    aliases = {"m.b": "m.a", "m.c": "m.a", "note": "text"}
    data = safetensors_bytes({"m.a": WEIGHT, "m.c": WEIGHT, "x": WEIGHT}, aliases)
    path = directory(tmp_path, LR, "kwargs.json", model__safetensors=data)
    checkpoint = open_checkpoint(path, prefix="m.")
    assert list(checkpoint.tensors) == ["a", "c", "b"]
    assert checkpoint.tensors["b"].stored_name == "m.a" and checkpoint.tensors["b"].name == "b"
    assert checkpoint.tensors["c"].stored_name == "m.c"
    with pytest.raises(CheckpointError, match="no tensor has a name that starts with 'n.'"):
        open_checkpoint(path, prefix="n.")
    other = safetensors_bytes({"m.a": WEIGHT, "m.b": WEIGHT + 1}, {"m.b": "m.a"})
    (path / "model.safetensors").write_bytes(other)
    with pytest.raises(CheckpointError, match="'m.b': the metadata says that it is 'm.a', but"):
        open_checkpoint(path)


def test_configuration_as_an_argument(tmp_path):
    write_torch(tmp_path / "model.pt", {"a": WEIGHT})
    checkpoint = open_checkpoint(tmp_path, "lucidrains", config=LR)
    assert checkpoint.config == LR and list(checkpoint.tensors) == ["a"]
    with pytest.raises(CheckpointError, match="<arguments>: the field 'kwargs' is missing"):
        checkpoint.fields().record("kwargs")


def test_weights_are_copied_under_their_stored_names(tmp_path):
    path = directory(tmp_path, LR, "kwargs.json")
    write_torch(path / "model.pt", {"m.a": WEIGHT.T, "m.b": WEIGHT.astype("<f2"), "n": WEIGHT})
    checkpoint = open_checkpoint(path, prefix="m.")
    checkpoint.write_weights(tmp_path / "out.safetensors", ["b", "a"])
    written = open_checkpoint(tmp_path / "out.safetensors").tensors
    assert list(written) == ["m.a", "m.b"]
    np.testing.assert_array_equal(written["m.a"].read(), WEIGHT.T)
    assert written["m.b"].dtype == "F16"


def test_models_in_memory():
    checkpoint = checkpoint_of_arrays("huggingface", HF, {"a": WEIGHT, "b": WEIGHT.astype(">f8")})
    assert checkpoint.tensors["a"].dtype == "F32" and checkpoint.weights == ()
    np.testing.assert_array_equal(checkpoint.tensors["b"].read(), WEIGHT)
    with pytest.raises(CheckpointError, match="tensor 'a': unsupported dtype complex64"):
        checkpoint_of_arrays("huggingface", HF, {"a": WEIGHT.astype("c8")})


def made(path, *touch, config=HF, name="config.json", **files):
    directory(path, config, name, **files)
    for each in touch:
        (path / each).write_bytes(b"x")


def index(weight_map):
    return json.dumps({"weight_map": weight_map}).encode()


def sharded(path, weight_map, **files):
    made(path, model__safetensors__index__json=index(weight_map), **files)


ONE, TWO = names("a"), names("b")
REFUSED = {
    "has both kwargs.json and config.json": lambda p: made(p, "kwargs.json"),
    "expected config.json or kwargs.json in it, or one .ckpt of Lightning": (
        lambda p: (p / "a.bin").write_bytes(b"")
    ),
    "field 'model_type': expected 'perceiver', 'perceiver-io-..' or 'perceiver-ar-..', but got "
    "'bert'": lambda p: made(p, config={"model_type": "bert"}),
    "field 'model_type': expected": lambda p: made(p, config={"model_type": 7}),
    "but got null": lambda p: made(p, config={"model_type": None}),
    "field 'source': expected 'perceiver-pytorch==..', 'perceiver-io==..' or 'deepmind-research..'"
    ", it is missing": lambda p: made(p, config={}, name="kwargs.json"),
    "has several files of weights: a.pt, b.pth": (
        lambda p: made(p, "a.pt", "b.pth", config=LR, name="kwargs.json")
    ),
    "has no weights: expected model.safetensors": lambda p: made(p, "a.pt"),
    "if other.safetensors has them, give that file": lambda p: made(p, other__safetensors=ONE),
    "tf_model.h5: this kind of file is not read; save the model again": (
        lambda p: made(p, "tf_model.h5")
    ),
    "pytorch_model.bin.index.json: this kind of file is not read": (
        lambda p: made(p, "pytorch_model.bin.index.json")
    ),
    "but it is a zip archive": lambda p: made(p, model__safetensors=b"PK\x03\x04"),
    "model.safetensors: is a directory, expected a file": (
        lambda p: (made(p), (p / "model.safetensors").mkdir())
    ),
    "model.safetensors: is not a regular file": (
        lambda p: (made(p), os.mkfifo(p / "model.safetensors"))
    ),
    "missing shards: 's.safetensors'": lambda p: sharded(p, {"a": "s.safetensors"}),
    "tensor 'c' is not in 1.safetensors as the index says": (
        lambda p: sharded(p, {"c": "1.safetensors"}, **{"1__safetensors": ONE})
    ),
    "tensor 'a' is not in 2.safetensors as the index says, but in 1.safetensors": lambda p: sharded(
        p,
        {"a": "2.safetensors", "b": "1.safetensors"},
        **{"1__safetensors": ONE, "2__safetensors": TWO},
    ),
    "tensor 'a' is in 1.safetensors, too": lambda p: sharded(
        p,
        {"a": "1.safetensors", "b": "2.safetensors"},
        **{"1__safetensors": ONE, "2__safetensors": names("b", "a")},
    ),
    "expected the plain name of a file in the same directory, but got '../x'": (
        lambda p: sharded(p, {"a": "../x"})
    ),
    "expected at most 10000 files, but got 10001": (
        lambda p: sharded(p, {f"t{i}": f"{i}.safetensors" for i in range(10_001)})
    ),
    "but got 7": lambda p: sharded(p, {"a": 7}),
    "missing shards: 'xxxx": lambda p: sharded(p, {"a": "x" * 300}),
    "field 'weight_map': names no tensor": lambda p: sharded(p, {}),
    "field 'weight_map': expected an object, but got []": lambda p: sharded(p, []),
    "expected a checkpoint of Lightning with 'state_dict' and 'hyper_parameters'": (
        lambda p: write_torch(p / "a.ckpt", {"a": WEIGHT})
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refused(message, tmp_path):
    REFUSED[message](tmp_path)
    with pytest.raises(CheckpointError) as caught:
        open_checkpoint(tmp_path)
    assert message in str(caught.value)


def test_refused_paths_and_sources(tmp_path):
    made(tmp_path, "a.npz", model__safetensors=ONE)
    for path, source, message in (
        (tmp_path / "none", None, "there is no such file or directory"),
        (tmp_path / "config.json", None, "expected a weight file, or the directory of this file"),
        (tmp_path / "a.npz", None, "expected a weight file: .safetensors"),
        (tmp_path, "deepmind", "is of huggingface, but deepmind was asked for"),
        (tmp_path, "lucidrain", "but got 'lucidrain'; did you mean 'lucidrains'?"),
        (tmp_path / "a\0b", None, "there is no such file or directory"),
    ):
        with pytest.raises(CheckpointError) as caught:
            open_checkpoint(path, source)
        assert message in str(caught.value)
    (tmp_path / "w.pkl").write_bytes(pickle_of({}))
    with pytest.raises(CheckpointError, match="expected safetensors or a zip archive"):
        open_checkpoint(tmp_path / "w.pkl")


CONFIGURATIONS = {
    "the file is a pickle": pickle_of({}),
    "expected a JSON object": b"[]",
    "line 1: is not valid JSON: expecting value": b"",
    "line 2: is not valid JSON: extra data": b"{}\n{}",
    "expected UTF-8 without a byte order mark": b"\xef\xbb\xbf{}",
    "line 2: is not valid UTF-8": b'{\n"a": "\xff"}',
    "duplicate field 'b'": b'{"a": {"b": 1, "b": 1}}',
    "expected JSON, which has no NaN": b'{"a": NaN}',
    "expected JSON, which has no -Infinity": b'{"a": -Infinity}',
    "the integer 9007199254740993 is too large to be exact": b'{"a": 9007199254740993}',
    "the number 1e999 is too large": b'{"a": 1e999}',
    "the integer 1111111111111111111111111111111111111111 is too large": b'{"a": %s}'
    % (b"1" * 9999),
    "expected at most 32 levels of nesting": b"[" * 34 + b"]" * 34,
    "at most 32 levels": b'{"a":' * 9999 + b"1" + b"}" * 9999,
    "expected at most 1000000 values": b"[" + b"1," * 1_000_001 + b"1]",
    "expected no half of a surrogate pair": b'{"a": "\\ud800"}',
    "expected at most 16 MB": b" " * ((16 << 20) + 1),
}


@pytest.mark.parametrize("message", CONFIGURATIONS)
def test_refused_configurations(message, tmp_path):
    (tmp_path / "config.json").write_bytes(CONFIGURATIONS[message])
    with pytest.raises(CheckpointError) as caught:
        open_checkpoint(tmp_path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'config.json'}: ")
