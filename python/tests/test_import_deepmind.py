"""Perceivers of DeepMind, imported: what they compute in NumPy, and what is refused."""

import re
from pathlib import Path

import numpy as np
import perceiver_compiler as pc
import pytest
from deepmind_checkpoints import CASES, Case, expected_of, inputs_of
from haiku_reference import Haiku, drawn
from perceiver_compiler import builder
from perceiver_compiler.builder import Type
from perceiver_compiler.importers.deepmind import inputs

import reference as r

EXACT = 1e-12
README = Path(__file__).resolve().parents[2] / "README.md"


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=0, atol=EXACT * np.abs(expected).max())


@pytest.mark.parametrize("name", CASES)
def test_every_model_computes_what_the_reference_does(name, tmp_path):
    case = CASES[name]
    description = pc.from_deepmind(case.save(tmp_path), shapes=case.shapes)
    inputs = inputs_of(name)
    expected = expected_of(name, inputs)
    expected = expected if isinstance(expected, dict) else {"output": expected}
    results = description.evaluate("run", inputs)
    assert results.keys() == expected.keys()
    for key, array in expected.items():
        close(results[key], array)
    assert description.warnings == []


@pytest.mark.parametrize("seed", range(40))
def test_arguments_drawn_at_random(seed, tmp_path):
    kwargs, shapes, inputs = drawn(seed)
    model = Haiku(kwargs)
    expected = model.run(**inputs)
    directory = Case(kwargs, None, "").save(tmp_path, tensors=model.tensors)
    description = pc.from_deepmind(directory, shapes=shapes)
    close(description.evaluate("run", inputs)["output"], expected)
    assert description.warnings == []


def test_the_configuration_in_the_readme(tmp_path):
    (text,) = re.findall(r"```json\n(.*?)```", README.read_text(), re.DOTALL)
    directory = CASES["Fourier"].save(tmp_path)
    (directory / "kwargs.json").write_text(text)
    inputs = inputs_of("Fourier")
    results = pc.from_deepmind(directory).evaluate("run", inputs)
    close(results["output"], expected_of("Fourier", inputs))


def test_layers_that_are_never_applied(tmp_path):
    """Haiku makes parameters when they are asked for: without blocks, layers have none."""
    kwargs, shapes, inputs = drawn(0)
    kwargs["encoder"] |= {"num_blocks": 0, "num_self_attends_per_block": 2}
    model = Haiku(kwargs)
    expected = model.run(**inputs)
    assert not any("self_attention" in name for name in model.tensors)
    directory = Case(kwargs, None, "").save(tmp_path, tensors=model.tensors)
    description = pc.from_deepmind(directory, shapes=shapes)
    close(description.evaluate("run", inputs)["output"], expected)


def test_pickles_of_haiku(tmp_path):
    """The tensors are copied; what only training needs is left out without a word."""
    case = CASES["Conv"]
    description = pc.from_deepmind(case.save(tmp_path, "pickle"), shapes=case.shapes)
    inputs = inputs_of("Conv")
    close(description.evaluate("run", inputs)["output"], expected_of("Conv", inputs))
    assert description.weights == () and description.warnings == []
    path = description.save(tmp_path / "conv.mlir")
    assert description.weights == (path.with_suffix(".safetensors"),)


def test_entries_divide_the_work(tmp_path):
    case = CASES["MaskedLM"]
    lm = pc.from_deepmind(case.save(tmp_path / "lm"))
    inputs = inputs_of("MaskedLM")
    del inputs["query_mask"]
    whole = lm.evaluate("run", inputs)["output"]
    latents = lm.evaluate("process", lm.evaluate("encode", inputs))
    places = np.array([7, 0, 11, 7])
    some = lm.evaluate("decode", {**latents, "positions": places})["output"]
    close(some, whole[:, places])

    flow = pc.from_deepmind(CASES["Flow"].save(tmp_path / "flow"))
    inputs = inputs_of("Flow")
    whole = flow.evaluate("run", inputs)["output"].reshape(2, -1, 2)
    given = {**flow.evaluate("process", flow.evaluate("encode", inputs)), **inputs}
    some = flow.evaluate("decode", {**given, "first": 13, "count": 20})["output"]
    close(some, whole[:, 13:33])
    some = flow.evaluate("decode_points", {**given, "points": np.array([95, 3])})["output"]
    close(some, whole[:, [95, 3]])

    modal = pc.from_deepmind(CASES["Multimodal"].save(tmp_path / "modal"))
    inputs = inputs_of("Multimodal")
    whole = modal.evaluate("run", inputs)
    encoded = {name: array for name, array in inputs.items() if name.startswith("inputs.")}
    latents = modal.evaluate("process", modal.evaluate("encode", encoded))
    image = modal.evaluate("decode_image", {**latents, "first": 419, "count": 1})["output.image"]
    close(image, whole["output.image"][:, 2:3])
    label = modal.evaluate("decode_label", latents)["output.label"]
    close(label, whole["output.label"])


def masked_image(**changes):
    """A preprocessor that masks the image, which is taken in another way."""
    preprocessor = CASES["Multimodal"].kwargs["preprocessor"]
    modalities = preprocessor["modalities"]
    image = {**modalities["image"], **changes}
    masks = {"image": 1.0, "audio": 0.0, "label": 1.0}
    return {**preprocessor, "mask_probs": masks, "modalities": {**modalities, "image": image}}


# Of as many channels as patches have.
CONVOLUTION = {
    "image_preprocessor/~/conv2_d:w": np.ones((1, 1, 3, 48), np.float32),
    "image_preprocessor/~/conv2_d:b": np.ones(48, np.float32),
}


@pytest.mark.parametrize("kind", ["patches", "conv1x1"])
def test_masked_modalities(kind, tmp_path):
    """Of a modality that is masked, all rows are a learned one; its own tensors may be there."""
    case = CASES["Multimodal"]
    own = CONVOLUTION if kind == "conv1x1" else {}
    preprocessor = masked_image(prep_type=kind, **({"num_channels": 48} if own else {}))
    directory = case.save(tmp_path, tensors={**case.tensors(), **own}, preprocessor=preprocessor)
    description = pc.from_deepmind(directory)
    assert not own.keys() & description.tensors.keys()
    inputs = inputs_of("Multimodal")
    encoded = {name: array for name, array in inputs.items() if name.startswith("inputs.")}
    latents = description.evaluate("process", description.evaluate("encode", encoded))
    weights, config = case.torch_tensors(), case.reference
    image = np.moveaxis(inputs["inputs.image"], -1, 2)
    rows = r.multimodal_inputs(weights, config, image, inputs["inputs.audio"])
    rows[:, 10:-1] = weights["perceiver.input_preprocessor.mask.image"]
    close(latents["latents"], r.hf_last_hidden_state(weights, config, rows))
    encoded["inputs.image"] = np.full_like(encoded["inputs.image"], np.nan)
    assert np.isfinite(description.evaluate("encode", encoded)["latents"]).all()


def test_positions_of_masked_modalities_need_a_grid(tmp_path):
    """Their frequencies go up to the sizes of the grid, which are not known."""
    case = CASES["Multimodal"]
    changes = {"prep_type": "conv1x1", "num_channels": 48}
    changes["fourier_position_encoding_kwargs"] = {"num_bands": 32}
    preprocessor = masked_image(**changes)
    tensors = {**case.tensors(), **CONVOLUTION}
    directory = case.save(tmp_path, tensors=tensors, preprocessor=preprocessor)
    shapes = {"inputs.image": (None, 4, None, None, 3)}
    with pytest.raises(pc.CheckpointError, match="expected numbers for the sizes of the grid"):
        pc.from_deepmind(directory, shapes=shapes)


def test_names_of_modalities_are_words(tmp_path):
    case = CASES["Multimodal"]
    decoder = case.kwargs["decoder"]
    modalities = {"a b": decoder["modalities"]["audio"]}
    directory = case.save(tmp_path, decoder={**decoder, "modalities": modalities})
    with pytest.raises(
        pc.CheckpointError, match="'kwargs.decoder.modalities.a b': expected a name"
    ):
        pc.from_deepmind(directory)


# What is refused


def changed(model, part, **changes):
    return {part: {**CASES[model].kwargs[part], **changes}}


REFUSED = {
    "unknown argument 'kwargs.encoder.num_block'; did you mean 'num_blocks'?": (
        "Fourier",
        changed("Fourier", "encoder", num_block=3),
    ),
    "field 'kwargs.encoder.num_self_attend_heads': expected a divisor of 32 (num_z_channels)": (
        "Fourier",
        changed("Fourier", "encoder", num_self_attend_heads=5),
    ),
    "expected values of 32 channels (num_z_channels) where there are self-attention layers": (
        "Fourier",
        changed("Fourier", "encoder", v_channels=16),
    ),
    "missing: 'perceiver_encoder/~/self_attention_2/layer_norm:scale' [32]": (
        "Fourier",
        changed("Fourier", "encoder", num_self_attends_per_block=3),
    ),
    "'perceiver_encoder/~/self_attention_1/layer_norm:scale': the configuration has no place": (
        "Fourier",
        changed("Fourier", "encoder", num_self_attends_per_block=1),
    ),
    "the tensor 'mine/~/cross_attention/layer_norm_1:scale' is missing": (
        "Fourier",
        changed("Fourier", "encoder", name="mine"),
    ),
    "field 'kwargs.preprocessor.prep_type': expected one of conv, conv1x1, patches, pixels": (
        "Fourier",
        changed("Fourier", "preprocessor", prep_type="pixel"),
    ),
    "field 'kwargs.preprocessor.spatial_downsample': expected a power of 4 with conv, but got 2": (
        "Conv",
        changed("Conv", "preprocessor", spatial_downsample=2),
    ),
    "field 'kwargs.preprocessor.temporal_downsample': expected 1 with conv": (
        "Conv",
        changed("Conv", "preprocessor", temporal_downsample=2),
    ),
    "the field 'kwargs.preprocessor.fourier_position_encoding_kwargs.num_bands' is missing": (
        "Conv",
        changed("Conv", "preprocessor", fourier_position_encoding_kwargs={}),
    ),
    "field 'kwargs.decoder.concat_preprocessed_input': expected a preprocessor, and as many": (
        "Fourier",
        changed("Fourier", "decoder", concat_preprocessed_input=True),
    ),
    "field 'kwargs.decoder.output_w_init': expected it to be absent": (
        "Fourier",
        changed("Fourier", "decoder", output_w_init="zeros"),
    ),
    "field 'kwargs.decoder.type': expected one of basic, classification, flow, video": (
        "Fourier",
        changed("Fourier", "decoder", type="classify"),
    ),
    "field 'kwargs.preprocessor.mask_probs.label': expected 0 or 1, but got 0.5: it is random": (
        "Multimodal",
        changed("Multimodal", "preprocessor", mask_probs={"image": 0, "audio": 0, "label": 0.5}),
    ),
    "field 'min_padding_size': expected 4, but got 2": (
        "Multimodal",
        changed("Multimodal", "preprocessor", min_padding_size=2),
    ),
    "expected subsampled_index_dims where there is a postprocessor": (
        "Multimodal",
        changed("Multimodal", "decoder", subsampled_index_dims=None),
    ),
    "expected no preprocessor beside it": (
        "MaskedLM",
        {"preprocessor": {"type": "onehot"}},
    ),
    "'kwargs.postprocessor': expected none behind a decoder of text, whose results are no rows": (
        "MaskedLM",
        {"postprocessor": {"type": "projection", "num_outputs": 3}},
    ),
    "'kwargs.postprocessor': expected none behind a decoder of classification": (
        "Fourier",
        {"postprocessor": {"type": "projection", "num_outputs": 3}},
    ),
    "field 'kwargs.d_model': expected 24, the channels of the decoder's results": (
        "MaskedLM",
        {"d_model": 25},
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refused_arguments(message, tmp_path):
    name, changes = REFUSED[message]
    with pytest.raises(pc.CheckpointError) as caught:
        pc.from_deepmind(CASES[name].save(tmp_path, **changes), shapes=CASES[name].shapes)
    assert message in str(caught.value)


def test_grids_that_have_to_be_numbers(tmp_path):
    with pytest.raises(pc.CheckpointError, match="expected numbers for the sizes of the grid"):
        pc.from_deepmind(CASES["Learned"].save(tmp_path / "learned"))
    description = pc.from_deepmind(CASES["Fourier"].save(tmp_path / "fourier"))
    assert "tensor<?x?x?x3xf32>" in description.text
    inputs = inputs_of("Fourier")
    close(description.evaluate("run", inputs)["output"], expected_of("Fourier", inputs))


def test_frames_are_left_out_of_videos_of_any_size():
    """Channels stay an axis of their own, as the compiler has to know how many windows have."""
    function = builder.Function("take", is_entry=True)
    video = function.add_argument("video", Type(("batch", "frames", "height", "width", 3)))
    function.add_result("taken", inputs._frames(function, video, 2))
    assert "x3xf32> -> tensor" in re.search(r"perceiver.windows .*(\n .*)?", str(function))[0]
    array = np.arange(2 * 5 * 2 * 4 * 3.0).reshape(2, 5, 2, 4, 3)
    model = builder.Model(functions=[function])
    taken = model.evaluate("take", {"video": array}, {})["taken"]
    np.testing.assert_array_equal(taken, array[:, ::2])
