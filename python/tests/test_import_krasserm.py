"""Perceivers of krasserm, imported: what they compute in NumPy, and what is refused."""

import numpy as np
import perceiver_compiler as pc
import pytest
from krasserm_checkpoints import CASES, drawn, expected_of, inputs_of

EXACT = 1e-12


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=0, atol=EXACT * np.abs(expected).max())


def result_of(description, inputs):
    ((_, output),) = description.evaluate("run", inputs).items()
    return output


@pytest.mark.parametrize("name", CASES)
def test_every_class_computes_what_the_library_does(name, tmp_path):
    case = CASES[name]
    description = pc.from_krasserm(case.save(tmp_path), shapes=case.shapes)
    inputs = inputs_of(name)
    close(result_of(description, inputs), expected_of(name, inputs))
    assert description.warnings == []
    if "pad_mask" in inputs:
        del inputs["pad_mask"]
        close(result_of(description, inputs), expected_of(name, inputs))


@pytest.mark.parametrize("seed", range(24))
def test_arguments_drawn_at_random(seed, tmp_path):
    name = drawn(seed)
    case = CASES[name]
    description = pc.from_krasserm(case.save(tmp_path), shapes=case.shapes)
    inputs = inputs_of(name)
    close(result_of(description, inputs), expected_of(name, inputs))
    assert description.warnings == []


def test_entries_divide_the_work(tmp_path):
    case = CASES["MaskedLanguageModel"]
    lm = pc.from_krasserm(case.save(tmp_path / "lm"))
    inputs = inputs_of(case.name)
    whole = lm.evaluate("run", inputs)["output"]
    latents = lm.evaluate("process", lm.evaluate("encode", inputs))
    places = np.array([7, 0, 10, 7])
    some = lm.evaluate("decode", {**latents, "positions": places})["output"]
    close(some, whole[:, places])

    case = CASES["OpticalFlow"]
    flow = pc.from_krasserm(case.save(tmp_path / "flow"))
    inputs = inputs_of(case.name)
    whole = flow.evaluate("run", inputs)["output"].reshape(2, -1, 2)
    latents = flow.evaluate("process", flow.evaluate("encode", inputs))
    given = {**latents, **inputs}
    some = flow.evaluate("decode", {**given, "first": 3, "count": 4})["output"]
    close(some, whole[:, 3:7])
    some = flow.evaluate("decode_points", {**given, "points": np.array([19, 3, 19])})["output"]
    close(some, whole[:, [19, 3, 19]])
    with pytest.raises(ValueError, match="expected at most 20 points, but got 21"):
        flow.evaluate("decode", {**given, "first": 18, "count": 3})

    iterative = pc.from_krasserm(CASES["TextClassifierQueries"].save(tmp_path / "iterative"))
    assert [entry.name for entry in iterative.model.entries] == ["encode", "decode", "run"]


WRAPPED = {
    "TextClassifier": ("perceiver-io-text-classifier", "PerceiverTextClassifier"),
    "MaskedLanguageModel": ("perceiver-io-masked-language-model", "PerceiverMaskedLanguageModel"),
    "ImageClassifier": ("perceiver-io-image-classifier", "PerceiverImageClassifier"),
    "OpticalFlow": ("perceiver-io-optical-flow", "OpticalFlowPerceiver"),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_the_wrapper_around_transformers(name, tmp_path):
    directory = CASES[name].save_wrapped(tmp_path, *WRAPPED[name])
    inputs = inputs_of(name)
    expected = expected_of(name, inputs)
    pad = inputs.pop("pad_mask", None)
    (data,) = inputs.values()
    shapes = {"attention_mask": (None, 20)} if name == "ImageClassifier" else {}
    description = pc.from_krasserm(directory, shapes=shapes)
    given = {"pixel_values" if name == "ImageClassifier" else description_name(name): data}
    if pad is not None:
        given["attention_mask"] = (~pad).astype(np.int64) * 3
    assert description.weights == ()
    close(description.evaluate("run", given)["logits"], expected)
    path = description.save(tmp_path / "it.mlir")
    assert description.weights == (path.with_suffix(".safetensors"),)
    assert 'key "backend_model.0.latent_provider._query"' in description.text


def description_name(name):
    return "inputs" if name == "OpticalFlow" else "input_ids"


LIGHTNING = {
    "TextClassifier": ("text.common.backend.TextEncoderConfig", "ClassificationDecoderConfig"),
    "MaskedLanguageModel": (
        "text.common.backend.TextEncoderConfig",
        "text.mlm.backend.TextDecoderConfig",
    ),
    "ImageClassifier": (
        "vision.image_classifier.backend.ImageEncoderConfig",
        "ClassificationDecoderConfig",
    ),
}


@pytest.mark.parametrize("name", LIGHTNING)
def test_checkpoints_of_lightning(name, tmp_path):
    encoder, decoder = (f"core.config.{cls}" if "." not in cls else cls for cls in LIGHTNING[name])
    case = CASES[name]
    directory = case.save_lightning(tmp_path / "run", encoder, decoder)
    description = pc.from_krasserm(directory, shapes=case.shapes)
    inputs = inputs_of(name)
    close(result_of(description, inputs), expected_of(name, inputs))
    assert description.name == name and description.warnings == []


# What is refused


def changed(case, part, **changes):
    return {part: {**case.kwargs[part], **changes}}


TEXT, LM, FLOW = (CASES[name] for name in ("TextClassifier", "MaskedLanguageModel", "OpticalFlow"))
REFUSED = {
    "unknown field 'kwargs.encoder.vocab_sizes'; did you mean 'vocab_size'?": (
        TEXT,
        changed(TEXT, "encoder", vocab_sizes=3),
    ),
    "field 'kwargs.encoder.num_cross_attention_heads': expected a divisor of 12 (the width of "
    "queries and keys), but got 5": (TEXT, changed(TEXT, "encoder", num_cross_attention_heads=5)),
    "field 'kwargs.encoder.num_cross_attention_layers': expected at most 1": (
        TEXT,
        changed(TEXT, "encoder", num_cross_attention_layers=2),
    ),
    "missing: '0.self_attn_n.0.0.module.norm.weight' [12]": (
        TEXT,
        changed(
            TEXT,
            "encoder",
            num_self_attention_blocks=2,
            first_self_attention_block_shared=False,
        ),
    ),
    "'0.self_attn_1.1.0.module.norm.weight': the configuration has no place for it": (
        TEXT,
        changed(TEXT, "encoder", num_self_attention_layers_per_block=1),
    ),
    "field 'kwargs.decoder.vocab_size': expected 23, as logits share the encoder's, but got 24": (
        LM,
        changed(LM, "decoder", vocab_size=24),
    ),
    "field 'kwargs.decoder.max_seq_len': expected at least 2 where logits have their own layer": (
        LM,
        changed(LM, "decoder", num_output_query_channels=8, max_seq_len=1),
    ),
    "field 'kwargs.decoder.image_shape': expected [5, 4] as the encoder has, but got [4, 5]": (
        FLOW,
        changed(FLOW, "decoder", image_shape=[4, 5]),
    ),
    "field 'kwargs.decoder.rescale_factor': expected a number other than 0": (
        FLOW,
        changed(FLOW, "decoder", rescale_factor=0),
    ),
    "field 'kwargs.causal_attention': expected false": (
        CASES["MultiHeadAttention"],
        {"causal_attention": True},
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refused_configurations(message, tmp_path):
    case, changes = REFUSED[message]
    with pytest.raises(pc.CheckpointError) as caught:
        pc.from_krasserm(case.save(tmp_path, **changes))
    assert message in str(caught.value)


def test_refused_classes_and_tensors(tmp_path):
    def refused(message, path, **named):
        with pytest.raises(pc.CheckpointError) as caught:
            pc.from_krasserm(path, **named)
        assert message in str(caught.value)

    directory = FLOW.save(tmp_path / "flow")
    refused(
        "the class is OpticalFlow, but TextClassifier was asked", directory, task="TextClassifier"
    )
    refused("unknown setting 'right_align'", directory, options={"right_align": True})
    tensors = FLOW.tensors()
    key = "0.input_adapter.position_encoding.position_encoding"
    moved = {**tensors, key: tensors[key] + np.float32(2e-3)}
    refused(
        f"tensor '{key}': expected the positions of the grid [5, 4]", FLOW.save(directory, moved)
    )
    attention = CASES["MultiHeadAttention"].save(tmp_path / "attention")
    refused("field 'right_align': expected false", attention, options={"right_align": True})

    for name in ("CausalLanguageModel", "SymbolicAudioModel", "TextClasifier"):
        config = f'{{"source": "perceiver-io==0.11.0", "class": "{name}", "kwargs": {{}}}}'
        (directory / "kwargs.json").write_text(config)
        known = "did you mean 'TextClassifier'?"
        refused(known if "Text" in name else "autoregressive models are not supported", directory)
    wrapped = TEXT.save_wrapped(
        tmp_path / "ar", "perceiver-ar-causal-language-model", "PerceiverCausalLanguageModel"
    )
    refused("autoregressive models are not supported", wrapped)
    wrapped = TEXT.save_wrapped(tmp_path / "other", WRAPPED["TextClassifier"][0], "Perceiver")
    refused("field 'architectures': expected ['PerceiverTextClassifier']", wrapped)
    encoder = "vision.optical_flow.backend.OpticalFlowEncoderConfig"
    decoder = "vision.optical_flow.backend.OpticalFlowDecoderConfig"
    lightning = FLOW.save_lightning(tmp_path / "run", encoder, decoder)
    refused("there is no class of perceiver.model.vision.optical_flow", lightning)


def test_what_was_chosen_is_reported(tmp_path):
    report = pc.from_krasserm(TEXT.save(tmp_path, activation_checkpointing=True)).report
    file = tmp_path / "kwargs.json"
    assert f"{file}: field 'kwargs.activation_checkpointing' has no effect" in report
    assert f"{file}: field 'kwargs.encoder.num_self_attention_blocks' is missing: 1" in report
    assert "input x [batch, rows] i64" in report


def test_other_versions_are_a_warning(tmp_path):
    directory = TEXT.save(tmp_path)
    config = (directory / "kwargs.json").read_text().replace("==0.11.0", "==0.10.0")
    (directory / "kwargs.json").write_text(config)
    (warning,) = pc.from_krasserm(directory).warnings
    assert warning.endswith("0.11 is known, 'perceiver-io==0.10.0' may differ")
