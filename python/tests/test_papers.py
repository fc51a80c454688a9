"""Models of the papers: their numbers of parameters, and what they compute."""

import re
from dataclasses import replace

import numpy as np
import papers
import pytest
from compiled import compile_model, run
from paper_graphs import make_tensors
from perceiver_compiler.importers.huggingface.names import Names, block_keys
from perceiver_compiler.importers.missing import find_missing
from safetensors.numpy import load_file

import reference as r

PARAMETERS = {
    "perceiver-imagenet-fourier": 44_912_254,
    "perceiver-imagenet-learned": 48_189_577,
    "perceiver-imagenet-conv": 42_341_754 + 2 * 64,  # with the averages of the batch norm
    "perceiver-imagenet-permuted": 44_912_254,
    "perceiver-audioset-audio": 107_419_677,
    "perceiver-audioset-mel": 107_432_017,
    "perceiver-audioset-video": 109_016_593,
    "perceiver-audioset-video-audio": 109_048_771,
    "perceiver-modelnet40": 44_772_202,
    "perceiver-io-audioset-audio": 24_922_228 + 4 + 230,  # with the vectors of modalities
    "perceiver-io-audioset-mel": 86_568_284,
    "perceiver-io-imagenet-fourier": 48_440_627,
    "perceiver-io-imagenet-learned": 62_255_848,
    "perceiver-io-imagenet-conv": 48_646_522 + 2 * 64,
    "perceiver-io-glue": 200_128_002,
}


def small_model(name):
    graph = papers.build(name, small=True)
    return graph, make_tensors(graph.weights.shapes, 2.0)


def inputs_of(graph, batch=2):
    sizes = {"batch": batch, "rows": 19, "points": 21}
    inputs = {}
    for argument in graph.run.arguments:
        shape = argument.value.type.sizes(sizes)
        values = r.deterministic_values(f"input.{argument.name}", shape)
        match argument.value.type.element:
            case "i64":
                values = np.floor((values + 1) / 2 * argument.bounds[1]).astype(np.int64)
            case "i32":
                values = (values > -0.5).astype(np.int32)
        inputs[argument.name] = values
    return inputs


@pytest.mark.parametrize("name", papers.MODELS)
def test_numbers_of_parameters(name):
    shapes = papers.build(name).weights.shapes
    assert sum(int(np.prod(shape)) for shape in shapes.values()) == PARAMETERS[name]


@pytest.mark.parametrize("name", papers.MODELS)
def test_compiled_models_agree(name, tmp_path):
    graph, tensors = small_model(name)
    inputs = inputs_of(graph)
    expected = graph.model.evaluate("run", inputs, tensors)["logits"]
    assert expected.shape[0] == 2 and np.ptp(expected, axis=0).max() > 1e-3
    if missing := find_missing("\n".join(map(str, graph.model.functions))):
        pytest.skip(f"the compiler lacks {', '.join(missing)}")
    (tmp_path / "model.mlir").write_text(str(graph.model))
    model = compile_model(tmp_path / "model.mlir", tensors, tmp_path / "model.so", "--strict")
    floats = {
        key: array.astype(np.float32) if array.dtype.kind == "f" else array
        for key, array in inputs.items()
    }
    result = run(model, floats, tmp_path, threads=2)["logits"]
    assert r.relative_errors(result, expected).max() < 2e-5


def block(tensors, scope, *, cross):
    """A block of the reference, by name."""

    def array(name):
        return np.asarray(tensors[f"{scope}.{name}"], np.float64)

    def linear(name):
        return r.LinearParameters(array(f"{name}.weight").T, array(f"{name}.bias"))

    def norm(name):
        return r.NormParameters(array(f"{name}.weight"), array(f"{name}.bias"))

    linears = map(linear, ("query", "key", "value", "output"))
    attention = r.AttentionParameters(*linears, 1 if cross else 8)
    mlp = r.MlpParameters(linear("mlp_in"), linear("mlp_out"), "gelu_tanh")
    if cross:
        norms = (norm("q_norm"), norm("kv_norm"))
        return r.CrossBlockParameters(*norms, attention, norm("mlp_norm"), mlp)
    return r.SelfBlockParameters(norm("q_norm"), attention, norm("mlp_norm"), mlp)


@pytest.mark.parametrize("name", ["perceiver-imagenet-fourier", "perceiver-audioset-mel"])
def test_iterations(name):
    """The original Perceiver, block by block: its own weights in each iteration, or shared ones."""
    graph, tensors = small_model(name)
    sizes, inputs, is_shared = graph.sizes, inputs_of(graph), "imagenet" in name
    (array,) = inputs.values()
    grid, channels, bands = array.shape[1:3], (3 if is_shared else 1), (5 if is_shared else 3)
    table = r.fourier_positions(grid, bands, recipe="jax_f32")
    x = r.concat_channels([array.reshape(2, -1, channels), table])
    z = np.broadcast_to(tensors["latents"], (2, sizes.latents, sizes.channels))
    for step in range(1, sizes.blocks + 1):
        cross, layers = f"cross_{step}", f"self_{step}"
        if is_shared:
            cross, layers = ("cross_1" if step == 1 else "cross_n"), "self"
        z, _ = r.cross_block(z, x, block(tensors, cross, cross=True), residual=True), None
        for layer in range(sizes.layers):
            z = r.self_block(z, block(tensors, f"{layers}.{layer}", cross=False))
    final = r.LinearParameters(tensors["final.weight"].T, tensors["final.bias"])
    result = graph.model.evaluate("run", inputs, tensors)["logits"]
    np.testing.assert_allclose(result, r.mean_pool(z, final), rtol=0, atol=1e-10)


def huggingface_names(tensors):
    """The tensors of a Perceiver IO for images under the names of transformers."""
    names = Names()
    blocks = {"encoder": names.encoder, "decoder": names.decoder, "self": names.self_attends}
    single = {
        "latents": names.latents,
        "class_query": names.queries,
        "final": names.final,
        "pixels": names.pixels,
        "places.position_embeddings": names.pixel_places,
        "places_projection": names.pixel_places_projection,
        "stem.conv.weight": names.convolution,
        "stem.batchnorm": names.batch_norm,
    }
    renamed = {}
    for key, tensor in tensors.items():
        scope, *rest = key.split(".")
        stem, _, last = key.rpartition(".")
        if scope in blocks:
            keys = block_keys(blocks[scope])
            layer = rest[-2]
            renamed[f"{keys[layer]}.{last}".replace("{}", rest[0])] = tensor
        elif key in single:
            renamed[single[key]] = tensor
        else:
            renamed[f"{single[stem]}.{last}"] = tensor
    if f"{names.pixels}.weight" in renamed:
        renamed[f"{names.pixels}.weight"] = renamed[f"{names.pixels}.weight"][:, :, None, None]
    return renamed


@pytest.mark.parametrize("name", ["fourier", "learned", "conv"])
def test_perceiver_io_for_images(name):
    """DeepMind's graph, as the reference has it for checkpoints of transformers."""
    graph, tensors = small_model(f"perceiver-io-imagenet-{name}")
    inputs = inputs_of(graph)
    sides = {"fourier": 14, "learned": 14, "conv": 7}
    config = r.HuggingFaceConfig(
        {"conv": "image_classification_conv_processing"}.get(name, f"image_classification_{name}"),
        num_cross_attention_heads=1,
        num_blocks=2,
        num_self_attends_per_block=2,
        num_bands=5,
        max_resolution=(sides[name],) * 2,
        variant=replace(r.DEEPMIND, transpose_stem_kernel=False),
        decoder_query_residual=name != "learned",
    )
    image = inputs["inputs"].transpose(0, 3, 1, 2)
    expected = r.image_classification(huggingface_names(tensors), config, image)
    result = graph.model.evaluate("run", inputs, tensors)["logits"]
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-10)


def test_the_script(tmp_path, monkeypatch, capsys):
    output, weights = tmp_path / "m.mlir", tmp_path / "w.safetensors"
    arguments = ["papers.py", "perceiver-modelnet40", "-o", output, "--weights", weights, "--small"]
    monkeypatch.setattr("sys.argv", list(map(str, arguments)))
    papers.main()
    assert "parameters in" in capsys.readouterr().out
    text = output.read_text()
    assert text.startswith("// Perceiver (arXiv 2103.03206), ModelNet40") and "coordinates(" in text
    keys = {key for match in re.findall(r'key "([^"]+)"', text) for key in (match,)}
    assert {re.sub(r"self\.\d+", "self.{}", name) for name in load_file(weights)} == keys
    with pytest.raises(ValueError, match="expected a model among"):
        papers.build("perceiver-ar")
