"""Read pickles without running them: a machine for the format's opcodes that knows no objects of
Python but constants, lists, dicts and tuples, and asks a closed table for all else.

Python's own unpickler calls whatever a file names. This one imports nothing: a global is an entry
of the table or refused by its name, a call is a call of such an entry, which only makes records.
The opcodes are those of the standard library's module pickletools, protocols 0 to 5.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from typing import Any

from .names import quoted, shown

HIGHEST_PROTOCOL = 5
# A second of work; the pickle of a model has some ten thousand.
MOST_OPCODES = 1_000_000
_LONGEST_LINE = 4096
_LARGEST_INTEGER_BYTES = 64
# Texts and bytes beyond this size stay where they lie.
_LARGE = 1 << 16


class PickleError(ValueError):
    """What is wrong with a pickle; `name` is the global it is about."""

    def __init__(self, text: str, name: str = "") -> None:
        super().__init__(text)
        self.name = name


class LargeText:
    """UTF-8 text in the file, decoded only when needed."""

    def __init__(self, data: memoryview) -> None:
        self.data = data


class Constructor:
    """What the table answers a global with: `call` makes a record of the arguments of a REDUCE or
    NEWOBJ, and never runs anything; None if the global may only be mentioned.
    """

    def __init__(self, name: str, call: Callable[..., Any] | None = None) -> None:
        self.name = name
        self.call = call


class Buildable:
    """A record that a BUILD may give its state to."""

    def set_state(self, state: Any) -> None:
        """Take the state; PickleError if it is none for this record."""
        raise NotImplementedError


class _Mark:
    pass


_MARK = _Mark()
_INDEX = re.compile("[0-9]{1,9}")
_DECIMAL = re.compile("-?[0-9]{1,40}L?")
_SCALARS = (str, int, float, bytes, type(None))


def load_pickle(
    data: memoryview,
    table: Mapping[str, Constructor],
    explain: Callable[[str], str] = lambda name: "",
    persistent: Callable[[Any], Any] | None = None,
) -> Any:
    """Return what a pickle describes; nothing may follow its end.

    `table` answers globals by "module.name", `explain` adds to the message about one that is not
    there, `persistent` answers persistent ids.
    """
    machine = _Machine(data, table, explain, persistent)
    try:
        return machine.run()
    except (IndexError, ValueError, struct.error) as error:
        if isinstance(error, PickleError):
            raise
        raise PickleError(
            "the pickle is broken: it is cut short or takes what is not there"
        ) from None


class _Machine:
    def __init__(self, data, table, explain, persistent) -> None:
        self.data = data
        self.at = 0
        self.table = table
        self.explain = explain
        self.persistent = persistent
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def run(self) -> Any:
        data, operations = self.data, _OPERATIONS
        for _ in range(MOST_OPCODES):
            opcode = data[self.at]
            self.at += 1
            if opcode == _STOP:
                return self.finish()
            operation = operations[opcode]
            if operation is None:
                raise self.broken(f"{chr(opcode)!r} is no opcode that a checkpoint may have")
            operation(self)
        raise PickleError(f"expected a pickle of at most {MOST_OPCODES} opcodes")

    def finish(self) -> Any:
        value = self.pop()
        if self.stack:
            raise self.broken("values are left over at its end")
        if self.at != len(self.data):
            raise self.broken(f"{len(self.data) - self.at} bytes follow its end")
        return value

    def broken(self, text: str) -> PickleError:
        return PickleError(f"the pickle is broken: {text} (at byte {self.at})")

    # Bytes of the file.

    def take(self, count: int) -> memoryview:
        if count < 0 or count > len(self.data) - self.at:
            raise self.broken("it is cut short")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, code: struct.Struct) -> Any:
        return code.unpack(self.take(code.size))[0]

    def line(self, encoding: str = "utf-8") -> str:
        head = bytes(self.data[self.at : self.at + _LONGEST_LINE])
        end = head.find(b"\n")
        if end < 0:
            raise self.broken("a line does not end")
        self.at += end + 1
        try:
            return head[:end].decode(encoding)
        except UnicodeDecodeError:
            raise self.broken("a line is not valid text") from None

    def index(self) -> int:
        digits = self.line()
        if not _INDEX.fullmatch(digits):
            raise self.broken("expected a number")
        return int(digits)

    # The stack.

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def pop(self) -> Any:
        value = self.stack.pop()
        if value is _MARK:
            raise self.broken("expected a value, but got a mark")
        return value

    def top(self, kind: type) -> Any:
        if not isinstance(self.stack[-1], kind):
            raise self.broken(f"expected a {kind.__name__} to add to")
        return self.stack[-1]

    def pop_to_mark(self) -> list[Any]:
        stack = self.stack
        for start in range(len(stack) - 1, -1, -1):
            if stack[start] is _MARK:
                items = stack[start + 1 :]
                del stack[start:]
                return items
        raise self.broken("there is no mark")

    # Opcodes.

    def protocol(self) -> None:
        version = self.data[self.at]
        self.at += 1
        if version > HIGHEST_PROTOCOL:
            raise PickleError(
                f"expected a pickle of protocol 0 to {HIGHEST_PROTOCOL}, but got {version}"
            )

    def frame(self) -> None:
        if self.number(_U64) > len(self.data) - self.at:
            raise self.broken("a frame ends outside of the file")

    def long(self, code: struct.Struct) -> None:
        size = self.number(code)
        if size > _LARGEST_INTEGER_BYTES:
            raise self.broken(f"expected integers of at most {_LARGEST_INTEGER_BYTES} bytes")
        self.push(int.from_bytes(self.take(size), "little", signed=True))

    def decimal(self) -> None:
        text = self.line()
        if text in ("00", "01"):
            self.push(text == "01")
            return
        if not _DECIMAL.fullmatch(text):
            raise self.broken("expected an integer")
        self.push(int(text.removesuffix("L")))

    def decimal_real(self) -> None:
        try:
            self.push(float(self.line()))
        except ValueError:
            raise self.broken("expected a number") from None

    def text(self, code: struct.Struct) -> None:
        data = self.take(self.number(code))
        if len(data) > _LARGE:
            self.push(LargeText(data))
            return
        try:
            self.push(str(data, "utf-8", "surrogatepass"))
        except UnicodeDecodeError:
            raise self.broken("a text is not valid UTF-8") from None

    def bytes_(self, code: struct.Struct) -> None:
        data = self.take(self.number(code))
        self.push(data if len(data) > _LARGE else bytes(data))

    def old_text(self, code: struct.Struct) -> None:
        """Python 2's strings, of which the readable ones are names."""
        data = self.take(self.number(code))
        if len(data) > _LARGE:
            self.push(data)
            return
        raw = bytes(data)
        self.push(raw.decode() if raw.isascii() else raw)

    def put(self, index: int) -> None:
        value = self.stack[-1]
        if value is _MARK:
            raise self.broken("expected a value, but got a mark")
        self.memo[index] = value

    def get(self, index: int) -> None:
        if index not in self.memo:
            raise self.broken(f"nothing has the number {index}")
        self.push(self.memo[index])

    def pop_any(self) -> None:
        self.stack.pop()

    def pop_mark(self) -> None:
        self.pop_to_mark()

    def tuple_(self, count: int) -> None:
        items = [self.pop() for _ in range(count)]
        self.push(tuple(items[::-1]))

    def append(self) -> None:
        value = self.pop()
        self.top(list).append(value)

    def extend(self) -> None:
        items = self.pop_to_mark()
        self.top(list).extend(items)

    def set_item(self) -> None:
        value, key = self.pop(), self.pop()
        self.set_pairs(self.top(dict), [key, value])

    def set_items(self) -> None:
        items = self.pop_to_mark()
        self.set_pairs(self.top(dict), items)

    def set_pairs(self, target: dict[Any, Any], items: list[Any]) -> None:
        if len(items) % 2:
            raise self.broken("expected pairs of a key and a value")
        for key, value in zip(items[::2], items[1::2]):
            # Others could take long to compare, or have no fixed value.
            if not isinstance(key, _SCALARS):
                raise self.broken(f"expected a text or number as key, but got {shown(key)}")
            target[key] = value

    def dict_(self) -> None:
        items = self.pop_to_mark()
        result: dict[Any, Any] = {}
        self.set_pairs(result, items)
        self.push(result)

    def add_items(self) -> None:
        items = self.pop_to_mark()
        self.top(_Set).extend(items)

    def find(self, module: Any, name: Any) -> None:
        if not isinstance(module, str) or not isinstance(name, str):
            raise self.broken("expected the name of a global")
        full = f"{module}.{name}"
        if full not in self.table:
            raise PickleError(
                f"refused to load the global {shown_global(full)}{self.explain(full)}", full
            )
        self.push(self.table[full])

    def stack_global(self) -> None:
        name, module = self.pop(), self.pop()
        self.find(module, name)

    def global_(self) -> None:
        module = self.line()
        self.find(module, self.line())

    def reduce(self) -> None:
        arguments, function = self.pop(), self.pop()
        self.push(self.call(function, arguments))

    def new_object_by_names(self) -> None:
        named = self.pop()
        if named != {}:
            raise self.broken("expected no arguments by name")
        self.reduce()

    def instance(self) -> None:
        self.global_()
        function = self.pop()
        self.push(self.call(function, tuple(self.pop_to_mark())))

    def object_(self) -> None:
        function, *arguments = self.pop_to_mark()
        self.push(self.call(function, tuple(arguments)))

    def call(self, function: Any, arguments: Any) -> Any:
        if not isinstance(function, Constructor) or function.call is None:
            name = function.name if isinstance(function, Constructor) else shown(function)
            raise PickleError(f"refused to call {name}", name)
        if not isinstance(arguments, tuple):
            raise self.broken(f"expected the arguments of {function.name} to be a tuple")
        try:
            return function.call(*arguments)
        except PickleError:
            raise
        except (TypeError, ValueError, OverflowError):
            raise PickleError(
                f"expected other arguments of {function.name}", function.name
            ) from None

    def build(self) -> None:
        state = self.pop()
        target = self.stack[-1]
        if not isinstance(target, Buildable):
            raise PickleError(f"refused to set the state of {shown(target)}")
        target.set_state(state)

    def persistent_id(self) -> None:
        value = self.pop()
        if self.persistent is None:
            raise PickleError("refused to follow a persistent id")
        self.push(self.persistent(value))

    def extension(self) -> None:
        raise PickleError("refused to load an extension code")


class _Set(list):
    """A set of a pickle, in the order of its elements: nothing here asks what is in one."""


def shown_global(name: str) -> str:
    """Return the name of a global for a message: in quotes if it is odd."""
    return name if name.isprintable() and " " not in name and len(name) <= 120 else quoted(name)


_STOP = ord(".")
_U8, _U16, _U32, _U64 = map(struct.Struct, ("<B", "<H", "<I", "<Q"))
_I32, _REAL = struct.Struct("<i"), struct.Struct(">d")


def _table() -> list[Callable[[_Machine], None] | None]:
    m = _Machine
    operations: dict[int, Callable[[_Machine], None]] = {
        # Constants.
        ord("N"): lambda s: s.push(None),
        0x88: lambda s: s.push(True),
        0x89: lambda s: s.push(False),
        ord("I"): m.decimal,
        ord("L"): m.decimal,
        ord("F"): m.decimal_real,
        ord("J"): lambda s: s.push(s.number(_I32)),
        ord("K"): lambda s: s.push(s.number(_U8)),
        ord("M"): lambda s: s.push(s.number(_U16)),
        0x8A: lambda s: s.long(_U8),
        0x8B: lambda s: s.long(_U32),
        ord("G"): lambda s: s.push(s.number(_REAL)),
        # Texts and bytes.
        ord("V"): lambda s: s.push(s.line("raw_unicode_escape")),
        0x8C: lambda s: s.text(_U8),
        ord("X"): lambda s: s.text(_U32),
        0x8D: lambda s: s.text(_U64),
        ord("U"): lambda s: s.old_text(_U8),
        ord("T"): lambda s: s.old_text(_U32),
        ord("C"): lambda s: s.bytes_(_U8),
        ord("B"): lambda s: s.bytes_(_U32),
        0x8E: lambda s: s.bytes_(_U64),
        0x96: lambda s: s.bytes_(_U64),
        # Tuples, lists, dicts, sets.
        ord("("): lambda s: s.push(_MARK),
        ord(")"): lambda s: s.push(()),
        0x85: lambda s: s.tuple_(1),
        0x86: lambda s: s.tuple_(2),
        0x87: lambda s: s.tuple_(3),
        ord("t"): lambda s: s.push(tuple(s.pop_to_mark())),
        ord("]"): lambda s: s.push([]),
        ord("l"): lambda s: s.push(s.pop_to_mark()),
        ord("a"): m.append,
        ord("e"): m.extend,
        ord("}"): lambda s: s.push({}),
        ord("d"): m.dict_,
        ord("s"): m.set_item,
        ord("u"): m.set_items,
        0x8F: lambda s: s.push(_Set()),
        0x90: m.add_items,
        0x91: lambda s: s.push(_Set(s.pop_to_mark())),
        # The stack and the memo.
        ord("0"): m.pop_any,
        ord("1"): m.pop_mark,
        ord("2"): lambda s: s.push(s.stack[-1]),
        ord("p"): lambda s: s.put(s.index()),
        ord("q"): lambda s: s.put(s.number(_U8)),
        ord("r"): lambda s: s.put(s.number(_U32)),
        0x94: lambda s: s.put(len(s.memo)),
        ord("g"): lambda s: s.get(s.index()),
        ord("h"): lambda s: s.get(s.number(_U8)),
        ord("j"): lambda s: s.get(s.number(_U32)),
        # Globals, calls, states.
        ord("c"): m.global_,
        0x93: m.stack_global,
        ord("R"): m.reduce,
        0x81: m.reduce,
        0x92: m.new_object_by_names,
        ord("i"): m.instance,
        ord("o"): m.object_,
        ord("b"): m.build,
        ord("Q"): m.persistent_id,
        0x82: m.extension,
        0x83: m.extension,
        0x84: m.extension,
        # The format itself.
        0x80: m.protocol,
        0x95: m.frame,
    }
    return [operations.get(opcode) for opcode in range(256)]


_OPERATIONS = _table()
