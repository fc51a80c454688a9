"""Put faults into the files of checkpoints: each is read, or refused in one message.

    .venv/bin/python python/fuzz/mutate_checkpoints.py --runs 10000 --seed 1

Whatever a file says, nothing of it is executed, no other exception than CheckpointError ends the
reading, and it takes at most five seconds and (with --limit-memory) a gigabyte. A file that fails
is left in the folder that is printed.
"""

from __future__ import annotations

import argparse
import codecs
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]
    sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from checkpoint_files import write_checkpoints  # noqa: E402
from perceiver_compiler.checkpoint import CheckpointError, open_checkpoint  # noqa: E402

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


class Watch:
    """Notices what must not happen while a file is read."""

    def __init__(self) -> None:
        self.active = False
        for name in ("latin-1", "raw_unicode_escape", "unicode_escape", "utf-8"):
            codecs.lookup(name)  # each is a module, imported when it is used first
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: object) -> None:
        if self.active and event in _FORBIDDEN:
            raise RuntimeError(f"{event} of {arguments!r}")


def read_all(directory: Path) -> None:
    """Open a checkpoint and read every tensor that is of a type that can be read."""
    for tensor in open_checkpoint(directory).tensors.values():
        tensor.read()


def run(
    folder: Path,
    runs: int,
    seed: int,
    watch: Watch,
    read: Callable[[Path], None] = read_all,
) -> dict[str, int]:
    """Read so many mutants of every form of checkpoint in turn; return how many were read and how
    many refused. AssertionError for one that does neither.
    """
    sources = write_checkpoints(folder / "right")
    counts = {"read": 0, "refused": 0}
    for source in sources:
        read(source)  # also imports what is imported on demand
    for number in range(runs):
        draw = random.Random(f"{seed}.{number}")
        source = draw.choice(sources)
        mutant = folder / f"mutant-{seed}-{number}"
        shutil.copytree(source, mutant)
        file = draw.choice(sorted(mutant.iterdir()))
        file.write_bytes(mutate(file.read_bytes(), draw))
        began = time.monotonic()
        watch.active = True
        try:
            read(mutant)
            counts["read"] += 1
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
