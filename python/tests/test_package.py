"""The installed package perceiver_compiler: compiling, loading, running, and what it refuses."""

import ast
import gc
import pickle
import re
import subprocess
import sys
import threading
import tomllib
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import perceiver_compiler as pc
import pytest
from safetensors.numpy import save_file

import reference as r
from models.digits import data, reference

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ROOT / "python" / "models" / "digits"

# Four learned rows look at the inputs, once; their mean is projected.
READER = """
perceiver.parameter @latents : tensor<4x8xf32> key "latents"
perceiver.parameter @q : tensor<8x8xf32> key "q"
perceiver.parameter @k : tensor<3x8xf32> key "k"
perceiver.parameter @v : tensor<3x8xf32> key "v"
perceiver.parameter @o : tensor<8x8xf32> key "o"
perceiver.parameter @head : tensor<8x5xf32> key "head"

func.func @encode(
    %x: tensor<?x?x3xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x4x8xf32> {perceiver.name = "state", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %latents = perceiver.get_parameter @latents : tensor<4x8xf32>
  %z = perceiver.encode %latents, %x heads = 2 qk_channels = 8 v_channels = 8 mlp = none
      weights {query = [@q], key = [@k], value = [@v], output = [@o]}
      : tensor<4x8xf32>, tensor<?x?x3xf32> -> tensor<?x4x8xf32>
  return %z : tensor<?x4x8xf32>
}

func.func @decode(
    %z: tensor<?x4x8xf32> {perceiver.name = "state", perceiver.sizes = ["batch"]})
    -> (tensor<?x5xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %m = perceiver.mean_pool %z : tensor<?x4x8xf32> -> tensor<?x8xf32>
  %y = perceiver.project %m weight @head : tensor<?x8xf32> -> tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}
"""


def reader_weights(seed=0):
    rng = np.random.default_rng(seed)
    shapes = {"latents": (4, 8), "q": (8, 8), "k": (3, 8), "v": (3, 8), "o": (8, 8), "head": (8, 5)}
    return {name: rng.standard_normal(shape, np.float32) for name, shape in shapes.items()}


@pytest.fixture(scope="module")
def reader_path(tmp_path_factory):
    output = tmp_path_factory.mktemp("reader") / "reader.so"
    assert pc.compile_file(READER, output, reader_weights()) == output
    return output


@pytest.fixture
def reader(reader_path):
    return pc.load(reader_path, threads=2)


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    output = tmp_path_factory.mktemp("digits") / "digits.so"
    return pc.compile(DIGITS / "digits.mlir", DIGITS / "digits.safetensors", output, threads=2)


def inputs_of(batch, rows, seed=1):
    return np.random.default_rng(seed).standard_normal((batch, rows, 3), np.float32)


def python(*arguments, **options):
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, **options
    )


# What a model computes


def test_digits_agrees_with_the_reference(digits):
    held_out = data.load_split()[2]
    expected = reference.forward(reference.load_parameters(), held_out.inputs)
    logits = digits.run(inputs=held_out.inputs.astype(np.float32))["logits"]
    assert logits.dtype == np.float32
    assert np.array_equal(logits.argmax(1), expected.argmax(1))
    assert r.relative_errors(logits, expected).max() <= 1e-5


def test_state_passes_from_entry_to_entry(digits):
    inputs = data.load_split()[2].inputs[:3].astype(np.float32)
    state = digits.process(digits.encode(inputs=inputs))
    logits = digits.decode(**state)["logits"]
    np.testing.assert_allclose(logits, digits.run(inputs=inputs)["logits"], rtol=1e-4, atol=1e-5)


def test_sizes_are_those_of_each_call(reader):
    for batch, rows in [(1, 1), (3, 7), (2, 33), (1, 2)]:
        state = reader.encode(inputs=inputs_of(batch, rows))["state"]
        assert state.shape == (batch, 4, 8)
        assert reader.decode(state=state)["logits"].shape == (batch, 5)
    # One row is all that there is to look at.
    weights, inputs = reader_weights(), inputs_of(1, 1)
    expected = weights["latents"] + inputs[0] @ weights["v"] @ weights["o"]
    state = reader.encode(inputs=inputs)["state"][0]
    np.testing.assert_allclose(state, expected, rtol=1e-5, atol=1e-5)


# Arrays in and out


def test_arrays_of_any_layout_give_the_same(reader):
    inputs = inputs_of(4, 6)
    expected = reader.encode(inputs=inputs)["state"]
    read_only = inputs.copy()
    read_only.flags.writeable = False
    backwards = np.ascontiguousarray(inputs[::-1, :, ::-1])[::-1, :, ::-1]
    misaligned = np.frombuffer(b"x" + inputs.tobytes(), np.float32, offset=1).reshape(4, 6, 3)
    layouts = {
        "Fortran order": np.asfortranarray(inputs),
        "every other": np.repeat(inputs, 2, axis=1)[:, ::2],
        "negative strides": backwards,
        "broadcast": np.broadcast_to(inputs[:1], (4, 6, 3)),
        "read-only": read_only,
        "misaligned": misaligned,
    }
    for name, array in layouts.items():
        before = array.copy()
        state = reader.encode(inputs=array)["state"]
        wanted = reader.encode(inputs=before)["state"] if name == "broadcast" else expected
        assert np.array_equal(state, wanted), name
        assert np.array_equal(array, before), name


def test_other_libraries_arrays_are_taken(reader):
    class Foreign:
        """What only speaks DLPack."""

        def __init__(self, array):
            self.array = array

        def __dlpack__(self, **options):
            return self.array.__dlpack__(**options)

        def __dlpack_device__(self):
            return self.array.__dlpack_device__()

    inputs = inputs_of(2, 5)
    expected = reader.encode(inputs=inputs)["state"]
    assert np.array_equal(reader.encode(inputs=Foreign(inputs))["state"], expected)
    assert np.array_equal(reader.encode(inputs=memoryview(inputs))["state"], expected)
    assert np.array_equal(np.from_dlpack(expected), expected)


def test_results_outlive_the_model(reader_path):
    model = pc.load(reader_path, threads=1)
    inputs = inputs_of(2, 5)
    encode = model.encode
    kept, again = (encode(inputs=inputs)["state"] for _ in range(2))
    expected = kept.copy()
    assert kept.flags.writeable and not np.shares_memory(kept, again)
    gone = weakref.ref(model)
    del model
    assert gone() is not None, "an entry keeps its model"
    del encode
    gc.collect()
    assert gone() is None
    assert np.array_equal(kept, expected)


def test_nothing_leaks(reader_path):
    script = """
import gc, resource, sys
import numpy as np
import perceiver_compiler as pc
model = pc.load(sys.argv[1], threads=1)
inputs = np.zeros((2000, 50, 3), np.float32)
def count():
    return [sys.getrefcount(inputs), sys.getrefcount(model._native), len(gc.get_objects())]
def use(times):
    for _ in range(times):
        model.encode(inputs=inputs)
        model.encode(inputs=inputs[:, ::-1])
        try:
            model.encode(inputs=inputs, state=inputs)
        except pc.InputError:
            pass
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
first, before = use(3), count()
grown = use(30) - first
assert grown < 8 << 10, f"{grown} KiB"
after = count()
assert before[:2] == after[:2] and after[2] - before[2] < 10, (before, after)
"""
    done = python("-c", script, reader_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# Threads


def test_threads_run_one_model_at_once(reader):
    batches = [inputs_of(batch, 40, seed=batch) for batch in range(1, 9)]
    expected = [reader.encode(inputs=inputs)["state"] for inputs in batches]
    with ThreadPoolExecutor(4) as executor:
        for _ in range(5):
            results = executor.map(lambda inputs: reader.encode(inputs=inputs)["state"], batches)
            for result, wanted in zip(results, expected):
                assert np.array_equal(result, wanted)


def test_models_share_a_pool(digits, reader_path):
    pool = pc.Pool(2)
    assert pool.threads == 2 and repr(pool) == "Pool(threads=2)"
    models = [pc.load(reader_path, pool=pool), pc.load(reader_path, pool=pool)]
    models.append(pc.load(Path(reader_path).parent / "reader.so", threads=1))
    assert models[0].pool is models[1].pool
    results = [model.encode(inputs=inputs_of(3, 9))["state"] for model in models]
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2]), "any number of threads gives the same bits"
    other = pc.Pool(1)
    digits_alone = digits.run(inputs=np.ones((2, 8, 8, 1), np.float32))["logits"]
    pool_before, digits.pool = digits.pool, other
    assert np.array_equal(
        digits.run(inputs=np.ones((2, 8, 8, 1), np.float32))["logits"], digits_alone
    )
    digits.pool = pool_before
    with pytest.raises(TypeError, match="got both"):
        pc.load(reader_path, pool=pool, threads=2)
    with pytest.raises(ValueError, match="expected one thread or more, but got 0"):
        pc.Pool(0)


def test_other_threads_go_on_meanwhile(tmp_path):
    # Both ways round: while one thread compiles, another one counts and compiles, too.
    done = threading.Event()
    ticks = 0

    def count():
        nonlocal ticks
        while not done.wait(0.001):
            ticks += 1

    counter = threading.Thread(target=count)
    counter.start()
    with ThreadPoolExecutor(2) as executor:
        models = list(executor.map(lambda seed: pc.compile(READER, reader_weights(seed)), [0, 1]))
    done.set()
    counter.join()
    assert ticks > 20
    first, second = (model.encode(inputs=inputs_of(1, 2))["state"] for model in models)
    assert not np.allclose(first, second)


# Loading


def test_a_model_tells_what_it_is(reader, reader_path):
    assert reader.name == "reader"
    assert repr(reader) == "<model reader: encode, decode>"
    assert list(reader.entries) == ["encode", "decode"]
    assert {"encode", "decode", "describe"} <= set(dir(reader))
    encode = reader.encode
    assert encode.inputs == (pc.Tensor("inputs", np.dtype("float32"), ("batch", "rows", 3)),)
    assert encode.outputs == (pc.Tensor("state", np.dtype("float32"), ("batch", 4, 8)),)
    assert encode.sizes == (pc.Size("batch", 1, None), pc.Size("rows", 1, None))
    assert repr(encode) == (
        "<entry encode(inputs: float32 [batch, rows, 3]) -> state: float32 [batch, 4, 8]>"
    )
    assert encode.workspace_size(batch=8, rows=9) >= encode.workspace_size(batch=1, rows=9) > 0
    assert "entry encode" in reader.describe()
    with pytest.raises(
        AttributeError, match="model 'reader' has no entry 'encoder'; it has 'encode'"
    ):
        reader.encoder  # noqa: B018
    with pytest.raises(pc.InputError, match="expected the sizes"):
        encode.workspace_size(batch=8)


def test_entries_may_have_any_name(tmp_path):
    # Attributes of Model, keywords of Python, and what its classes call their own.
    names = ["name", "pool", "describe", "entries", "metadata", "lambda", "__init__", "plain"]
    entry = READER[READER.index("func.func @decode") :]
    text = "".join(entry.replace("@decode", f"@{name}") for name in names)
    head = 'perceiver.parameter @head : tensor<8x5xf32> key "head"\n'
    output = pc.compile_file(head + text, tmp_path / "odd.so", {"head": np.eye(8, 5, dtype="f4")})
    hidden = "'name', 'pool', 'describe', 'entries', 'metadata', '__init__'"
    with pytest.warns(UserWarning, match=re.escape(hidden)) as caught:
        model = pc.load(output, threads=1)
    assert len(caught) == 1 and 'model["name"]' in str(caught[0].message)
    assert caught[0].filename == __file__
    state = np.ones((2, 4, 8), np.float32)
    assert list(model.entries) == names
    for name in names:
        assert model[name].name == name
        assert model[name](state=state)["logits"].shape == (2, 5)
    assert model.name == "odd" and model.pool.threads == 1
    assert model.plain(state=state)["logits"].shape == (2, 5)
    with pytest.raises(KeyError, match="model 'odd' has no entry 'plane'; it has 'name', 'pool'"):
        model["plane"]


def test_running_loads_no_compiler(reader_path):
    script = """
import sys
import numpy as np
import perceiver_compiler as pc
pc.load(sys.argv[1]).encode(inputs=np.zeros((1, 2, 3), np.float32))
maps = open("/proc/self/maps").read()
assert "_runtime" in maps and "LLVM" not in maps and "libperceiver_compiler" not in maps
"""
    done = python("-c", script, reader_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_recompiled_model_is_loaded_anew(tmp_path):
    output = tmp_path / "model.so"
    inputs = inputs_of(1, 3)
    old = pc.compile(READER, reader_weights(0), output)
    before = old.encode(inputs=inputs)["state"]
    # Other code under the same path, and other weights.
    text = READER.replace("heads = 2", "heads = 1")
    new = pc.compile(text, reader_weights(1), output)
    alone = pc.compile(text, reader_weights(1)).encode(inputs=inputs)["state"]
    assert np.array_equal(new.encode(inputs=inputs)["state"], alone)
    assert np.array_equal(old.encode(inputs=inputs)["state"], before)
    assert not np.allclose(before, alone)


def test_files_that_do_not_fit_are_refused(reader_path, tmp_path):
    with pytest.raises(pc.ModelError, match="missing.so: cannot open"):
        pc.load(tmp_path / "missing.so")
    (tmp_path / "text.so").write_text("no model")
    with pytest.raises(pc.ModelError, match="text.so"):
        pc.load(tmp_path / "text.so")
    with pytest.raises(pc.ModelError, match="none.weights"):
        pc.load(reader_path, weights=tmp_path / "none.weights")
    with pytest.warns(pc.CompilerWarning, match="only a shared object has weights"):
        foreign = pc.compile_file(
            READER,
            tmp_path / "foreign.so",
            reader_weights(),
            target_triple="aarch64-linux-gnu",
            target_cpu="generic",
            emit="obj",
        )
    assert sorted(each.name for each in tmp_path.iterdir()) == ["foreign.so", "text.so"]
    with pytest.raises(pc.ModelError, match="foreign.so: the model is for .aarch64-"):
        pc.load(foreign)


# What a call refuses

CONVERT = "; convert it with numpy.asarray(array, numpy.float32)"


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (
            {},
            "entry 'encode' needs an input 'inputs', but got nothing"
            " (it takes 'inputs': f32 [batch, rows, 3])",
        ),
        ({"input": inputs_of(1, 2)}, "has no input 'input'; did you mean 'inputs'?"),
        (
            {"inputs": inputs_of(1, 2), "mask": np.ones(2, bool)},
            "entry 'encode' has no input 'mask'",
        ),
        (
            {"inputs": inputs_of(1, 2).astype(np.float64)},
            "input 'inputs': expected f32 [batch, rows, 3], but got ndarray of float64"
            " with shape (1, 2, 3); convert it with numpy.asarray(array, numpy.float32)",
        ),
        ({"inputs": inputs_of(1, 2).astype(np.float16)}, f"float16 with shape (1, 2, 3){CONVERT}"),
        ({"inputs": inputs_of(1, 2) > 0}, f"bool with shape (1, 2, 3){CONVERT}"),
        ({"inputs": inputs_of(1, 2)[0]}, "but got f32 [2, 3]; a batch of one is [1, 2, 3]"),
        ({"inputs": inputs_of(1, 2)[..., :2]}, "but got f32 [1, 2, 2]"),
        ({"inputs": inputs_of(1, 2)[:0]}, "batch is 0, expected 1 or more"),
        (
            {"inputs": [[[1.0, 2.0, 3.0]]]},
            f"expected an array of numbers, but got list{CONVERT}",
        ),
        ({"inputs": None}, "expected an array of numbers, but got NoneType"),
        (
            {"inputs": inputs_of(1, 2).astype(">f4")},
            "expected an array in the byte order of this machine,"
            f" but got ndarray of >f4 with shape (1, 2, 3){CONVERT}",
        ),
        (
            {"inputs": inputs_of(1, 2).astype(object)},
            "expected an array of numbers, but got ndarray of object"
            f" with shape (1, 2, 3){CONVERT}",
        ),
        (
            {"inputs": np.zeros((1, 2), [("x", "f4"), ("y", "f4")])},
            "; give one of its fields ('x', 'y')",
        ),
        ({"inputs": inputs_of(1, 2).astype(complex)}, "but got ndarray of complex128"),
        ({"inputs": np.array([["a"]])}, "but got ndarray of <U1"),
        ({3: inputs_of(1, 2)}, "expected names of inputs to be str, but got int"),
        (
            {"inputs\udc80": inputs_of(1, 2)},
            r"to be valid Unicode and not empty, but got 'inputs\udc80'",
        ),
        ({"": inputs_of(1, 2)}, "to be valid Unicode and not empty, but got ''"),
        (
            {"inputs\0x": inputs_of(1, 2)},
            "did you mean 'inputs'?",
        ),
    ],
)
def test_wrong_inputs_are_refused(reader, inputs, message):
    with pytest.raises(pc.InputError) as caught:
        reader.encode(inputs)
    assert message in str(caught.value)
    if CONVERT in message:
        reader.encode(inputs=np.asarray(inputs["inputs"], np.float32))
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, pc.PerceiverError)


def test_inputs_are_given_by_name(reader):
    with pytest.raises(pc.InputError, match="but got an object of type ndarray"):
        reader.encode(np.zeros(3, np.float32))


def test_an_input_is_given_once(reader):
    with pytest.raises(pc.InputError, match="input 'inputs' is given twice"):
        reader.encode({"inputs": inputs_of(1, 2)}, inputs=inputs_of(1, 2))


# What the compiler says


def test_errors_have_places_and_notes(tmp_path):
    file = tmp_path / "broken.mlir"
    file.write_text(READER.replace("qk_channels = 8", "qk_channels = 7"))
    with pytest.raises(pc.CompilerError) as caught:
        pc.compile(file, reader_weights(), tmp_path / "model.so")
    diagnostic = caught.value.diagnostics[0]
    assert diagnostic.severity == "error" and diagnostic.file == str(file)
    assert READER.splitlines()[diagnostic.line - 1].strip().startswith("%z = perceiver.encode")
    assert str(caught.value).startswith(f"{file}:{diagnostic.line}:{diagnostic.column}: error: ")
    assert list(tmp_path.iterdir()) == [file]
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.diagnostics == caught.value.diagnostics and str(again) == str(caught.value)

    with pytest.raises(pc.CompilerError) as caught:
        pc.lower("func.func @f() {\n  %0 = foo.bar\n  return\n}", "expand")
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.file, diagnostic.line) == ("<description>", 2)
    assert "foo" in diagnostic.message and "Available dialects" in diagnostic.notes[0].message
    assert "\n<description>:2:8: note: Available" in str(caught.value)

    with pytest.raises(pc.CompilerError) as caught:
        pc.lower("func.func private @f() {\n  return\n}", "expand")
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.file, diagnostic.line) == ("<description>", None)
    assert str(caught.value).startswith("<description>: error: expected at least one function")
    marked = tmp_path / "marked.mlir"
    marked.write_text(READER, encoding="utf-8-sig")
    assert pc.lower(marked, "expand") == pc.lower(READER, "expand")


def test_missing_weights_are_all_named(tmp_path):
    weights = reader_weights()
    del weights["k"]
    weights["head"] = weights["head"].T.copy()
    with pytest.raises(pc.CompilerError) as caught:
        pc.compile(READER, weights, tmp_path / "model.so")
    assert "'k'" in str(caught.value) and "'head'" in str(caught.value)
    with pytest.raises(pc.CompilerError, match="no.safetensors: cannot open"):
        pc.compile(READER, tmp_path / "no.safetensors", tmp_path / "model.so")
    with pytest.raises(pc.CompilerError, match="missing.mlir"):
        pc.compile(tmp_path / "missing.mlir", weights)
    for value, expected in [
        ("text", "weight 'k': expected an array of numbers, but got str"),
        (np.ones((3, 8), ">f8"), "convert it with numpy.asarray(array, numpy.float64)"),
        (np.ones((3, 8), object), "convert it with numpy.asarray(array, numpy.float32)"),
        (np.ones((3, 8), np.uint32), "expected an array of one of F64, F32"),
    ]:
        with pytest.raises(pc.InputError, match=re.escape(expected)):
            pc.compile(READER, {**weights, "k": value})
    with pytest.raises(pc.InputError, match=r"'k\\x00': the name holds a NUL byte"):
        pc.compile(READER, {**weights, "k\0": weights["v"]})
    assert list(tmp_path.iterdir()) == []


def test_weights_that_cannot_be_written_are_an_os_error(tmp_path):
    script = """
import resource, sys
import numpy as np
import perceiver_compiler as pc
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    pc.compile_file("\\n", sys.argv[1], {"w": np.zeros(1000, np.float32)})
except OSError as error:
    assert "cannot write: File too large" in str(error), error
else:
    raise AssertionError("expected an OSError")
"""
    done = python("-c", script, tmp_path / "model.so")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_unused_weights_are_a_warning(tmp_path):
    checkpoint = tmp_path / "weights.safetensors"
    save_file({**reader_weights(), "spare": np.ones(3, np.float32)}, checkpoint)
    with pytest.warns(pc.CompilerWarning, match="spare") as caught:
        pc.compile(READER, checkpoint)
    assert [each.filename for each in caught] == [__file__]
    with pytest.raises(pc.CompilerError, match="spare"):
        pc.compile(READER, checkpoint, strict=True)


def test_targets_and_stages():
    assert "block.attention" in pc.lower(READER, "expand")
    assembly = pc.lower(READER, "asm", target_triple="aarch64-linux-gnu", target_cpu="generic")
    assert "fmla" in assembly
    strategy = pc.lower(READER, "strategy")
    model = pc.compile(strategy, reader_weights(), from_stage="prepare")
    expected = pc.compile(READER, reader_weights()).encode(inputs=inputs_of(2, 3))["state"]
    assert np.array_equal(model.encode(inputs=inputs_of(2, 3))["state"], expected)
    with pytest.raises(pc.CompilerError, match="nonsense"):
        pc.lower(READER, "nonsense")
    with pytest.raises(pc.CompilerError, match="nonsense"):
        pc.compile(READER, reader_weights(), target_cpu="nonsense")


def test_a_script_tiles(tmp_path):
    script = tmp_path / "script.mlir"
    script.write_text("""
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %linears = transform.structured.match ops{["block.linear"]} in %module
        : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_forall %linears tile_sizes [1]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
""")
    tiled = pc.lower(READER, "tile", transform=script)
    assert tiled.count("scf.forall (") > pc.lower(READER, "tile").count("scf.forall (")
    model = pc.compile(READER, reader_weights(), transform=script)
    expected = pc.compile(READER, reader_weights()).encode(inputs=inputs_of(2, 3))["state"]
    assert np.array_equal(model.encode(inputs=inputs_of(2, 3))["state"], expected)
    with pytest.raises(pc.CompilerError, match=r"cannot open .*none\.mlir"):
        pc.lower(READER, "tile", transform=tmp_path / "none.mlir")


def test_tasks_and_rewrites_that_are_left_out():
    assert "tasks = 8" in pc.lower(READER, "strategy", tasks=8)
    names = ["fold-norms", "fold-linears"]
    assert 'perceiver.without = ["fold-norms", "fold-linears"]' in pc.lower(
        READER, "rewrite", without=names
    )
    model = pc.compile(READER, reader_weights(), tasks=8, without=iter(names))
    expected = pc.compile(READER, reader_weights()).encode(inputs=inputs_of(2, 3))["state"]
    assert np.allclose(model.encode(inputs=inputs_of(2, 3))["state"], expected, atol=1e-5)
    with pytest.raises(pc.CompilerError, match="did you mean 'fold-norms'"):
        pc.lower(READER, "rewrite", without=["fold-norm"])
    with pytest.raises(pc.InputError, match="without: expected names, .* but got 'fold-norms'"):
        pc.lower(READER, "rewrite", without="fold-norms")
    for tasks in (0, 2.5, True, 1025):
        with pytest.raises(pc.InputError, match="tasks: expected a number from 1 to 1024, but got"):
            pc.lower(READER, "strategy", tasks=tasks)


def test_interrupts_end_a_compilation(tmp_path):
    script = """
import os, signal, sys, threading
import perceiver_compiler as pc
# A shell ignores it for what it runs in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
before = signal.getsignal(signal.SIGINT)
threading.Timer(float(sys.argv[4]), os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    while True:
        pc.compile_file(*sys.argv[1:3], sys.argv[3])
except KeyboardInterrupt:
    assert signal.getsignal(signal.SIGINT) is before
    print("interrupted")
"""
    output = tmp_path / "digits.so"
    files = DIGITS / "digits.mlir", output, DIGITS / "digits.safetensors"
    done = python("-c", script, *files, "0.3", timeout=60)
    assert (done.returncode, done.stdout) == (0, "interrupted\n"), done.stderr
    assert not [each for each in tmp_path.iterdir() if each.suffix == ".tmp"]


def test_the_handlers_of_signals_are_left_alone(tmp_path):
    digits = DIGITS / "digits.mlir", tmp_path / "digits.so", DIGITS / "digits.safetensors"
    # LLVM would replace them for good if its linker wrote a regular file.
    script = """
import sys
import perceiver_compiler as pc
from perceiver_compiler import _compiler
def caught():
    # The C library takes a real-time signal when the first thread starts.
    lines = [line for line in open("/proc/self/status") if line.startswith("SigCgt")]
    return int(lines[0].split()[1], 16) & 0x7FFFFFFF
before = caught()
pc.lower(sys.argv[1], "expand")
assert caught() == before, (before, caught())
pc.compile_file(*sys.argv[2:4], sys.argv[4])
assert caught() == before, (before, caught())
"""
    done = python("-c", script, READER, *digits)
    assert (done.returncode, done.stderr) == (0, "")


# The package itself


def test_stubs_and_versions_are_those_of_the_package():
    from perceiver_compiler import _compiler, _runtime

    folder = Path(_compiler.__file__).parent
    sources = ROOT / "python" / "src" / "perceiver_compiler"
    assert folder != sources, "not the installed package"
    for file in (file for file in sources.rglob("*") if file.suffix in (".py", ".pyi", ".typed")):
        installed = folder / file.relative_to(sources)
        assert installed.read_bytes() == file.read_bytes(), f"{installed} is not up to date"

    for module in (_compiler, _runtime):
        stub = ast.parse((folder / f"{module.__name__.split('.')[1]}.pyi").read_text())
        for node in stub.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                native = getattr(module, node.name)
                for member in getattr(node, "body", []):
                    if isinstance(node, ast.ClassDef):
                        assert hasattr(native, member.name), f"{node.name}.{member.name}"
        public = {name for name in dir(module) if not name.startswith("_")}
        assert public == {node.name for node in stub.body if hasattr(node, "name")}
    assert pc.__version__ == _compiler.version()
    assert all(getattr(pc, name).__doc__ for name in pc.__all__)

    wanted = (ROOT / "python" / "requirements-test.txt").read_text().split()
    project = tomllib.loads((ROOT / "python" / "pyproject.toml").read_text())
    assert set(project["build-system"]["requires"]) <= set(wanted)


def test_the_example_of_the_readme(tmp_path, monkeypatch):
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (tmp_path / "python").symlink_to(ROOT / "python")
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(code, names)
    assert names["logits"].shape == (2, 10)
    expected = reference.forward(reference.load_parameters(), names["images"])
    np.testing.assert_allclose(names["logits"], expected, rtol=1e-4, atol=1e-4)
