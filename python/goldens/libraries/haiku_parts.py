"""DeepMind's Perceiver, built anew: encoder, what is before and what is behind it.

As in haiku_modules.py; the arguments of the classes have the names that kwargs.json has for them.
"""

import math

import einops
import haiku as hk
import jax
import jax.numpy as jnp

from goldens.libraries.haiku_modules import (
    CrossAttention,
    SelfAttention,
    TrainablePositionEncoding,
    make_positions,
)


def _named(arguments, default):
    return arguments.get("name", default)


class Encoder(hk.Module):
    def __init__(self, arguments):
        super().__init__(_named(arguments, "perceiver_encoder"))
        self.blocks = arguments.get("num_blocks", 8)
        self.table = TrainablePositionEncoding(
            arguments.get("z_index_dim", 512), arguments.get("num_z_channels", 1024)
        )
        qk, v = arguments.get("qk_channels"), arguments.get("v_channels")
        self.cross = CrossAttention(
            arguments.get("cross_attend_widening_factor", 1),
            arguments.get("num_cross_attend_heads", 1),
            qk,
            v,
            arguments.get("cross_attention_shape_for_attn", "kv"),
            arguments.get("use_query_residual", True),
        )
        self.layers = [
            SelfAttention(
                arguments.get("self_attend_widening_factor", 1),
                arguments.get("num_self_attend_heads", 8),
                qk,
                v,
            )
            for _ in range(arguments.get("num_self_attends_per_block", 6))
        ]

    def __call__(self, rows, input_mask=None):
        z = self.table(len(rows))
        mask = None
        if input_mask is not None:
            mask = jnp.broadcast_to(input_mask[:, None], (len(rows), z.shape[1], rows.shape[1]))
        z = self.cross(z, rows, mask)
        for _ in range(self.blocks):
            for layer in self.layers:
                z = layer(z)
        return z


# What is before the encoder: modules that return rows with positions, and without


class Downsample(hk.Module):
    def __init__(self, layers, channels, use_batchnorm, name="conv2_d_downsample"):
        super().__init__(name)
        self.layers = []
        for _ in range(layers):
            conv = hk.Conv2D(channels, 7, stride=2, with_bias=False, padding="SAME", name="conv")
            norm = None
            if use_batchnorm:
                norm = hk.BatchNorm(True, True, decay_rate=0.9, eps=1e-5, name="batchnorm")
            self.layers.append((conv, norm))

    def __call__(self, x, is_training):
        for conv, norm in self.layers:
            x = conv(x)
            if norm is not None:
                x = norm(x, is_training)
            x = hk.max_pool(jax.nn.relu(x), (1, 3, 3, 1), (1, 2, 2, 1), "SAME")
        return x


def _space_to_depth(x, temporal, spatial):
    if x.ndim == 4:
        b, h, w, c = x.shape
        x = x.reshape(b, h // spatial, spatial, w // spatial, spatial, c)
        x = x.transpose(0, 1, 3, 2, 4, 5)
        return x.reshape(*x.shape[:3], -1)
    b, t, h, w, c = x.shape
    x = x.reshape(b, t // temporal, temporal, h // spatial, spatial, w // spatial, spatial, c)
    x = x.transpose(0, 1, 3, 5, 2, 4, 6, 7)
    x = x.reshape(*x.shape[:4], -1)
    return x[:, 0] if x.shape[1] == 1 else x


class Positioned(hk.Module):
    """What images and sounds have in common: positions, and how they are put to the rows."""

    def __init__(self, arguments, default):
        super().__init__(_named(arguments, default))
        self.arguments = arguments

    def _build_network_inputs(self, x):
        arguments = {"position_encoding_type": "fourier", **self.arguments}
        batch, *index_dims, channels = x.shape
        features = x.reshape(batch, -1, channels)
        if arguments["position_encoding_type"] == "none":
            return features, features
        positions = make_positions(arguments, index_dims)(batch)
        for i in range(arguments.get("n_extra_pos_mlp", 0)):
            width = positions.shape[-1]
            positions = positions + hk.Linear(width)(positions)
            if i < arguments["n_extra_pos_mlp"] - 1:
                positions = jax.nn.relu(positions)
        if arguments.get("concat_or_add_pos", "concat") == "add":
            return features + positions, features
        return jnp.concatenate([features, positions.astype(features.dtype)], axis=-1), features


class ImagePreprocessor(Positioned):
    def __init__(self, arguments):
        super().__init__(arguments, "image_preprocessor")
        self.prep = arguments.get("prep_type", "conv")
        self.spatial = arguments.get("spatial_downsample", 4)
        self.temporal = arguments.get("temporal_downsample", 1)
        self.channels = arguments.get("num_channels", 64)
        if self.prep == "conv":
            layers = round(math.log(self.spatial, 4))
            use_batchnorm = arguments.get("conv2d_use_batchnorm", True)
            self.conv = Downsample(layers, self.channels, use_batchnorm)
        elif self.prep == "conv1x1":
            self.conv = hk.Conv2D(self.channels, 1, stride=self.spatial)

    def __call__(self, x, is_training):
        if self.prep in ("conv", "conv1x1"):
            frames = x.reshape(-1, *x.shape[-3:])
            arguments = (is_training,) if self.prep == "conv" else ()
            frames = self.conv(frames, *arguments)
            x = frames.reshape(*x.shape[:-3], *frames.shape[1:])
        elif self.prep == "patches":
            x = _space_to_depth(x, self.temporal, self.spatial)
            if self.arguments.get("conv_after_patching", False):
                x = hk.Linear(self.channels, name="patches_linear")(x)
        elif x.ndim == 4:
            x = x[:, :: self.spatial, :: self.spatial]
        else:
            x = x[:, :: self.temporal, :: self.spatial, :: self.spatial]
        return self._build_network_inputs(x)


class AudioPreprocessor(Positioned):
    def __init__(self, arguments):
        super().__init__(arguments, "audio_preprocessor")
        self.samples = arguments.get("samples_per_patch", 96)

    def __call__(self, x, is_training):
        return self._build_network_inputs(x.reshape(len(x), -1, self.samples))


class OneHotPreprocessor(hk.Module):
    def __init__(self, arguments):
        super().__init__(_named(arguments, "one_hot_preprocessor"))

    def __call__(self, x, is_training):
        return x[:, None], x[:, None]


_PREPROCESSORS = {
    "image": ImagePreprocessor,
    "audio": AudioPreprocessor,
    "onehot": OneHotPreprocessor,
}


class MultimodalPreprocessor(hk.Module):
    def __init__(self, arguments, modalities):
        super().__init__(_named(arguments, "multimodal_preprocessor"))
        self.padding = arguments.get("min_padding_size", 2)
        self.probabilities = arguments.get("mask_probs")
        self.modalities = modalities

    def __call__(self, inputs, is_training):
        rows = {}
        for name, module in self.modalities.items():
            rows[name], _ = module(inputs[name], is_training)
        width = max(each.shape[-1] for each in rows.values()) + self.padding
        padded = {}
        for name, each in rows.items():
            table = TrainablePositionEncoding(1, width - each.shape[-1], f"{name}_padding")
            fill = table(len(each))
            fill = jnp.broadcast_to(fill, (*each.shape[:2], fill.shape[-1]))
            each = jnp.concatenate([each, fill], axis=-1)
            if self.probabilities is not None:
                token = TrainablePositionEncoding(1, width, f"{name}_mask_token")(len(each))
                if self.probabilities[name] == 1:
                    each = jnp.broadcast_to(token, each.shape)
            padded[name] = each
        joined = jnp.concatenate([padded[name] for name in sorted(padded)], axis=1)
        return joined, {name: each.shape[1] for name, each in padded.items()}


def make_preprocessor(arguments):
    if arguments is None:
        return None
    if "modalities" not in arguments:
        return _PREPROCESSORS[arguments["type"]](arguments)
    modalities = {
        name: _PREPROCESSORS[each["type"]](each) for name, each in arguments["modalities"].items()
    }
    return MultimodalPreprocessor(arguments, modalities)


# Decoders: modules with queries(rows, rows without positions, points) and a call


def _subsampled(points, index_dims):
    index = jnp.stack(jnp.unravel_index(points, tuple(index_dims)), axis=1)
    return -1 + 2 * index.astype(jnp.float32) / jnp.asarray(index_dims, jnp.float32)


class BasicDecoder(hk.Module):
    def __init__(self, arguments, **own):
        arguments = {**arguments, **own}
        super().__init__(arguments.pop("scope", None) or _named(arguments, "basic_decoder"))
        self.arguments = {"position_encoding_type": "trainable", **arguments}
        self.positions = None
        self.index_dims = arguments.get("output_index_dims")
        if self.arguments["position_encoding_type"] != "none":
            self.positions = make_positions(self.arguments, self.index_dims)

    def queries(self, batch, without_positions=None, points=None):
        if points is None:
            found = self.positions(batch)
        else:
            found = self.positions(batch, _subsampled(points, self.index_dims))
        if self.arguments.get("concat_preprocessed_input", False):
            found = jnp.concatenate([without_positions, found], axis=-1)
        return found

    def __call__(self, query, z, query_mask=None):
        get = self.arguments.get
        cross = CrossAttention(
            1,
            get("num_heads", 1),
            get("qk_channels"),
            get("v_channels"),
            residual=get("use_query_residual", False),
        )
        mask = None
        if query_mask is not None:
            mask = jnp.broadcast_to(query_mask[..., None], (*query_mask.shape, z.shape[1]))
        output = cross(query, z, mask)
        final = hk.Linear(get("output_num_channels"), name="output")
        return final(output) if get("final_project", True) else output


class ClassificationDecoder(hk.Module):
    def __init__(self, arguments):
        super().__init__(_named(arguments, "classification_decoder"))
        own = {"output_index_dims": (1,), "output_num_channels": arguments["num_classes"]}
        self.decoder = BasicDecoder(arguments, scope="basic_decoder", **own)

    def queries(self, batch, without_positions=None, points=None):
        return self.decoder.queries(batch, without_positions, points)

    def __call__(self, query, z, query_mask=None):
        return self.decoder(query, z)[:, 0]


class FlowDecoder(hk.Module):
    def __init__(self, arguments):
        super().__init__(_named(arguments, "flow_decoder"))
        self.arguments = arguments
        own = {"output_num_channels": arguments.get("output_num_channels", 2)}
        own |= {"position_encoding_type": "none"}
        self.decoder = BasicDecoder(arguments, scope="basic_decoder", **own)

    def __call__(self, query, z, query_mask=None):
        output = self.decoder(query, z) / self.arguments.get("rescale_factor", 100.0)
        return output.reshape(len(output), *self.arguments["output_image_shape"], -1)


class VideoDecoder(hk.Module):
    def __init__(self, arguments):
        super().__init__(_named(arguments, "basic_video_autoencoding_decoder"))
        self.shape = arguments["output_shape"]
        own = {"output_index_dims": self.shape[1:]}
        self.decoder = BasicDecoder(arguments, scope="basic_decoder", **own)

    def queries(self, batch, without_positions=None, points=None):
        return self.decoder.queries(batch, without_positions, points)

    def __call__(self, query, z, query_mask=None):
        output = self.decoder(query, z)
        return output.reshape(*self.shape, output.shape[-1])


class ProjectionDecoder(hk.Module):
    def __init__(self, arguments):
        super().__init__(_named(arguments, "projection_decoder"))
        self.final = hk.Linear(arguments["num_classes"], name="logits")

    def __call__(self, query, z, query_mask=None):
        return self.final(z.mean(axis=1))


class MultimodalDecoder(hk.Module):
    def __init__(self, arguments, modalities):
        super().__init__(_named(arguments, "multimodal_decoder"))
        self.padding = arguments.get("min_padding_size", 2)
        self.modalities = modalities
        own = {"position_encoding_type": "none"}
        self.decoder = BasicDecoder(arguments, scope="basic_decoder", **own)

    def decoder_query(self, batch, without_positions, points):
        found = {
            name: module.queries(batch, None, points.get(name))
            for name, module in self.modalities.items()
        }
        width = max(each.shape[-1] for each in found.values()) + self.padding
        padded = []
        for name in sorted(found):
            each = found[name]
            table = TrainablePositionEncoding(1, width - each.shape[-1], f"{name}_padding")
            fill = jnp.broadcast_to(table(batch), (*each.shape[:2], width - each.shape[-1]))
            padded.append(jnp.concatenate([each, fill], axis=-1))
        sizes = {name: each.shape[1] for name, each in found.items()}
        return jnp.concatenate(padded, axis=1), sizes

    def __call__(self, query, z, query_mask=None):
        return self.decoder(query, z)


_DECODERS = {
    "basic": BasicDecoder,
    "classification": ClassificationDecoder,
    "flow": FlowDecoder,
    "video": VideoDecoder,
    "projection": ProjectionDecoder,
}


def make_decoder(arguments):
    if "modalities" not in arguments:
        return _DECODERS[arguments["type"]](arguments)
    modalities = {
        name: _DECODERS[each["type"]](each) for name, each in arguments["modalities"].items()
    }
    return MultimodalDecoder(arguments, modalities)


# What is behind the decoder


class ClassificationPostprocessor(hk.Module):
    def __init__(self, arguments):
        super().__init__(_named(arguments, "classification_postprocessor"))
        self.count = arguments["num_classes"]

    def __call__(self, x):
        return hk.Linear(self.count)(x)[:, 0]


class ProjectionPostprocessor(hk.Module):
    def __init__(self, arguments):
        super().__init__(_named(arguments, "projection_postprocessor"))
        self.count = arguments["num_outputs"]

    def __call__(self, x):
        return hk.Linear(self.count)(x)


class AudioPostprocessor(hk.Module):
    def __init__(self, arguments):
        super().__init__(_named(arguments, "audio_postprocessor"))
        self.samples = arguments.get("samples_per_patch", 96)

    def __call__(self, x):
        return hk.Linear(self.samples)(x).reshape(len(x), -1)


class ImagePostprocessor(hk.Module):
    """Rows as a grid: as they are, through a 1 x 1 convolution, or each a patch of it."""

    def __init__(self, arguments):
        super().__init__(_named(arguments, "image_postprocessor"))
        self.kind = arguments.get("postproc_type", "pixels")
        self.shape = arguments.get("input_reshape_size")
        self.steps = [arguments.get(f"{axis}_upsample", 1) for axis in ("temporal", "spatial")]
        if self.kind == "conv1x1":
            stride = self.steps[1]
            self.convolution = hk.Conv2D(arguments["n_outputs"], 1, stride=stride)

    def __call__(self, x):
        if self.shape is not None:
            x = x.reshape(len(x), *self.shape, x.shape[-1])
        if self.kind == "conv1x1":
            return self.convolution(x)
        return self._from_patches(x) if self.kind == "patches" else x

    def _from_patches(self, x):
        temporal, spatial = self.steps
        sizes = {"t": temporal, "h": spatial, "w": spatial}
        if x.ndim == 4:
            del sizes["t"]
            pattern = "b y x (h w c) -> b (y h) (x w) c"
        else:
            pattern = "b z y x (t h w c) -> b (z t) (y h) (x w) c"
        return einops.rearrange(x, pattern, **sizes)


_POSTPROCESSORS = {
    "image": ImagePostprocessor,
    "classification": ClassificationPostprocessor,
    "projection": ProjectionPostprocessor,
    "audio": AudioPostprocessor,
}


def make_postprocessor(arguments):
    """Return what maps an output, and sizes of modalities, to results by name."""
    if arguments is None:
        return lambda output, sizes: {"output": output}
    if "modalities" not in arguments:
        module = _POSTPROCESSORS[arguments["type"]](arguments)
        return lambda output, sizes: {"output": module(output)}
    modules = {
        name: _POSTPROCESSORS[each["type"]](each) for name, each in arguments["modalities"].items()
    }

    def split(output, sizes):
        rows, first = {}, 0
        for name in sorted(sizes):
            rows[name] = output[:, first : first + sizes[name]]
            first += sizes[name]
        return {f"output.{name}": module(rows[name]) for name, module in modules.items()}

    return split


class EmbeddingDecoder(hk.Module):
    """Logits of the words of an embedding."""

    def __init__(self, table, name="embedding_decoder"):
        super().__init__(name)
        self.table = table

    def __call__(self, x):
        bias = hk.get_parameter("bias", [len(self.table)], init=jnp.zeros)
        return x @ self.table.T + bias
