"""Put faults into configurations: each is imported, or refused in one message.

    .venv/bin/python python/fuzz/mutate_configurations.py --runs 10000 --seed 1

Fields get values that they must not have, too many of them at once, or names that nobody knows. An
import ends with a description or a CheckpointError, whatever the fields say, within five seconds.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    _PYTHON = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(_PYTHON / "src"), str(_PYTHON)]
    sys.path.append(str(_PYTHON / "tests"))

import hf_checkpoints  # noqa: E402
from perceiver_compiler.checkpoint import CheckpointError, checkpoint_of_arrays  # noqa: E402
from perceiver_compiler.importers.sources import Options, import_checkpoint  # noqa: E402

_LONGEST_SECONDS = 5.0
_VALUES: tuple[Any, ...] = (
    *(0, -1, 1, 2, 3, 7, 8, 16, 32, 64, 80, 1000, 10**9, 2**31 - 1, 2**31, 2**53),
    *(True, False, None, 4.0, 0.5, -0.0, 1e308, "", "x", "kv", "q", "gelu", "relu", "8"),
    *([], [1], [8, 12], [0, 0], [10**9, 10**9], [1, 3, 10, 14], [True, 1], [[1]], {}, {"a": 1}),
)
_NAMES = ("unknown_field", "layer_norm_eps", "quantization_config", "is_decoder", "hidden_act")


def mutate(config: Mapping[str, Any], names: list[str], draw: random.Random) -> dict[str, Any]:
    """Return a configuration with one to three fields changed, added or taken out."""
    changed = dict(config)
    for _ in range(draw.randint(1, 3)):
        name = draw.choice(names)
        if draw.random() < 0.1:
            changed.pop(name, None)
        else:
            changed[name] = draw.choice(_VALUES)
    return changed


def run(runs: int, seed: int) -> dict[str, int]:
    """Import so many mutants; return how many were imported and how many refused. AssertionError
    for one that does neither.
    """
    cases = list(hf_checkpoints.CASES.values())
    tensors = {case.name: case.tensors() for case in cases}
    names = sorted({name for case in cases for name in case.config} | {*_NAMES})
    counts = {"imported": 0, "refused": 0}
    for number in range(runs):
        draw = random.Random(f"{seed}.{number}")
        case = draw.choice(cases)
        config = {"model_type": "perceiver", "architectures": [case.name], **case.config}
        config = mutate(config, names, draw)
        checkpoint = checkpoint_of_arrays("huggingface", config, tensors[case.name])
        began = time.monotonic()
        try:
            text = import_checkpoint(checkpoint, Options()).text
            assert text.endswith("\n")
            counts["imported"] += 1
        except CheckpointError as error:
            counts["refused"] += 1
            assert error.file and error.text, f"{config}: a message without file or text"
        except Exception as error:
            raise AssertionError(f"{config}: {type(error).__name__}: {error}") from error
        seconds = time.monotonic() - began
        assert seconds <= _LONGEST_SECONDS, f"{config}: took {seconds:.1f} s"
    return counts


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    print(run(given.runs, given.seed))


if __name__ == "__main__":
    main()
