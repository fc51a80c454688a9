"""The reference's models as wholes: parameter counts, shapes, variants, and properties."""

from dataclasses import replace

import numpy as np
import pytest

import reference as r

# Published sizes, in the order of the tasks; batch-norm statistics are stored but not counted.
COUNTS = {
    "masked_lm": (201_108_230, 457),
    "sequence_classification": (206_098_690, 458),
    "image_classification_learned": (62_255_848, 141),
    "image_classification_fourier": (48_440_627, 136),
    "image_classification_conv_processing": (48_646_522, 141),
    "optical_flow": (41_057_134, 425),
    "multimodal_autoencoding": (19_858_855, 183),
}


def parameters(shapes):
    return {name: r.deterministic_parameter(name, shape) for name, shape in shapes.items()}


def count(shapes):
    return sum(int(np.prod(shape)) for name, shape in shapes.items() if "running_" not in name)


@pytest.mark.parametrize("task", COUNTS)
def test_published_hugging_face_sizes(task):
    shapes = r.parameter_shapes(r.RELEASED[task])
    assert (count(shapes), len(shapes)) == COUNTS[task]


def test_published_lucidrains_sizes():
    seed = r.LucidrainsConfig()
    assert count(r.perceiver_shapes(seed)) == 45_187_140
    assert count(r.perceiver_shapes(replace(seed, self_per_cross_attn=2))) == 70_395_972
    tied = replace(seed, weight_tie_layers=True)
    shapes = r.perceiver_shapes(tied)
    repeats = [name for group in r.tied_groups(tied) for name in group[1:]]
    assert count(shapes) - count({name: shapes[name] for name in repeats}) == 15_492_444
    io = r.LucidrainsIOConfig(6, 32, 32, 100, num_latents=256)
    assert count(r.perceiver_io_shapes(io)) == 28_636_548
    lm = r.LucidrainsIOConfig(
        6, 32, 32, 20_000, num_latents=256, num_tokens=20_000, max_seq_len=2048
    )
    assert count(r.perceiver_lm_shapes(lm)) == 29_998_784


def test_unknown_task():
    with pytest.raises(ValueError, match="task among"):
        r.HuggingFaceConfig("translation")


SMALL = {
    "num_latents": 6,
    "d_latents": 16,
    "num_self_attends_per_block": 2,
    "num_self_attention_heads": 4,
}
TEXT = r.HuggingFaceConfig(
    "masked_lm",
    d_model=24,
    qk_channels=8,
    v_channels=16,
    max_position_embeddings=12,
    **SMALL,
)


class TestText:
    ids = np.arange(18).reshape(2, 9) + 6

    def test_short_input_decodes_every_position(self):
        y = r.masked_lm(parameters(r.parameter_shapes(TEXT)), TEXT, self.ids)
        assert y.shape == (2, 12, 262)

    def test_padding_does_not_change_a_row(self):
        weights = parameters(r.parameter_shapes(TEXT))
        padded = np.pad(self.ids, ((0, 0), (0, 3)))
        mask = np.pad(np.ones((2, 9)), ((0, 0), (0, 3)))
        y = r.masked_lm(weights, TEXT, padded, mask)
        np.testing.assert_allclose(y, r.masked_lm(weights, TEXT, self.ids), rtol=0, atol=1e-12)

    def test_input_masked_entirely(self):
        weights = parameters(r.parameter_shapes(TEXT))
        mask = np.zeros((2, 9))
        uniform = r.masked_lm(weights, TEXT, self.ids, mask)
        zero = r.masked_lm(
            weights, replace(TEXT, variant=r.Variant(masked_rows="zero")), self.ids, mask
        )
        assert np.isfinite(uniform).all()
        np.testing.assert_allclose(zero[0], zero[1], rtol=0, atol=1e-12)  # nothing was read
        assert np.abs(uniform[0] - uniform[1]).max() > 1e-3

    def test_too_long(self):
        weights = parameters(r.parameter_shapes(TEXT))
        with pytest.raises(ValueError, match="at most 12 ids"):
            r.masked_lm(weights, TEXT, np.zeros((1, 13), int))


class TestImage:
    conv = r.HuggingFaceConfig(
        "image_classification_conv_processing",
        d_model=322,
        num_cross_attention_heads=1,
        num_labels=5,
        max_resolution=(56, 56),
        **SMALL,
    )

    def test_stem_sizes(self):
        weights = parameters(r.parameter_shapes(self.conv))
        pixels = r.deterministic_values("image", (1, 224, 224, 3))
        hugging_face = r.convolutional_stem(weights, self.conv, pixels)
        deepmind = r.convolutional_stem(weights, self.conv.as_deepmind(), pixels)
        assert hugging_face.shape == (1, 55, 55, 64) and deepmind.shape == (1, 56, 56, 64)

    def test_stem_paddings_agree_where_neither_pads_otherwise(self):
        weights = parameters(r.parameter_shapes(self.conv))
        pixels = r.deterministic_values("image", (1, 39, 39, 3))  # 39 -> 20: SAME is 3 and 3 too
        same = replace(self.conv, variant=r.Variant(same_padding=True))
        stem = r.convolutional_stem(weights, self.conv, pixels)
        padded = r.convolutional_stem(weights, same, pixels)  # 20 -> 10 pads the pool by 0 and 1
        assert stem.shape == (1, 9, 9, 64) and padded.shape == (1, 10, 10, 64)
        np.testing.assert_allclose(padded[:, :9, :9], stem, rtol=0, atol=1e-12)

    def test_stem_kernel_is_stored_transposed(self):
        weights = parameters(r.parameter_shapes(self.conv))
        pixels = r.deterministic_values("image", (1, 16, 16, 3))
        transposed = replace(self.conv, variant=r.Variant(transpose_stem_kernel=True))
        y = r.convolutional_stem(weights, transposed, pixels.swapaxes(1, 2))
        expected = r.convolutional_stem(weights, self.conv, pixels).swapaxes(1, 2)
        np.testing.assert_allclose(y, expected, rtol=0, atol=1e-12)

    def test_all_three_tasks(self):
        images = r.deterministic_values("image", (2, 3, 16, 16))
        learned = replace(
            self.conv, task="image_classification_learned", d_model=512, image_size=16
        )
        fourier = replace(
            self.conv,
            task="image_classification_fourier",
            d_model=261,
            max_resolution=(224, 224),
        )
        for config in (self.conv, learned, fourier):
            weights = parameters(r.parameter_shapes(config))
            for variant in (config, config.as_deepmind()):
                logits = r.image_classification(weights, variant, images)
                assert logits.shape == (2, 5) and np.isfinite(logits).all()

    def test_fourier_inputs_hold_features_then_positions(self):
        config = replace(
            self.conv,
            task="image_classification_fourier",
            d_model=261,
            max_resolution=(224, 224),
        )
        images = r.deterministic_values("image", (2, 3, 4, 5))
        x = r.image_inputs({}, config, images)
        assert x.shape == (2, 20, 261)
        np.testing.assert_array_equal(x[1, 7, :3], images[1, :, 1, 2])
        np.testing.assert_array_equal(x[0, 7, 3:5], r.grid_positions((4, 5))[7])

    def test_errors(self):
        with pytest.raises(ValueError, match=r"\[B, 3, H, W\]"):
            r.image_inputs({}, self.conv, np.zeros((1, 16, 16, 3)))
        with pytest.raises(ValueError, match="image classification task"):
            r.image_inputs({}, TEXT, np.zeros((1, 3, 16, 16)))
        learned = replace(self.conv, task="image_classification_learned", image_size=16)
        with pytest.raises(ValueError, match="expected 256 pixels, but got 64"):
            weights = parameters(r.parameter_shapes(learned))
            r.image_inputs(weights, learned, np.zeros((1, 3, 8, 8)))


def test_flow_refuses_channels_last():
    config = replace(r.RELEASED["optical_flow"], **SMALL)
    with pytest.raises(ValueError, match=r"\[B, 2, 27, H, W\]"):
        r.flow_inputs({}, config, np.zeros((1, 2, 8, 12, 27)))


class TestMultimodal:
    config = r.HuggingFaceConfig(
        "multimodal_autoencoding",
        num_cross_attention_heads=1,
        d_model=704,
        num_labels=700,
        num_bands=32,
        max_resolution=(16, 56, 56),
        num_frames=2,
        image_size=8,
        audio_samples=64,
        **SMALL,
    )
    image = r.deterministic_values("image", (2, 2, 3, 8, 8))
    audio = r.deterministic_values("audio", (2, 64, 1))
    weights = parameters(r.parameter_shapes(config))

    def test_widths(self):
        x = r.multimodal_inputs(self.weights, self.config, self.image, self.audio)
        assert x.shape == (2, 4 + 2 * 2 * 2 + 1, 704)
        padding = self.weights["perceiver.input_preprocessor.padding.audio"]
        np.testing.assert_array_equal(x[:, :4, 401:], np.broadcast_to(padding, (2, 4, 303)))
        mask = self.weights["perceiver.input_preprocessor.mask.label"]
        np.testing.assert_array_equal(x[:, -1], np.broadcast_to(mask[0], (2, 704)))
        queries = r.multimodal_queries(self.weights, self.config, np.arange(7), np.arange(3))
        assert queries.shape == (7 + 3 + 1, 1026)

    def test_outputs(self):
        y = r.multimodal_autoencoding(
            self.weights, self.config, self.image, self.audio, np.arange(7), np.arange(3)
        )
        shapes = {name: value.shape for name, value in y.items()}
        assert shapes == {"audio": (2, 48), "image": (2, 7, 3), "label": (2, 700)}

    def test_points_are_decoded_independently(self):
        def run(image_points, audio_points):
            return r.multimodal_autoencoding(
                self.weights, self.config, self.image, self.audio, image_points, audio_points
            )

        whole = run(np.arange(128), np.arange(4))
        part = run(np.array([100, 3]), np.array([2]))
        np.testing.assert_allclose(part["image"], whole["image"][:, [100, 3]], atol=1e-12)
        np.testing.assert_allclose(part["audio"], whole["audio"][:, 32:48], atol=1e-12)
        np.testing.assert_allclose(part["label"], whole["label"], atol=1e-12)

    def test_audio_that_does_not_divide(self):
        with pytest.raises(ValueError, match="patches of 16 samples"):
            r.multimodal_inputs(self.weights, self.config, self.image, self.audio[:, :60])


class TestLucidrains:
    config = r.LucidrainsConfig(
        depth=3,
        num_latents=5,
        latent_dim=12,
        cross_dim_head=6,
        latent_heads=3,
        latent_dim_head=4,
        num_classes=7,
    )
    data = r.deterministic_values("data", (2, 5, 7, 3))

    def test_inputs_hold_channels_then_axes(self):
        x = r.lucidrains_inputs(self.config, self.data)
        assert x.shape == (2, 35, 29)
        np.testing.assert_array_equal(x[1, 8, :3], self.data[1, 1, 1])
        positions = r.grid_positions((5, 7))
        np.testing.assert_array_equal(x[0][:, [15, 28]], positions)
        with pytest.raises(ValueError, match="2 axes and 3 channels"):
            r.lucidrains_inputs(self.config, self.data[0])

    def test_masked_inputs_do_not_matter(self):
        weights = parameters(r.perceiver_shapes(self.config))
        mask = np.arange(35)[None] % 2 == np.zeros((2, 1))
        y = r.lucidrains_perceiver(weights, self.config, self.data, mask)
        poisoned = np.where(mask.reshape(2, 5, 7, 1), self.data, np.nan)
        np.testing.assert_array_equal(
            r.lucidrains_perceiver(weights, self.config, poisoned, mask), y
        )

    def test_embeddings(self):
        weights = parameters(r.perceiver_shapes(self.config))
        latents = r.lucidrains_perceiver(weights, self.config, self.data, return_embeddings=True)
        assert latents.shape == (2, 5, 12)

    def test_tied_weights_may_have_any_of_their_names(self):
        config = replace(self.config, weight_tie_layers=True)
        weights = parameters(r.perceiver_shapes(config))
        first, last = dict(weights), dict(weights)
        for group in r.tied_groups(config):
            for name in group:
                first[name] = weights[group[0]]
                last.pop(name)
            last[group[-1]] = weights[group[0]]
        y = r.lucidrains_perceiver(first, config, self.data)
        np.testing.assert_array_equal(r.lucidrains_perceiver(last, config, self.data), y)
        untied = r.lucidrains_perceiver(first, self.config, self.data)
        np.testing.assert_array_equal(untied, y)
        with pytest.raises(ValueError, match="as they are tied"):
            r.lucidrains_perceiver(weights, config, self.data)
        with pytest.raises(KeyError, match=r"layers\.1\.0\.norm\.weight"):
            r.untie({}, config)

    def test_language_model_queries_with_its_inputs(self):
        config = r.LucidrainsIOConfig(
            depth=1,
            dim=8,
            queries_dim=8,
            logits_dim=11,
            num_latents=4,
            latent_dim=16,
            num_tokens=11,
            max_seq_len=9,
        )
        weights = parameters(r.perceiver_lm_shapes(config))
        ids = np.arange(14).reshape(2, 7) % 11
        assert r.lucidrains_perceiver_lm(weights, config, ids).shape == (2, 7, 11)
        with pytest.raises(ValueError, match="at most 9 ids"):
            r.lucidrains_perceiver_lm(weights, config, np.zeros((1, 10), int))

    def test_io_without_queries_gives_latents(self):
        config = r.LucidrainsIOConfig(
            depth=2, dim=8, queries_dim=8, num_latents=4, latent_dim=16, weight_tie_layers=True
        )
        weights = parameters(r.perceiver_io_shapes(config))
        for group in r.tied_groups(config):
            assert group[0].startswith("layers.0.")
            for name in group:
                weights[name] = weights[group[0]]
        data = r.deterministic_values("io", (2, 6, 8))
        assert r.lucidrains_perceiver_io(weights, config, data).shape == (2, 4, 16)
        assert r.lucidrains_perceiver_io(weights, config, data, data).shape == (2, 6, 8)


class TestProcess:
    """The latent stack: one set of weights for all repeats, or one per repeat."""

    block = staticmethod(
        lambda name: r.SelfBlockParameters(
            norm=r.NormParameters(None, None),
            attention=r.AttentionParameters(
                *(r.LinearParameters(r.deterministic_values(f"{name}{i}", (6, 6))) for i in "qkvo"),
                heads=2,
            ),
        )
    )

    def test_tied_equals_indexed_with_equal_weights(self):
        x, a, b = r.deterministic_values("x", (1, 4, 6)), self.block("a"), self.block("b")
        tied = r.process(x, r.tied([a, b], 3))
        np.testing.assert_array_equal(tied, r.process(x, [[a, b], [a, b], [a, b]]))
        assert np.abs(tied - r.process(x, [[a, b], [b, a], [a, b]])).max() > 1e-3
        np.testing.assert_array_equal(r.process(x, []), x)

    def test_cross_block_needs_inputs(self):
        block = self.block("a")
        norm = r.NormParameters(None, None)
        cross = r.CrossBlockParameters(norm, norm, block.attention)
        x = r.deterministic_values("x", (1, 4, 6))
        with pytest.raises(ValueError, match="inputs for a cross block"):
            r.process(x, [[cross]])
        y = r.process(x, [[cross, block]], r.deterministic_values("in", (2, 9, 6)))
        assert y.shape == (2, 4, 6)
