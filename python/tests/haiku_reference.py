"""DeepMind's models of one input and one output in NumPy, with haiku's names: whatever parameter a
model asks for is made when it is asked for, so that a run of it makes its checkpoint, too.
"""

import numpy as np

import reference as r


class Haiku:
    """A model by its kwargs; `tensors` are those that were asked for."""

    def __init__(self, kwargs):
        self.kwargs = kwargs
        self.tensors = {}

    def get(self, name, *shape):
        """Return a parameter: its values follow from its name."""
        if name not in self.tensors:
            values, leaf = r.deterministic_values(name, shape), name.rpartition(":")[2]
            if leaf == "w":
                values = values * np.sqrt(3 / np.prod(shape[:-1]))
            elif leaf == "scale":
                values = 1 + 0.1 * values
            elif leaf == "average":
                values = 1 + 0.5 * values if "var_ema" in name else 0.1 * values
            else:
                values = (0.1 if leaf in ("b", "offset") else 0.5) * values
            self.tensors[name] = values.astype(np.float32)
        return self.tensors[name].astype(np.float64)

    def linear(self, scope, x, outputs):
        return x @ self.get(f"{scope}:w", x.shape[-1], outputs) + self.get(f"{scope}:b", outputs)

    def norm(self, scope, x):
        width = x.shape[-1]
        return r.layer_norm(
            x, self.get(f"{scope}:scale", width), self.get(f"{scope}:offset", width)
        )

    def attend(self, scope, query, source, heads, qk, v, outputs, keys=None, queries=None):
        q = self.linear(f"{scope}/linear", query, qk)
        k = self.linear(f"{scope}/linear_1", source, qk)
        values = self.linear(f"{scope}/linear_2", source, v)
        masks = {} if keys is None else {"key_mask": keys, "masked_rows": "zero"}
        y, _ = r.attention(q, k, values, heads=heads, **masks)
        if queries is not None:
            y = np.where(queries[..., None], y, 0)
        return self.linear(f"{scope}/linear_3", y, outputs)

    def mlp(self, scope, norm, x, widening):
        hidden = self.linear(f"{scope}/mlp/linear", self.norm(norm, x), widening * x.shape[-1])
        return x + self.linear(f"{scope}/mlp/linear_1", r.gelu_tanh(hidden), x.shape[-1])

    def cross(self, scope, query, source, heads, qk, v, residual, widening, **masks):
        q, kv = self.norm(f"{scope}/layer_norm", query), self.norm(f"{scope}/layer_norm_1", source)
        y = self.attend(f"{scope}/attention", q, kv, heads, qk, v, query.shape[-1], **masks)
        return self.mlp(scope, f"{scope}/layer_norm_2", query + y if residual else y, widening)

    # Positions

    def positions(self, config, scope, grid, points=None):
        """Positions [points, channels] of a grid, or of the points of these numbers in it."""
        if config.get("position_encoding_type") == "trainable":
            width = config["trainable_position_encoding_kwargs"]["num_channels"]
            shape = int(np.prod(grid)), width
            found = self.get(f"{scope}/trainable_position_encoding:pos_embs", *shape)
        else:
            waves = config["fourier_position_encoding_kwargs"]
            options = {
                "concat_pos": waves.get("concat_pos", True),
                "sine_only": waves.get("sine_only", False),
                "recipe": "jax_f32",
            }
            resolution = waves.get("max_resolution") or grid
            positions = r.grid_positions(grid, "jax_f32")
            if points is not None:
                positions = r.point_positions(points, grid, "jax_f32", "fraction")
            found = r.fourier_features(positions, waves["num_bands"], resolution, **options)
        if config.get("project_pos_dim", -1) > 0:
            width = config["project_pos_dim"]
            found = self.linear(f"{scope}/position_encoding_projector/linear", found, width)
        return found

    # Inputs

    def preprocess(self, x):
        """Rows [B, M, C] of the input."""
        config = self.kwargs.get("preprocessor")
        if config is None:
            return x
        if config["type"] == "onehot":
            self.features = x[:, None]
            return self.features
        if config["type"] == "audio":
            scope, samples = "audio_preprocessor", config.get("samples_per_patch", 96)
            features = x.reshape(len(x), -1, samples)
            grid = features.shape[1:2]
        else:
            scope = "image_preprocessor"
            x = self.image_features(scope, config, x)
            grid, features = x.shape[1:-1], x.reshape(len(x), -1, x.shape[-1])
        scope, self.features = f"{scope}/~_build_network_inputs", features
        if config.get("position_encoding_type", "fourier") == "none":
            return features
        positions = self.positions(config, scope, grid)
        for index in range(config.get("n_extra_pos_mlp", 0)):
            name = f"{scope}/linear" + (f"_{index}" if index else "")
            positions = positions + self.linear(name, positions, positions.shape[-1])
            if index + 1 < config["n_extra_pos_mlp"]:
                positions = np.maximum(positions, 0)
        if config.get("concat_or_add_pos") == "add":
            return features + positions
        return r.concat_channels([features, positions])

    def image_features(self, scope, config, x):
        """The features [B, *grid, C] of images or videos."""
        step, frames = config.get("spatial_downsample", 4), config.get("temporal_downsample", 1)
        kind, is_video = config.get("prep_type", "conv"), x.ndim == 5
        if kind == "pixels":
            return x[:, ::frames, ::step, ::step] if is_video else x[:, ::step, ::step]
        if kind == "conv1x1":
            width = config.get("num_channels", 64)
            kernel = self.get(f"{scope}/~/conv2_d:w", 1, 1, x.shape[-1], width)
            return x[:, ::step, ::step] @ kernel[0, 0] + self.get(f"{scope}/~/conv2_d:b", width)
        if kind == "patches":
            sizes = (frames, step, step) if is_video else (step, step)
            shape, outer, inner = [len(x)], [0], []
            for size, part in zip(x.shape[1:-1], sizes, strict=True):
                outer.append(len(shape))
                inner.append(len(shape) + 1)
                shape += [size // part, part]
            blocks = x.reshape(*shape, x.shape[-1]).transpose(*outer, *inner, len(shape))
            x = blocks.reshape(*blocks.shape[: len(outer)], -1)
            x = x[:, 0] if is_video and x.shape[1] == 1 else x
            if config.get("conv_after_patching", False):
                x = self.linear(f"{scope}/patches_linear", x, config.get("num_channels", 64))
            return x
        shape = x.shape
        x = x.reshape(-1, *shape[-3:])
        for layer in range((step.bit_length() - 1) // 2):
            x = self.convolve(f"{scope}/~/conv2_d_downsample/~", layer, config, x)
        return x.reshape(*shape[:-3], *x.shape[1:])

    def convolve(self, scope, layer, config, x):
        suffix, width = f"_{layer}" if layer else "", config.get("num_channels", 64)
        kernel = self.get(f"{scope}/conv{suffix}:w", 7, 7, x.shape[-1], width)
        pads = [r.same_padding(size, 7, 2) for size in x.shape[1:3]]
        windows = r.image_windows(x, (7, 7), (2, 2), pads)
        x = windows @ kernel.reshape(-1, width)
        if config.get("conv2d_use_batchnorm", True):
            norm = f"{scope}/batchnorm{suffix}"
            names = (f"{norm}:scale", f"{norm}:offset")
            names += (f"{norm}/~/mean_ema:average", f"{norm}/~/var_ema:average")
            x = r.batch_norm(x, *(self.get(name, 1, 1, 1, width)[0, 0, 0] for name in names), 1e-5)
        x = np.maximum(x, 0)
        pads = [r.same_padding(size, 3, 2) for size in x.shape[1:3]]
        return r.max_pool2d(x, (3, 3), (2, 2), pads)

    # Encoder and decoder

    def encode(self, rows, keys):
        config, scope = self.kwargs["encoder"], "perceiver_encoder/~"
        width = config["num_z_channels"]
        z = self.get(f"{scope}/trainable_position_encoding:pos_embs", config["z_index_dim"], width)
        z = np.broadcast_to(z, (len(rows), *z.shape))
        is_kv = config.get("cross_attention_shape_for_attn", "kv") == "kv"
        qk = config.get("qk_channels") or (rows.shape[-1] if is_kv else width)
        v = config.get("v_channels") or qk
        heads = config.get("num_cross_attend_heads", 1)
        widening = config.get("cross_attend_widening_factor", 1)
        residual = config.get("use_query_residual", True)
        z = self.cross(
            f"{scope}/cross_attention", z, rows, heads, qk, v, residual, widening, keys=keys
        )
        qk = config.get("qk_channels") or width
        v = config.get("v_channels") or qk
        for _ in range(config.get("num_blocks", 8)):
            for layer in range(config.get("num_self_attends_per_block", 6)):
                name = f"{scope}/self_attention" + (f"_{layer}" if layer else "")
                y = self.norm(f"{name}/layer_norm", z)
                heads = config.get("num_self_attend_heads", 8)
                z = z + self.attend(f"{name}/attention", y, y, heads, qk, v, width)
                widening = config.get("self_attend_widening_factor", 1)
                z = self.mlp(name, f"{name}/layer_norm_1", z, widening)
        return z

    def decode(self, z, rows, points, queries):
        config = self.kwargs["decoder"]
        kind = config["type"]
        if kind == "projection":
            return self.linear("projection_decoder/~/logits", z.mean(axis=1), config["num_classes"])
        scopes = {"classification": "classification_decoder", "flow": "flow_decoder"}
        scopes["video"] = "basic_video_autoencoding_decoder"
        scope = f"{scopes[kind]}/~/basic_decoder" if kind in scopes else "basic_decoder"
        if kind == "flow":
            query, outputs = rows, config.get("output_num_channels", 2)
        else:
            grid = (1,) if kind == "classification" else config.get("output_index_dims")
            grid = tuple(config["output_shape"][1:]) if kind == "video" else tuple(np.ravel(grid))
            outputs = config["num_classes" if kind == "classification" else "output_num_channels"]
            given = {"position_encoding_type": "trainable", **config}
            query = self.positions(given, f"{scope}/~", grid, points)
            if config.get("concat_preprocessed_input"):
                query = r.concat_channels([self.features, query])
        query = np.broadcast_to(query, (len(z), *query.shape[-2:]))
        qk = config.get("qk_channels") or z.shape[-1]
        v = config.get("v_channels") or qk
        residual, heads = config.get("use_query_residual", False), config.get("num_heads", 1)
        y = self.cross(
            f"{scope}/cross_attention", query, z, heads, qk, v, residual, 1, queries=queries
        )
        if config.get("final_project", True):
            y = self.linear(f"{scope}/output", y, outputs)
        if kind == "classification":
            return y[:, 0]
        if kind == "flow":
            return y.reshape(len(y), *config["output_image_shape"], -1) / config["rescale_factor"]
        if kind == "video" and points is None and self.kwargs.get("postprocessor") is None:
            return y.reshape(len(y), *config["output_shape"][1:], -1)
        return y

    def postprocess(self, y):
        config = self.kwargs.get("postprocessor")
        if config is None:
            return y
        scope = f"{config['type']}_postprocessor"
        if config["type"] == "audio":
            samples = config.get("samples_per_patch", 96)
            return self.linear(f"{scope}/linear", y, samples).reshape(len(y), -1)
        if config["type"] == "classification":
            return self.linear(f"{scope}/linear", y, config["num_classes"])[:, 0]
        if config["type"] == "projection":
            return self.linear(f"{scope}/linear", y, config["num_outputs"])
        shape = config.get("input_reshape_size")
        y = y if shape is None else y.reshape(len(y), *shape, y.shape[-1])
        kind, step = config.get("postproc_type", "pixels"), config.get("spatial_upsample", 1)
        if kind == "conv1x1":
            width = config["n_outputs"]
            kernel = self.get(f"{scope}/~/conv2_d:w", 1, 1, y.shape[-1], width)
            return y[:, ::step, ::step] @ kernel[0, 0] + self.get(f"{scope}/~/conv2_d:b", width)
        if kind == "patches":
            if y.ndim == 5:
                frames = config.get("temporal_upsample", 1)
                b, t, h, w, c = y.shape
                y = y.reshape(b, t, h, w, frames, step, step, -1).transpose(0, 1, 4, 2, 5, 3, 6, 7)
                return y.reshape(b, t * frames, h * step, w * step, -1)
            b, h, w, c = y.shape
            y = y.reshape(b, h, w, step, step, -1).transpose(0, 1, 3, 2, 4, 5)
            return y.reshape(b, h * step, w * step, -1)
        return y

    def run(self, inputs, input_mask=None, query_mask=None, subsampled=None):
        """Return the output; what has no mask has no mask in the model either."""
        rows = self.preprocess(inputs)
        keys = None if input_mask is None else input_mask != 0
        queries = None if query_mask is None else query_mask != 0
        z = self.encode(rows, keys)
        return self.postprocess(self.decode(z, rows, subsampled, queries))


def drawn(seed):
    """Return kwargs drawn at random, sizes of inputs that a caller has to fix, and inputs."""
    draw = np.random.default_rng(seed)

    def pick(*values):
        return values[draw.integers(len(values))]

    def positions(resolution, kinds=("trainable", "fourier"), table=(3, 6)):
        kind = pick(*kinds)
        found = {"position_encoding_type": kind, "project_pos_dim": pick(-1, -1, 5)}
        if kind == "trainable":
            found["trainable_position_encoding_kwargs"] = {"num_channels": pick(*table)}
        elif kind == "fourier":
            waves = {"num_bands": pick(1, 3), "concat_pos": pick(True, True, False)}
            waves |= {
                "sine_only": pick(False, False, True),
                "max_resolution": pick(None, resolution),
            }
            found["fourier_position_encoding_kwargs"] = waves
        return found

    d = pick(8, 12)
    layers = pick(0, 1, 2, 3)
    encoder = {
        "num_self_attends_per_block": layers,
        "num_blocks": pick(1, 2),
        "z_index_dim": pick(1, 4),
        "num_z_channels": d,
        "num_cross_attend_heads": 1,
        "num_self_attend_heads": pick(1, 2, 4),
        "cross_attend_widening_factor": pick(1, 2),
        "self_attend_widening_factor": pick(1, 2),
        "cross_attention_shape_for_attn": pick("kv", "q"),
        "use_query_residual": pick(True, False),
    }
    if pick(True, False):
        encoder |= {"qk_channels": 4, "v_channels": d}
    batch, kind = 2, pick("none", "onehot", "audio", "image", "image", "image")
    kwargs, given, shapes = {"encoder": encoder}, {}, {}
    if kind == "none":
        shape = (batch, 7, 5)
    elif kind == "onehot":
        kwargs["preprocessor"], shape = {"type": "onehot"}, (batch, 6)
    else:
        config, shape = _drawn_input(draw, pick, positions, kind, batch)
        kwargs["preprocessor"] = config
        shapes["inputs"] = (None, *shape[1:])
    given["inputs"] = r.deterministic_values("input", shape)
    grid = pick((3,), (2, 3), (4, 2))
    decoder = {"type": pick("basic", "basic", "basic", "classification", "video", "projection")}
    if decoder["type"] == "projection":
        kwargs["decoder"] = {**decoder, "num_classes": 5}
    else:
        kwargs["decoder"] = decoder
        decoder |= {"use_query_residual": pick(True, False), "num_heads": pick(1, 2)}
        decoder |= {"qk_channels": pick(None, 4), "v_channels": pick(None, 6)}
        if decoder["type"] == "classification":
            decoder |= {"num_classes": 5, **positions([1], table=(6,))}
        elif decoder["type"] == "video":
            grid = (2, 3, 2)
            decoder |= {"output_shape": [batch, *grid], "output_num_channels": 8}
            decoder |= positions([4, 4, 4])
        else:
            decoder |= {"output_index_dims": list(grid), "output_num_channels": 8}
            decoder |= {"final_project": pick(True, True, False), **positions(list(grid))}
        if kind == "onehot" and decoder["type"] == "classification":
            decoder["concat_preprocessed_input"] = pick(True, False)
        is_fourier = decoder["position_encoding_type"] == "fourier"
        if decoder["type"] in ("basic", "video") and is_fourier and pick(True, False):
            shapes["subsampled"] = (None,)
            given["subsampled"] = draw.integers(np.prod(grid), size=4)
        elif decoder["type"] == "basic":
            _draw_image_head(kwargs, pick, grid)
        if decoder["type"] == "basic" and pick(True, False):
            rows = len(given["subsampled"]) if "subsampled" in given else int(np.prod(grid))
            given["query_mask"] = draw.integers(2, size=(batch, rows)).astype(np.int32)
    if kind == "none" and pick(True, False):
        given["input_mask"] = draw.integers(2, size=shape[:2]).astype(np.int32)
        given["input_mask"][0] = 0  # a row without keys gives zero
    return kwargs, shapes, given


def _draw_image_head(kwargs, pick, grid):
    if not kwargs["decoder"].get("final_project", True):
        return
    heads = [
        None,
        {"type": "projection", "num_outputs": 3},
        {"type": "classification", "num_classes": 3},
    ]
    heads.append({"type": "audio", "samples_per_patch": 4})
    heads.append({"type": "image", "input_reshape_size": list(grid)})
    if len(grid) == 2:
        image = {"type": "image", "input_reshape_size": list(grid), "spatial_upsample": 2}
        heads.append({**image, "postproc_type": "conv1x1", "n_outputs": 3})
        heads.append({**image, "postproc_type": "patches"})
    head = pick(*heads)
    if head is not None:
        kwargs["postprocessor"] = head


def _drawn_input(draw, pick, positions, kind, batch):
    """Arguments of a preprocessor, and the shape of its input."""
    extra = {"n_extra_pos_mlp": pick(0, 0, 2)}
    if kind == "audio":
        config = {"type": "audio", "samples_per_patch": 4, **positions([9]), **extra}
        return config, (batch, 20, 1)
    prep, is_video = pick("conv", "conv1x1", "patches", "pixels"), pick(True, False)
    config = {"type": "image", "prep_type": prep, "spatial_downsample": pick(1, 2), **extra}
    is_video = is_video and prep != "conv1x1"
    resolution = [3, 5, 4] if is_video else [5, 4]
    if prep == "conv":
        config |= {"spatial_downsample": pick(1, 4, 16), "num_channels": 6}
        config["conv2d_use_batchnorm"] = pick(True, False)
    elif prep == "conv1x1":
        config["num_channels"] = 6
    elif is_video:
        config["temporal_downsample"] = pick(1, 2)
    if prep == "patches" and pick(True, False):
        config |= {"conv_after_patching": True, "num_channels": 6}
    config |= positions(resolution)
    shape = (batch, 4, 8, 6, 2) if is_video else (batch, 8, 6, 3)
    if config.get("num_channels") and prep != "pixels" and pick(True, False):
        # Added positions are as wide as the features.
        config |= {"concat_or_add_pos": "add", "project_pos_dim": 6}
    return config, shape
