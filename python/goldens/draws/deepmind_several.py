"""DeepMind's models of several modalities."""

from __future__ import annotations

import math
from typing import Any

from ..choices import Choices
from . import arrays
from .deepmind_parts import draw_cross, draw_encoder, draw_image_part


def draw_several(choices: Choices):
    image, image_width, sizes, grid, _, needs_image = draw_image_part(choices, True)
    samples, patches = choices.integer("samples", 1, 8), choices.integer("patches", 1, 8)
    labels = choices.integer("labels", 2, 9)
    audio: dict[str, Any] = {"type": "audio", "samples_per_patch": samples}
    waves, bands = {"num_bands": choices.integer("audio bands", 1, 5)}, 0
    waves["max_resolution"] = [choices.integer("audio resolution", 2, 40)]
    bands = waves["num_bands"]
    audio |= {
        "position_encoding_type": "fourier",
        "fourier_position_encoding_kwargs": waves,
    }
    names = choices.pick("names", (("image", "audio", "label"), ("video", "sound", "kind")))
    modalities = dict(zip(names, (image, audio, {"type": "onehot"})))
    if choices.chance("other order", 0.5):
        modalities = dict(reversed(modalities.items()))
    padding = choices.pick("padding", (2, 1, 4))
    preprocessor: dict[str, Any] = {"modalities": modalities, "min_padding_size": padding}
    if choices.chance("masked", 0.5):
        # Rows of a mask token alone are made of the Fourier positions that they replace.
        is_fourier = image["position_encoding_type"] == "fourier" and "concat" == image.get(
            "concat_or_add_pos", "concat"
        )
        masked = choices.pick("masked modality", names[::-1] if is_fourier else names[:0:-1])
        preprocessor["mask_probs"] = {name: float(name == masked) for name in names}
    width = max(image_width, samples + 2 * bands + 1, labels) + padding
    encoder = draw_encoder(choices, width)
    outputs = choices.integer("output channels", 1, 9)
    decoders, points = _draw_queries(choices, names)
    decoder: dict[str, Any] = {
        "modalities": decoders,
        "output_num_channels": outputs,
        "min_padding_size": choices.pick("query padding", (2, 1, 4)),
        **draw_cross(choices, encoder["num_z_channels"]),
    }
    config: dict[str, Any] = {"preprocessor": preprocessor, "encoder": encoder, "decoder": decoder}
    if choices.chance("postprocessor", 0.7):
        config["postprocessor"] = {
            "modalities": {
                names[0]: {"type": "projection", "num_outputs": choices.integer("pixel", 1, 4)},
                names[1]: {"type": "audio", "samples_per_patch": samples},
                names[2]: {"type": "classification", "num_classes": labels},
            }
        }
        # Which points there are is said by the inputs; the numbers here have no effect.
        decoder["subsampled_index_dims"] = {names[0]: [16], names[1]: [16], names[2]: 1}
    batch = max(8, arrays.batch(choices, labels))
    arrays_of = ((*sizes,), (patches * samples, 1), (labels,))
    inputs = {
        f"inputs.{name}": arrays.floats(choices, name, (batch, *shape))
        for name, shape in zip(names, arrays_of)
    }
    for name, count in points.items():
        wanted = (choices.integer(f"points of {name}", 16, 24),)
        inputs[f"subsampled.{name}"] = arrays.ids(choices, f"points.{name}", wanted, count)
    shapes = {f"inputs.{names[0]}": [None, *sizes]} if needs_image else {}
    return config, inputs, shapes


def _draw_queries(choices: Choices, names: tuple[str, str, str]):
    """Decoders that make the queries of video, audio and label; and the number of points of those
    that have points.
    """
    dims = [choices.integer(f"query axis{i}", 1, 5) for i in range(3)]
    length = choices.integer("query length", 1, 20)
    waves = {"num_bands": choices.integer("query bands", 1, 4)}
    if choices.chance("query resolution", 0.5):
        waves["max_resolution"] = [choices.integer(f"query resolution{i}", 2, 20) for i in range(3)]
    video = {
        "type": "video",
        "output_num_channels": 5,
        "output_shape": [choices.integer("query batch", 1, 3), *dims],
        "position_encoding_type": "fourier",
        "fourier_position_encoding_kwargs": waves,
    }
    audio = {
        "type": "basic",
        "output_num_channels": 5,
        "output_index_dims": [length],
        "position_encoding_type": "fourier",
        "fourier_position_encoding_kwargs": {
            "num_bands": choices.integer("audio query bands", 1, 9),
            "max_resolution": [choices.integer("audio query resolution", 2, 30)],
        },
    }
    label = {
        "type": "classification",
        "num_classes": 3,
        "position_encoding_type": "trainable",
        "trainable_position_encoding_kwargs": {
            "num_channels": choices.integer("label channels", 1, 40)
        },
    }
    decoders = dict(zip(names, (video, audio, label)))
    return decoders, {names[0]: math.prod(dims), names[1]: length}
