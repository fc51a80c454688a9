"""DeepMind's Perceivers, rebuilt in dm-haiku (haiku_modules.py, haiku_parts.py)."""

import json
import os
import pickle
from functools import partial

import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import save_file

from goldens.case import Made
from goldens.libraries.haiku_modules import TrainablePositionEncoding
from goldens.libraries.haiku_parts import (
    EmbeddingDecoder,
    Encoder,
    make_decoder,
    make_postprocessor,
    make_preprocessor,
)
from goldens.rule import parameter_values

# Compiling small models takes longer than running them.
os.environ["XLA_FLAGS"] = "--xla_backend_optimization_level=0"
jax.config.update("jax_enable_x64", True)
jax.config.update("jax_default_matmul_precision", "highest")

_TYPES = {"float32": np.float32, "float16": np.float16, "float64": np.float64}
#: Batch norm's own names in a state, of which only the average is computed with.
_STATISTICS = ("counter", "hidden")


def make(case, inputs, folder):
    """Make the checkpoint of a case, and return what it computes."""
    model = hk.transform_with_state(lambda given, training: _forward(case.config, given, training))
    given = {name: jnp.asarray(array) for name, array in inputs.items()}
    # Averages are there only after a step of training.
    params, state = jax.eval_shape(lambda: model.init(jax.random.PRNGKey(0), given, True))
    dtype = _TYPES[case.dtype]
    params = {
        module: {
            name: parameter_values(f"{module}:{name}", value.shape).astype(dtype)
            for name, value in values.items()
        }
        for module, values in params.items()
    }
    state = {
        module: {
            name: np.zeros(value.shape, value.dtype)
            if name in _STATISTICS
            else parameter_values(f"{module}:{name}", value.shape).astype(dtype)
            for name, value in values.items()
        }
        for module, values in state.items()
    }
    _save(case, params, state, folder)
    results = {}
    for real in (np.float32, np.float64):
        cast = partial(_cast, real)
        arrays = {name: cast(array) for name, array in inputs.items()}
        weights, averages = (jax.tree_util.tree_map(cast, tree) for tree in (params, state))
        apply = jax.jit(lambda *given: model.apply(*given[:2], None, given[2], False))
        found, _ = apply(weights, averages, arrays)
        results[real] = {name: np.array(array) for name, array in found.items()}
        assert all(array.dtype == real for array in results[real].values())
    tensors = {**_flat(params), **_flat(state)}
    shapes = {
        name: array.shape
        for name, array in tensors.items()
        if not name.endswith(tuple(f":{each}" for each in _STATISTICS))
    }
    return Made(shapes, {}, {}, results[np.float32], results[np.float64])


def _cast(real, array):
    return jnp.asarray(array, real) if array.dtype.kind == "f" else jnp.asarray(array)


def _forward(config, inputs, is_training):
    """The model of kwargs.json. Modules are made in the order in which its parts stand there."""
    if config.get("vocab"):
        return _forward_text(config, inputs)
    makers = {
        "preprocessor": make_preprocessor,
        "encoder": Encoder,
        "decoder": make_decoder,
        "postprocessor": make_postprocessor,
    }
    parts = {name: makers[name](config[name]) for name in config if name in makers}
    data = {
        name.partition(".")[2]: array
        for name, array in inputs.items()
        if name.startswith("inputs.")
    }
    points = {
        name.partition(".")[2]: array
        for name, array in inputs.items()
        if name.startswith("subsampled.")
    }
    x = data or inputs["inputs"]
    if config.get("flow_patches"):
        x = _flow_patches(x)
    rows, plain = x, x
    sizes = {}
    preprocessor = parts.get("preprocessor")
    if preprocessor is not None:
        rows, extra = preprocessor(x, is_training)
        plain, sizes = (None, extra) if data else (extra, {})
    z = parts["encoder"](rows, inputs.get("input_mask"))
    decoder, decoding = parts["decoder"], config["decoder"]
    query = None
    if "modalities" in decoding:
        query, sizes = decoder.decoder_query(len(rows), plain, points)
    elif decoding["type"] == "flow":
        query = rows
    elif decoding["type"] != "projection":
        query = decoder.queries(len(rows), plain, inputs.get("subsampled"))
    output = decoder(query, z, inputs.get("query_mask"))
    postprocess = parts.get("postprocessor") or make_postprocessor(None)
    return postprocess(output, sizes)


def _forward_text(config, inputs):
    """Masked language models: words and their places before, the words' table behind."""
    ids = inputs["inputs"]
    embed = hk.Embed(vocab_size=config["vocab"], embed_dim=config["d_model"])
    places = TrainablePositionEncoding(ids.shape[1], config["d_model"])
    makers = {"encoder": Encoder, "decoder": make_decoder}
    parts = {name: makers[name](config[name]) for name in config if name in makers}
    rows = embed(ids) + places(len(ids))
    z = parts["encoder"](rows, inputs.get("input_mask"))
    query = parts["decoder"].queries(len(ids))
    output = parts["decoder"](query, z, inputs.get("query_mask"))
    return {"output": EmbeddingDecoder(embed.embeddings)(output)}


def _flow_patches(frames):
    """Each pixel [B, 2, H, W, C] with its eight neighbours, zero outside: channels [27]."""
    height, width = frames.shape[2:4]
    padded = jnp.pad(frames, ((0, 0), (0, 0), (1, 1), (1, 1), (0, 0)))
    moved = [
        padded[:, :, row : row + height, column : column + width]
        for row in range(3)
        for column in range(3)
    ]
    return jnp.concatenate(moved, axis=-1)


def _flat(tree):
    return {
        f"{module}:{name}": np.asarray(array)
        for module, values in tree.items()
        for name, array in values.items()
    }


def _save(case, params, state, folder):
    kwargs = {
        "source": "deepmind-research@f5de0ede",
        "class": "perceiver.Perceiver",
        "kwargs": case.config,
    }
    (folder / "kwargs.json").write_text(json.dumps(kwargs))
    if case.form == "save_file":
        tensors = {f"{case.prefix}{name}": array for name, array in _flat(params | state).items()}
        save_file({name: np.ascontiguousarray(x) for name, x in tensors.items()},
                  folder / "model.safetensors")  # fmt: skip
        return
    content = params
    if case.form == "haiku_jax":
        # Straight out of a training loop: arrays of JAX, mappings of haiku.
        arrays = jax.tree_util.tree_map(jnp.asarray, (params, state))
        content = dict(zip(("params", "state"), arrays))
        content |= {"opt_state": None, "global_step": 7}
    elif state or case.form == "haiku_state":
        content = {"params": params, "state": state}
    with open(folder / "model.pystate", "wb") as file:
        pickle.dump(content, file)
