"""Runs a compiled model, with the PTX in its file replaced, on the emulated device."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile

from .harness import Verdict

_PTX = re.compile(rb"[^\0]*\.version\s[^\0]*\.target\s[^\0]*\.entry\s[^\0]*")
_COMMENT = re.compile(r"[ \t]*//[^\n]*")
_INDENTED = re.compile(r"^[ \t]+", re.MULTILINE)
# Of a function that the driver refused, a check, or a comparison.
_FINDING = re.compile(r"^[a-z-]+ kernel=.*$", re.MULTILINE)
_OFF = re.compile(r"^.*further off than the tolerance.*$", re.MULTILINE)


@dataclass(frozen=True)
class ModelRunner:
    """Judges PTX by what the model does with it: a `Runner`.

    `model` is a file for CUDA devices, `folder` has room for copies, `arguments` are those of
    `perceiver-run`, with inputs and what is expected (`--input`, `--verify`). Whatever is found
    counts, and outputs beyond the tolerance.
    """

    build: Path
    model: Path
    folder: Path
    arguments: tuple[str, ...]
    words: str = "threads=1 steps=1000000"
    seconds: float = 60

    @property
    def ptx(self) -> str:
        """The model's PTX, with blanks left out where they say nothing: room for faults."""
        return _INDENTED.sub("", _COMMENT.sub("", self._original.decode()))

    def __call__(self, ptx: str) -> Verdict:
        data, place = self._file
        text = ptx.encode()
        if len(text) > len(self._original):
            raise ValueError(f"expected at most {len(self._original)} bytes, but got {len(text)}")
        with NamedTemporaryFile(suffix=".so", dir=self.folder) as copy:
            copy.write(data[:place])
            copy.write(text.ljust(len(self._original), b"\n"))
            copy.write(data[place + len(self._original) :])
            copy.flush()
            command = [self.build / "bin" / "perceiver-run", copy.name, *self.arguments]
            options = [f"--weights={self.model.with_suffix('.weights')}", "--device=emulated"]
            try:
                done = subprocess.run(
                    [*command, *options, f"--emulator={self.words}"],
                    capture_output=True,
                    text=True,
                    timeout=self.seconds,
                )
            except subprocess.TimeoutExpired:
                return Verdict("error", f"no end within {self.seconds} s")
        if done.returncode == 0:
            return Verdict()
        for detector, pattern in (("finding", _FINDING), ("numbers", _OFF)):
            if found := pattern.search(done.stderr):
                return Verdict(detector, found[0])
        return Verdict("error", done.stderr.strip())

    @cached_property
    def _file(self) -> tuple[bytes, int]:
        """The model's bytes, and where in them the PTX begins."""
        data = self.model.read_bytes()
        if not (found := _PTX.search(data)):
            raise ValueError(f"expected PTX in {self.model}")
        return data, found.start()

    @cached_property
    def _original(self) -> bytes:
        data, place = self._file
        return data[place : data.index(b"\0", place)]
