"""Does every tensor that an import binds show in its results? Where one does not, comparing results
finds no fault in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np
from perceiver_compiler.importers import Description

from reference.deterministic import deterministic_values

from .case import Made
from .judge import tolerance

#: Of its own size, what is added to each element of a tensor.
_SHARE = 0.25
#: How often a change has to be as large as the tolerance.
MARGIN = 2.0

#: Tensors that cannot show in a result, and why.
HIDDEN = {
    r"(\.key|\.k_proj|^k_proj|attention/linear_1)(\.bias|:b)$": (
        "a bias of keys adds the same number to all scores of a row, which softmax takes out"
    ),
    r"^layers\.\d+\.2\.fn\.3\.bias$": (
        "mixed_latents: adds the same number to all channels of a latent, which norms take out"
    ),
    r"input_preprocessor\.padding\.label$": "the label's row is its mask token",
    r"input_preprocessor\.mask\.(audio|image)$": "audio and image are never masked",
}


def hidden_tensors(
    description: Description, inputs: Mapping[str, np.ndarray], made: Made
) -> Iterator[str]:
    """Yield the tensors that move no result by clearly more than its tolerance if each of their
    elements is changed, except those that cannot.
    """
    tensors = {name: tensor.read() for name, tensor in description.tensors.items()}
    before = description.model.evaluate("run", inputs, tensors)
    allowed = {name: tolerance(made.single[name], made.double[name]) for name in before}
    for name, array in tensors.items():
        if any(re.search(pattern, name) for pattern in HIDDEN):
            continue
        scale = _SHARE * float(np.abs(array).max(initial=0)) or _SHARE
        changed = array + scale * deterministic_values(f"changed.{name}", array.shape)
        after = description.model.evaluate("run", inputs, tensors | {name: changed})
        if not any(
            np.abs(after[key] - before[key]).max() > MARGIN * allowed[key] for key in before
        ):
            yield name
