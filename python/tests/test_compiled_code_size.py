"""Layers of one shape are a loop in the compiled code, however many there are, and entries that do
the same share it.
"""

import re
import struct

import pytest
from compiled import tool

CHANNELS = 32

PARTS = {
    "q_norm.weight": (CHANNELS,),
    "q_norm.bias": (CHANNELS,),
    "query.weight": (CHANNELS, CHANNELS),
    "query.bias": (CHANNELS,),
    "key.weight": (CHANNELS, CHANNELS),
    "key.bias": (CHANNELS,),
    "value.weight": (CHANNELS, CHANNELS),
    "value.bias": (CHANNELS,),
    "output.weight": (CHANNELS, CHANNELS),
    "output.bias": (CHANNELS,),
    "mlp_norm.weight": (CHANNELS,),
    "mlp_norm.bias": (CHANNELS,),
    "mlp_in.weight": (CHANNELS, 2 * CHANNELS),
    "mlp_in.bias": (2 * CHANNELS,),
    "mlp_out.weight": (2 * CHANNELS, CHANNELS),
    "mlp_out.bias": (CHANNELS,),
}


def description(layers, tied):
    """`layers` self-attention layers on 20 latents, with one set of weights or each its own."""
    key, count = ("self", "") if tied else ("self.{}", f" count {layers}")
    parameters = "\n".join(
        f"perceiver.parameter @self.{part} : tensor<{'x'.join(map(str, shape))}xf32>"
        f' key "{key}.{part}"{count}'
        for part, shape in PARTS.items()
    )
    state = f"tensor<?x20x{CHANNELS}xf32>"
    argument = '{perceiver.name = "latents", perceiver.sizes = ["batch"]}'
    return f"""{parameters}
func.func @run(%latents: {state} {argument}) -> ({state} {argument})
    attributes {{perceiver.entry}} {{
  %y = perceiver.process iterations = {layers} (%state = %latents : {state}) -> {state} {{
    %0 = perceiver.self_block %state heads = 4 qk_channels = {CHANNELS} v_channels = {CHANNELS}
        mlp = gelu_erf weights @self : {state}
    perceiver.yield %0 : {state}
  }}
  return %y : {state}
}}
"""


def with_longer_entry(text):
    """A description with its entry, and one that does something else before."""
    header, entry = text.split("func.func")
    state = f"tensor<?x20x{CHANNELS}xf32>"
    longer = entry.replace("@run", "@longer").replace(
        "{perceiver.entry} {",
        """{perceiver.entry} {
  %x = perceiver.activate %latents with relu : """
        f"{state} -> {state}",
    )
    longer = longer.replace("%state = %latents", "%state = %x")
    return f"{header}func.func{entry}func.func{longer}"


def text_size(path):
    """Bytes of machine code in an ELF object: of its executable sections."""
    data = path.read_bytes()
    (start,) = struct.unpack_from("<Q", data, 0x28)
    entry_size, count = struct.unpack_from("<HH", data, 0x3A)
    total = 0
    for section in range(count):
        at = start + section * entry_size
        flags, size = (
            struct.unpack_from("<Q", data, at + 8)[0],
            struct.unpack_from("<Q", data, at + 32)[0],
        )
        executable = 4
        total += size if flags & executable else 0
    return total


def compile_to(stage, directory, layers, tied):
    source = directory / f"{layers}.mlir"
    source.write_text(description(layers, tied))
    tool(
        "perceiver-compile",
        source,
        f"--emit={stage}",
        "-o",
        directory / f"{layers}.{stage}",
    )
    return directory / f"{layers}.{stage}"


def without_numbers(text):
    return re.sub(r"\d+", "0", re.sub(r'weights_id = "\w+"', "", text))


@pytest.mark.parametrize("tied", [True, False], ids=["tied", "indexed"])
def test_code_does_not_grow_with_layers(tmp_path, tied):
    code = {layers: compile_to("to-llvm", tmp_path, layers, tied).read_text() for layers in (2, 8)}
    assert code[2] != code[8]
    # The same functions with the same operations: only numbers differ.
    assert without_numbers(code[2]) == without_numbers(code[8])
    sizes = {layers: text_size(compile_to("obj", tmp_path, layers, tied)) for layers in (2, 8)}
    assert sizes[2] > 1000
    # A number may need a byte more.
    assert abs(sizes[8] - sizes[2]) <= 64


def test_entries_share_their_code(tmp_path):
    source = tmp_path / "model.mlir"
    sizes = []
    for text in (description(2, False), with_longer_entry(description(2, False))):
        source.write_text(text)
        tool("perceiver-compile", source, "--emit=obj", "-o", tmp_path / "model.o")
        sizes.append(text_size(tmp_path / "model.o"))
    # The activation, and what hands tasks out.
    assert sizes[0] < sizes[1] < 1.25 * sizes[0]
