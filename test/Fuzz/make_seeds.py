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


def ptx():
    def module(parameters, registers, body, variables=""):
        return f""".version 8.0
.target sm_80
.address_size 64
{variables}
.visible .entry k({parameters})
{{
{registers}
{body}
ret;
}}
""".encode()

    pointers = ".param .u64 a, .param .u64 b"
    registers = ".reg .pred %p<4>; .reg .b32 %r<20>; .reg .b64 %d<9>; .reg .b16 %h<4>;"
    address = """ld.param.u64 %d0, [a]; mov.u32 %r0, %tid.x; mul.wide.u32 %d1, %r0, 4;
add.s64 %d2, %d0, %d1; ld.global.u32 %r1, [%d2];"""
    yield module(
        pointers,
        registers,
        address
        + """mov.u32 %r2, 0; again: fma.rn.f32 %r3, %r1, 0f3F800000, %r2; add.s32 %r2, %r2, 1;
setp.lt.s32 %p1, %r2, %r0; @%p1 bra again; shfl.sync.bfly.b32 %r4|%p2, %r3, 1, 31, -1;
cvt.rn.f16x2.f32 %r5, %r3, %r4; ex2.approx.ftz.f32 %r6, %r3; cvt.rzi.s32.f32 %r7, %r6;
div.u32 %r8, %r7, %r2; selp.b32 %r9, %r8, 5, %p2; st.global.u32 [%d2], %r9;""",
    )
    yield module(
        pointers,
        registers,
        address
        + """shl.b32 %r2, %r0, 4; mov.u32 %r3, s; add.u32 %r4, %r3, %r2;
cp.async.ca.shared.global [%r4], [%d0], 4; cp.async.commit_group; cp.async.wait_group 0;
bar.sync 0; ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r5, %r6, %r7, %r8}, [%r3];
mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%r9, %r10, %r11, %r12},
{%r5, %r6, %r7, %r8}, {%r5, %r6}, {%r9, %r10, %r11, %r12}; st.shared.v2.u32 [%r4], {%r9, %r10};""",
        ".extern .shared .align 16 .b8 s[]; .shared .b8 t[64];",
    )
    yield module(
        ".param .align 8 .b8 p[16]",
        registers,
        """ld.param.v2.u32 {%r0, %r1}, [p+8]; { .reg .b64 x; mov.b64 x, {%r0, %r1};
shr.u64 x, x, 3; cvt.u32.u64 %r2, x; } bfe.s32 %r3, %r2, 3, 4; prmt.b32 %r4, %r3, %r2, 0x1234;
ld.const.u32 %r5, [c]; ld.global.u8 %h0, [g+1]; cvt.f32.f16 %r6, %h0; @!%p0 mov.u32 %r7, %r6;""",
        ".const .b8 c[8] = {1, 2}; .global .align 4 .u32 g[4] = {1, 2};",
    )


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
    kinds = {"safetensors": safetensors, "npy": npy, "ptx": ptx, "artifact": artifact}
    kind, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(kinds[kind]()):
        (folder / f"seed-{number}").write_bytes(content)


main()
