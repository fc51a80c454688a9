"""Perceivers of lucidrains, imported: what they compute in NumPy, and what is refused."""

import numpy as np
import perceiver_compiler as pc
import pytest
from checkpoint_files import safetensors_bytes
from lucidrains_checkpoints import CASES, drawn, expected_of, inputs_of, renamed
from perceiver_compiler.importers import command

import reference as r

# Descriptions are compared with the float64 reference on the same Fourier tables.
EXACT = 1e-12
NAMED_SINCE_0_11 = [name for name in CASES if name not in ("Gated", "MixedLatents")]


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=0, atol=EXACT * np.abs(expected).max())


# What a description computes


@pytest.mark.parametrize("name", CASES)
def test_every_class_computes_what_the_reference_does(name, tmp_path):
    case = CASES[name]
    directory = case.save(tmp_path)
    description = pc.from_lucidrains(directory, shapes=case.shapes)
    inputs = inputs_of(name)
    expected = expected_of(name, inputs)
    close(description.evaluate("run", inputs)["output"], expected)
    assert description.warnings == []
    assert description.weights == (directory / "model.safetensors",)

    entries = {entry.name: entry for entry in description.model.entries}
    latents = description.evaluate("encode", {k: v for k, v in inputs.items() if k != "queries"})
    if "process" in entries:
        latents = description.evaluate("process", latents)
    more = {argument.name for argument in entries["decode"].arguments} - {"latents"}
    output = description.evaluate("decode", {**latents, **{name: inputs[name] for name in more}})
    close(output["output"], expected)


@pytest.mark.parametrize("name", NAMED_SINCE_0_11)
def test_names_of_0_11(name, tmp_path):
    case = CASES[name]
    directory = case.save(tmp_path, "0.11.0", renamed(case.tensors()))
    description = pc.from_lucidrains(directory, shapes=case.shapes)
    inputs = inputs_of(name)
    close(description.evaluate("run", inputs)["output"], expected_of(name, inputs))


@pytest.mark.parametrize("seed", range(24))
def test_arguments_drawn_at_random(seed, tmp_path):
    name = drawn(seed)
    case = CASES[name]
    tensors, version = case.tensors(), "0.8.8"
    if seed % 2 and not name.startswith(("Gated", "Mixed")):
        tensors, version = renamed(tensors), "0.11.0"
    description = pc.from_lucidrains(case.save(tmp_path, version, tensors), shapes=case.shapes)
    inputs = inputs_of(name)
    close(description.evaluate("run", inputs)["output"], expected_of(name, inputs))
    assert description.warnings == []


def test_golden_vectors_of_the_library(tmp_path):
    """Numbers of the library itself, run in float64; its data goes through a float32 table of
    positions here.
    """
    perceiver = {"depth": 3, "num_latents": 5, "latent_dim": 12, "num_freq_bands": 4}
    perceiver |= {"max_freq": 10, "cross_heads": 1, "cross_dim_head": 6, "latent_heads": 3}
    perceiver |= {"latent_dim_head": 4, "self_per_cross_attn": 2, "num_classes": 7}
    shapes = r.perceiver_shapes(r.LucidrainsConfig(**perceiver))
    data = r.deterministic_values("input.v6", (1, 5, 7, 3))
    untied = [1.927910255, -1.030434143, -2.757298682, -0.6401239866, -0.03957341756]
    untied += [0.4179157196, 1.461046867]
    tied = [0.3597990429, -0.6789861941, -0.8687825727, 0.04800453075, -1.032936684]
    tied += [-1.132391228, 0.4237096618]
    tensors = {name: r.deterministic_parameter(name, shape) for name, shape in shapes.items()}
    last = {name: t for name, t in tensors.items() if not name.startswith("layers.1.")}
    for expected, is_tied, weights in ((untied, False, tensors), (tied, True, last)):
        path = tmp_path / f"{is_tied}.safetensors"
        path.write_bytes(safetensors_bytes(weights))
        arguments = {**perceiver, "weight_tie_layers": is_tied}
        model = pc.from_lucidrains(path, "perceiver_pytorch.Perceiver", **arguments)
        output = model.evaluate("run", {"data": data})["output"]
        np.testing.assert_allclose(output[0], expected, rtol=0, atol=1e-5)

    io = {"depth": 2, "dim": 6, "queries_dim": 10, "logits_dim": 7, "num_latents": 4}
    io |= {"latent_dim": 16, "cross_dim_head": 8, "latent_heads": 2, "latent_dim_head": 8}
    data = r.deterministic_values("input.io", (1, 9, 6))
    inputs = {"data": data, "queries": r.deterministic_values("input.q", (3, 10))}
    with_ff = [1.079198, 0.192291, -1.131695, 0.4413587, -1.439917, -1.05743, 0.6338087, 1.071628]
    masked = [0.1407647, 0.2053234, -0.4814507, 1.129658, -1.422422, -1.22176, -0.1458002]
    for expected, has_ff, more in (
        (with_ff, True, {}),
        (masked, False, {"mask": np.arange(9)[None] < 6}),
    ):
        shapes = r.perceiver_io_shapes(r.LucidrainsIOConfig(**io, decoder_ff=has_ff))
        weights = {name: r.deterministic_parameter(name, shape) for name, shape in shapes.items()}
        path = tmp_path / f"io-{has_ff}.safetensors"
        path.write_bytes(safetensors_bytes(weights))
        model = pc.from_lucidrains(path, "perceiver_pytorch.PerceiverIO", decoder_ff=has_ff, **io)
        output = model.evaluate("run", {**inputs, **more})["output"].ravel()
        np.testing.assert_allclose(output[: len(expected)], expected, rtol=0, atol=1e-6)


def test_latents_as_results(tmp_path):
    case = CASES["Perceiver"]
    inputs = inputs_of("Perceiver")
    expected = r.lucidrains_perceiver(
        case.tensors(), case.reference, inputs["data"], inputs["mask"], return_embeddings=True
    )
    directory = case.save(tmp_path / "head")
    model = pc.from_lucidrains(directory, shapes=case.shapes, options={"return_embeddings": True})
    close(model.evaluate("run", inputs)["output"], expected)
    bare = {name: t for name, t in case.tensors().items() if not name.startswith("to_logits")}
    directory = case.save(tmp_path / "bare", tensors=bare, final_classifier_head=False)
    model = pc.from_lucidrains(directory, shapes=case.shapes)
    close(model.evaluate("run", inputs)["output"], expected)
    assert [entry.name for entry in model.model.entries] == ["encode", "run"]

    directory = CASES["PerceiverIO"].save(tmp_path / "io")
    model = pc.from_lucidrains(directory, shapes={"queries": None})
    inputs = inputs_of("PerceiverIO")
    del inputs["queries"]
    close(model.evaluate("run", inputs)["output"], expected_of("PerceiverIO", inputs))


def test_shapes_that_a_caller_fixes(tmp_path):
    case = CASES["PerceiverIO"]
    inputs = inputs_of("PerceiverIO")
    inputs["queries"] = r.deterministic_values("input.q", (2, 3, 10))
    inputs["mask"] = inputs["mask"].astype(np.float32) * 0.5
    shapes = {"queries": (None, None, 10), "mask": (None, None, "f32")}
    model = pc.from_lucidrains(case.save(tmp_path / "io"), shapes=shapes)
    close(model.evaluate("run", inputs)["output"], expected_of("PerceiverIO", inputs))

    case = CASES["PerceiverTied"]
    inputs = inputs_of("PerceiverTied")
    model = pc.from_lucidrains(case.save(tmp_path / "any"))
    close(model.evaluate("run", inputs)["output"], expected_of("PerceiverTied", inputs))
    assert "grid = [?, ?]" in model.text


@pytest.mark.parametrize("form", ["aliases", "one name", "torch"])
def test_tied_tensors_in_every_form(form, tmp_path):
    """save_model keeps one of the tied tensors, save_file and torch.save repeat them."""
    case = CASES["PerceiverTied"]
    directory = case.save(tmp_path, form="torch" if form == "torch" else "safetensors")
    tensors = case.tensors()
    if form != "torch":
        kept = {name: t for name, t in tensors.items() if not name.startswith("layers.2.")}
        aliases = {
            name: name.replace("layers.2.", "layers.1.") for name in tensors.keys() - kept.keys()
        }
        data = safetensors_bytes(kept, aliases if form == "aliases" else None)
        (directory / "model.safetensors").write_bytes(data)
    model = pc.from_lucidrains(directory, shapes=case.shapes)
    inputs = inputs_of("PerceiverTied")
    close(model.evaluate("run", inputs)["output"], expected_of("PerceiverTied", inputs))
    assert ("aliases" in model.text) == (form != "one name") and model.warnings == []


def test_tied_tensors_that_differ(tmp_path):
    case = CASES["PerceiverIOTied"]
    tensors = case.tensors()
    name = "layers.2.0.fn.to_out.bias"
    tensors[name] = tensors[name] + 1
    with pytest.raises(
        pc.CheckpointError, match=f"'{name}': expected the same values as 'layers.0"
    ):
        pc.from_lucidrains(case.save(tmp_path, tensors=tensors))


def test_the_command_copies_weights(tmp_path, capsys):
    """What is no safetensors file is copied beside the description, and never over another's."""
    directory = CASES["PerceiverIO"].save(tmp_path / "it's", form="torch")
    output = tmp_path / "io.mlir"
    assert command.main([str(directory), "-o", str(output), "--from", "lucidrains"]) == 0
    copy = tmp_path / "io.safetensors"
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == f"perceiver-compile {output} --weights {copy} -o {tmp_path / 'io.so'}"
    assert "PerceiverIO" in printed[0] and "entries encode, process, decode, run" in printed[0]
    copy.write_bytes(safetensors_bytes({}))
    output.unlink()
    assert command.main([str(directory), "-o", str(output)]) == 1
    assert "was not written by perceiver-import" in capsys.readouterr().err
    assert not output.exists()


# What is refused


LR = "perceiver_pytorch.perceiver_pytorch.Perceiver"
REFUSED = {
    "unknown argument 'kwargs.num_latens'; did you mean 'num_latents'?": {"num_latens": 3},
    "the field 'kwargs.depth' is missing": {"depth": ...},
    "field 'kwargs.depth': expected an integer of at least 0, but got -1": {"depth": -1},
    "field 'kwargs.depth': expected the 3 layers of": {"depth": 10**9},
    "missing: 'layers.3.0.norm.weight' [12]": {"depth": 4},
    "'layers.2.0.norm.weight': the configuration has no place for it": {"depth": 2},
    "field 'kwargs.latent_heads': expected an integer of at least 1, but got true": {
        "latent_heads": True
    },
    "'latents': expected [6, 12], but got [5, 12]": {"num_latents": 6},
    "field 'kwargs.max_freq': expected a number of at least 0, but got 'high'": {
        "max_freq": "high"
    },
}


@pytest.mark.parametrize("message", REFUSED)
def test_refused_arguments(message, tmp_path):
    directory = CASES["Perceiver"].save(tmp_path, **REFUSED[message])
    with pytest.raises(pc.CheckpointError) as caught:
        pc.from_lucidrains(directory)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "version, arguments, message",
    [
        ("0.7.3", {}, "versions before 0.8 have other frequencies and names of tensors"),
        ("0.12.0", {}, "the newest version that is known is 0.11"),
        ("dev", {}, "field 'source': expected a version"),
        ("0.8.8", {"inverted_cross_attn": False}, "unknown argument 'kwargs.inverted_cross_attn'"),
        ("0.9.0", {"inverted_cross_attn": [False, True, False]}, "softmax over queries is not"),
        ("0.9.0", {"attn_residual": False}, "unknown argument 'kwargs.attn_residual'"),
        ("0.11.0", {"attn_residual": True}, "softmax over past results is not supported"),
        ("0.11.0", {"attn_residual": 1}, "expected true or false, but got 1"),
    ],
)
def test_refused_versions(version, arguments, message, tmp_path):
    directory = CASES["Perceiver"].save(tmp_path, version, **arguments)
    with pytest.raises(pc.CheckpointError) as caught:
        pc.from_lucidrains(directory)
    assert message in str(caught.value)


def test_options_of_newer_versions_that_are_off(tmp_path):
    case = CASES["Perceiver"]
    more = {"inverted_cross_attn": [False] * 3, "attn_residual": False, "attn_residual_rank": 64}
    directory = case.save(tmp_path, "0.11.0", renamed(case.tensors()), **more)
    assert pc.from_lucidrains(directory).name == LR


def test_refused_classes_tensors_and_settings(tmp_path):
    case = CASES["Perceiver"]
    directory = case.save(tmp_path)
    path = directory / "model.safetensors"

    def refused(message, *arguments, **named):
        with pytest.raises(pc.CheckpointError) as caught:
            pc.from_lucidrains(*arguments, **named)
        assert message in str(caught.value)

    for cls, message in (
        ("perceiver_pytorch.experimental.Perceiver", "its attention is linear"),
        ("perceiver_pytorch.perceiver_io.PerceiverBlock", "a block alone is no model"),
        ("perceiver_pytorch.PerceiverI0", "did you mean 'perceiver_pytorch.PerceiverIO'?"),
    ):
        refused(message, path, cls, **case.kwargs)
    refused(
        "but perceiver_pytorch.PerceiverIO was asked for",
        path,
        task="perceiver_pytorch.PerceiverIO",
    )
    refused("unknown setting 'return_embedings'", path, options={"return_embedings": True})
    refused("'return_hiddens': expected false", path, options={"return_hiddens": True})
    refused("there is no input 'date'; did you mean 'data'?", path, shapes={"date": (None,)})
    refused(
        "input 'mask': expected 35, but got 36", path, shapes={**case.shapes, "mask": (None, 36)}
    )

    tensors = case.tensors()
    mixed = {**tensors, "layers.0.cross_attn.norm.weight": tensors["latents"]}
    path.write_bytes(safetensors_bytes(mixed))
    refused("has a name of 0.11, others have names of before", path)
    path.write_bytes(safetensors_bytes({**tensors, "step": tensors["latents"]}))
    assert pc.from_lucidrains(path).warnings == [f"{path}: not used: 'step'"]

    lm = CASES["PerceiverLM"].save(tmp_path / "lm")
    refused("expected at most 16 rows (max_seq_len), but got 17", lm, shapes={"x": (None, 17)})
