#!/usr/bin/env python3
"""Write the weights of affine.c: make_weights.py FILE

w is [[1, 2], [3, 4], [5, 6]], bias is [0.5, -0.5]. The layout and the checksum
are described in lib/Runtime/weights_format.h and checksum.h.
"""

import json
import struct
import sys

WORD = (1 << 64) - 1


def mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & WORD
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & WORD
    return z ^ (z >> 31)


def checksum(data):
    padded = data + bytes(-len(data) % 8)
    words = struct.unpack(f"<{len(padded) // 8}Q", padded)
    terms = (mix((word + (i + 1) * 0x9E3779B97F4A7C15) & WORD) for i, word in enumerate(words))
    return (mix(len(data)) + sum(terms)) & WORD


def main():
    data = struct.pack("<6f", 1, 2, 3, 4, 5, 6) + bytes(40)
    data += struct.pack("<2f", 0.5, -0.5) + bytes(56)
    directory = json.dumps(
        [
            {"name": "w", "dtype": "f32", "shape": [3, 2], "offset": 0, "bytes": 24},
            {"name": "bias", "dtype": "f32", "shape": [2], "offset": 64, "bytes": 8},
        ]
    ).encode()
    header = b"PRCVWGT\0" + struct.pack("<2I", 1, 128) + b"affine".ljust(32, b"\0")
    header += struct.pack(
        "<9Q",
        4096 + len(data),
        128,
        len(directory),
        4096,
        len(data),
        checksum(directory),
        checksum(data),
        0,
        0,
    )
    header += struct.pack("<Q", checksum(header))
    with open(sys.argv[1], "wb") as file:
        file.write((header + directory).ljust(4096, b"\0") + data)


main()
