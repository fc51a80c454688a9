"""Safetensors files: what is read, what is refused, and what is written."""

import json

import numpy as np
import pytest
from checkpoint_files import safetensors_bytes, safetensors_of
from perceiver_compiler.checkpoint import CheckpointError
from perceiver_compiler.checkpoint.safetensors import read_safetensors
from perceiver_compiler.checkpoint.safetensors_writer import write_tensors

WEIGHT = np.arange(6, dtype="<f4").reshape(2, 3)


def entry(dtype="F32", shape=(2,), offsets=(0, 8)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def test_all_types_of_weights(tmp_path):
    path = tmp_path / "w.safetensors"
    bits = np.array([0x3F80, 0xC000, 0x7F80], "<u2")
    arrays = {"half": WEIGHT.astype("<f2"), "byte": np.array([7], "u1")}
    arrays["double"] = WEIGHT.astype("<f8")
    text = safetensors_bytes(arrays)
    header = json.loads(text[8 : 8 + int.from_bytes(text[:8], "little")])
    data = b"".join(array.tobytes() for array in arrays.values())
    header["brain"] = entry("BF16", (3,), (len(data), len(data) + 6))
    path.write_bytes(safetensors_of(json.dumps(header), data + bits.tobytes()))
    tensors = read_safetensors(path).tensors
    assert list(tensors) == ["half", "byte", "double", "brain"]
    for name, array in arrays.items():  # "double" lies at an odd offset
        np.testing.assert_array_equal(tensors[name].read(), array)
        assert tensors[name].read().dtype == array.dtype
    np.testing.assert_array_equal(tensors["brain"].read(), np.float32([1, -2, np.inf]))
    assert tensors["brain"].shape == (3,) and tensors["brain"].file == path


@pytest.mark.parametrize("start", [b"\x80\x04", b"\x1f\x8b"])
def test_lengths_that_look_like_other_files(start, tmp_path):
    """The first bytes are the header's length, whatever else begins with these."""
    header = json.dumps({"w": entry(shape=(2,))}).ljust(int.from_bytes(start, "little"))
    path = tmp_path / "w.safetensors"
    path.write_bytes(safetensors_of(header, WEIGHT.tobytes()[:8]))
    assert path.read_bytes().startswith(start)
    np.testing.assert_array_equal(read_safetensors(path).tensors["w"].read(), [0, 1])


REFUSED = {
    "": "the file is empty",
    "short": "too short for a safetensors file: expected 8 bytes",
    "large": "the header's length of 100000001 bytes is above the limit",
    "cut": "the header has 99 bytes, but the file only 10; is it cut short?",
    "zip": "expected a safetensors file, but it is a zip archive",
    "lfs": "expected a safetensors file, but it is a pointer of Git LFS",
    "list": "expected the header to be a JSON object",
    "json": "the header: line 1: is not valid JSON",
    "nul": "the header holds a NUL byte",
    "duplicate": "the header: duplicate field 'a'",
    "metadata": "tensor '__metadata__': expected 'n' to be a string",
    "no dtype": "tensor 'a': the entry has no 'dtype'",
    "dtype": "tensor 'a': expected 'dtype' to be a string",
    "shape": "tensor 'a': expected 'shape' to be an array of integers from 0 to 2^63 - 1",
    "offsets": "tensor 'a': expected 'data_offsets' to be two integers",
    "backwards": "tensor 'a': the data ends at 0 before it begins at 8",
    "outside": "tensor 'a': the data ends at 8, but the file has only 0 bytes of data",
    "overlap": "tensor 'b': the data overlaps that of another tensor",
    "hole": "tensor 'b': there is a hole of 1 bytes before the data",
    "rest": "3 bytes after the last tensor belong to none",
    "size": "tensor 'a': expected 12 bytes for F32[3], but got 8",
    "overflow": "tensor 'a': the shape [4611686018427387904, 4] is too large for a 64-bit size",
    "bits": "tensor 'a': expected whole bytes, but got 4 bits for F4[1]",
}
FILES = {
    "": b"",
    "short": b"abc",
    "large": (100_000_001).to_bytes(8, "little") + b"{}",
    "cut": (99).to_bytes(8, "little") + b"{}",
    "zip": b"PK\x03\x04 and more",
    "lfs": b"version https://git-lfs.github.com/spec/v1\n",
    "list": safetensors_of("[]"),
    "json": safetensors_of("{"),
    "nul": safetensors_of(b'{"a\0": 1}'),
    "duplicate": safetensors_of('{"a": {}, "a": {}}'),
    "metadata": safetensors_of('{"__metadata__": {"n": 1}}'),
    "no dtype": safetensors_of('{"a": {}}'),
    "dtype": safetensors_bytes({}, entries={"a": entry(7)}),
    "shape": safetensors_bytes({}, entries={"a": entry(shape=[-1])}),
    "offsets": safetensors_bytes({}, entries={"a": entry(offsets=[1])}),
    "backwards": safetensors_bytes({}, entries={"a": entry(offsets=[8, 0])}),
    "outside": safetensors_bytes({}, entries={"a": entry()}),
    "overlap": safetensors_of(json.dumps({"a": entry(), "b": entry(offsets=[4, 12])}), b" " * 12),
    "hole": safetensors_of(json.dumps({"a": entry(), "b": entry(offsets=[9, 17])}), b" " * 17),
    "rest": safetensors_of(json.dumps({"a": entry()}), b" " * 11),
    "size": safetensors_of(json.dumps({"a": entry(shape=[3])}), b" " * 8),
    "overflow": safetensors_of(json.dumps({"a": entry(shape=[2**62, 4])}), b" " * 8),
    "bits": safetensors_of(json.dumps({"a": entry("F4", [1], [0, 1])}), b" "),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case, tmp_path):
    path = tmp_path / "w.safetensors"
    path.write_bytes(FILES[case])
    with pytest.raises(CheckpointError) as caught:
        read_safetensors(path)
    assert REFUSED[case] in str(caught.value) and caught.value.file == str(path)


def test_foreign_types_are_known_by_name(tmp_path):
    path = tmp_path / "w.safetensors"
    path.write_bytes(safetensors_of(json.dumps({"a": entry("F8_E4M3", [8])}), b" " * 8))
    tensor = read_safetensors(path).tensors["a"]
    assert (tensor.dtype, tensor.shape) == ("F8_E4M3", (8,))
    with pytest.raises(CheckpointError, match="tensor 'a': unsupported dtype 'F8_E4M3'"):
        tensor.read()


def test_names_with_nul_are_read_and_not_written(tmp_path):
    path = tmp_path / "w.safetensors"
    path.write_bytes(safetensors_bytes({"a\0": WEIGHT}))
    tensors = read_safetensors(path).tensors
    np.testing.assert_array_equal(tensors["a\0"].read(), WEIGHT)
    with pytest.raises(CheckpointError, match="the name holds a NUL byte"):
        write_tensors(tmp_path / "model.safetensors", list(tensors.values()))


def test_written_files_are_read_again(tmp_path):
    source, path = tmp_path / "w.safetensors", tmp_path / "model.safetensors"
    arrays = {"b": WEIGHT, "a": WEIGHT.astype("<f8"), "c": np.zeros((0, 2), "<f4")}
    source.write_bytes(safetensors_bytes(arrays))
    tensors = list(read_safetensors(source).tensors.values())
    write_tensors(path, tensors)
    write_tensors(path, tensors)  # it may replace its own file
    written = read_safetensors(path)
    assert written.metadata == {"producer": "perceiver-import"}
    assert list(written.tensors) == ["a", "b", "c"]
    for name, array in arrays.items():
        np.testing.assert_array_equal(written.tensors[name].read(), array)
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []
    with pytest.raises(CheckpointError, match="was not written by perceiver-import"):
        write_tensors(source, tensors)
    with pytest.raises(CheckpointError, match="cannot write: No such file or directory"):
        write_tensors(tmp_path / "nowhere" / "w.safetensors", tensors)
