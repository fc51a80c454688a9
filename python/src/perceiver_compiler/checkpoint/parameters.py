"""Find the parameters of a model in a checkpoint, and say in one message all that does not fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..errors import CheckpointError
from .checkpoint import Checkpoint
from .names import listed, nearest_name, quoted
from .tensor import FLOATS, Tensor, same_bits, shape_text

Shape = tuple[int | None, ...]

# A configuration may ask for a billion layers; the message about the first thousand is enough.
_MOST_PROBLEMS = 1000
_MOST_SHOWN = 20
_MOST_COMPARED = 5000


class Parameters:
    """Collects what a model needs; problems are raised together, by `check`."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self.bound: dict[str, Tensor] = {}
        self._missing: list[tuple[str, Shape]] = []
        self._wrong: list[tuple[str, str]] = []
        self._spoken_for: set[str] = set()
        #: The tensors that are a warning, after `check`.
        self.strangers: list[str] = []

    def need(self, name: str, shape: Shape, among: Sequence[str] = ()) -> Tensor | None:
        """Return the tensor of this name, or the first of `among` that is there instead: they are
        names of one tensor, so all that are there must be equal.

        A size None may be anything. What is missing or does not fit is None.
        """
        names = [name, *among]
        present = [each for each in names if each in self.checkpoint.tensors]
        if not present:
            self._missing.append((name, shape))
            self._stop_early()
            return None
        tensors = [self.checkpoint.tensors[each] for each in present]
        self._spoken_for.update(present)
        right = all([self._fits(tensor, shape) for tensor in tensors])
        if right:
            for other in tensors[1:]:
                if not same_bits(tensors[0], other):
                    self._wrong.append(
                        (other.name, f"expected the same values as {quoted(tensors[0].name)}")
                    )
                    right = False
        self._stop_early()
        if not right:
            return None
        self.bound[present[0]] = tensors[0]
        return tensors[0]

    def optional(self, name: str, shape: Shape) -> Tensor | None:
        """Return the tensor of this name if it is there; its shape must fit."""
        return self.need(name, shape) if name in self.checkpoint.tensors else None

    def check(
        self,
        scheme: Callable[[str], bool] = lambda name: False,
        quiet: Callable[[str], bool] = lambda name: False,
    ) -> None:
        """Raise one error about all that is missing or does not fit.

        Tensors that are left over contradict the configuration if the naming scheme knows them;
        others are a warning, unless they are `quiet`.
        """
        left = self.left_over()
        extra = [name for name in left if scheme(name)]
        self._raise(extra)
        self.strangers = [name for name in left if not quiet(name)]
        if self.strangers:
            names = listed(map(quoted, self.strangers))
            self.checkpoint.warnings.append(f"{self.checkpoint.weights_file}: not used: {names}")
        for tensor in self.bound.values():
            self._warn_of_overflow(tensor)

    def left_over(self) -> list[str]:
        """Return the tensors that nothing has asked for."""
        return [name for name in self.checkpoint.tensors if name not in self._spoken_for]

    def _fits(self, tensor: Tensor, shape: Shape) -> bool:
        if tensor.dtype not in FLOATS:
            self._wrong.append(
                (tensor.name, f"expected weights of {listed(FLOATS)}, but got {tensor.dtype}")
            )
            return False
        same_rank = len(tensor.shape) == len(shape)
        if same_rank and all(b is None or a == b for a, b in zip(tensor.shape, shape)):
            return True
        self._wrong.append(
            (tensor.name, f"expected {shape_text(shape)}, but got {shape_text(tensor.shape)}")
        )
        return False

    def _stop_early(self) -> None:
        if len(self._missing) + len(self._wrong) >= _MOST_PROBLEMS:
            self._raise([])

    def _raise(self, extra: list[str]) -> None:
        if not self._missing and not self._wrong and not extra:
            return
        left = self.left_over()[:_MOST_COMPARED]
        lines = []
        for name, shape in self._missing[:_MOST_SHOWN]:
            near = nearest_name(name, left)
            hint = f"; the nearest is {quoted(near)}" if near else ""
            lines.append(f"missing: {quoted(name)} {shape_text(shape)}{hint}")
        lines += [f"{quoted(name)}: {text}" for name, text in self._wrong[:_MOST_SHOWN]]
        lines += [
            f"{quoted(name)}: the configuration has no place for it" for name in extra[:_MOST_SHOWN]
        ]
        count = len(self._missing) + len(self._wrong) + len(extra)
        if count > len(lines):
            lines.append(f"and {count - len(lines)} more")
        first = [*(name for name, _ in self._missing), *(name for name, _ in self._wrong), *extra]
        text = "the tensors are not those of the configuration in "
        text += f"{self.checkpoint.origin}:\n  " + "\n  ".join(lines)
        raise CheckpointError(self.checkpoint.weights_file, first[0], text)

    def _warn_of_overflow(self, tensor: Tensor) -> None:
        if tensor.dtype != "F64":
            return
        values = tensor.read()
        with np.errstate(over="ignore"):
            overflows = np.isinf(values.astype(np.float32)) & np.isfinite(values)
        if overflows.any():
            self.checkpoint.warnings.append(
                f"{tensor.file}: tensor {quoted(tensor.name)}: values are beyond float32"
            )
