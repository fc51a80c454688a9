"""Binding of a checkpoint's tensors to the parameters of a description."""

from __future__ import annotations

from ..builder import Binding, Model, Parameter
from ..checkpoint import Checkpoint, CheckpointError, Parameters, quoted


class Weights(Binding):
    """The parameters of `model`, each bound to a tensor of the checkpoint that has to be there.

    Keys are names of the naming scheme; the description gets those that the file has. Problems are
    collected: see checkpoint.Parameters.
    """

    def __init__(self, checkpoint: Checkpoint, model: Model) -> None:
        super().__init__(model)
        self.checkpoint = checkpoint
        self.parameters = Parameters(checkpoint)

    def add(self, parameter: Parameter) -> None:
        """Add a parameter whose tensors are looked up."""
        # One after the other: `need` stops a configuration with a billion layers in time.
        stored = [self._need(parameter, member) for member in range(parameter.members)]
        super().add(self._renamed(parameter, stored))

    def _need(self, parameter: Parameter, member: int) -> str | None:
        names = parameter.names(member)
        tensor = self.parameters.need(names[0], parameter.source_shape, names[1:])
        return None if tensor is None else tensor.stored_name

    def _renamed(self, parameter: Parameter, stored: list[str | None]) -> Parameter:
        """The parameter under the names that the file has, which may have a prefix in common, or
        hold a tied tensor under another name.
        """
        if None in stored or stored == [names[0] for names in parameter.all_names()]:
            return parameter
        fields = {**vars(parameter), "aliases": ()}
        if parameter.count is None:
            return Parameter(**{**fields, "key": stored[0]})
        for key in (parameter.key, *parameter.aliases):
            names = Parameter(**{**fields, "key": key}).all_names()
            prefixes = {
                found.removesuffix(name) if found.endswith(name) else None
                for found, (name,) in zip(stored, names)
            }
            if len(prefixes) == 1 and None not in prefixes:
                return Parameter(**{**fields, "key": f"{prefixes.pop()}{key}"})
        raise CheckpointError(
            self.checkpoint.weights_file,
            parameter.key,
            f"the tensors {quoted(parameter.key)} are stored under names of different kinds: "
            f"{quoted(stored[0])}, {quoted(stored[-1])}",
        )

    def expect(self, key: str, shape: tuple[int, ...], count: int | None = None) -> None:
        """Have tensors that the model ignores checked, too."""
        expected = Parameter("", shape, key, count=count)
        for member in range(expected.members):
            self._need(expected, member)
