#!/usr/bin/env python3
"""Write models of the papers that never had a checkpoint, with seeded weights.

    .venv/bin/python python/models/papers.py perceiver-imagenet-fourier -o model.mlir \\
        --weights w.safetensors --small

P1 is Perceiver (arXiv 2103.03206), P2 Perceiver IO (arXiv 2107.14795). What they leave open is
said at the top of each description.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

import paper_inputs as inputs  # noqa: E402
from paper_graphs import Graph, Sizes, make_tensors  # noqa: E402
from perceiver_compiler import builder as ops  # noqa: E402

from command_line import Parser  # noqa: E402

#: See ATTENTION_GAIN in random_weights.py.
_GAIN = 2.0

_IMAGENET = Sizes(latents=512, channels=1024, layers=6, blocks=8, heads=8, classes=1000)
_AUDIOSET = replace(_IMAGENET, layers=8, blocks=2, classes=527)
_SMALL = {"latents": 16, "channels": 64, "layers": 2, "blocks": 2, "classes": 10}


@dataclass(frozen=True)
class PaperModel:
    """A model: what it is, sizes, how it is built for them, and what the papers leave open."""

    title: str
    sizes: Sizes
    build: Callable[[Graph, bool], None]
    is_open: tuple[str, ...] = ()


# Perceiver


def _perceiver_fourier(graph: Graph, small: bool) -> None:
    rows = inputs.fourier_pixels(graph, *((14, 5) if small else (224, 64)))
    graph.average(graph.iterate(rows, shared=True))


def _perceiver_permuted(graph: Graph, small: bool) -> None:
    rows = inputs.permuted_pixels(graph, *((14, 5) if small else (224, 64)))
    graph.average(graph.iterate(rows, shared=True))


def _perceiver_learned(graph: Graph, small: bool) -> None:
    rows = inputs.learned_pixels(graph, *((14, 12) if small else (224, 128)))
    _one_cross(graph, rows)


def _perceiver_conv(graph: Graph, small: bool) -> None:
    rows = inputs.convolved_pixels(graph, *((27, 5) if small else (224, 64)))
    _one_cross(graph, rows)


def _one_cross(graph: Graph, rows: ops.Value) -> None:
    """One cross-attention, then the layers `blocks` times, then the average."""
    latents = graph.encode(rows)
    latents = graph.process(latents, graph.self_blocks("self"), graph.sizes.blocks)
    graph.average(latents)


def _sound(graph: Graph, small: bool) -> ops.Value:
    return inputs.sound_patches(graph, *((96, 4, 5) if small else (61_440, 128, 64)))


def _mel(graph: Graph, small: bool) -> ops.Value:
    return inputs.spectrogram(graph, *((6, 8, 3) if small else (60, 80, 64)))


def _video(graph: Graph, small: bool) -> ops.Value:
    if small:
        return inputs.video_blocks(graph, 4, 16, (2, 8, 8), 3)
    return inputs.video_blocks(graph, 32, 224, (2, 8, 8), 16)


def _both(graph: Graph, small: bool, sound: Callable) -> ops.Value:
    rows = {"image": _video(graph, small), "audio": sound(graph, small)}
    return inputs.join_modalities(graph, rows, least=4)


def _perceiver_audio(graph: Graph, small: bool) -> None:
    graph.average(graph.iterate(_sound(graph, small), shared=False))


def _perceiver_mel(graph: Graph, small: bool) -> None:
    graph.average(graph.iterate(_mel(graph, small), shared=False))


def _perceiver_video(graph: Graph, small: bool) -> None:
    graph.average(graph.iterate(_video(graph, small), shared=False))


def _perceiver_video_audio(graph: Graph, small: bool) -> None:
    graph.average(graph.iterate(_both(graph, small, _sound), shared=False))


def _perceiver_points(graph: Graph, small: bool) -> None:
    rows = inputs.points_in_space(graph, *((5, 24.0) if small else (64, 2240.0)))
    graph.average(graph.iterate(rows, shared=True))


# Perceiver IO


def _io(graph: Graph, rows: ops.Value, width: int, *, residual: bool) -> None:
    latents = graph.encode(rows)
    latents = graph.process(latents, graph.self_blocks("self"), graph.sizes.blocks)
    graph.classify(latents, width, residual=residual)


def _io_fourier(graph: Graph, small: bool) -> None:
    rows = inputs.fourier_pixels(graph, *((14, 5) if small else (224, 64)))
    _io(graph, rows, graph.sizes.channels, residual=True)


def _io_learned(graph: Graph, small: bool) -> None:
    rows = inputs.projected_pixels(graph, *((14, 12) if small else (224, 256)))
    _io(graph, rows, graph.sizes.channels, residual=False)


def _io_conv(graph: Graph, small: bool) -> None:
    rows = inputs.convolved_pixels(graph, *((27, 5) if small else (224, 64)))
    _io(graph, rows, graph.sizes.channels, residual=True)


def _io_audioset(graph: Graph, small: bool, sound: Callable) -> None:
    _io(graph, _both(graph, small, sound), 48 if small else 1024, residual=False)


def _io_audioset_audio(graph: Graph, small: bool) -> None:
    _io_audioset(graph, small, _sound)


def _io_audioset_mel(graph: Graph, small: bool) -> None:
    _io_audioset(graph, small, _mel)


def _io_glue(graph: Graph, small: bool) -> None:
    vocabulary, places, width = (40, 24, 48) if small else (262, 2048, 768)
    sizes, run = graph.sizes, graph.run
    rows, keys = inputs.text(graph, vocabulary, places, width)
    latents = graph.encode(rows, mask=ops.Mask(mask=keys))
    latents = graph.process(latents, graph.self_blocks("self"), sizes.blocks)
    block = graph.cross_block(
        "decoder", width, sizes.channels, qk=sizes.qk, v=width, heads=8, residual=False
    )
    row = graph.decode_class(latents, width, block)
    hidden = ops.project(run, row, graph.linear("hidden", width, width), width, "tanh")
    final = graph.linear("final", width, sizes.classes)
    graph.finish("logits", ops.project(run, hidden, final, sizes.classes))


_OPEN_AUDIO = "The paper does not say how many bands the positions of sound have: 64 here."
_OPEN_MEL = (
    "The paper says that there are 4,800 numbers in a mel spectrogram, not how they lie: 60 times "
    "of 80 frequencies here, each number with the Fourier features of its place, 64 bands."
)
_OPEN_VIDEO = "That the positions of video have 16 bands follows from the paper's 487 channels."
_OPEN_JOIN = "The order of modalities, alphabetical, is that of DeepMind's later code."
_OPEN_WIDTH = "The paper does not say the width of the latents of AudioSet: 1,024 here."
_GLUE = Sizes(256, 1280, 26, 1, 8, 2, cross_heads=8, qk=256, v=1280)

MODELS = {
    "perceiver-imagenet-fourier": PaperModel(
        "ImageNet with Fourier positions: 8 cross-attentions, P1 table 1",
        _IMAGENET,
        _perceiver_fourier,
        (
            "That the first cross-attention has weights of its own, and that all share the layers, "
            "follows from the number of parameters, 44.9M.",
        ),
    ),
    "perceiver-imagenet-learned": PaperModel(
        "ImageNet with learned positions: one cross-attention, P1 table 1",
        _IMAGENET,
        _perceiver_learned,
        ("The paper does not say the depth: one cross-attention, 48 layers here.",),
    ),
    "perceiver-imagenet-conv": PaperModel(
        "ImageNet behind a convolution, P2 table 4",
        _IMAGENET,
        _perceiver_conv,
    ),
    "perceiver-imagenet-permuted": PaperModel(
        "ImageNet with pixels in any order: `points` says where each is, P1 table 2",
        _IMAGENET,
        _perceiver_permuted,
    ),
    "perceiver-audioset-audio": PaperModel(
        "AudioSet, raw audio, P1 table 3", _AUDIOSET, _perceiver_audio, (_OPEN_AUDIO, _OPEN_WIDTH)
    ),
    "perceiver-audioset-mel": PaperModel(
        "AudioSet, mel spectrogram, P1 table 3", _AUDIOSET, _perceiver_mel, (_OPEN_MEL, _OPEN_WIDTH)
    ),
    "perceiver-audioset-video": PaperModel(
        "AudioSet, video, P1 table 3", _AUDIOSET, _perceiver_video, (_OPEN_VIDEO, _OPEN_WIDTH)
    ),
    "perceiver-audioset-video-audio": PaperModel(
        "AudioSet, video and raw audio, P1 table 3",
        _AUDIOSET,
        _perceiver_video_audio,
        (_OPEN_AUDIO, _OPEN_VIDEO, _OPEN_JOIN, _OPEN_WIDTH),
    ),
    "perceiver-modelnet40": PaperModel(
        "ModelNet40, point clouds, P1 table 4",
        replace(_IMAGENET, blocks=2, classes=40),
        _perceiver_points,
        (
            "Sizes and sharing are those of ImageNet, as the paper says; that each of the two "
            "cross-attentions has its own weights is read from it.",
        ),
    ),
    "perceiver-io-audioset-audio": PaperModel(
        "AudioSet, video and raw audio, P2 table 6",
        Sizes(512, 512, 12, 1, 8, 527),
        _io_audioset_audio,
        (_OPEN_AUDIO, "The paper does not say the number of heads: 8 here."),
    ),
    "perceiver-io-audioset-mel": PaperModel(
        "AudioSet, video and mel spectrogram, P2 table 6",
        Sizes(512, 1024, 12, 1, 8, 527),
        _io_audioset_mel,
        (_OPEN_MEL, "The paper's 88.2M parameters are 86.6M here."),
    ),
    "perceiver-io-imagenet-fourier": PaperModel(
        "ImageNet with Fourier positions, P2 table 4", _IMAGENET, _io_fourier
    ),
    "perceiver-io-imagenet-learned": PaperModel(
        "ImageNet with learned positions, P2 table 4",
        _IMAGENET,
        _io_learned,
        (
            "The decoder adds its query to what it reads in Hugging Face's model, not in "
            "DeepMind's: not here.",
        ),
    ),
    "perceiver-io-imagenet-conv": PaperModel(
        "ImageNet behind a convolution, P2 table 4", _IMAGENET, _io_conv
    ),
    "perceiver-io-glue": PaperModel(
        "GLUE, bytes, a single task of two classes, P2 table 2",
        _GLUE,
        _io_glue,
        ("The decoder's widths are taken to be those of masked language modelling.",),
    ),
}


def build(name: str, *, small: bool = False) -> Graph:
    """Return a model, at its size in the paper or reduced. ValueError for an unknown name."""
    if name not in MODELS:
        raise ValueError(f"expected a model among {', '.join(MODELS)}, but got {name}")
    paper = MODELS[name]
    sizes = paper.sizes
    if small:
        wide = {"qk": 32, "v": 64} if sizes.qk else {}
        sizes = replace(sizes, **_SMALL, **wide)
    graph = Graph(sizes)
    paper.build(graph, small)
    kind = "Perceiver IO (arXiv 2107.14795)" if "-io-" in name else "Perceiver (arXiv 2103.03206)"
    of = " at reduced size" if small else ""
    title = f"{kind}, {paper.title}{of}. Written by python/models/papers.py {name}."
    parts = [title, *paper.is_open]
    graph.model.header = "\n\n".join(textwrap.fill(part, 77) for part in parts)
    graph.run.comment = "From inputs to logits."
    return graph


def main() -> None:
    """Write a description and its weights."""
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=MODELS)
    parser.add_argument("-o", dest="output", type=Path, required=True, help="the description")
    parser.add_argument("--weights", type=Path, required=True, help="a .safetensors file")
    parser.add_argument("--small", action="store_true", help="at reduced size")
    given = parser.parse_args()
    graph = build(given.name, small=given.small)
    tensors = make_tensors(graph.weights.shapes, _GAIN)
    from safetensors.numpy import save_file

    save_file(tensors, given.weights)
    given.output.write_text(str(graph.model))
    count = sum(int(np.prod(shape)) for shape in graph.weights.shapes.values())
    print(f"{given.output}: {count:,} parameters in {given.weights}")


if __name__ == "__main__":
    main()
