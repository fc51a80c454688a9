"""Write tensors of a checkpoint as a .safetensors file, in which the compiler finds them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..errors import CheckpointError
from .names import quoted
from .safetensors import read_safetensors
from .tensor import STORAGE, Tensor

PRODUCER = "perceiver-import"
_ALIGNMENT = 8


def check_replaceable(path: Path) -> None:
    """Refuse to replace a file that was not written by `write_tensors`."""
    if not os.path.lexists(path):
        return
    try:
        ours = read_safetensors(path).metadata.get("producer") == PRODUCER
    except CheckpointError:
        ours = False
    if not ours:
        raise CheckpointError(
            path,
            "",
            f"exists and was not written by {PRODUCER}, so it is not replaced; choose another name "
            "for the description",
        )


def write_tensors(path: Path, tensors: Sequence[Tensor]) -> None:
    """Write tensors under their stored names, bytes unconverted, larger element types first.

    The file appears under its name only once it is complete; CheckpointError if it cannot be
    written, or would replace a file of somebody else.
    """
    check_replaceable(path)
    ordered = sorted(tensors, key=lambda t: (-STORAGE[t.dtype].itemsize, t.stored_name))
    header: dict[str, object] = {"__metadata__": {"producer": PRODUCER}}
    end = 0
    for tensor in ordered:
        if "\0" in tensor.stored_name:
            name = quoted(tensor.stored_name)
            raise CheckpointError(path, tensor.stored_name, f"{name}: the name holds a NUL byte")
        begin, end = end, end + tensor.elements * STORAGE[tensor.dtype].itemsize
        header[tensor.stored_name] = {
            "dtype": tensor.dtype,
            "shape": list(tensor.shape),
            "data_offsets": [begin, end],
        }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o666 & ~_umask())
            file.write(len(text).to_bytes(8, "little") + text)
            for tensor in ordered:
                file.write(np.ascontiguousarray(tensor.raw()).reshape(-1).view(np.uint8).data)
        os.replace(temporary, path)
    except OSError as error:
        raise CheckpointError(path, "", f"cannot write: {error.strerror}") from None
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
