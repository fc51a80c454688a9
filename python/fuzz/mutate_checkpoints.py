"""Put faults into the files of checkpoints: each is imported, or refused in one message.

    .venv/bin/python python/fuzz/mutate_checkpoints.py --runs 10000 --seed 1

Whatever a file says, nothing of it is executed, no other exception than CheckpointError ends the
import, and it takes at most five seconds and (with --limit-memory) a gigabyte. A file that fails
is left in the folder that is printed.
"""

from __future__ import annotations

import argparse
import codecs
import json
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    _PYTHON = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(_PYTHON / "src"), str(_PYTHON), str(_PYTHON / "tests")]

import small_checkpoints  # noqa: E402
from perceiver_compiler.checkpoint import CheckpointError, open_checkpoint  # noqa: E402
from perceiver_compiler.importers import import_path  # noqa: E402
from perceiver_compiler.importers.sources import Options  # noqa: E402

_LONGEST_SECONDS = 5.0
_MOST_BYTES = 1 << 30
#: What reading a file must never lead to.
_FORBIDDEN = ("compile", "exec", "import", "os.exec", "os.fork", "os.system", "subprocess.Popen")
#: Bytes that mean something in one of the formats.
_WORDS = (
    b"\x00",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x80",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"cposix\nsystem\n",
    b"R",
    b"b",
    b"Q",
    b".",
    b"0",
    b"2",
    b"\x81",
    b"\x94",
    b"h\x01",
    b"(",
    b"t",
    b"-1",
    b"1e999",
    b"NaN",
    b"null",
    b"true",
    b"4.0",
    b"99999999999999999999",
    b"[",
    b"{",
    b'"',
    b",",
    b":",
    b"\\ud800",
    b'"shape":[4294967296,4294967296],',
)


def mutate(data: bytes, draw: random.Random) -> bytes:
    """Return the bytes with one to three faults: other bits, other bytes, less, more, twice."""
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(data) + 1)
        end = min(len(data), at + draw.choice((1, 1, 2, 4, 8, 64)))
        word = draw.choice(_WORDS)
        kind = draw.randrange(6)
        if kind == 0 and at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + word + data[at + len(word) :]
        elif kind == 2:
            data = data[:at] + word + data[at:]
        elif kind == 3:
            data = data[:at] + data[end:]
        elif kind == 4:
            data = data[:at] + data[at:end] * 2 + data[end:]
        elif draw.random() < 0.2:
            data = data[:at]
    return data


#: Values that a field of a configuration should not have, or might have.
_VALUES = (
    *(None, True, False, 0, 1, 2, 3, 7, 8, -1, 2**31 - 1, 2**31, 2**53, 10**9, 1.5, -0.5, 4.0),
    *(1e300, "", "kv", "gelu", "fourier", "trainable", "none", "x" * 300, [], {}, [1], [4, 4]),
    *([0, -1], ["a"], {"a": 1}, [[[]]]),
)


def mutate_json(data: bytes, draw: random.Random) -> bytes:
    """Return the text of an object with one to three fields changed, gone, renamed or moved."""
    value = json.loads(data)
    for _ in range(draw.randint(1, 3)):
        objects = [value]
        for each in objects:
            objects += [inner for inner in each.values() if isinstance(inner, dict)]
        target = draw.choice([each for each in objects if each] or [{"a": 1}])
        name = draw.choice(list(target))
        kind = draw.randrange(5)
        if kind <= 1:
            target[name] = draw.choice(_VALUES)
        elif kind == 2:
            old = target[name]
            if isinstance(old, int):
                target[name] = old + draw.choice((-1, 1, 2, old, 10**9))
            elif isinstance(old, list) and old:
                target[name] = old[1:] + draw.choice(([], old[:1] * 2, [draw.choice(_VALUES)]))
        elif kind == 3:
            del target[name]
        else:
            target[f"{name}s"] = target.pop(name)
    return json.dumps(value).encode()


class Watch:
    """Notices what must not happen while a file is read."""

    def __init__(self) -> None:
        self.active = False
        for name in ("latin-1", "raw_unicode_escape", "unicode_escape", "utf-8"):
            codecs.lookup(name)  # each is a module, imported when it is used first
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        is_syntax = event == "compile" and arguments[1:] == ("<unknown>",)  # ast.parse
        if self.active and event in _FORBIDDEN and not is_syntax:
            raise RuntimeError(f"{event} of {arguments!r}")


def import_all(directory: Path) -> None:
    """Open a checkpoint, read every tensor that is of a type that can be read, and import it."""
    for tensor in open_checkpoint(directory).tensors.values():
        tensor.read()
    if not (directory / small_checkpoints.NO_MODEL).exists():
        description = import_path(directory, None, Options())
        assert description.text


def run(
    folder: Path,
    runs: int,
    seed: int,
    watch: Watch,
    read: Callable[[Path], None] = import_all,
) -> dict[str, int]:
    """Import so many mutants of every form of checkpoint in turn; return how many were imported and
    how many refused. AssertionError for one that does neither.
    """
    sources = small_checkpoints.write(folder / "right")
    counts = {"imported": 0, "refused": 0}
    for source in sources:
        read(source)  # also imports what is imported on demand
    for number in range(runs):
        draw = random.Random(f"{seed}.{number}")
        source = draw.choice(sources)
        mutant = folder / f"mutant-{seed}-{number}"
        shutil.copytree(source, mutant)
        file = draw.choice(sorted(each for each in mutant.iterdir() if each.stat().st_size))
        is_json = file.suffix == ".json" and draw.random() < 0.8
        file.write_bytes((mutate_json if is_json else mutate)(file.read_bytes(), draw))
        began = time.monotonic()
        watch.active = True
        try:
            read(mutant)
            counts["imported"] += 1
        except CheckpointError as error:
            counts["refused"] += 1
            assert error.file and error.text, f"{mutant}: a message without file or text"
        except Exception as error:
            raise AssertionError(f"{mutant}: {type(error).__name__}: {error}") from error
        finally:
            watch.active = False
        seconds = time.monotonic() - began
        assert seconds <= _LONGEST_SECONDS, f"{mutant}: took {seconds:.1f} s"
        shutil.rmtree(mutant)
    return counts


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit-memory", action="store_true", help="to a gigabyte")
    given = parser.parse_args()
    if given.limit_memory:
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    folder = Path(tempfile.mkdtemp(prefix="perceiver-mutants-"))
    print(run(folder, given.runs, given.seed, Watch()))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
