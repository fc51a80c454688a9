"""A small checkpoint of every form and source, for faults to be put into."""

import deepmind_checkpoints
import hf_checkpoints
import krasserm_checkpoints
import lucidrains_checkpoints
from checkpoint_files import write_checkpoints

#: Marks a checkpoint that shows a form of files and has the tensors of no model.
NO_MODEL = "no_model"

_CASES = {
    "huggingface": (hf_checkpoints, ("PerceiverForMaskedLM", "PerceiverForOpticalFlow")),
    "lucidrains": (lucidrains_checkpoints, ("Perceiver", "Gated", "PerceiverLM")),
    "krasserm": (krasserm_checkpoints, ("TextClassifierQueries", "ImageClassifier", "OpticalFlow")),
    "deepmind": (deepmind_checkpoints, ("MaskedLM", "Conv", "Multimodal")),
}


def write(folder):
    """Write all, and return their directories."""
    made = write_checkpoints(folder)
    for directory in made:
        (directory / NO_MODEL).touch()
    for source, (module, names) in _CASES.items():
        for name in names:
            made.append(module.CASES[name].save(folder / f"{source}.{name}"))
    case = deepmind_checkpoints.CASES["MaskedLM"]
    made.append(case.save(folder / "deepmind.pickle", "pickle"))
    case = krasserm_checkpoints.CASES["TextClassifier"]
    encoder = "text.common.backend.TextEncoderConfig"
    decoder = "core.config.ClassificationDecoderConfig"
    made.append(case.save_lightning(folder / "krasserm.lightning", encoder, decoder))
    wrapped = ("perceiver-io-text-classifier", "PerceiverTextClassifier")
    made.append(case.save_wrapped(folder / "krasserm.wrapped", *wrapped))
    return made
