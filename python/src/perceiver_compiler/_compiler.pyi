from collections.abc import Sequence
from typing import Any

def compile(
    *,
    source_file: bytes,
    source: str | None,
    weights: Sequence[bytes],
    output: bytes,
    target: str,
    cuda_arch: str,
    ptxas: bytes,
    target_triple: str,
    target_cpu: str,
    from_stage: str,
    emit: str,
    transform: bytes,
    tasks: int,
    without: Sequence[str],
    strict: bool,
) -> tuple[bool, list[tuple[Any, ...]]]: ...
def version() -> str: ...
