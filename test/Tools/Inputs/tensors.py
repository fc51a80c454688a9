#!/usr/bin/env python3
"""Make and show small .safetensors files, with nothing but the standard library.

tensors.py make FILE NAME:DTYPE:SHAPE:VALUES...   x:F32:2x2:1,2,3,nan
tensors.py show FILE                              one line per tensor
VALUES may be one value for all elements; SHAPE is empty for a scalar.
"""

import json
import math
import struct
import sys

CODES = {"F64": "d", "F32": "f", "I64": "q", "I32": "i", "U8": "B", "BOOL": "?"}


def make(path, *tensors):
    header, data = {}, b""
    for text in tensors:
        name, dtype, shape, values = text.split(":")
        shape = [int(size) for size in shape.split("x")] if shape else []
        convert = float if dtype in ("F64", "F32") else int
        values = [convert(value) for value in values.split(",") if value]
        count = math.prod(shape)
        if len(values) == 1:
            values *= count
        packed = struct.pack(f"<{count}{CODES[dtype]}", *values)
        end = len(data) + len(packed)
        header[name] = dict(dtype=dtype, shape=shape, data_offsets=[len(data), end])
        data += packed
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def show(path):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    for name, entry in sorted(header.items()):
        begin, end = entry["data_offsets"]
        code = "<" + CODES[entry["dtype"]]
        data = content[8 + length :][begin:end]
        values = [value for (value,) in struct.iter_unpack(code, data)]
        print(f"{name}: {entry['dtype']} {entry['shape']} = {values}")


{"make": make, "show": show}[sys.argv[1]](*sys.argv[2:])
