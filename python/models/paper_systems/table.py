"""The systems of the papers that never had a checkpoint, at their sizes and reduced.

P1 is Perceiver (arXiv 2103.03206), P2 Perceiver IO (arXiv 2107.14795).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import open_points
from .audiovisual import Alone, Audio, Mel, Modality, Together, Video
from .heads import Average, Classify, ClassifyText, Outputs, PredictTokens, Query
from .images import ConvolvedPixels, FourierPixels, LearnedPositions, PermutedPixels
from .inputs import Inputs
from .latents import EncodeProcess, Iterative, Latents
from .points import Cloud
from .system import Body, Head, System
from .text import Text

_P1, _P2 = "Perceiver (arXiv 2103.03206)", "Perceiver IO (arXiv 2107.14795)"

_IMAGENET, _AUDIOSET, _MODELNET = Outputs(1000), Outputs(527, independent=True), Outputs(40)
_FEW, _FEW_INDEPENDENT = Outputs(10), Outputs(11, independent=True)

_LATENTS = Latents()
_SMALL = Latents(number=12, channels=32, layers=2, heads=4)
_LATENTS_OF_TEXT = Latents(256, 1280, layers=26, cross_heads=8, qk=256, v=1280)
_SMALL_OF_TEXT = replace(_SMALL, cross_heads=4, qk=16, v=32)


@dataclass(frozen=True)
class _Sizes:
    """A system at one size."""

    inputs: Inputs
    body: Body
    head: Head


@dataclass(frozen=True)
class _Entry:
    title: str
    full: _Sizes
    small: _Sizes
    notes: tuple[str, ...] = ()


# Inputs, at the papers' sizes and reduced: no size is another's.

_PIXELS = FourierPixels(), FourierPixels(side=13, bands=4)
_PERMUTED = PermutedPixels(), PermutedPixels(height=9, width=13, bands=4)
_LEARNED = LearnedPositions(), LearnedPositions(height=9, width=13, channels=10)
_PROJECTED = (
    LearnedPositions(channels=256, projected=True),
    LearnedPositions(height=9, width=13, channels=10, projected=True),
)
_CONVOLVED = ConvolvedPixels(), ConvolvedPixels(side=27, bands=4, channels=16)
_AUDIO = Audio(), Audio(samples=104, patch=8, bands=4)
_MEL = Mel(), Mel(times=9, frequencies=13, bands=4)
_VIDEO = Video(), Video(frames=6, height=20, width=12, block=(2, 4, 4), bands=3)
_CLOUD = Cloud(), Cloud(points=37, bands=5, resolution=24)
_TEXT = Text(), Text(length=29, vocabulary=40, channels=48)


def _alone(modality: tuple[Modality, Modality]) -> tuple[Inputs, Inputs]:
    return Alone(modality[0]), Alone(modality[1])


def _with_video(modality: tuple[Modality, Modality]) -> tuple[Inputs, Inputs]:
    return Together((_VIDEO[0], modality[0])), Together((_VIDEO[1], modality[1]))


# Systems


def _perceiver(
    title: str,
    inputs: tuple[Inputs, Inputs],
    outputs: Outputs,
    *notes: str,
    reads: int,
    shared: bool,
    layers: int = 6,
) -> _Entry:
    """A Perceiver that reads its inputs again and again."""
    few = _FEW_INDEPENDENT if outputs.independent else _FEW
    full = Iterative(replace(_LATENTS, layers=layers), reads, shared)
    small = Iterative(_SMALL, min(reads, 3), shared)
    sizes = (
        _Sizes(inputs[0], full, Average(outputs)),
        _Sizes(inputs[1], small, Average(few)),
    )
    return _Entry(title, *sizes, notes)


def _averaged(title: str, inputs: tuple[Inputs, Inputs], outputs: Outputs, *notes: str) -> _Entry:
    """A Perceiver that reads its inputs once: what Perceiver IO is compared with in its paper."""
    sizes = (
        _Sizes(inputs[0], EncodeProcess(_LATENTS, repeats=8), Average(outputs)),
        _Sizes(inputs[1], EncodeProcess(_SMALL, repeats=2), Average(_FEW)),
    )
    return _Entry(title, *sizes, notes)


def _perceiver_io(
    title: str,
    inputs: tuple[Inputs, Inputs],
    outputs: Outputs,
    *notes: str,
    residual: bool = True,
    latents: Latents = _LATENTS,
    repeats: int = 8,
) -> _Entry:
    """A classifier with a learned query of 1,024 channels."""
    few = _FEW_INDEPENDENT if outputs.independent else _FEW
    full, small = Query(1024, residual), Query(24, residual)
    sizes = (
        _Sizes(inputs[0], EncodeProcess(latents, repeats), Classify(full, outputs)),
        _Sizes(inputs[1], EncodeProcess(_SMALL, min(repeats, 2)), Classify(small, few)),
    )
    return _Entry(title, *sizes, notes)


def _language_model(title: str, text: Text, latents: Latents, *notes: str) -> _Entry:
    """A masked language model."""
    few = _TEXT[1]
    return _Entry(
        title,
        _Sizes(text, EncodeProcess(latents), PredictTokens(text)),
        _Sizes(few, EncodeProcess(_SMALL_OF_TEXT), PredictTokens(few, heads=4, qk=16)),
        notes,
    )


def _perceiver_io_text(title: str, *notes: str) -> _Entry:
    """A classifier of texts."""
    query = Query(768, residual=False, heads=8, qk=256, v=768)
    small_query = Query(48, residual=False, heads=4, qk=16, v=48)
    sizes = (
        _Sizes(_TEXT[0], EncodeProcess(_LATENTS_OF_TEXT), ClassifyText(query, Outputs(2))),
        _Sizes(_TEXT[1], EncodeProcess(_SMALL_OF_TEXT), ClassifyText(small_query, Outputs(2))),
    )
    return _Entry(title, *sizes, notes)


_IO_ON_IMAGENET = f"{_P2} on ImageNet, section 4.4"
_IO_ON_AUDIOSET = f"{_P2} on AudioSet, appendix"
_NARROW, _WIDE = Latents(channels=512, layers=12), Latents(layers=12)


def _perceiver_of_sound_and_video(what: str, inputs: tuple[Inputs, Inputs], *notes: str) -> _Entry:
    """A Perceiver on AudioSet, which reads its inputs twice."""
    return _perceiver(
        f"{_P1} on AudioSet, section 4.2: {what}",
        inputs,
        _AUDIOSET,
        *notes,
        open_points.AUDIOSET_LATENTS,
        reads=2,
        shared=False,
        layers=8,
    )


_ENTRIES: dict[str, _Entry] = {
    "perceiver-imagenet-fourier": _perceiver(
        f"{_P1} on ImageNet with Fourier positions, section 4.1",
        _PIXELS,
        _IMAGENET,
        open_points.SHARED,
        reads=8,
        shared=True,
    ),
    "perceiver-imagenet-permuted": _perceiver(
        f"{_P1} on ImageNet with permuted pixels, section 4.1",
        _PERMUTED,
        _IMAGENET,
        open_points.SHARED,
        open_points.ORDER_OF_PIXELS,
        reads=8,
        shared=True,
    ),
    "perceiver-imagenet-learned": _averaged(
        f"{_P1} on ImageNet with learned positions, section 4.1",
        _LEARNED,
        _IMAGENET,
        open_points.ONCE,
    ),
    "perceiver-imagenet-conv": _averaged(
        f"{_P1} on ImageNet behind a convolution, as in Perceiver IO's section 4.4",
        _CONVOLVED,
        _IMAGENET,
    ),
    "perceiver-audioset-audio": _perceiver_of_sound_and_video(
        "raw audio",
        _alone(_AUDIO),
        open_points.AUDIO_POSITIONS,
    ),
    "perceiver-audioset-mel": _perceiver_of_sound_and_video(
        "mel spectrograms",
        _alone(_MEL),
        open_points.MEL_POSITIONS,
    ),
    "perceiver-audioset-video": _perceiver_of_sound_and_video(
        "video",
        _alone(_VIDEO),
        open_points.VIDEO_POSITIONS,
    ),
    "perceiver-audioset-video-audio": _perceiver_of_sound_and_video(
        "video with raw audio",
        _with_video(_AUDIO),
        open_points.VIDEO_POSITIONS,
        open_points.AUDIO_POSITIONS,
        open_points.ORDER,
    ),
    "perceiver-audioset-video-mel": _perceiver_of_sound_and_video(
        "video with mel spectrograms",
        _with_video(_MEL),
        open_points.VIDEO_POSITIONS,
        open_points.MEL_POSITIONS,
        open_points.ORDER,
    ),
    "perceiver-modelnet40": _perceiver(
        f"{_P1} on ModelNet40, section 4.3",
        (_CLOUD[0], _CLOUD[1]),
        _MODELNET,
        open_points.SETTINGS_OF_IMAGENET,
        reads=2,
        shared=True,
    ),
    "perceiver-io-imagenet-fourier": _perceiver_io(
        f"{_IO_ON_IMAGENET}: Fourier positions", _PIXELS, _IMAGENET
    ),
    "perceiver-io-imagenet-learned": _perceiver_io(
        f"{_IO_ON_IMAGENET}: learned positions",
        _PROJECTED,
        _IMAGENET,
        open_points.NO_RESIDUAL,
        residual=False,
    ),
    "perceiver-io-imagenet-conv": _perceiver_io(
        f"{_IO_ON_IMAGENET}: behind a convolution", _CONVOLVED, _IMAGENET
    ),
    "perceiver-io-audioset-audio": _perceiver_io(
        f"{_IO_ON_AUDIOSET}: video with raw audio",
        _with_video(_AUDIO),
        _AUDIOSET,
        open_points.VIDEO_POSITIONS,
        open_points.AUDIO_POSITIONS,
        open_points.ORDER,
        open_points.HEADS,
        open_points.RESIDUAL,
        latents=_NARROW,
        repeats=1,
    ),
    "perceiver-io-audioset-mel": _perceiver_io(
        f"{_IO_ON_AUDIOSET}: video with mel spectrograms",
        _with_video(_MEL),
        _AUDIOSET,
        open_points.VIDEO_POSITIONS,
        open_points.MEL_POSITIONS,
        open_points.ORDER,
        open_points.HEADS,
        open_points.RESIDUAL,
        open_points.FEWER,
        latents=_WIDE,
        repeats=1,
    ),
    "perceiver-io-mlm-sentencepiece": _language_model(
        f"{_P2}, masked language model on pieces of words, section 4.1",
        Text(length=512, vocabulary=32_000),
        _LATENTS_OF_TEXT,
        open_points.HEADS_OF_PIECES,
        open_points.ALL_MASKED,
        open_points.NOTHING_TO_READ,
    ),
    "perceiver-io-mlm-plus": _language_model(
        f"{_P2}, masked language model on bytes, deeper and wider (Perceiver IO++), section 4.1",
        Text(),
        replace(_LATENTS_OF_TEXT, channels=1536, v=1536, layers=40),
        open_points.WIDTHS_OF_PLUS,
        open_points.ALL_MASKED,
        open_points.NOTHING_TO_READ,
    ),
    "perceiver-io-glue": _perceiver_io_text(
        f"{_P2} on one task of GLUE, bytes, section 4.1",
        open_points.TEXT_DECODER,
        open_points.TWO_CLASSES,
        open_points.NOTHING_TO_READ,
    ),
}

#: Their names.
SYSTEMS = tuple(_ENTRIES)


def get_system(name: str, *, small: bool = False, static: bool = False) -> System:
    """Return a system, at its size in the paper or reduced. If `static`, its inputs have that size
    alone. ValueError for an unknown name, or one whose inputs are written in one way only.
    """
    if name not in _ENTRIES:
        raise ValueError(f"expected a system among {', '.join(SYSTEMS)}, but got {name}")
    entry = _ENTRIES[name]
    sizes = entry.small if small else entry.full
    title = f"{entry.title}, at reduced size" if small else entry.title
    inputs = sizes.inputs
    if static:
        if not isinstance(inputs, FourierPixels):
            raise ValueError(f"expected a system of images with Fourier positions, but got {name}")
        inputs = replace(inputs, is_static=True)
    return System(name, title, inputs, sizes.body, sizes.head, entry.notes)
