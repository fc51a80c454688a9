"""Every tensor of every small model shows in the output, so comparing outputs can find it wrong."""

import numpy as np
import pytest
import random_weights

import reference as r
from models.digits import data
from models.digits import reference as digits
from reference.sensitivity import EXEMPTIONS, MARGIN, TOLERANCE, hidden, movements


@pytest.mark.parametrize("name", random_weights.MODELS)
def test_random_models(name):
    model = random_weights.get_model(name, "small")
    weights = random_weights.make_weights(model)
    values = random_weights.make_inputs(model)[model.input_name]
    changes = movements(weights, lambda w: model.run(w, values), model.tied_groups)
    assert len(changes) > 50
    assert not hidden(changes)


def test_trained_digits():
    images = data.load_split()[2].inputs[:2]
    changes = movements(digits.load_parameters(), lambda w: digits.forward(w, images))
    assert len(changes) > 50
    assert not hidden(changes)


@pytest.mark.parametrize("name", random_weights.MODELS)
def test_input_shows_in_the_output(name):
    model = random_weights.get_model(name, "small")
    weights = random_weights.make_weights(model)
    values = random_weights.make_inputs(model)[model.input_name]
    changes = movements({"input": values}, lambda x: model.run(weights, x["input"]))
    assert len(changes) == 3 and not hidden(changes)


SMALL = {
    "num_latents": 6,
    "d_latents": 16,
    "num_blocks": 2,
    "num_self_attends_per_block": 2,
    "num_self_attention_heads": 4,
}
TEXT = {"d_model": 24, "qk_channels": 8, "v_channels": 16, "max_position_embeddings": 12, **SMALL}
VISION = {"num_cross_attention_heads": 1, "num_labels": 5, "image_size": 8, **SMALL}


def language(task):
    config = r.HuggingFaceConfig(task, vocab_size=20, **TEXT)
    ids = (7 * np.arange(24) % 20).reshape(2, 12)
    mask = np.arange(12) < [[12], [9]]
    function = r.masked_lm if task == "masked_lm" else r.sequence_classification
    return config, lambda weights: function(weights, config, ids, mask)


def image(task, d_model, resolution, size=8):
    config = r.HuggingFaceConfig(task, d_model=d_model, max_resolution=resolution, **VISION)
    images = r.deterministic_values("image", (1, 3, size, size))
    return config, lambda weights: r.image_classification(weights, config, images)


def flow():
    config = r.HuggingFaceConfig("optical_flow", d_model=322, max_resolution=(8, 8), **VISION)
    patches = r.flow_patches(r.deterministic_values("flow", (1, 2, 8, 8, 3)))
    return config, lambda weights: r.optical_flow(weights, config, patches)


def multimodal():
    config = r.HuggingFaceConfig(
        "multimodal_autoencoding",
        d_model=704,
        num_bands=32,
        max_resolution=(16, 56, 56),
        num_frames=2,
        audio_samples=64,
        **(VISION | {"num_labels": 700}),
    )
    video = r.deterministic_values("image", (1, 2, 3, 8, 8))
    audio = r.deterministic_values("audio", (1, 64, 1))

    def run(weights):
        y = r.multimodal_autoencoding(weights, config, video, audio, np.arange(7), np.arange(3))
        return np.concatenate([y[name].reshape(-1) for name in sorted(y)])

    return config, run


@pytest.mark.parametrize(
    "make",
    [
        lambda: language("masked_lm"),
        lambda: language("sequence_classification"),
        lambda: image("image_classification_learned", 512, None),
        lambda: image("image_classification_conv_processing", 322, (56, 56), size=16),
        flow,
        multimodal,
    ],
    ids=["masked_lm", "sequence", "learned", "conv", "flow", "multimodal"],
)
def test_hugging_face_tasks(make):
    config, run = make()
    shapes = r.parameter_shapes(config)
    gain = random_weights.ATTENTION_GAIN
    weights = {name: r.deterministic_parameter(name, shape, gain) for name, shape in shapes.items()}
    changes = movements(weights, run)
    assert not hidden(changes)


def test_exempt_rolls_do_not_show():
    """The exemptions are facts, not excuses: what they name leaves the output as it is."""
    used = set()
    for config, run in (image("image_classification_fourier", 261, (8, 8)), multimodal()):
        shapes = r.parameter_shapes(config)
        weights = {
            name: r.deterministic_parameter(name, shape, 2) for name, shape in shapes.items()
        }
        expected = run(weights)
        for name, value in weights.items():
            for axis, exemption in np.ndindex(value.ndim, len(EXEMPTIONS)):
                if not EXEMPTIONS[exemption].covers(name, axis):
                    continue
                used.add(exemption)
                output = run(weights | {name: np.roll(value, 1, axis=axis)})
                np.testing.assert_allclose(output, expected, rtol=1e-10, atol=1e-10)
    assert used == set(range(len(EXEMPTIONS)))


def test_a_hidden_tensor_is_found():
    weights = {"used": np.arange(4.0), "unused": np.arange(4.0), "one": np.ones(1)}
    changes = movements(weights, lambda w: w["used"])
    assert [m.name for m in hidden(changes)] == ["unused"]
    assert MARGIN * TOLERANCE == pytest.approx(1e-4)
