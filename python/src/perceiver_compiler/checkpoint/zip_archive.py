"""Read the zip archives that torch writes: members stored as they are, found through the directory
at the end, each checked against its own header.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from ..errors import CheckpointError
from .names import quoted

_LOCAL = struct.Struct("<4s5H3I2H")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")
_IN_64 = 0xFFFFFFFF
_EXTRA_64 = 1
_ENCRYPTED = 1
_LONGEST_COMMENT = 0xFFFF
# A model has a few thousand; this bounds the time for what is none.
_MOST_MEMBERS = 200_000


@dataclass(frozen=True)
class Member:
    """A stored file of the archive: where its header and its bytes are."""

    name: str
    header: int
    offset: int
    size: int


class _Broken(Exception):
    pass


def read_zip(path: Path, data: memoryview) -> dict[str, Member]:
    """Return the members by name; CheckpointError if the archive is broken, compressed, encrypted,
    or has a name twice.
    """
    try:
        return _members(data)
    except (_Broken, struct.error) as error:
        text = str(error) if isinstance(error, _Broken) else "is it cut short?"
        raise CheckpointError(path, "", f"the zip archive is broken: {text}") from None


def _members(data: memoryview) -> dict[str, Member]:
    start, size, count = _directory(data)
    if count > _MOST_MEMBERS:
        raise _Broken(f"expected at most {_MOST_MEMBERS} files, but got {count}")
    members: dict[str, Member] = {}
    at, end = start, start + size
    for _ in range(count):
        member, at = _entry(data, at, end)
        if member.name in members:
            raise _Broken(f"there are two files {quoted(member.name)}")
        members[member.name] = member
    if at != end:
        raise _Broken("the directory is longer than its entries")
    free = 0
    for member in sorted(members.values(), key=lambda each: each.header):
        if member.header < free:
            raise _Broken(f"{quoted(member.name)} overlaps another file")
        free = member.offset + member.size
        if free > start:
            raise _Broken(f"{quoted(member.name)} overlaps the directory")
    return members


def _directory(data: memoryview) -> tuple[int, int, int]:
    """Return offset, size and number of entries of the directory."""
    tail = bytes(data[max(0, len(data) - _LONGEST_COMMENT - _END.size) :])
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if len(tail) - at >= _END.size:
            fields = _END.unpack_from(tail, at)
            if fields[7] == len(tail) - at - _END.size:
                break
        at = tail.rfind(b"PK\x05\x06", 0, at)
    if at < 0:
        raise _Broken("there is no end record; is the file cut short?")
    limit = len(data) - len(tail) + at
    _, disk, disk_of_directory, _, count, size, start, _ = fields
    if disk or disk_of_directory:
        raise _Broken("it is split over several files")
    locator = limit - _LOCATOR64.size
    if locator >= 0 and bytes(data[locator : locator + 4]) == b"PK\x06\x07":
        _, _, end64, _ = _LOCATOR64.unpack_from(data, locator)
        if end64 > locator - _END64.size or bytes(data[end64 : end64 + 4]) != b"PK\x06\x06":
            raise _Broken("the 64-bit end record is not where it should be")
        count, size, start = _END64.unpack_from(data, end64)[7:10]
        limit = end64
    if start > limit or size > limit - start:
        raise _Broken("the directory is outside of the file; is it cut short?")
    return start, size, count


def _entry(data: memoryview, at: int, end: int) -> tuple[Member, int]:
    """Return the member whose directory entry is at `at`, and where the next entry is."""
    if end - at < _ENTRY.size:
        raise _Broken("the directory is shorter than its entries")
    fields = _ENTRY.unpack_from(data, at)
    signature, _, _, flags, method, _, _, _, packed, unpacked = fields[:10]
    name_length, extra_length, comment_length, header = *fields[10:13], fields[-1]
    if signature != b"PK\x01\x02":
        raise _Broken("expected an entry of the directory")
    name_at = at + _ENTRY.size
    following = name_at + name_length + extra_length + comment_length
    if following > end:
        raise _Broken("an entry of the directory is cut short")
    raw_name = bytes(data[name_at : name_at + name_length])
    try:
        name = raw_name.decode()
    except UnicodeDecodeError:
        raise _Broken("the name of a file is not valid UTF-8") from None
    if flags & _ENCRYPTED:
        raise _Broken(f"{quoted(name)} is encrypted")
    if method != 0:
        raise _Broken(f"{quoted(name)} is compressed, expected stored files as torch writes them")
    extra = bytes(data[name_at + name_length : name_at + name_length + extra_length])
    unpacked, packed, header = _with_extra64(extra, [unpacked, packed, header], name)
    if packed != unpacked:
        raise _Broken(f"{quoted(name)} is stored, but has two sizes")
    return Member(name, header, _data_of(data, header, raw_name, name, packed), packed), following


def _with_extra64(extra: bytes, fields: list[int], name: str) -> list[int]:
    """Replace sizes that are all ones by those of the 64-bit extra field, which has just these."""
    if _IN_64 not in fields:
        return fields
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _EXTRA_64:
            count = fields.count(_IN_64)
            if length < 8 * count or at + 4 + 8 * count > len(extra):
                break
            values = iter(struct.unpack_from(f"<{count}Q", extra, at + 4))
            return [next(values) if field == _IN_64 else field for field in fields]
        at += 4 + length
    raise _Broken(f"the 64-bit sizes of {quoted(name)} are missing")


def _data_of(data: memoryview, header: int, raw_name: bytes, name: str, size: int) -> int:
    """Return where a file's bytes are, from its own header, which must agree."""
    if header > len(data) - _LOCAL.size:
        raise _Broken(f"the header of {quoted(name)} is outside of the file")
    fields = _LOCAL.unpack_from(data, header)
    name_length, extra_length = fields[-2:]
    name_at = header + _LOCAL.size
    if (
        fields[0] != b"PK\x03\x04"
        or fields[3] != 0
        or bytes(data[name_at : name_at + name_length]) != raw_name
    ):
        raise _Broken(f"the header of {quoted(name)} contradicts the directory")
    offset = name_at + name_length + extra_length
    if offset > len(data) or size > len(data) - offset:
        raise _Broken(f"{quoted(name)} ends outside of the file; is it cut short?")
    return offset
