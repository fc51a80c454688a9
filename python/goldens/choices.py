"""Random choices by name: each can be set to its simplest value without moving the others."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

_T = TypeVar("_T")


@dataclass
class Choices:
    """The choices of one draw.

    A choice depends on the seed and its name alone. Options stand with the simplest one first, and
    the names in `simple` get that one: so a draw that fails is made smaller, choice by choice, and
    stays valid, because whatever draws has to draw what is valid.
    """

    seed: str
    simple: frozenset[str] = frozenset()
    #: What was chosen that is not the simplest.
    made: dict[str, Any] = field(default_factory=dict)

    def pick(self, name: str, options: Sequence[_T]) -> _T:
        """Choose one of the options, each as often."""
        chosen = options[self._random(name).randrange(len(options))]
        return self._note(name, chosen, options[0])

    def integer(self, name: str, first: int, last: int) -> int:
        """Choose a number, both ends included; the first one is the simplest."""
        return self._note(name, self._random(name).randint(first, last), first)

    def chance(self, name: str, share: float) -> bool:
        """Choose true with this share; false is simpler."""
        return self._note(name, self._random(name).random() < share, False)

    def _note(self, name: str, chosen: _T, simplest: _T) -> _T:
        if name in self.simple or chosen == simplest:
            return simplest
        self.made[name] = chosen
        return chosen

    def _random(self, name: str) -> random.Random:
        return random.Random(f"{self.seed}.{name}")
