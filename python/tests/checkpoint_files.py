"""Files of checkpoints for tests, right ones and broken ones, made without torch or haiku: zip
archives as torch writes them, and pickles assembled from opcodes.
"""

import json
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DTYPES = {"f8": "F64", "f4": "F32", "f2": "F16", "i8": "I64", "i4": "I32", "u1": "U8", "b1": "BOOL"}
STORAGES = {"f8": "Double", "f4": "Float", "f2": "Half", "i8": "Long", "i4": "Int", "u1": "Byte"}


def code(array):
    return f"{array.dtype.kind}{array.dtype.itemsize}"


def safetensors_bytes(tensors, metadata=None, entries=None):
    """Return a file of arrays; `entries` are entries of the header that replace those made."""
    header = {} if metadata is None else {"__metadata__": metadata}
    data = b""
    for name, array in tensors.items():
        raw = np.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": DTYPES[code(array)],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    header.update(entries or {})
    return safetensors_of(json.dumps(header), data)


def safetensors_of(header, data=b""):
    """Return a file with this text as header."""
    text = header.encode() if isinstance(header, str) else header
    return len(text).to_bytes(8, "little") + text + data


@dataclass(frozen=True)
class Global:
    """A global of a pickle, by its name."""

    module: str
    name: str


@dataclass(frozen=True)
class Call:
    """A REDUCE of a global, and a BUILD if there is a state."""

    function: object
    arguments: tuple = ()
    state: object = None


@dataclass(frozen=True)
class New:
    """A NEWOBJ of a class without arguments, and a BUILD with its fields."""

    cls: Global
    state: object


@dataclass(frozen=True)
class Persistent:
    """A persistent id."""

    identity: object


def opcodes(value):
    """Return the opcodes that push a value."""
    match value:
        case None:
            return b"N"
        case bool():
            return b"\x88" if value else b"\x89"
        case int():
            raw = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
            return b"\x8a" + bytes([len(raw)]) + raw
        case float():
            return b"G" + struct.pack(">d", value)
        case str():
            raw = value.encode()
            return b"X" + struct.pack("<I", len(raw)) + raw
        case bytes():
            return b"B" + struct.pack("<I", len(value)) + value
        case tuple():
            return b"(" + b"".join(map(opcodes, value)) + b"t"
        case list():
            return b"](" + b"".join(map(opcodes, value)) + b"e"
        case dict():
            return b"}(" + b"".join(opcodes(k) + opcodes(v) for k, v in value.items()) + b"u"
        case Global():
            return f"c{value.module}\n{value.name}\n".encode()
        case Call():
            state = b"" if value.state is None else opcodes(value.state) + b"b"
            return opcodes(value.function) + opcodes(value.arguments) + b"R" + state
        case New():
            return opcodes(value.cls) + b")\x81" + opcodes(value.state) + b"b"
        case Persistent():
            return opcodes(value.identity) + b"Q"
    raise TypeError(value)


def pickle_of(value):
    return b"\x80\x02" + opcodes(value) + b"."


ORDERED_DICT = Global("collections", "OrderedDict")


def torch_tensor(key, array, sizes=None, strides=None, offset=0, storage=None, count=None):
    """Return what torch pickles for a tensor whose storage has the key."""
    sizes = array.shape if sizes is None else sizes
    if strides is None:
        strides = tuple(int(np.prod(sizes[axis + 1 :], dtype=int)) for axis in range(len(sizes)))
    cls = Global("torch", f"{storage or STORAGES[code(array)]}Storage")
    count = array.size if count is None else count
    identity = ("storage", cls, key, "cpu", count)
    hooks = Call(ORDERED_DICT)
    arguments = (Persistent(identity), offset, tuple(sizes), strides, False, hooks)
    return Call(Global("torch._utils", "_rebuild_tensor_v2"), arguments)


def write_zip(path, members, compression=zipfile.ZIP_STORED, root="archive"):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(f"{root}/{name}", data)


def write_torch(path, state, wrap=lambda state: state, **extra):
    """Write arrays as torch.save would; `wrap` puts the state dict into something."""
    storages, tensors = {}, {}
    for index, (name, array) in enumerate(state.items()):
        storages[f"data/{index}"] = np.ascontiguousarray(array).tobytes()
        tensors[name] = torch_tensor(str(index), array)
    value = Call(ORDERED_DICT, ([(k, v) for k, v in tensors.items()],))
    write_zip(path, {"data.pkl": pickle_of(wrap(value)), "byteorder": b"little"} | storages | extra)


NDARRAY = Global("numpy", "ndarray")


def haiku_array(array, core="numpy.core", data=None, dtype=None, shape=None, fortran=False):
    """Return what NumPy pickles for an array."""
    dtype = dtype or Call(
        Global("numpy", "dtype"),
        (code(array), False, True),
        (3, "<" if array.dtype.itemsize > 1 else "|", None, None, None, -1, -1, 0),
    )
    made = (NDARRAY, (0,), b"b")
    order = "F" if fortran else "C"
    data = array.tobytes(order) if data is None else data
    state = (1, array.shape if shape is None else shape, dtype, fortran, data)
    return Call(Global(f"{core}.multiarray", "_reconstruct"), made, state)


def write_config(directory, config, name="config.json"):
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_text(config if isinstance(config, str) else json.dumps(config))
    return directory


def write_checkpoints(folder):
    """Write a small checkpoint of every form, and return their directories."""
    weight = np.linspace(-1, 1, 12, dtype="<f4").reshape(3, 4)
    state = {"a.weight": weight, "a.bias": weight[0], "count": np.array(3, "<i8")}
    hf = {"model_type": "perceiver", "architectures": ["PerceiverModel"], "d_latents": 8}
    lr = {"source": "perceiver-pytorch==0.8.8", "class": "Perceiver", "kwargs": {"depth": 1}}
    dm = {"source": "deepmind-research@f5de0ede", "class": "perceiver.Perceiver", "kwargs": {}}

    one = write_config(folder / "safetensors", hf)
    (one / "model.safetensors").write_bytes(safetensors_bytes(state, {"b": "a.weight"}))
    shards = write_config(folder / "shards", hf)
    weight_map = {name: f"{index}.safetensors" for index, name in enumerate(state)}
    for name, file in weight_map.items():
        (shards / file).write_bytes(safetensors_bytes({name: state[name]}, {"format": "pt"}))
    index = {"metadata": {"total_size": 72}, "weight_map": weight_map}
    write_config(shards, index, "model.safetensors.index.json")
    torch = write_config(folder / "torch", lr, "kwargs.json")
    write_torch(torch / "model.pt", state)
    haiku = write_config(folder / "haiku", dm, "kwargs.json")
    modules = {"a": {"w": haiku_array(weight), "b": haiku_array(weight[0])}}
    (haiku / "model.pystate").write_bytes(pickle_of({"params": modules, "state": {}}))
    lightning = folder / "lightning"
    lightning.mkdir()
    encoder = New(Global("perceiver.model.core.config", "EncoderConfig"), {"dropout": 0.1})
    parameters = {"encoder": encoder, "num_latents": 4}
    write_torch(
        lightning / "last.ckpt",
        state,
        lambda made: {"state_dict": made, "hyper_parameters": parameters, "epoch": 1},
    )
    return [one, shards, torch, haiku, lightning]
