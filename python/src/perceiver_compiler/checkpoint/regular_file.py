"""Files as they lie on the disk: regular ones only, mapped for reading, and told apart by their
first bytes.
"""

from __future__ import annotations

import mmap
import os
import stat
from pathlib import Path

from ..errors import CheckpointError

IS_JSON = "is JSON text"
IS_SAFETENSORS = "is a safetensors file"
IS_UNKNOWN = "is of no known format"
# A pickle (protocol 2) of the one number 0x1950a86a20f9469cfc6c.
_TORCH_BEFORE_1_6 = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."


def open_regular(path: Path) -> int:
    """Return a descriptor of a regular file; links are followed."""
    try:
        # Without O_NONBLOCK, opening a FIFO would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "a file name cannot hold a NUL byte"
        raise CheckpointError(path, "", f"cannot open: {reason}") from None
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    what = "is a directory, expected a file" if stat.S_ISDIR(mode) else "is not a regular file"
    raise CheckpointError(path, "", what)


def map_file(path: Path) -> memoryview:
    """Map a file; the memory lives as long as what views it."""
    descriptor = open_regular(path)
    try:
        if os.fstat(descriptor).st_size == 0:
            raise CheckpointError(path, "", "the file is empty")
        return memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise CheckpointError(path, "", f"cannot map: {error.strerror}") from None
    finally:
        os.close(descriptor)


def read_limited(path: Path, most_bytes: int) -> bytes:
    """Read a whole file of at most so many bytes."""
    descriptor = open_regular(path)
    with os.fdopen(descriptor, "rb") as file:
        try:
            data = file.read(most_bytes + 1)
        except OSError as error:
            raise CheckpointError(path, "", f"cannot read: {error.strerror}") from None
    if len(data) > most_bytes:
        raise CheckpointError(
            path, "", f"expected at most {most_bytes >> 20} MB, but the file is larger"
        )
    return data


def _looks_like_safetensors(data: memoryview) -> bool:
    """Whether the bytes begin as a safetensors file does."""
    length = int.from_bytes(data[:8], "little")
    return len(data) > 8 and length <= len(data) - 8 and bytes(data[8:40]).lstrip()[:1] == b"{"


def is_torch_before_1_6(data: memoryview) -> bool:
    """Whether a file begins as torch's format before 1.6 does."""
    return bytes(data[: len(_TORCH_BEFORE_1_6)]) == _TORCH_BEFORE_1_6


def what_it_is(data: memoryview) -> str:
    """Say by its first bytes what a file is, for a message: "is a zip archive"."""
    if _looks_like_safetensors(data):
        # First: their bytes begin with a length, which may look like the beginning of anything.
        return IS_SAFETENSORS
    head = bytes(data[:256])
    if head.startswith(b"version https://git-lfs"):
        return "is a pointer of Git LFS, not the file itself (git lfs pull fetches it)"
    if head.startswith(b"PK\x03\x04"):
        return "is a zip archive"
    if is_torch_before_1_6(data):
        return "is in the format of torch before 1.6"
    if head[:1] == b"\x80" and head[1:2] <= b"\x05":
        return "is a pickle"
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return f"is {name}"
    text = head.lstrip()
    if text.startswith((b"<!DOCTYPE", b"<html", b"<!doctype", b"<?xml")):
        return "is a web page"
    if text.startswith((b"{", b"[")):
        return IS_JSON
    return IS_UNKNOWN


_MAGIC = (
    (b"\x89HDF", "an HDF5 file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x93NUMPY", "a .npy file"),
    (b"GGUF", "a GGUF file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\x7fELF", "a program"),
)
