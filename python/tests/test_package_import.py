"""From a checkpoint to results in Python, as users write it."""

import json
from types import SimpleNamespace

import numpy as np
import perceiver_compiler as pc
from hf_checkpoints import CASES, expected_of, inputs_of
from safetensors.numpy import save_file

import reference as r

TOLERANCE = 2e-5


def test_a_language_model(tmp_path):
    """A tokenizer's arrays go in under the library's names; any numbers are a mask."""
    case = CASES["PerceiverForMaskedLM"]
    shapes = {"input_ids": (None, 20)}
    description = pc.from_huggingface(case.save(tmp_path / "lm"), shapes=shapes)
    model = description.compile(tmp_path / "lm.so", threads=2)
    inputs = inputs_of(case)
    expected = expected_of(case, inputs)["logits"]
    ids, mask = inputs["inputs"], inputs["attention_mask"]
    for tokens in (
        {"input_ids": ids, "attention_mask": mask},
        {"input_ids": ids.astype(np.int32), "attention_mask": mask.astype(bool)},
    ):
        logits = model.run(**tokens)["logits"]
        assert r.relative_errors(logits, expected).max() < TOLERANCE
    alone = model.run(input_ids=ids[:1])["logits"]
    np.testing.assert_array_equal(alone, model.run(input_ids=ids)["logits"][:1])
    latents = model.process(model.encode(**tokens))
    some = model.decode(latents, positions=np.array([31, 4]))["logits"]
    assert r.relative_errors(some, expected[:, [31, 4]]).max() < TOLERANCE


def test_weights_in_shards(tmp_path):
    """They are read where they lie."""
    case = CASES["PerceiverForImageClassificationLearned"]
    directory = case.save(tmp_path / "image")
    tensors = case.tensors()
    names = {name: f"model-{len(name) % 2 + 1}-of-2.safetensors" for name in tensors}
    for file in set(names.values()):
        save_file({n: t for n, t in tensors.items() if names[n] == file}, directory / file)
    index = {"metadata": {}, "weight_map": names}
    (directory / "model.safetensors.index.json").write_text(json.dumps(index))
    (directory / "model.safetensors").unlink()
    description = pc.from_huggingface(directory)
    assert [each.name for each in description.weights] == ["model.safetensors.index.json"]
    inputs = inputs_of(case)
    logits = description.compile().run(pixel_values=inputs["inputs"].astype(np.float32))["logits"]
    assert r.relative_errors(logits, expected_of(case, inputs)["logits"]).max() < TOLERANCE
    assert len(list(directory.iterdir())) == 4


def test_a_model_in_memory(tmp_path):
    """In half precision; nothing is written but for the compiler."""
    case = CASES["PerceiverModel"]
    halves = {name: tensor.astype(np.float16) for name, tensor in case.tensors().items()}

    class PerceiverModel:
        config = SimpleNamespace(to_dict=lambda: {"model_type": "perceiver", **case.config})
        state_dict = staticmethod(lambda: halves)

    description = pc.from_huggingface(PerceiverModel())
    inputs = inputs_of(case)
    expected = description.evaluate("run", inputs)["last_hidden_state"]
    floats = {**inputs, "inputs": inputs["inputs"].astype(np.float32)}
    state = description.compile().run(floats)["last_hidden_state"]
    assert r.relative_errors(state, expected).max() < TOLERANCE
    assert list(tmp_path.iterdir()) == []
