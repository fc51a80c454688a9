#!/usr/bin/env python3
"""Write a small corpus of valid files for a fuzzer: make_seeds.py KIND FOLDER"""

import io
import json
import pathlib
import struct
import sys
import zipfile


def safetensors():
    def pack(header, data):
        text = json.dumps(header).encode()
        return struct.pack("<Q", len(text)) + text + data

    def entry(dtype, shape, begin, end):
        return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}

    yield pack({}, b"")
    yield pack({"a": entry("F32", [2], 0, 8)}, bytes(8))
    yield pack(
        {
            "__metadata__": {"format": "pt", "tied": "a"},
            "b": entry("U8", [1], 0, 1),
            "a": entry("BF16", [1, 2], 1, 5),
            "none": entry("BOOL", [0], 5, 5),
        },
        bytes(5),
    )
    other = {**entry("F8_E4M3", [2], 0, 2), "more": [{"x": None}]}
    yield pack({"__metadata__": None, "a": other}, bytes(2))


def npy_file(descr, shape, data, version=1):
    text = repr({"descr": descr, "fortran_order": False, "shape": shape})
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text.encode() + data


def npy():
    yield npy_file("<f4", (2,), bytes(8))
    yield npy_file("|b1", (), b"\1", version=3)
    yield npy_file("<i8", (0, 3), b"", version=2)
    yield npy_file("<u2", (1,), bytes(2))
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        for wide in (False, True):
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w", method) as file:
                for name in ("a", "b"):
                    info = zipfile.ZipInfo(name + ".npy")
                    info.compress_type = method
                    with file.open(info, "w", force_zip64=wide) as stream:
                        stream.write(npy_file("<f4", (2,), bytes(8)))
            yield archive.getvalue()


def artifact():
    argument = {"name": "x", "dtype": "f32", "shape": ["n", 2], "output": False}
    entry = {"name": "run", "symbol": "m_run", "index": 0, "arguments": [argument]}
    entry["sizes"] = [{"name": "n", "min": 1, "max": 9}]
    size = {"size": 0}
    entry["flop"] = [size, 2, "*", size, 4, "ceildiv", size, 3, "min", "*", "+"]
    buffer = {"name": "b", "bytes": [size, 2, "mod"], "first": 0, "last": 1}
    entry["buffers"] = [{**buffer, "per_worker": True}]
    entry["phases"] = [{"name": "p", "tasks": 5}]
    metadata = {"schema": 1, "model": "m", "prefix": "m", "compiler": "0"}
    metadata["id"] = 32 * "0f"
    metadata["target"] = {"triple": "t", "cpu": "c", "features": ""}
    metadata["target"]["required_features"] = ["avx2"]
    metadata["weights"] = {"bytes": 0, "tensors": []}
    metadata["entries"] = [entry]
    metadata["fusion_log"] = ["text"]
    text = json.dumps(metadata).encode()
    yield text

    names = b"\0.shstrtab\0.perceiver.meta\0"
    section = "<2I4Q2I2Q"
    header = b"\x7fELF\2\1\1".ljust(16, b"\0")
    end = 64 + len(names) + len(text)
    header += struct.pack("<2HI3QI6H", 3, 62, 1, 0, 0, end, 0, 64, 0, 0, 64, 3, 1)
    table = bytes(64)
    table += struct.pack(section, 1, 3, 0, 0, 64, len(names), 0, 0, 1, 0)
    text_at = 64 + len(names)
    table += struct.pack(section, 11, 1, 0, 0, text_at, len(text), 0, 0, 1, 0)
    yield header + names + text + table


def main():
    kinds = {"safetensors": safetensors, "npy": npy, "artifact": artifact}
    kind, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(kinds[kind]()):
        (folder / f"seed-{number}").write_bytes(content)


main()
