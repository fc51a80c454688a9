"""What torch saves: zip archives of a pickle and storages. Nothing in them is executed."""

import io
import pickle
import struct
import warnings
import zipfile

import numpy as np
import pytest
from checkpoint_files import (
    ORDERED_DICT,
    Call,
    Global,
    New,
    Persistent,
    opcodes,
    pickle_of,
    torch_tensor,
    write_torch,
    write_zip,
)
from perceiver_compiler.checkpoint import CheckpointError, Record
from perceiver_compiler.checkpoint.torch_file import read_torch

WEIGHT = np.arange(12, dtype="<f4").reshape(3, 4)


def tensors(path):
    file = read_torch(path)
    return file.tensors(file.value, "the file")


def saved(path, value, storages=None):
    storages = {"0": WEIGHT.tobytes()} if storages is None else storages
    members = {f"data/{key}": data for key, data in storages.items()}
    write_zip(path, {"data.pkl": value if isinstance(value, bytes) else pickle_of(value)} | members)


def test_state_dict(tmp_path):
    path = tmp_path / "w.pt"
    state = {"a": WEIGHT, "b": np.array(3, "<i8"), "c": np.zeros((0, 2), "<f8"), "d": WEIGHT[0]}
    metadata = {"_metadata": {"": {"version": 1}}}
    write_torch(path, state, lambda made: Call(ORDERED_DICT, made.arguments, metadata))
    found = tensors(path)
    assert list(found) == list(state)
    for name, array in state.items():
        np.testing.assert_array_equal(found[name].read(), array)
        assert found[name].shape == array.shape
    assert [found[name].dtype for name in state] == ["F32", "I64", "F64", "F32"]


def test_views_of_one_storage(tmp_path):
    path = tmp_path / "w.pt"
    parameter = Global("torch._utils", "_rebuild_parameter")
    value = {
        "transposed": torch_tensor("0", WEIGHT, (4, 3), (1, 4)),
        "row": torch_tensor("0", WEIGHT, (4,), (1,), offset=4),
        "parameter": Call(parameter, (torch_tensor("0", WEIGHT), True, Call(ORDERED_DICT))),
        "size": torch_tensor("0", WEIGHT, (2, 2), (4, 1)),
        "bits": torch_tensor("1", WEIGHT, (2,), (1,), storage="BFloat16", count=2),
    }
    saved(path, value, {"0": WEIGHT.tobytes(), "1": np.array([0x3F80, 0xC000], "<u2").tobytes()})
    found = tensors(path)
    np.testing.assert_array_equal(found["transposed"].read(), WEIGHT.T)
    np.testing.assert_array_equal(found["row"].read(), WEIGHT[1])
    np.testing.assert_array_equal(found["parameter"].read(), WEIGHT)
    np.testing.assert_array_equal(found["size"].read(), WEIGHT[:2, :2])
    np.testing.assert_array_equal(found["bits"].read(), np.float32([1, -2]))


def test_objects_that_configurations_are_made_of(tmp_path):
    path = tmp_path / "w.ckpt"
    cls = Global("perceiver.model.vision.image_classifier.backend", "ImageEncoderConfig")
    value = {
        "encoder": New(cls, {"image_shape": (2, 3, 1), "freeze": False}),
        "size": Call(Global("torch", "Size"), ((2, 3),)),
        "device": Call(Global("torch", "device"), ("cpu",)),
        "numbers": [1, -(2**40), 0.5, None, True, "ä", b"raw"],
    }
    saved(path, value)
    read = read_torch(path).value
    assert isinstance(read["encoder"], Record)
    assert read["encoder"].global_name.endswith("backend.ImageEncoderConfig")
    assert read["encoder"].fields == {"image_shape": (2, 3, 1), "freeze": False}
    assert read["size"] == (2, 3) and read["numbers"] == value["numbers"]


IDENTITY = ("storage", Global("torch", "FloatStorage"), "0", "cpu", 12)
REFUSED = {
    "refused to load the global posix.system": pickle_of(
        Call(Global("posix", "system"), ("touch executed",))
    ),
    "refused to load the global builtins.eval": b"cbuiltins\neval\n(V1\ntR.",
    "refused to load the global torch.storage._load_from_bytes": pickle_of(
        Call(Global("torch.storage", "_load_from_bytes"), (b"",))
    ),
    "torch.nn.modules.linear.Linear: this is a whole module; save its state_dict() instead": (
        pickle_of(New(Global("torch.nn.modules.linear", "Linear"), {}))
    ),
    "refused to load the global os.system": b"(V1\nios\nsystem\n.",
    "refused to load the global collections.OrderedDict.copy": (
        b"\x80\x04\x8c\x0bcollections\x8c\x10OrderedDict.copy\x93."
    ),
    "refused to load the global subprocess.Popen": b"(csubprocess\nPopen\nV1\no.",
    "refused to load an extension code": b"\x80\x02\x82\x01.",
    "refused to call torch.FloatStorage": pickle_of(Call(Global("torch", "FloatStorage"))),
    "refused to call 'text'": pickle_of(Call("text")),
    "refused to set the state of []": b"]}b.",
    "expected other arguments of collections.OrderedDict": pickle_of(Call(ORDERED_DICT, (3,))),
    "expected nothing but _metadata as the state": pickle_of(Call(ORDERED_DICT, (), {"x": 1})),
    "expected a dict of fields for perceiver.model.core.config.DecoderConfig": pickle_of(
        New(Global("perceiver.model.core.config", "DecoderConfig"), [1])
    ),
    "expected a pickle of protocol 0 to 5, but got 6": b"\x80\x06N.",
    "values are left over at its end": b"NN.",
    "1 bytes follow its end": b"N.N",
    "takes what is not there": b"0.",
    "it is cut short (at byte": b"X\xff\xff\xff\x7fabc.",
    "a frame ends outside of the file": b"\x95" + struct.pack("<Q", 2**62) + b"N.",
    "nothing has the number 7": b"h\x07.",
    "there is no mark": b"Nt.",
    "expected a value, but got a mark": b"(.",
    "expected a list to add to": b"NNa.",
    "expected pairs of a key and a value": b"}(Nu.",
    "expected a text or number as key, but got []": b"}()Nu.",
    "is no opcode that a checkpoint may have": b"\xff.",
    "expected integers of at most 64 bytes": b"\x8b" + struct.pack("<I", 2**20) + b"1" * 2**20,
    "expected an integer": b"I" + b"1" * 99 + b"\n.",
    "expected a number": b"Fx\n.",
    "a line does not end": b"I1",
    "expected a pickle of at most 1000000 opcodes": b"N0" * 600_000 + b"N.",
    "expected the id of a storage, but got 7": pickle_of(Persistent(7)),
    "expected a storage to have a class, a key and a number": pickle_of(
        Persistent(("storage", ORDERED_DICT, "0", "cpu", 1))
    ),
    "the storage '9' is not in the archive": pickle_of({"a": torch_tensor("9", WEIGHT)}),
    "expected 16 bytes for 4 elements F32 of the storage '0', but got 48": pickle_of(
        Persistent((*IDENTITY[:4], 4))
    ),
    "a tensor ends at element 12, but its storage has only 12": pickle_of(
        torch_tensor("0", WEIGHT, offset=1)
    ),
    "a tensor has 1000000000000 elements, but its storage only 12": pickle_of(
        torch_tensor("0", WEIGHT, (10**6, 10**6), (0, 0))
    ),
    "a tensor has 1 sizes, but 2 strides": pickle_of(torch_tensor("0", WEIGHT, (1,), (1, 1))),
    "expected the sizes of a tensor to be a tuple of integers >= 0": pickle_of(
        torch_tensor("0", WEIGHT, (-1,), (1,))
    ),
    "expected a tensor to have a storage and an offset": pickle_of(
        torch_tensor("0", WEIGHT, offset=-1)
    ),
    "expected a parameter to be of a tensor": pickle_of(
        Call(Global("torch._utils", "_rebuild_parameter"), (1, True, None))
    ),
    "expected the file to be a state dict, but got [1]": pickle_of([1]),
    "expected the file to be a state dict, but its entry 'a' is 1": pickle_of({"a": 1}),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refused_pickles(message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "w.pt"
    saved(path, REFUSED[message])
    with pytest.raises(CheckpointError) as caught:
        tensors(path)
    assert message in str(caught.value)
    assert [each.name for each in tmp_path.iterdir()] == ["w.pt"]


def test_globals_are_the_names_of_errors(tmp_path):
    saved(tmp_path / "w.pt", pickle_of(Global("posix", "system")))
    with pytest.raises(CheckpointError) as caught:
        read_torch(tmp_path / "w.pt")
    assert caught.value.name == "posix.system"
    assert str(caught.value) == f"{tmp_path / 'w.pt'}: refused to load the global posix.system"


def broken(path, change):
    write_torch(path, {"a": WEIGHT})
    path.write_bytes(change(path.read_bytes()))


def replaced(data, old, new):
    assert old in data
    return data.replace(old, new)


FILES = {
    "but the file is a pickle": lambda path: path.write_bytes(pickle_of({})),
    "is in the format of torch before 1.6; save it again with a newer one: torch.save(": (
        lambda path: path.write_bytes(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.rest")
    ),
    "'archive/data.pkl' is compressed": lambda path: write_zip(
        path, {"data.pkl": pickle_of({})}, zipfile.ZIP_DEFLATED
    ),
    "expected one data.pkl": lambda path: write_zip(path, {"other": b""}),
    "is a TorchScript archive": lambda path: write_zip(
        path, {"data.pkl": pickle_of({}), "constants.pkl": b""}
    ),
    "expected the byte order to be little": lambda path: write_zip(
        path, {"data.pkl": pickle_of({}), "byteorder": b"big"}
    ),
    "there is no end record": lambda path: broken(path, lambda data: data[:-30]),
    "the directory is outside of the file": lambda path: broken(
        path, lambda data: data[:4] + data[200:]
    ),
    "there are two files 'archive/data/0'": lambda path: path.write_bytes(twice()),
    "the header of 'archive/data/0' contradicts the directory": lambda path: broken(
        path, lambda data: data.replace(b"archive/data/0", b"archive/data/1", 1)
    ),
    "'archive/data.pkl' is encrypted": lambda path: broken(path, flagged),
}


def twice():
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("archive/data/0", b"")
        archive.writestr("archive/data/0", b"")
    return file.getvalue()


def flagged(data):
    """Mark the first entry of the directory as encrypted."""
    at = data.index(b"PK\x01\x02") + 8
    return data[:at] + b"\x01" + data[at + 1 :]


@pytest.mark.parametrize("message", FILES)
def test_refused_archives(message, tmp_path):
    path = tmp_path / "w.pt"
    FILES[message](path)
    with pytest.raises(CheckpointError) as caught:
        read_torch(path)
    assert message in str(caught.value)


def test_archives_with_64_bit_sizes(tmp_path):
    """Beyond 4 GB torch writes sizes apart; here they are small, but written in the same way."""
    path = tmp_path / "w.pt"
    write_torch(path, {"a": WEIGHT})
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    entries = []
    while at < end:
        name, extra = struct.unpack_from("<2H", data, at + 28)
        packed, unpacked = struct.unpack_from("<2I", data, at + 20)
        (header,) = struct.unpack_from("<I", data, at + 42)
        wide = struct.pack("<2H3Q", 1, 24, unpacked, packed, header)
        entries.append(
            data[at : at + 20]
            + struct.pack("<2I2H", 0xFFFFFFFF, 0xFFFFFFFF, name, len(wide))
            + data[at + 32 : at + 42]
            + struct.pack("<I", 0xFFFFFFFF)
            + data[at + 46 : at + 46 + name]
            + wide
        )
        at += 46 + name + extra
    start = data.index(b"PK\x01\x02")
    directory = b"".join(entries)
    count = len(entries)
    end64 = struct.pack(
        "<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), start
    )
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, start + len(directory), 1)
    ends = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    path.write_bytes(data[:start] + directory + end64 + locator + ends)
    np.testing.assert_array_equal(tensors(path)["a"].read(), WEIGHT)


def test_opcodes_of_all_protocols(tmp_path):
    """What Python writes is read, whatever the protocol."""
    value = {"a": [1, 2**70, -5, 1e300, True, None, "text", b"bytes", (), (1,), ("x", 2, [3])]}
    value["same"] = value["a"]
    for protocol in range(6):
        expected = value
        if protocol < 3:  # bytes are a call there, of a global that is not in the table
            expected = {k: [x for x in v if x != b"bytes"] for k, v in value.items()}
        saved(tmp_path / "w.pt", pickle.dumps(expected, protocol), {})
        assert read_torch(tmp_path / "w.pt").value == expected
    assert opcodes(()) == b"(t"
