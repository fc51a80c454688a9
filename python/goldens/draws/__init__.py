"""Random cases, a module for each library: CLASSES, DEFAULTS and draw(name, choices)."""

from __future__ import annotations

from types import ModuleType

from ..case import Case
from ..choices import Choices
from . import deepmind, huggingface, krasserm, lucidrains

SOURCES: dict[str, ModuleType] = {
    "huggingface": huggingface,
    "deepmind": deepmind,
    "lucidrains": lucidrains,
    "krasserm": krasserm,
}


def classes() -> list[tuple[str, str]]:
    """Return (source, class) of all."""
    return [(source, name) for source, module in SOURCES.items() for name in module.CLASSES]


def draw(source: str, name: str, choices: Choices) -> Case:
    """Return a random case of a class, which its library accepts."""
    return SOURCES[source].draw(name, choices)
