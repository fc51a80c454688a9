"""Each tensor that an import binds moves a result, so that none can be bound wrongly in silence."""

import deepmind_checkpoints
import krasserm_checkpoints
import lucidrains_checkpoints
import numpy as np
import pytest
from perceiver_compiler.importers import import_path
from perceiver_compiler.importers.sources import Options

#: A bias of keys shifts all scores of a query alike, which softmax does not see; the last bias of
#: mixed_latents all channels of a latent, which no norm sees, and norms are all that follows.
BLIND = ("k_proj.bias", "/attention/linear_1:b", ".2.fn.3.bias")
CASES = [
    *((lucidrains_checkpoints, name) for name in ("PerceiverAudio", "Gated", "MixedLatents")),
    (lucidrains_checkpoints, "PerceiverIOTied"),
    *((krasserm_checkpoints, name) for name in ("TextClassifierQueries", "MaskedLanguageModel")),
    (deepmind_checkpoints, "MaskedLM"),
]


@pytest.mark.parametrize("module, name", CASES, ids=[name for _, name in CASES])
def test_every_tensor_is_read(module, name, tmp_path):
    case = module.CASES[name]
    description = import_path(case.save(tmp_path), None, Options(shapes=case.shapes))
    inputs = module.inputs_of(name, batch=2)
    before = description.evaluate("run", inputs)
    arrays = {key: np.float64(tensor.read()) for key, tensor in description.tensors.items()}
    assert arrays.keys() <= case.tensors().keys()
    for key, array in arrays.items():
        moved = {**arrays, key: array + 0.25 * np.roll(array, 1) + 0.125}
        after = description.model.evaluate("run", inputs, moved)
        distance = max(np.abs(after[k] - before[k]).max() for k in before)
        assert (distance > 1e-6) != key.endswith(BLIND), key
