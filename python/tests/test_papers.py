"""Systems of the papers: sizes as the papers have them, results as the reference composes them, in
NumPy and compiled.
"""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import papers
import pytest
from compiled import compile_model, run, run_emulated
from paper_systems import SYSTEMS, get_system
from perceiver_compiler import formulas
from perceiver_compiler.importers.huggingface.names import Names, block_keys
from safetensors.numpy import load_file

import reference as r
from reference import paper_audiovisual, paper_images, paper_points, paper_stages, paper_text

#: Rows, latents, parameters and GFLOP of the papers and, where they are marked there, of the closed
#: formulas of their architecture. What tells modalities apart is counted, too: 4 + 230, 4 + 228.
FIGURES = {
    "perceiver-imagenet-fourier": ("50176 x 261", "512 x 1024", 44_912_254, "706.28"),
    "perceiver-imagenet-permuted": ("50176 x 261", "512 x 1024", 44_912_254, "706.28"),
    "perceiver-imagenet-learned": ("50176 x 131", "512 x 1024", 48_189_577, "380.11"),
    "perceiver-imagenet-conv": ("3136 x 322", "512 x 1024", 42_341_754, "367.21"),
    "perceiver-audioset-audio": ("480 x 257", "512 x 1024", 107_419_677, "126.39"),
    "perceiver-audioset-mel": ("4800 x 259", "512 x 1024", 107_432_017, "133.31"),
    "perceiver-audioset-video": ("12544 x 483", "512 x 1024", 109_016_593, "174.81"),
    "perceiver-audioset-video-audio": ("13024 x 487", "512 x 1024", 109_048_771, "177.29"),
    "perceiver-audioset-video-mel": ("17344 x 487", "512 x 1024", 109_048_769, "194.10"),
    "perceiver-modelnet40": ("2048 x 387", "512 x 1024", 44_772_202, "101.81"),
    "perceiver-io-imagenet-fourier": ("50176 x 261", "512 x 1024", 48_440_627, "406.12"),
    "perceiver-io-imagenet-learned": ("50176 x 512", "512 x 1024", 62_255_848, "478.04"),
    "perceiver-io-imagenet-conv": ("3136 x 322", "512 x 1024", 48_646_522, "369.36"),
    "perceiver-io-audioset-audio": ("13024 x 487", "512 x 512", 24_922_228 + 234, "52.71"),
    "perceiver-io-audioset-mel": ("17344 x 487", "512 x 1024", 86_568_052 + 232, "129.27"),
    "perceiver-io-mlm-sentencepiece": ("512 x 768", "256 x 1280", 223_155_456, "133.61"),
    "perceiver-io-mlm-plus": ("2048 x 768", "256 x 1536", 425_607_430, "240.87"),
    "perceiver-io-glue": ("2048 x 768", "256 x 1280", 200_128_002, "111.00"),
}

#: Sizes for the small systems: others than those that their positions are made for.
SIZES = {"height": 12, "width": 20, "frames": 4, "samples": 88, "times": 7, "frequencies": 11}
BATCH = 2
#: Of the small systems.
LATENTS = {"layers": 2, "heads": 4}
PATCH, BLOCK = 8, (2, 4)


def small_system(name):
    """A small system with its weights, and inputs of sizes that are not those of the paper."""
    system = get_system(name, small=True)
    sizes = {size: SIZES[size] for size in system.inputs.sizes if size in SIZES}
    return system, system.make_weights(), system.make_inputs(BATCH, sizes)


# What the reference makes of the inputs


def fourier_pixels(weights, inputs):
    return paper_images.with_fourier_positions(inputs["image"], 4, (13, 13))


def permuted_pixels(weights, inputs):
    return paper_images.permuted_pixels(inputs["image"], inputs["points"], (9, 13), 4)


def learned_positions(weights, inputs):
    return paper_images.with_learned_positions(weights, inputs["image"], projected=False)


def projected_positions(weights, inputs):
    return paper_images.with_learned_positions(weights, inputs["image"], projected=True)


def convolved_pixels(weights, inputs):
    features = paper_images.convolved_pixels(weights, inputs["image"])
    return paper_images.with_fourier_positions(features, 4, (7, 7))


def audio(weights, inputs):
    return paper_audiovisual.audio_rows(inputs["audio"], PATCH, 4, 104)


def mel(weights, inputs):
    return paper_audiovisual.mel_rows(inputs["mel"], 4, (9, 13))


def video(weights, inputs):
    return paper_audiovisual.video_rows(inputs["video"], BLOCK, 3, (3, 5, 3))


def video_with(sound):
    def rows(weights, inputs):
        parts = {"video": video(weights, inputs), sound.__name__: sound(weights, inputs)}
        return paper_audiovisual.join_modalities(weights, parts)

    return rows


def cloud(weights, inputs):
    return paper_points.cloud_rows(inputs["coordinates"], 5, 24)


# What the reference makes of rows


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def perceiver(make_rows, *, reads, shared):
    def compute(weights, inputs):
        rows = make_rows(weights, inputs)
        latents = paper_stages.perceiver_latents(
            weights, rows, reads=reads, shared=shared, **LATENTS
        )
        logits = paper_stages.average_logits(weights, latents)
        return {"logits": logits} if shared else {"scores": sigmoid(logits)}

    return compute


def latents_of(weights, rows, repeats, **options):
    return paper_stages.perceiver_io_latents(weights, rows, repeats=repeats, **LATENTS, **options)


def averaged(make_rows):
    def compute(weights, inputs):
        latents = latents_of(weights, make_rows(weights, inputs), 2)
        return {"logits": paper_stages.average_logits(weights, latents)}

    return compute


def perceiver_io(make_rows, *, repeats=2, residual=True):
    def compute(weights, inputs):
        latents = latents_of(weights, make_rows(weights, inputs), repeats)
        row = paper_stages.query_row(weights, latents, residual=residual)
        final = r.LinearParameters(weights["final.weight"].T, weights["final.bias"])
        logits = r.linear(row, final)
        return {"logits": logits} if repeats > 1 else {"scores": sigmoid(logits)}

    return compute


def latents_of_text(weights, inputs):
    rows = paper_text.token_rows(weights, inputs["ids"])
    return latents_of(weights, rows, 1, cross_heads=4, key_mask=inputs["mask"])


def language_model(weights, inputs):
    rows = paper_stages.query_rows(weights, latents_of_text(weights, inputs), heads=4)
    return {"logits": paper_text.token_logits(weights, rows)}


def glue(weights, inputs):
    latents = latents_of_text(weights, inputs)
    row = paper_stages.query_row(weights, latents, residual=False, heads=4)
    return {"logits": paper_text.task_logits(weights, row)}


EXPECTED = {
    "perceiver-imagenet-fourier": perceiver(fourier_pixels, reads=3, shared=True),
    "perceiver-imagenet-permuted": perceiver(permuted_pixels, reads=3, shared=True),
    "perceiver-imagenet-learned": averaged(learned_positions),
    "perceiver-imagenet-conv": averaged(convolved_pixels),
    "perceiver-audioset-audio": perceiver(audio, reads=2, shared=False),
    "perceiver-audioset-mel": perceiver(mel, reads=2, shared=False),
    "perceiver-audioset-video": perceiver(video, reads=2, shared=False),
    "perceiver-audioset-video-audio": perceiver(video_with(audio), reads=2, shared=False),
    "perceiver-audioset-video-mel": perceiver(video_with(mel), reads=2, shared=False),
    "perceiver-modelnet40": perceiver(cloud, reads=2, shared=True),
    "perceiver-io-imagenet-fourier": perceiver_io(fourier_pixels),
    "perceiver-io-imagenet-learned": perceiver_io(projected_positions, residual=False),
    "perceiver-io-imagenet-conv": perceiver_io(convolved_pixels),
    "perceiver-io-audioset-audio": perceiver_io(video_with(audio), repeats=1),
    "perceiver-io-audioset-mel": perceiver_io(video_with(mel), repeats=1),
    "perceiver-io-mlm-sentencepiece": language_model,
    "perceiver-io-mlm-plus": language_model,
    "perceiver-io-glue": glue,
}


# Tests


def test_figures_of_the_papers(capsys):
    papers.main(["--list"])
    _, *lines = capsys.readouterr().out.splitlines()
    listed = {}
    for line in lines:
        name, rows, latents, parameters, flops = re.split(r"  +", line)
        listed[name] = (rows, latents, int(parameters.replace(",", "")), flops)
    assert listed == FIGURES


@pytest.mark.parametrize("name", SYSTEMS)
def test_flops_are_those_of_what_is_computed(name, monkeypatch):
    """The formula, against the products that NumPy computes."""
    counts = Counter()
    linear, attention = formulas.linear, formulas.attention

    def count_linear(x, parameters):
        counts["linear"] += 2 * x.size * parameters.weight.shape[-1]
        return linear(x, parameters)

    def count_attention(query, key, value, **options):
        batch, queries, channels = query.shape
        keys = key.shape[1]
        counts["attention"] += 2 * len(key) * queries * keys * (channels + value.shape[-1])
        assert batch in (1, len(key))
        return attention(query, key, value, **options)

    monkeypatch.setattr(formulas, "linear", count_linear)
    monkeypatch.setattr(formulas, "attention", count_attention)
    system = get_system(name, small=True)
    system.evaluate(system.make_inputs(), system.make_weights())
    assert counts.total() == system.flops


@pytest.mark.parametrize("name", SYSTEMS)
def test_systems_compute_what_the_reference_does(name):
    system, weights, inputs = small_system(name)
    results = system.evaluate(inputs, weights)
    expected = EXPECTED[name](weights, inputs)
    assert results.keys() == expected.keys()
    for key, array in expected.items():
        assert np.ptp(array, axis=0).max() > 0.1
        np.testing.assert_allclose(results[key], array, rtol=0, atol=1e-12 * np.abs(array).max())


def huggingface_names(weights):
    """The weights of a Perceiver IO for images under the names of transformers."""
    names = Names()
    blocks = {"encode": names.encoder, "process": names.self_attends, "decode": names.decoder}
    others = {
        "latents": names.latents,
        "query.position_embeddings": names.queries,
        "final": names.final,
        "pixels": names.pixels,
        "positions.position_embeddings": names.pixel_places,
        "positions_projection": names.pixel_places_projection,
        "stem.conv.weight": names.convolution,
        "stem.batchnorm": names.batch_norm,
    }
    renamed = {}
    for key, array in weights.items():
        stem, _, last = key.rpartition(".")
        scope, *rest = stem.split(".")
        if scope in blocks:
            block = blocks[scope].format(rest[0])
            renamed[f"{block_keys(block)[rest[-1]]}.{last}"] = array
        else:
            renamed[others[key] if key in others else f"{others[stem]}.{last}"] = array
    if (kernel := f"{names.pixels}.weight") in renamed:
        renamed[kernel] = renamed[kernel][:, :, None, None]
    return renamed


@pytest.mark.parametrize(
    ("kind", "task", "side"),
    [("fourier", "fourier", 13), ("learned", "learned", 0), ("conv", "conv_processing", 7)],
)
def test_images_are_classified_as_by_deepmind(kind, task, side):
    """The reference's own model, which the golden vectors of DeepMind's code hold."""
    system, weights, inputs = small_system(f"perceiver-io-imagenet-{kind}")
    config = r.HuggingFaceConfig(
        f"image_classification_{task}",
        num_self_attention_heads=4,
        num_cross_attention_heads=1,
        num_blocks=2,
        num_self_attends_per_block=2,
        num_bands=4,
        max_resolution=(side, side),
        variant=replace(r.DEEPMIND, transpose_stem_kernel=False),
        decoder_query_residual=kind != "learned",
    )
    images = np.moveaxis(inputs["image"], -1, 1)
    expected = r.image_classification(huggingface_names(weights), config, images)
    results = system.evaluate(inputs, weights)["logits"]
    np.testing.assert_allclose(results, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("name", SYSTEMS)
def test_entries_in_turn_are_the_whole(name):
    system, weights, inputs = small_system(name)
    *stages, whole = system.model.entries
    names = ["encode", "decode"] if len(stages) == 2 else ["encode", "process", "decode"]
    assert ([stage.name for stage in stages], whole.name) == (names, "run")
    results, whole = inputs, system.evaluate(inputs, weights)
    for stage in stages:
        if stage.arguments[-1].name == "positions":
            results["positions"] = np.arange(whole["logits"].shape[1])
        results = system.model.evaluate(stage, results, weights)
    for key, array in whole.items():
        np.testing.assert_array_equal(results[key], array)
    for function in system.model.functions:
        assert str(function).count("\n") <= 40


def test_order_of_pixels_does_not_matter():
    """What permuted pixels are for; pixels may be missing, too."""
    system, weights, inputs = small_system("perceiver-imagenet-permuted")
    order = np.argsort(inputs["points"])
    straight = {"image": inputs["image"][:, order], "points": inputs["points"][order]}
    assert not np.array_equal(inputs["points"], straight["points"])
    first, second = (system.evaluate(each, weights)["logits"] for each in (inputs, straight))
    np.testing.assert_allclose(first, second, rtol=0, atol=1e-10)
    fewer = {"image": straight["image"][:, :50], "points": straight["points"][:50]}
    assert system.evaluate(fewer, weights)["logits"].shape == (BATCH, 10)


@pytest.mark.parametrize(
    ("name", "sizes", "message"),
    [
        ("perceiver-audioset-audio", {"samples": 81}, "expected samples in patches of 8, but"),
        ("perceiver-audioset-video", {"frames": 3}, "expected frames in blocks of 2, but got 3"),
        ("perceiver-audioset-video-mel", {"width": 9}, "expected a width in blocks of 4, but"),
        ("perceiver-io-glue", {"length": 30}, "expected a length of at most 29, but got 30"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(name, sizes, message):
    system = get_system(name, small=True)
    with pytest.raises(ValueError, match=message):
        system.evaluate(system.make_inputs(1, sizes), system.make_weights())


def test_static_sizes_are_those_of_the_paper():
    name = "perceiver-imagenet-fourier"
    static, dynamic = (get_system(name, small=True, static=static) for static in (True, False))
    assert "height" not in str(static.model.entry("run"))
    assert (static.flops, static.rows, static.shapes) == (
        dynamic.flops,
        dynamic.rows,
        dynamic.shapes,
    )
    inputs, weights = static.make_inputs(BATCH), static.make_weights()
    assert inputs["image"].shape == (BATCH, 13, 13, 3)
    np.testing.assert_array_equal(
        static.evaluate(inputs, weights)["logits"], dynamic.evaluate(inputs, weights)["logits"]
    )


# Compiled

#: Each kind of inputs, latents and head; the others are made of the same parts.
REPRESENTATIVES = (
    "perceiver-imagenet-permuted",
    "perceiver-audioset-video-audio",
    "perceiver-modelnet40",
    "perceiver-io-imagenet-learned",
    "perceiver-io-imagenet-conv",
    "perceiver-io-audioset-mel",
    "perceiver-io-glue",
)
COMPILED = [
    name if name in REPRESENTATIVES else pytest.param(name, marks=pytest.mark.slow)
    for name in SYSTEMS
]


def compile_small(name, directory, *options, entries=("run",)):
    """A compiled system, its inputs, and its results in float64. It has only these entries, as the
    time of a compilation grows with them.
    """
    system, weights, inputs = small_system(name)
    expected = system.evaluate(inputs, weights)
    system.model.keep_entries(*entries)
    description = directory / "model.mlir"
    description.write_text(str(system.model))
    model = compile_model(description, weights, directory / "model.so", "--strict", *options)
    return model, inputs, expected


def check(results, expected):
    assert results.keys() == expected.keys()
    for key, array in expected.items():
        assert r.relative_errors(results[key], array).max() < 2e-5


@pytest.mark.parametrize("name", COMPILED)
def test_compiled_systems_agree(name, tmp_path):
    model, inputs, expected = compile_small(name, tmp_path)
    check(run(model, inputs, tmp_path, threads=2), expected)


def test_compiled_entries_in_turn_are_the_whole(tmp_path):
    stages = ("encode", "process", "decode")
    model, results, expected = compile_small("perceiver-imagenet-learned", tmp_path, entries=stages)
    for stage in stages:
        results = run(model, results, tmp_path, entry=stage)
    check(results, expected)


@pytest.mark.parametrize("name", ["perceiver-modelnet40", "perceiver-io-audioset-audio"])
def test_systems_on_the_emulated_device_agree(name, tmp_path):
    model, inputs, expected = compile_small(name, tmp_path, "--target=cuda")
    check(run_emulated(model, inputs, tmp_path), expected)


# The command


def test_the_command_writes_files_that_belong_together(tmp_path, capsys):
    name = "perceiver-io-glue"
    files = {option: tmp_path / option for option in ("o", "weights", "inputs", "golden")}
    options = ["-o", files["o"]]
    for option in ("weights", "inputs", "golden"):
        options += [f"--{option}", files[option]]
    papers.main([name, "--small", "--batch", "3", *map(str, options)])
    system = get_system(name, small=True)
    assert files["o"].read_text() == str(system.model)
    weights, inputs, golden = (load_file(files[o]) for o in ("weights", "inputs", "golden"))
    assert {key: array.shape for key, array in weights.items()} == system.shapes
    assert all(array.dtype == np.float32 for array in weights.values())
    results = system.evaluate(inputs, weights)
    assert golden.keys() == {*inputs, *results}
    for key, array in {**inputs, **results}.items():
        assert golden[key].dtype == array.dtype
        np.testing.assert_array_equal(golden[key], array)
    assert results["logits"].shape == (3, 2)
    assert "parameters, entries encode, process, decode, run" in capsys.readouterr().out
    text = files["o"].read_text()
    assert text.startswith("// Perceiver IO (arXiv 2107.14795) on one task of GLUE")
    assert "What the papers leave open:\n//   * The decoder" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["perceiver-ar", "-o", "m.mlir"], "expected a name among perceiver-imagenet-fourier,"),
        (["perceiver-io-glue"], "expected -o, --weights, --inputs or --golden"),
        (["perceiver-io-glue", "-o", "m", "--batch", "0"], "expected a batch of at least 1"),
        (["perceiver-io-glue", "-o", "m", "--static"], "expected a system of images with Fourier"),
    ],
)
def test_wrong_usage(arguments, message, capsys):
    with pytest.raises(SystemExit) as end:
        papers.main(arguments)
    assert end.value.code == 2 and message in capsys.readouterr().err


def test_it_runs_as_a_script():
    done = subprocess.run(
        [sys.executable, papers.__file__, "--list"], capture_output=True, text=True, check=True
    )
    assert len(done.stdout.splitlines()) == 1 + len(SYSTEMS)
