"""Help for tests of what goes wrong: small models, and commands that must end
with one diagnostic and leave nothing behind."""

import json
import math
import os
import random
import struct
import subprocess
from pathlib import Path

DESCRIPTION = """perceiver.parameter @w : tensor<8x6xf32> key "layer.weight" transpose
perceiver.parameter @b : tensor<6xf32> key "layer.bias"

func.func @run(%x: tensor<?x8xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<?x6xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  %y = perceiver.project %x weight @w bias @b : tensor<?x8xf32> -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}
"""


def pack(tensors):
    """The bytes of a safetensors file of float32 tensors."""
    header, data = {}, b""
    for name, (shape, values) in tensors.items():
        end = len(data) + 4 * len(values)
        header[name] = dict(dtype="F32", shape=shape, data_offsets=[len(data), end])
        data += struct.pack(f"<{len(values)}f", *values)
    return assemble(json.dumps(header), data)


def assemble(header, data):
    return struct.pack("<Q", len(header)) + header.encode() + data


def weights(seed=1):
    values = random.Random(seed)
    shapes = {"layer.weight": [6, 8], "layer.bias": [6]}
    return {
        name: (shape, [values.gauss(0, 1) for _ in range(math.prod(shape))])
        for name, shape in shapes.items()
    }


def write_model():
    Path("m.mlir").write_text(DESCRIPTION)
    Path("w.safetensors").write_bytes(pack(weights()))
    Path("x.safetensors").write_bytes(pack({"x": ([3, 8], [i / 8 for i in range(24)])}))


def run(*command, **options):
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, errors="replace", **options
    )


def refuse(expected, *command, **options):
    """Check that the command fails with one diagnostic, which holds the expected
    texts, and leaves no file behind."""
    before = sorted(os.listdir("."))
    result = run(*command, **options)
    text = result.stderr
    assert result.returncode == 1, (command, result)
    assert text.count("error:") == 1 and "Stack dump" not in text, (command, text)
    for part in [expected] if isinstance(expected, str) else expected:
        assert part in text, (part, text)
    assert sorted(os.listdir(".")) == before, (command, os.listdir("."))


def survive(*command):
    """Check that the command succeeds or fails with one diagnostic."""
    result = run(*command)
    text = result.stderr
    errors = text.count("error:")
    assert (result.returncode, errors) in ((0, 0), (1, 1)), (command, result)
