"""Print a description that is small, but deep: deep.py KIND LEVELS.

Code that visits a level twice, and from there the next one twice, never ends on these.
"""

import sys

STATE = "tensor<?x3x4xf32>"
WIDE = "tensor<?x3x8xf32>"
PARAMETERS = """\
perceiver.parameter @latents : tensor<3x4xf32> key "latents"
perceiver.parameter @weight : tensor<4x4xf32> key "weight"
perceiver.parameter @join : tensor<8x4xf32> key "join"
"""
SIZES = 'perceiver.sizes = ["batch"]'


def entry(body, result):
    return f"""\
func.func @run(%x: {STATE} {{perceiver.name = "x", {SIZES}}})
    -> ({STATE} {{perceiver.name = "y", {SIZES}}}) attributes {{perceiver.entry}} {{
{body}return {result} : {STATE}
}}
"""


def block(name, state):
    return f"""\
{name} = perceiver.self_block {state} heads = 1 qk_channels = 4 v_channels = 4 mlp = none
    weights {{query = [@weight], key = [@weight], value = [@weight], output = [@weight]}} : {STATE}
"""


def process(result, state, first, body, last, first_type=STATE):
    return f"""\
{result} = perceiver.process iterations = 2 ({state} = {first} : {first_type}) -> {STATE} {{
{body}perceiver.yield {last} : {STATE}
}}
"""


def nested(levels):
    """A process that holds nothing but a process, and so on."""
    text, last = block("%z", f"%s{levels}"), "%z"
    for level in range(levels, 0, -1):
        first = f"%s{level - 1}" if level > 1 else "%x"
        text = process(f"%p{level}", f"%s{level}", first, text, last)
        last = f"%p{level}"
    return entry(text, last)


def row(levels):
    """Processes that start from one another's results."""
    text, last = "", "%x"
    for level in range(1, levels + 1):
        text += process(f"%p{level}", f"%s{level}", last, block("%z", f"%s{level}"), "%z")
        last = f"%p{level}"
    return entry(text, last)


def between(levels):
    """The same with a block before each process, and one after it."""
    text, last = "", f"%s{levels}"
    for level in range(levels, 0, -1):
        first = f"%s{level - 1}" if level > 1 else "%x"
        text = process(f"%p{level}", f"%s{level}", f"%a{level}", text, last)
        text = block(f"%a{level}", first) + text + block(f"%b{level}", f"%p{level}")
        last = f"%b{level}"
    return entry(text, last)


def twice(levels):
    """A process that holds two, one after the other; the first is deep."""
    text, last = block("%z", f"%s{levels}"), "%z"
    for level in range(levels, 0, -1):
        first = f"%s{level - 1}" if level > 1 else "%x"
        text = process(f"%p{level}", f"%s{level}", first, text, last)
        text += process(
            f"%q{level}",
            f"%t{level}",
            f"%p{level}",
            block(f"%c{level}", f"%t{level}"),
            f"%c{level}",
        )
        last = f"%q{level}"
    return entry(text, last)


def broadcast(levels):
    """The first iteration of each process gives the latents a batch."""
    text, last = "", "%x"
    for level in range(levels, 0, -1):
        outer = f"%o{level - 1}" if level > 1 else "%x"
        body = f"""\
%o{level} = perceiver.cross_block %s{level}, {outer} heads = 1 qk_channels = 4 v_channels = 4
    mlp = none weights {{query = [@weight], key = [@weight], value = [@weight], output = [@weight]}}
    : {STATE}, {STATE} -> {STATE}
"""
        last = f"%o{levels}" if level == levels else last
        text = process(f"%p{level}", f"%s{level}", "%latents", body + text, last, "tensor<3x4xf32>")
        last = f"%p{level}"
    return entry("%latents = perceiver.get_parameter @latents : tensor<3x4xf32>\n" + text, last)


def calls(levels, count=2):
    """Functions that call the next one, twice by default."""
    text = entry(f"%0 = call @f0(%x) : ({STATE}) -> {STATE}\n", "%0")
    for level in range(levels + 1):
        body = "".join(
            f"%{i} = call @f{level + 1}(%{i - 1 if i else 'x'}) : ({STATE}) -> {STATE}\n"
            for i in range(count)
        )
        last = f"%{count - 1}"
        if level == levels:
            body, last = block("%0", "%x"), "%0"
        text += f"""\
func.func private @f{level}(%x: {STATE} {{{SIZES}}}) -> ({STATE} {{{SIZES}}}) {{
{body}return {last} : {STATE}
}}
"""
    return text


def chain(levels):
    return calls(levels, 1)


def diamonds(levels):
    """Layers that read the one before them twice."""
    text, last = "", "%x"
    for level in range(levels):
        text += f"""\
%c{level} = perceiver.concat {last}, {last} : ({STATE}, {STATE}) -> {WIDE}
%d{level} = perceiver.project %c{level} weight @join : {WIDE} -> {STATE}
"""
        last = f"%d{level}"
    return entry(text, last)


print(PARAMETERS + globals()[sys.argv[1]](int(sys.argv[2])))
