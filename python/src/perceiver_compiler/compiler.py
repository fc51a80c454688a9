"""Compile descriptions, alone or together with their weights."""

from __future__ import annotations

import os
import shutil
import sysconfig
import tempfile
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from . import _runtime
from .diagnostics import Diagnostic, caller_level
from .errors import CompilerError, CompilerWarning, InputError
from .runtime import Model, Path, Pool, _choose_pool, load


def compile(
    description: Path,
    weights: Path | Sequence[Path] | Mapping[str, Any],
    output: Path | None = None,
    *,
    target: str = "cpu",
    target_cpu: str | None = None,
    cuda_arch: Iterable[int] | None = None,
    strict: bool = False,
    from_stage: str | None = None,
    transform: Path | None = None,
    tasks: int | None = None,
    without: Iterable[str] = (),
    pool: Pool | None = None,
    threads: int | None = None,
    device: str | None = None,
) -> Model:
    """Compile a model for this machine and load it.

    `description` is the path of a .mlir file, or its text: a str with more than one line.
    `weights` is a safetensors file, an index of shards, a folder with one of these, a list of such
    paths, or a mapping from the names that a file would have to arrays. `output` is the .so to
    write, with the .h and .weights beside it; without it the files vanish when the model is loaded.
    `strict` makes an error of weights that the description does not mention, and of parameters and
    functions that no entry uses. `from_stage` goes on from the text that `lower` returned for the
    stage before. `transform` is the path of a script in MLIR's transform dialect, which tiles
    before the stage that does. `without` names rewrites to leave out, as ["fold-norms"]. `tasks` is
    how many parts work for a CPU is cut into, by default 64; results do not depend on it. `pool`,
    `threads` and `device`: see `load`.

    `target` is "cpu", or "cuda" for NVIDIA GPUs: those that `cuda_arch` lists, as 80 for 8.0, get
    machine code, if there is NVIDIA's assembler (`ptxas` in this interpreter's site-packages, in
    PATH or in $CUDA_HOME/bin); others and newer ones compile the code when it is loaded. On the
    CPU, code is for the processor `target_cpu`, by default this machine's; what starts work on a
    GPU runs on any, unless it says which.

    Raises CompilerError; for weights in a mapping, which become a temporary file, also InputError
    if a file cannot hold them and OSError if it cannot be written. Warnings are issued as
    CompilerWarning. Ctrl-C ends a compilation at its next step. Nothing is written then.
    """
    pool = _choose_pool(pool, threads)
    with tempfile.TemporaryDirectory(prefix="perceiver-") as directory:
        if output is None:
            stem = "model" if _is_text(description) else FilePath(description).stem
            output = FilePath(directory) / f"{stem}.so"
        compile_file(
            description,
            output,
            weights,
            target=target,
            target_cpu=target_cpu,
            cuda_arch=cuda_arch,
            strict=strict,
            from_stage=from_stage,
            transform=transform,
            tasks=tasks,
            without=without,
        )
        return load(output, pool=pool, device=device)


def compile_file(
    description: Path,
    output: Path,
    weights: Path | Sequence[Path] | Mapping[str, Any] | None = None,
    *,
    emit: str = "so",
    target: str = "cpu",
    target_cpu: str | None = None,
    target_triple: str | None = None,
    cuda_arch: Iterable[int] | None = None,
    strict: bool = False,
    from_stage: str | None = None,
    transform: Path | None = None,
    tasks: int | None = None,
    without: Iterable[str] = (),
) -> FilePath:
    """Compile a model for any machine, without loading it; return `output` as a Path.

    `emit`, `target`, `target_cpu` and `target_triple` are what perceiver-compile takes. Only "so"
    needs weights. Everything else is as `compile` does it.
    """
    from . import _compiler  # brings LLVM along

    is_text = _is_text(description)
    with tempfile.TemporaryDirectory(prefix="perceiver-") as directory:
        if isinstance(weights, Mapping):
            checkpoint = os.path.join(directory, "weights.safetensors")
            _runtime.write_safetensors(os.fsencode(checkpoint), dict(weights))
            weights = checkpoint
        is_path = isinstance(weights, (str, bytes, os.PathLike))
        files = [weights] if is_path else list(weights or ())
        succeeded, told = _compiler.compile(
            source_file=b"<description>" if is_text else os.fsencode(description),
            source=os.fspath(description) if is_text else None,
            weights=[os.fsencode(file) for file in files if file],
            output=os.fsencode(output),
            target=target,
            cuda_arch=_join_architectures(cuda_arch),
            ptxas=os.fsencode(_find_ptxas() if target == "cuda" else ""),
            target_triple=target_triple or "",
            target_cpu=target_cpu or ("native" if target == "cpu" else ""),
            from_stage=from_stage or "",
            emit=emit,
            transform=os.fsencode(transform or b""),
            tasks=_check_tasks(tasks),
            without=_list_names(without),
            strict=strict,
        )
    diagnostics = [_diagnostic(each) for each in told]
    if not succeeded:
        raise CompilerError(diagnostics)
    for each in diagnostics:
        if each.severity == "warning":
            warnings.warn(str(each), CompilerWarning, stacklevel=caller_level())
    return FilePath(output)


def lower(
    description: Path,
    stage: str,
    *,
    target: str = "cpu",
    target_cpu: str | None = None,
    target_triple: str | None = None,
    cuda_arch: Iterable[int] | None = None,
    from_stage: str | None = None,
    transform: Path | None = None,
    tasks: int | None = None,
    without: Iterable[str] = (),
) -> str:
    """Return the IR after a stage of the compiler: "expand", "rewrite", ..., "to-llvm"; or
    "llvm-ir" or "asm"; for the target "cuda" also "kernels", "nvvm" or "ptx".
    """
    with tempfile.TemporaryDirectory(prefix="perceiver-") as directory:
        output = compile_file(
            description,
            FilePath(directory) / "model.mlir",
            emit=stage,
            target=target,
            target_cpu=target_cpu,
            target_triple=target_triple,
            cuda_arch=cuda_arch,
            from_stage=from_stage,
            transform=transform,
            tasks=tasks,
            without=without,
        )
        return output.read_text(encoding="utf-8", errors="replace")


def _check_tasks(tasks: int | None) -> int:
    """Return what the compiler is told, for which 0 is its default."""
    if tasks is None:
        return 0
    if isinstance(tasks, bool) or not isinstance(tasks, int) or not 1 <= tasks <= 1024:
        raise InputError(f"tasks: expected a number from 1 to 1024, but got {tasks!r}")
    return tasks


def _list_names(without: Iterable[str]) -> list[str]:
    if isinstance(without, (str, bytes)) or not isinstance(without, Iterable):
        raise InputError(f"without: expected names, as ['fold-norms'], but got {without!r}")
    return list(without)


def _join_architectures(cuda_arch: Iterable[int] | None) -> str:
    if isinstance(cuda_arch, (str, bytes)) or not isinstance(cuda_arch or (), Iterable):
        raise InputError(f"cuda_arch: expected numbers, as [80, 90], but got {cuda_arch!r}")
    return ",".join(map(str, cuda_arch or ()))


def _find_ptxas() -> str:
    """Return the path of NVIDIA's assembler; "" if there is none."""
    installed = sysconfig.get_path("purelib")
    folders = [os.path.join(installed, "nvidia", "cu13", "bin"), *os.get_exec_path()]
    if home := os.environ.get("CUDA_HOME"):
        folders.append(os.path.join(home, "bin"))
    return shutil.which("ptxas", path=os.pathsep.join(folders)) or ""


def _is_text(description: Path) -> bool:
    return isinstance(description, str) and "\n" in description


def _diagnostic(fields: tuple[Any, ...]) -> Diagnostic:
    severity, message, file, line, column, notes = fields
    return Diagnostic(
        severity,
        message,
        file or None,
        line or None,
        column or None,
        tuple(_diagnostic(note) for note in notes),
    )
