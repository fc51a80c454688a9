"""Read the checkpoints of the libraries that have Perceivers: configuration and tensors.

    checkpoint = open_checkpoint("language-perceiver")
    checkpoint.source, checkpoint.config["d_latents"], checkpoint.tensors["embeddings.latents"]

NumPy is all it needs. Pickles are read by a machine that executes nothing (`pickle_machine`), no
tensor is read before somebody asks for it, and whatever is not as it should be is a
CheckpointError that names the file and what in it.
"""

from ..errors import CheckpointError
from .checkpoint import SOURCES, Checkpoint, checkpoint_of_arrays
from .fields import REQUIRED, Fields
from .files import open_checkpoint
from .names import did_you_mean, listed, nearest_name, quoted, shown
from .parameters import Parameters
from .records import Record
from .safetensors_writer import check_replaceable
from .tensor import Tensor, same_bits, shape_text

__all__ = [
    "REQUIRED",
    "SOURCES",
    "Checkpoint",
    "CheckpointError",
    "Fields",
    "Parameters",
    "Record",
    "Tensor",
    "check_replaceable",
    "checkpoint_of_arrays",
    "did_you_mean",
    "listed",
    "nearest_name",
    "open_checkpoint",
    "quoted",
    "same_bits",
    "shape_text",
    "shown",
]
