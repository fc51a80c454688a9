"""Perceivers of Hugging Face's transformers, imported: what they compute in NumPy and compiled, and
what is refused.
"""

import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import perceiver_compiler as pc
import pytest
from hf_checkpoints import CASES, expected_of, inputs_of
from perceiver_compiler.importers import command
from safetensors.numpy import load_file, save_file

import reference as r
from fuzz import mutate_configurations

# Descriptions are compared with the float64 reference on the same Fourier tables.
EXACT = 1e-12


def make(directory, name="PerceiverForMaskedLM", **changes):
    return CASES[name].save(directory / "checkpoint", **changes)


def perceiver_import(*arguments):
    return command.main([str(argument) for argument in arguments])


# What a description computes


@pytest.mark.parametrize("name", CASES)
def test_every_class_computes_what_the_reference_does(name, tmp_path):
    case = CASES[name]
    description = pc.from_huggingface(case.save(tmp_path))
    inputs = inputs_of(case)
    results = description.evaluate("run", inputs)
    expected = expected_of(case, inputs)
    assert results.keys() == expected.keys()
    for key, array in expected.items():
        np.testing.assert_allclose(results[key], array, rtol=0, atol=EXACT * np.abs(array).max())
    assert description.warnings == []
    assert {entry.name for entry in description.model.entries} >= {"encode", "process", "run"}


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        (
            "PerceiverForImageClassificationFourier",
            {
                "cross_attention_shape_for_attention": "q",
                "self_attention_widening_factor": 3,
                "cross_attention_widening_factor": 2,
                "hidden_act": "swish",
                "use_query_residual": False,
                "num_self_attention_heads": 8,
                "num_cross_attention_heads": 2,
            },
        ),
        (
            "PerceiverForOpticalFlow",
            {"cross_attention_shape_for_attention": "q", "hidden_act": "relu2", "num_blocks": 1},
        ),
        (
            "PerceiverForMaskedLM",
            {
                "qk_channels": None,
                "v_channels": None,
                "num_self_attention_heads": 5,
                "cross_attention_widening_factor": 2,
                "hidden_act": "quick_gelu",
                "vocab_size": 300,
                "d_model": 48,
            },
        ),
        (
            "PerceiverForSequenceClassification",
            {"qk_channels": 16, "v_channels": 80, "num_labels": 5, "num_latents": 3},
        ),
    ],
)
def test_every_field_counts(name, fields, tmp_path):
    case = CASES[name].changed(**fields)
    description = pc.from_huggingface(case.save(tmp_path))
    inputs = inputs_of(case)
    for key, array in expected_of(case, inputs).items():
        result = description.evaluate("run", inputs)[key]
        np.testing.assert_allclose(result, array, rtol=0, atol=EXACT * np.abs(array).max())


def test_entries_divide_the_work(tmp_path):
    """encode, process and decode in turn are run; decode takes lists and ranges."""
    case = CASES["PerceiverForMaskedLM"]
    lm = pc.from_huggingface(case.save(tmp_path / "lm"))
    shown = "<Description of a PerceiverForMaskedLM: encode, process, decode, run; "
    assert repr(lm) == f"{shown}{len(lm.tensors)} tensors>"
    inputs = inputs_of(case)
    whole = lm.evaluate("run", inputs)["logits"]
    latents = lm.evaluate("process", lm.evaluate("encode", inputs))["latents"]
    places = np.array([7, 0, 31, 7])
    some = lm.evaluate("decode", {"latents": latents, "positions": places})["logits"]
    np.testing.assert_allclose(some, whole[:, places], rtol=0, atol=1e-9)
    with pytest.raises(ValueError, match="expected positions in 0..31"):
        lm.evaluate("decode", {"latents": latents, "positions": places + 1})

    case = CASES["PerceiverForOpticalFlow"]
    flow = pc.from_huggingface(case.save(tmp_path / "flow"))
    inputs = inputs_of(case)
    whole = flow.evaluate("run", inputs)["logits"].reshape(2, -1, 2)
    latents = flow.evaluate("process", flow.evaluate("encode", inputs))["latents"]
    known = {"latents": latents, **inputs}
    some = flow.evaluate("decode", {**known, "first": 13, "count": 20})["logits"]
    np.testing.assert_allclose(some, whole[:, 13:33], rtol=0, atol=1e-12)
    some = flow.evaluate("decode_points", {**known, "points": np.array([95, 3])})["logits"]
    np.testing.assert_allclose(some, whole[:, [95, 3]], rtol=0, atol=1e-12)
    with pytest.raises(ValueError, match="first \\+ count of at most 96 pixels, but got 97"):
        flow.evaluate("decode", {**known, "first": 90, "count": 7})

    case = CASES["PerceiverForMultimodalAutoencoding"]
    modal = pc.from_huggingface(case.save(tmp_path / "modal"))
    inputs = inputs_of(case)
    whole = modal.evaluate("run", inputs)
    encoded = {name: array for name, array in inputs.items() if name.startswith("inputs.")}
    latents = modal.evaluate("process", modal.evaluate("encode", encoded))["latents"]
    for name, point in (("image", 419), ("audio", 17)):
        points = {"latents": latents, "first": point, "count": 1}
        some = modal.evaluate(f"decode_{name}", points)[f"logits.{name}"]
        index = list(inputs[f"subsampled_output_points.{name}"]).index(point)
        found = whole[f"logits.{name}"].reshape(2, -1, some.size // 2)
        if name == "image":
            found = whole["logits.image"]
        np.testing.assert_allclose(some.reshape(2, -1), found[:, index], rtol=0, atol=1e-12)
    label = modal.evaluate("decode_label", {"latents": latents})["logits.label"]
    np.testing.assert_array_equal(label, whole["logits.label"])


GOLDEN = {
    "PerceiverForMaskedLM": (
        {},
        [0.07184901, 1.446707, -1.792616, -0.8885684, -2.249572, -1.179016, 2.035991, 1.939042],
    ),
    "PerceiverForSequenceClassification": (
        {"num_labels": 3},
        [1.480553, 0.9533217, -0.423821, 1.735282, 0.1459618, 1.045187],
    ),
    "PerceiverForImageClassificationLearned": (
        {"num_self_attention_heads": 8},
        [-1.154215, 0.9671062, -1.260358, 1.013516, 0.6849199, 0.2645893, 0.09541573, -0.6884739],
    ),
    "PerceiverForOpticalFlow": (
        {"num_blocks": 1},
        [0.002589965, 0.01703431, 0.00356669, 0.017535, 0.004612005, 0.0173167, 0.00494795],
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_vectors_of_the_library(name, tmp_path):
    """Numbers of transformers itself, run in float64."""
    changes, numbers = GOLDEN[name]
    case = CASES[name]
    directory = case.save(tmp_path, **changes)
    tensors = {key: r.deterministic_parameter(key, s) for key, s in case.tensor_shapes.items()}
    if "num_labels" in changes:
        final = "perceiver.decoder.decoder.final_layer"
        for key, shape in ((f"{final}.weight", (3, 80)), (f"{final}.bias", (3,))):
            tensors[key] = r.deterministic_parameter(key, shape)
    save_file(tensors, directory / "model.safetensors")
    ids = (37 * np.arange(64) % 256 + 6).reshape(2, 32)
    ids[1, 20:] = 0
    mask = np.ones((2, 32), np.int64)
    mask[1, 20:] = 0
    inputs = {"input_ids": ids, "attention_mask": mask}
    if "Image" in name:
        image = r.deterministic_values("input.image", (2, 16, 16, 3))
        inputs = {"pixel_values": image.transpose(0, 3, 1, 2)}
    if "Flow" in name:
        frames = r.deterministic_values("input.flow", (1, 2, 8, 12, 3))
        inputs = {"inputs": r.flow_patches(frames)}
    result = pc.from_huggingface(directory).evaluate("run", inputs)["logits"].reshape(-1)
    # The Fourier table of flow is rounded here, and was not there.
    tolerance = 2e-4 if "Flow" in name else 1e-6
    expected = np.array(numbers)
    np.testing.assert_allclose(
        result[: len(expected)], expected, rtol=0, atol=tolerance * np.abs(expected).max()
    )


# Sizes, weights


def test_shapes_fix_sizes(tmp_path):
    directory = make(tmp_path)
    shapes = {"input_ids": (3, 24), "attention_mask": (3, None, "i1")}
    text = pc.from_huggingface(directory, shapes=shapes).text
    assert "tensor<3x24xi64>" in text and "%attention_mask: tensor<3x24xi1>" in text
    assert "?x" not in text.split("@decode")[0] and "perceiver.to_mask" not in text
    short = pc.from_huggingface(directory, shapes={"attention_mask": (None, None, "u8")}).text
    assert "%attention_mask: tensor<?x?xui8>" in short
    assert "perceiver.require" not in text
    assert (
        "attention_mask" not in pc.from_huggingface(directory, shapes={"attention_mask": None}).text
    )
    image = CASES["PerceiverForImageClassificationFourier"].save(tmp_path / "image")
    named = pc.from_huggingface(image, shapes={"attention_mask": (None, None)}).text
    assert '"attention_mask", perceiver.sizes = ["batch", "height * width"]' in named
    assert "attention_mask" not in pc.from_huggingface(image).text
    fixed = pc.from_huggingface(image, shapes={"inputs": (None, 3, 16, 12)}).text
    assert "grid = [16, 12]" in fixed and "sizes(" not in fixed


def test_shapes_of_the_wrong_kind(tmp_path):
    directory = make(tmp_path)
    for shapes, message in [
        ({"inputs": "?x3"}, "expected a tuple of sizes, or None, but got '\\?x3'"),
        ({"inputs": (None, 0)}, "expected sizes of at least 1, but got 0"),
        ({"inputs": (None, True)}, "expected sizes of at least 1, but got true"),
        ({"inputs": (None, 1.5)}, "expected sizes of at least 1, but got 1.5"),
        ({"attention_mask": (None, None, "c64")}, "expected a type among i1, .* but got 'c64'"),
        ({"input_ids": (None, 3), "inputs": (None, 3)}, "has two names, and shapes for both"),
    ]:
        with pytest.raises(pc.CheckpointError, match=message):
            pc.from_huggingface(directory, shapes=shapes)


def test_masks_of_images_exist_by_name(tmp_path):
    """They mask the encoder's rows; a row of the batch without any averages all."""
    case = CASES["PerceiverForImageClassificationFourier"]
    shapes = {"attention_mask": (None, None, "f32")}
    description = pc.from_huggingface(case.save(tmp_path / "image"), shapes=shapes)
    inputs, weights, config = inputs_of(case), case.tensors(), case.reference
    mask = (r.deterministic_values("mask", (2, 192)) > 0.25) * np.array([[0.5], [0.0]])
    x = r.image_inputs(weights, config, inputs["inputs"])
    latents = r.hf_last_hidden_state(weights, config, x, mask != 0)
    expected = r.hf_decode(weights, config, r.hf_query_table(weights, config), latents)[:, 0]
    result = description.evaluate("run", {**inputs, "attention_mask": mask})["logits"]
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-11)

    case = CASES["PerceiverForMultimodalAutoencoding"]
    description = pc.from_huggingface(case.save(tmp_path / "modal"), shapes=shapes)
    text = description.text
    assert '"samples / 4 + frames * (height / 4) * (width / 4) + 1"' in text
    inputs = inputs_of(case)
    rows = 40 // 4 + 4 * 2 * 3 + 1
    whole = description.evaluate("run", inputs)
    mask = np.ones((2, rows), np.float32)
    same = description.evaluate("run", {**inputs, "attention_mask": mask})
    mask[:, -1] = 0  # the label's row
    other = description.evaluate("run", {**inputs, "attention_mask": mask})
    for name, array in whole.items():
        np.testing.assert_array_equal(array, same[name])
        assert np.abs(array - other[name]).max() > 1e-6
    with pytest.raises(ValueError, match=f"= {rows} in attention_mask, but got {rows + 1}"):
        description.evaluate("run", {**inputs, "attention_mask": np.ones((2, rows + 1))})


def test_sizes_that_do_not_divide_are_refused(tmp_path):
    """When they are fixed; of others, what is left to check stands in the description."""
    modal = CASES["PerceiverForMultimodalAutoencoding"].save(tmp_path / "modal")
    for shapes, message in [
        ({"inputs.image": (None, 1, 3, 8, 8)}, "at least 2 frames"),
        ({"inputs.image": (None, 2, 3, 10, 8)}, "a height in patches of 4"),
        ({"inputs.audio": (None, 41, 1)}, "samples in patches of 4"),
        ({"inputs.label": (None, 8)}, "input 'inputs.label': expected 7, but got 8"),
    ]:
        with pytest.raises(pc.CheckpointError, match=message):
            pc.from_huggingface(modal, shapes=shapes)
    flow = CASES["PerceiverForOpticalFlow"].save(tmp_path / "flow")
    for shape in ((None, 2, 27, 8, 13), (None, 2, 27, 8)):
        with pytest.raises(pc.CheckpointError, match=r"'inputs' is \?x2x27x8x12, by train_size"):
            pc.from_huggingface(flow, shapes={"inputs": shape})
    stem = CASES["PerceiverForImageClassificationConvProcessing"].save(tmp_path / "stem")
    with pytest.raises(pc.CheckpointError, match="a width of at least 5, but got 4"):
        pc.from_huggingface(stem, shapes={"inputs": (None, 3, 5, 4)})
    description = pc.from_huggingface(stem, shapes={"inputs": (None, 3, 5, None)})
    assert description.text.count("perceiver.require") == 2
    with pytest.raises(ValueError, match="a width of at least 5"):
        description.evaluate("run", {"inputs": np.zeros((1, 3, 5, 4))})


def test_learned_positions_may_be_resized(tmp_path):
    case = CASES["PerceiverForImageClassificationLearned"]
    directory = case.save(tmp_path)
    oblong = {"inputs": (None, 3, 20, 12)}
    with pytest.raises(pc.CheckpointError, match="expected 256 pixels .* but got 20 x 12"):
        pc.from_huggingface(directory, shapes=oblong)
    with pytest.raises(
        pc.CheckpointError, match="16, but got 20; 'inputs' is \\?x3x16x16, by image_size 16;"
    ):
        pc.from_huggingface(directory, shapes={"inputs": (None, 3, 20, None)})
    resized = pc.from_huggingface(
        directory, shapes=oblong, options={"interpolate_pos_encoding": True}
    )
    assert (
        "%places = perceiver.resize_grid %table from [16, 16] to [20, 12] bicubic" in resized.text
    )
    x = r.deterministic_values("x", (1, 3, 20, 12))
    assert resized.evaluate("run", {"inputs": x})["logits"].shape == (1, 10)
    flat = pc.from_huggingface(directory, shapes={"inputs": (None, 3, 8, 32)})
    x = r.deterministic_values("x", (1, 3, 16, 16))
    square = pc.from_huggingface(directory).evaluate("run", {"inputs": x})["logits"]
    reshaped = flat.evaluate("run", {"inputs": x.reshape(1, 3, 8, 32)})["logits"]
    np.testing.assert_array_equal(reshaped, square)


def test_a_model_in_memory(tmp_path):
    """Whatever has transformers' attributes; its weights are written when it is saved."""
    case = CASES["PerceiverForSequenceClassification"]

    class PerceiverForSequenceClassification:
        config = SimpleNamespace(to_dict=lambda: {"model_type": "perceiver", **case.config})
        state_dict = staticmethod(case.tensors)

    description = pc.from_huggingface(PerceiverForSequenceClassification())
    inputs = inputs_of(case)
    (expected,) = expected_of(case, inputs).values()
    result = description.evaluate("run", inputs)["logits"]
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-12)
    assert description.weights == ()
    description.save(tmp_path / "m.mlir")
    assert description.weights == (tmp_path / "m.safetensors",)
    saved = load_file(tmp_path / "m.safetensors")
    tensors = case.tensors()
    assert saved.keys() == tensors.keys()
    assert all(np.array_equal(saved[name], tensors[name]) for name in tensors)
    save_file({"x": np.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(pc.CheckpointError, match="was not written by perceiver-import"):
        description.save(tmp_path / "other.mlir")
    assert not (tmp_path / "other.mlir").exists()


def test_the_bare_model_of_a_task(tmp_path):
    """--task PerceiverModel takes what is in front of the decoder, prefixed or not."""
    case = CASES["PerceiverForMaskedLM"]
    directory = case.save(tmp_path / "task")
    bare = CASES["PerceiverModel"].save(tmp_path / "bare")
    inputs = inputs_of(CASES["PerceiverModel"])
    of_task = pc.from_huggingface(directory, task="PerceiverModel")
    assert of_task.warnings == [] and "perceiver.embeddings.latents" in of_task.text
    tensors = {k.removeprefix("perceiver."): v for k, v in case.tensors().items()}
    keep = {k: tensors[k] for k in CASES["PerceiverModel"].tensor_shapes}
    save_file({f"model.{k}": v for k, v in keep.items()}, bare / "model.safetensors")
    alone = pc.from_huggingface(bare, prefix="model.")
    assert 'key "model.encoder.self_attends.{}.mlp.dense1.weight" count 2' in alone.text
    one, other = (each.evaluate("run", inputs)["last_hidden_state"] for each in (of_task, alone))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", CASES)
def test_every_tensor_is_read(name, tmp_path):
    """Each that is bound moves a result, if it is not a bias of keys. The layers of blocks are
    bound alike in all classes.
    """
    case = CASES[name]
    description = pc.from_huggingface(case.save(tmp_path))
    inputs = inputs_of(case, batch=1)
    before = description.evaluate("run", inputs)
    arrays = {key: np.float64(tensor.read()) for key, tensor in description.tensors.items()}
    for key, array in arrays.items():
        if re.search(r"\.(attention|mlp|layernorm)\.", key) and name != "PerceiverModel":
            continue
        moved = {**arrays, key: array + 0.25 * np.roll(array, 1) + 0.125}
        after = description.model.evaluate("run", inputs, moved)
        distance = max(np.abs(after[k] - before[k]).max() for k in before)
        assert (distance > 1e-5) != key.endswith("key.bias"), key


# What is refused


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("MaskedLM", {"model_type": "bert"}, "field 'model_type'"),
        ("MaskedLM", {"architectures": None}, "say the class with --task"),
        ("MaskedLM", {"architectures": ["A", "B"]}, "expected one of PerceiverModel"),
        ("MaskedLM", {"num_latents": 0}, "'num_latents': expected an integer of at least 1"),
        ("MaskedLM", {"num_latents": True}, "'num_latents': expected an integer of at least 1"),
        ("MaskedLM", {"d_latents": 80.0}, "'d_latents': expected an integer of at least 1"),
        ("MaskedLM", {"d_latents": 10**12}, "'d_latents': expected an integer of at most"),
        ("MaskedLM", {"num_self_attends_per_block": 10**9}, "missing: 'perceiver.encoder.self_"),
        ("MaskedLM", {"num_self_attention_heads": 7}, "expected a divisor of d_latents, 80"),
        ("MaskedLM", {"num_cross_attention_heads": 32}, "expected a divisor of d_latents, 80"),
        ("MaskedLM", {"v_channels": 160}, "expected values of 80 channels (d_latents)"),
        ("MaskedLM", {"v_channels": None}, "'qk_channels': expected values of 80 channels"),
        ("MaskedLM", {"hidden_act": "prelu"}, "'hidden_act': expected one of gelu, gelu_python"),
        ("MaskedLM", {"cross_attention_shape_for_attention": "v"}, "expected one of kv, q"),
        ("MaskedLM", {"use_query_residual": 1}, "expected true or false, but got 1"),
        ("MaskedLM", {"quantization_config": {"bits": 4}}, "'quantization_config': expected it to"),
        ("MaskedLM", {"num_latents": 17}, "latents': expected [17, 80], but got [16, 80]"),
        ("MaskedLM", {"num_self_attends_per_block": 1}, "configuration has no place for it"),
        (
            "MaskedLM",
            {"new_field": 1, "transformers_version": "5.25.0"},
            "field 'new_field': it is not known; transformers 5.25.0 wrote it, which is newer than",
        ),
        (
            "MaskedLM",
            {"architectures": ["PerceiverForOpticalFlow"]},
            "is to be PerceiverForOpticalFlow, but the tensors are those of PerceiverForMaskedLM",
        ),
        ("OpticalFlow", {"train_size": [8]}, "'train_size': expected a list of 2 integers"),
        ("MultimodalAutoencoding", {"output_shape": [1, 3, 10]}, "expected a list of 4 integers"),
    ],
)
def test_bad_configurations_are_refused(name, changes, message, tmp_path, capsys):
    directory = make(tmp_path, f"PerceiverFor{name}")
    config = json.loads((directory / "config.json").read_text()) | changes
    config = {key: value for key, value in config.items() if value is not None}
    (directory / "config.json").write_text(json.dumps(config))
    assert perceiver_import(directory, "-o", tmp_path / "m.mlir") == 1
    error = capsys.readouterr().err
    assert error.startswith("perceiver-import: error: ") and message in error
    assert [each.name for each in tmp_path.iterdir()] == ["checkpoint"]


def test_configurations_with_faults():
    counts = mutate_configurations.run(300, seed=0)
    assert min(counts.values()) > 30, counts


RELEASED = {
    "masked_lm": ({}, 201_108_230),
    "sequence_classification": ({}, 206_098_690),
    "image_classification_learned": ({"image_size": 224, "num_labels": 1000}, 62_255_848),
    "image_classification_fourier": ({"num_labels": 1000}, 48_440_627),
    # Two averages of 64 channels are no parameters in transformers' count.
    "image_classification_conv_processing": ({"num_labels": 1000}, 48_646_522 + 2 * 64),
    "optical_flow": ({}, 41_057_134),
    # Two mask tokens and a padding are never read.
    "multimodal_autoencoding": ({"num_labels": 700}, 19_858_855 - 2 * 704 - 4),
}


@pytest.mark.parametrize("task", RELEASED)
def test_released_sizes(task):
    """The configurations of the released checkpoints, whose numbers of parameters are known. No
    field is left at the default of a small model.
    """
    fields, parameters = RELEASED[task]
    reference = r.RELEASED[task]
    (case,) = [
        each
        for name, each in CASES.items()
        if each.reference.task == task and name != "PerceiverModel"
    ]
    known = [name for name in vars(reference) if name in case.config and name != "image_size"]
    config = {name: getattr(reference, name) for name in known} | fields
    arrays = {
        name: np.broadcast_to(np.float32(0), shape)
        for name, shape in r.parameter_shapes(reference).items()
    }
    model = type(case.name, (), {"state_dict": lambda self: arrays})()
    model.config = SimpleNamespace(to_dict=lambda: {"model_type": "perceiver", **config})
    description = pc.from_huggingface(model)
    assert sum(tensor.elements for tensor in description.tensors.values()) == parameters
    assert description.warnings == [] and len(description.text) > 10_000


def test_unknown_fields_of_known_releases_are_a_warning(tmp_path):
    directory = make(tmp_path, new_field=1, pad_token_id=3, transformers_version="4.40.0")
    (warning,) = pc.from_huggingface(directory).warnings
    assert "field 'new_field' is not known and has no effect" in warning


def test_layers_may_be_skipped(tmp_path):
    """No blocks: the layers are there and not applied. No layers: there are none."""
    case = CASES["PerceiverForSequenceClassification"]
    inputs = inputs_of(case)
    skipped = pc.from_huggingface(case.save(tmp_path / "skipped", num_blocks=0))
    directory = case.save(tmp_path / "none", num_self_attends_per_block=0)
    kept = {k: v for k, v in case.tensors().items() if "self_attends" not in k}
    save_file(kept, directory / "model.safetensors")
    none = pc.from_huggingface(directory)
    assert skipped.model.functions[1].name == none.model.functions[1].name == "decode"
    one, other = (each.evaluate("run", inputs)["logits"] for each in (skipped, none))
    np.testing.assert_array_equal(one, other)


def test_nothing_native_is_needed():
    """Importing a checkpoint takes NumPy alone."""
    code = (
        "import sys, perceiver_compiler as pc; pc.from_huggingface; "
        "loaded = [m for m in sys.modules if m.startswith(('perceiver_compiler._', 'torch', "
        "'safetensors', 'transformers'))]; sys.exit(str(loaded) if loaded else 0)"
    )
    import subprocess

    sources = str(Path(pc.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": sources}, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
