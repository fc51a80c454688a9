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


def npy_file(descr, shape, data, version=1):
    text = repr({"descr": descr, "fortran_order": False, "shape": shape})
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text.encode() + data


def npy():
    yield npy_file("<f4", (2,), bytes(8))
    yield npy_file("|b1", (), b"\1", version=3)
    yield npy_file("<i8", (0, 3), b"", version=2)
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


def main():
    kinds = {"safetensors": safetensors, "npy": npy}
    kind, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(kinds[kind]()):
        (folder / f"seed-{number}").write_bytes(content)


main()
