"""Plain records that stand for objects of a checkpoint's pickle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .names import shown
from .pickle_machine import Buildable, Constructor, PickleError


@dataclass(eq=False)
class Record(Buildable):
    """An object of a library's configuration class: its global name and its fields."""

    global_name: str
    fields: dict[str, Any] = field(default_factory=dict)

    def set_state(self, state: Any) -> None:
        """Take the fields from a dict."""
        if not isinstance(state, dict) or not all(isinstance(name, str) for name in state):
            raise PickleError(
                f"expected a dict of fields for {self.global_name}, but got {shown(state)}",
                self.global_name,
            )
        self.fields.update(state)


class OrderedDictRecord(dict, Buildable):
    """A collections.OrderedDict; torch hangs the versions of modules on it, which mean nothing."""

    def set_state(self, state: Any) -> None:
        """Accept `_metadata` and look no further."""
        if not isinstance(state, dict) or set(state) - {"_metadata"}:
            raise PickleError(
                "expected nothing but _metadata as the state of collections.OrderedDict",
                "collections.OrderedDict",
            )


def _ordered_dict(pairs: list[Any] | None = None) -> OrderedDictRecord:
    result = OrderedDictRecord()
    for key, value in pairs or []:
        if not isinstance(key, str | int):
            raise PickleError(f"expected a text or number as key, but got {shown(key)}")
        result[key] = value
    return result


def _record(name: str) -> Constructor:
    def create(*arguments: Any) -> Record:
        if arguments:
            raise PickleError(f"expected {name} without arguments", name)
        return Record(name)

    return Constructor(name, create)


ORDERED_DICT = Constructor("collections.OrderedDict", _ordered_dict)

# krasserm's configurations are dataclasses, which Lightning's checkpoints hold as objects.
KRASSERM = {
    f"perceiver.model.{name}": _record(f"perceiver.model.{name}")
    for name in (
        "core.config.EncoderConfig",
        "core.config.DecoderConfig",
        "core.config.ClassificationDecoderConfig",
        "core.config.PerceiverIOConfig",
        "core.config.PerceiverARConfig",
        "core.config.CausalSequenceModelConfig",
        "text.common.backend.TextEncoderConfig",
        "text.mlm.backend.TextDecoderConfig",
        "text.clm.backend.CausalLanguageModelConfig",
        "vision.image_classifier.backend.ImageEncoderConfig",
        "vision.optical_flow.backend.OpticalFlowEncoderConfig",
        "vision.optical_flow.backend.OpticalFlowDecoderConfig",
        "audio.symbolic.backend.SymbolicAudioModelConfig",
    )
}
