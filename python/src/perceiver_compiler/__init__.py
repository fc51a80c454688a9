"""Compile models of the Perceiver family to native code, and run them on arrays.

    import perceiver_compiler as pc

    model = pc.compile("digits.mlir", "digits.safetensors", "digits.so")
    logits = model.run(inputs=images)["logits"]

    model = pc.load("digits.so", threads=4)  # later, without the compiler
    latents = model.encode(inputs=images)  # an entry; model["encode"] is the same
    logits = model.decode(**model.process(**latents))["logits"]

    model = pc.from_huggingface("language-perceiver").compile("language.so")

Everything may be called from several threads. While models are compiled or run, other Python
threads go on. Loading and running a model loads neither LLVM nor the compiler; `builder`,
`checkpoint`, `formulas`, `importers` load nothing native at all.
"""

from importlib import import_module as _import_module
from pkgutil import extend_path as _extend_path
from typing import TYPE_CHECKING
from typing import Any as _Any

if TYPE_CHECKING:
    from .compiler import compile, compile_file, lower
    from .diagnostics import Diagnostic
    from .errors import (
        CheckpointError,
        CompilerError,
        CompilerWarning,
        InputError,
        ModelError,
        PerceiverError,
    )
    from .importers import (
        Description,
        from_deepmind,
        from_huggingface,
        from_krasserm,
        from_lucidrains,
    )
    from .runtime import Entry, Model, Pool, Size, Tensor, load

# The sources of a checkout use the native modules of an installed package.
__path__ = _extend_path(__path__, __name__)

__all__ = [
    "CheckpointError",
    "CompilerError",
    "CompilerWarning",
    "Description",
    "Diagnostic",
    "Entry",
    "InputError",
    "Model",
    "ModelError",
    "PerceiverError",
    "Pool",
    "Size",
    "Tensor",
    "compile",
    "compile_file",
    "from_deepmind",
    "from_huggingface",
    "from_krasserm",
    "from_lucidrains",
    "load",
    "lower",
]

#: Which module has which name. They are imported when they are asked for, as some are native.
_MODULES = {
    "compiler": ["compile", "compile_file", "lower"],
    "diagnostics": ["Diagnostic"],
    "errors": [
        "CheckpointError",
        "CompilerError",
        "CompilerWarning",
        "InputError",
        "ModelError",
        "PerceiverError",
    ],
    "importers": [
        "Description",
        "from_deepmind",
        "from_huggingface",
        "from_krasserm",
        "from_lucidrains",
    ],
    "runtime": ["Entry", "Model", "Pool", "Size", "Tensor", "load"],
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> _Any:
    if name == "__version__":
        from importlib.metadata import version

        value: _Any = version("perceiver-compiler")
    elif name in _HOMES:
        value = getattr(_import_module(f".{_HOMES[name]}", __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, "__version__"})
