"""Compile models of the Perceiver family to native code, and run them on arrays.

    import perceiver_compiler as pc

    model = pc.compile("digits.mlir", "digits.safetensors", "digits.so")
    logits = model.run(inputs=images)["logits"]

    model = pc.load("digits.so", threads=4)  # later, without the compiler
    latents = model.encode(inputs=images)  # an entry; model["encode"] is the same
    logits = model.decode(**model.process(**latents))["logits"]

Everything may be called from several threads. While models are compiled or run, other Python
threads go on. Loading and running a model loads neither LLVM nor the compiler.
"""

from importlib.metadata import version as _version

from .compiler import compile, compile_file, lower
from .diagnostics import Diagnostic
from .errors import CompilerError, CompilerWarning, InputError, ModelError, PerceiverError
from .runtime import Entry, Model, Pool, Size, Tensor, load

__version__ = _version("perceiver-compiler")

__all__ = [
    "CompilerError",
    "CompilerWarning",
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
    "load",
    "lower",
]
