"""The reference against golden vectors: float64 results of the original implementations on tiny
models.

Every printed number has 7 to 10 digits; a value passes within 1e-6 of the largest printed value, a
sum within 1e-6 of what a relative error of that size in each element could add up to.
"""

from dataclasses import replace

import numpy as np
import pytest

import reference as r

TOLERANCE = 1e-6

# The originals were run in float64, so their Fourier tables were not rounded.
HF = replace(r.HUGGING_FACE, recipe="exact")
DM = replace(r.DEEPMIND, recipe="exact")


def check(y, *, shape, total=None, squares=None, first=None, last=None):
    assert y.shape == shape
    flat = y.reshape(-1)
    largest = np.abs(flat).max() if first is None else np.abs(first).max()
    if first is not None:
        np.testing.assert_allclose(flat[: len(first)], first, rtol=0, atol=TOLERANCE * largest)
    if last is not None:
        np.testing.assert_allclose(flat[-1], last, rtol=0, atol=TOLERANCE * largest)
    if total is not None:
        bound = TOLERANCE * max(np.abs(flat).mean() * np.sqrt(flat.size), abs(total))
        assert abs(flat.sum() - total) <= bound
    if squares is not None:
        assert abs(np.square(flat).sum() - squares) <= TOLERANCE * squares


def parameters(shapes):
    return {name: r.deterministic_parameter(name, shape) for name, shape in shapes.items()}


def test_value_rule():
    assert r.fnv1a32("latents") == 0xF8C7B168
    expected = [-0.5410381061956286, 0.03882715664803982, 0.6149660209193826, -0.15853144554421306]
    np.testing.assert_array_equal(r.deterministic_values("latents", (4,)), expected)
    across_blocks = r.deterministic_values("latents", (3, 100_000)).reshape(-1)
    np.testing.assert_array_equal(across_blocks[:4], expected)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (
            r.gelu_erf,
            [
                -0.004049694,
                -0.158655254,
                -0.154268769,
                0.149676581,
                0.841344746,
                1.954499736,
                3.999873315,
            ],
        ),
        (
            r.gelu_tanh,
            [
                -0.003637392,
                -0.158808009,
                -0.15428599,
                0.149675351,
                0.841191991,
                1.954597694,
                3.999929754,
            ],
        ),
    ],
)
def test_gelu(function, expected):
    x = np.array([-3, -1, -0.5, 0.25, 1, 2, 4])
    np.testing.assert_allclose(function(x), expected, rtol=0, atol=1e-9)


def test_fourier_table():
    table = r.fourier_positions((3, 4), 3, (8, 10), recipe="exact")
    rows = {
        1: [-1, -1 / 3, 0, -1, 0, -0.866025, 0, 0.866025, -1, 0, 1, 0.5, -1, 0.5],
        5: [0, -1 / 3, 0, 0, 0, -0.866025, 0, 0.866025, 1, 1, 1, 0.5, -1, 0.5],
        11: [1, 1, 0, 1, 0, 0, 0, 0, -1, 0, 1, -1, -1, -1],
    }
    assert table.shape == (12, 14)
    for row, expected in rows.items():
        np.testing.assert_allclose(table[row], expected, rtol=0, atol=5e-7)


def test_subsampled_positions():
    expected = [[-1, -1], [-1 / 3, -1 / 2], [1 / 3, 1 / 2]]
    positions = r.subsampled_positions(np.array([0, 5, 11]), (3, 4), "exact")
    np.testing.assert_allclose(positions, expected, rtol=0, atol=1e-15)


TEXT = r.HuggingFaceConfig(
    "masked_lm",
    num_latents=16,
    d_latents=80,
    d_model=64,
    num_self_attends_per_block=2,
    qk_channels=256,
    v_channels=80,
    max_position_embeddings=32,
    variant=HF,
)


def text_batch():
    ids = (37 * np.arange(64) % 256 + 6).reshape(2, 32)
    mask = np.ones((2, 32), bool)
    ids[1, 20:], mask[1, 20:] = 0, False
    return ids, mask


def test_v1_masked_lm():
    weights = parameters(r.parameter_shapes(TEXT))
    y = r.masked_lm(weights, TEXT, *text_batch())
    check(
        y,
        shape=(2, 32, 262),
        total=-2287.74018,
        squares=91743.7876,
        first=[
            0.07184901,
            1.446707,
            -1.792616,
            -0.8885684,
            -2.249572,
            -1.179016,
            2.035991,
            1.939042,
        ],
        last=-1.127572,
    )


def test_v1_masked_lm_deepmind_wipes_masked_rows_and_leaves_the_others():
    weights = parameters(r.parameter_shapes(TEXT))
    ids, mask = text_batch()
    y = r.masked_lm(weights, TEXT, ids, mask)
    wiped = r.masked_lm(weights, replace(TEXT, variant=replace(DM, gelu="erf")), ids, mask)
    np.testing.assert_allclose(wiped[mask], y[mask], rtol=0, atol=1e-12)
    padded = wiped[~mask]
    np.testing.assert_allclose(padded, np.broadcast_to(padded[0], padded.shape), atol=1e-12)
    assert np.abs(padded - y[~mask]).max() > 0.1


def test_v2_sequence_classification():
    config = replace(TEXT, task="sequence_classification", num_labels=3)
    y = r.sequence_classification(parameters(r.parameter_shapes(config)), config, *text_batch())
    expected = [1.480553, 0.9533217, -0.423821, 1.735282, 0.1459618, 1.045187]
    check(y, shape=(2, 3), first=expected)


FOURIER = r.HuggingFaceConfig(
    "image_classification_fourier",
    num_latents=8,
    d_latents=32,
    d_model=261,
    num_blocks=2,
    num_self_attends_per_block=2,
    num_cross_attention_heads=1,
    num_labels=10,
    image_size=16,
    max_resolution=(16, 16),
)
LEARNED = replace(FOURIER, task="image_classification_learned", d_model=512)

# Sum, first values and last value.
V3_FOURIER = (
    1.17326719,
    [
        -0.6339828,
        0.2945398,
        0.4780155,
        1.410034,
        0.3588507,
        -0.3943391,
        -0.4882838,
        -0.6672546,
    ],
    0.0604399,
)


def v3_images():
    return np.moveaxis(r.deterministic_values("input.image", (2, 16, 16, 3)), -1, 1)


@pytest.mark.parametrize(
    ("config", "total", "first", "last"),
    [
        (replace(FOURIER, variant=HF), *V3_FOURIER),
        (
            replace(FOURIER, variant=DM),
            1.17356739,
            [
                -0.6335841,
                0.2941948,
                0.4784361,
                1.410065,
                0.3585586,
                -0.394513,
                -0.4886308,
                -0.6671996,
            ],
            0.06090483,
        ),
        (
            replace(LEARNED, variant=HF),
            -4.22783687,
            [
                -1.154215,
                0.9671062,
                -1.260358,
                1.013516,
                0.6849199,
                0.2645893,
                0.09541573,
                -0.6884739,
            ],
            None,
        ),
        (
            replace(LEARNED, variant=DM, decoder_query_residual=False),
            -5.44637423,
            [
                -0.5861987,
                0.6940141,
                -1.138469,
                0.6331034,
                0.7418287,
                0.1304812,
                -0.6744447,
                -0.3022818,
            ],
            None,
        ),
        (
            replace(LEARNED, variant=DM, decoder_query_residual=True),
            -4.22720704,
            [
                -1.15414,
                0.9671665,
                -1.260378,
                1.013241,
                0.6849434,
                0.2648788,
                0.09556338,
                -0.6883078,
            ],
            None,
        ),
    ],
    ids=["fourier-hf", "fourier-dm", "learned-hf", "learned-dm", "learned-dm-residual"],
)
def test_v3_image_classification(config, total, first, last):
    y = r.image_classification(parameters(r.parameter_shapes(config)), config, v3_images())
    check(y, shape=(2, 10), total=total, first=first, last=last)


FLOW = r.HuggingFaceConfig(
    "optical_flow",
    num_latents=8,
    d_latents=32,
    d_model=322,
    num_self_attends_per_block=2,
    num_self_attention_heads=4,
    num_cross_attention_heads=1,
    image_size=(8, 12),
    max_resolution=(8, 12),
)


def test_v4_optical_flow():
    patches = r.flow_patches(r.deterministic_values("input.flow", (1, 2, 8, 12, 3)))
    last_axis = np.moveaxis(patches, 2, -1)
    check(last_axis, shape=(1, 2, 8, 12, 27), total=-55.2436343, squares=1607.34499)
    weights = parameters(r.parameter_shapes(FLOW))
    check(
        20.0 * r.optical_flow(weights, replace(FLOW, variant=DM), patches),
        shape=(1, 8, 12, 2),
        total=43.8610315,
        squares=14.5365298,
        first=[
            0.05176858,
            0.3407515,
            0.07129251,
            0.3507531,
            0.09221171,
            0.3463754,
            0.0989488,
            0.3954331,
        ],
        last=0.3958737,
    )
    check(
        r.optical_flow(weights, replace(FLOW, variant=HF), patches),
        shape=(1, 8, 12, 2),
        total=2.19290393,
        first=[
            0.002589965,
            0.01703431,
            0.00356669,
            0.017535,
            0.004612005,
            0.0173167,
            0.00494795,
            0.01976918,
        ],
    )


IO = r.LucidrainsIOConfig(
    depth=2,
    dim=6,
    queries_dim=10,
    logits_dim=7,
    num_latents=4,
    latent_dim=16,
    cross_heads=1,
    cross_dim_head=8,
    latent_heads=2,
    latent_dim_head=8,
)


V5 = [1.079198, 0.192291, -1.131695, 0.4413587, -1.439917, -1.05743, 0.6338087, 1.071628]
V5_MASKED = [
    0.1407647,
    0.2053234,
    -0.4814507,
    1.129658,
    -1.422422,
    -1.22176,
    -0.1458002,
    0.1780467,
]


def v5_inputs():
    """Data, queries and the mask of the second vector."""
    data = r.deterministic_values("input.io", (1, 9, 6))
    return data, r.deterministic_values("input.q", (3, 10)), np.arange(9)[None] < 6


def test_v5_lucidrains_perceiver_io():
    data, queries, mask = v5_inputs()
    config = replace(IO, decoder_ff=True)
    y = r.lucidrains_perceiver_io(parameters(r.perceiver_io_shapes(config)), config, data, queries)
    check(y, shape=(1, 3, 7), total=-3.86782638, first=V5)
    weights = parameters(r.perceiver_io_shapes(IO))
    y = r.lucidrains_perceiver_io(weights, IO, data, queries, mask)
    check(y, shape=(1, 3, 7), total=-5.46406437, first=V5_MASKED)


LUCIDRAINS = r.LucidrainsConfig(
    num_freq_bands=4,
    max_freq=10,
    depth=3,
    num_latents=5,
    latent_dim=12,
    cross_heads=1,
    cross_dim_head=6,
    latent_heads=3,
    latent_dim_head=4,
    self_per_cross_attn=2,
    num_classes=7,
    recipe="exact",
)


V6 = [
    1.927910255,
    -1.030434143,
    -2.757298682,
    -0.6401239866,
    -0.03957341756,
    0.4179157196,
    1.461046867,
]
V6_TIED = [
    0.3597990429,
    -0.6789861941,
    -0.8687825727,
    0.04800453075,
    -1.032936684,
    -1.132391228,
    0.4237096618,
]


def v6_data():
    return r.deterministic_values("input.v6", (1, 5, 7, 3))


def test_v6_lucidrains_perceiver():
    y = r.lucidrains_perceiver(parameters(r.perceiver_shapes(LUCIDRAINS)), LUCIDRAINS, v6_data())
    check(y, shape=(1, 7), first=V6)


def v6_tied():
    """Configuration and weights, the shared ones under the last layer's names alone."""
    config = replace(LUCIDRAINS, weight_tie_layers=True)
    weights = parameters(r.perceiver_shapes(config))
    for group in r.tied_groups(config):
        for name in group[:-1]:
            del weights[name]
    return config, weights


def test_v6_lucidrains_perceiver_tied():
    config, weights = v6_tied()
    check(r.lucidrains_perceiver(weights, config, v6_data()), shape=(1, 7), first=V6_TIED)
