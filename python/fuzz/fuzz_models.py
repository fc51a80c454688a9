#!/usr/bin/env python3
"""Compile random small models and compare them with the float64 reference.

What rewrites did is counted. Of a model that fails, its folder stays, with the description, the
weights and the last inputs and outputs. The command that is printed repeats it.

    python3 python/fuzz/fuzz_models.py --runs 200 --seed 1000
    python3 python/fuzz/fuzz_models.py --runs 60 --seed 1 --device emulated
"""

import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))

import fuzz  # noqa: E402
from command_line import Parser, run_command  # noqa: E402


def main() -> None:
    """Check the models of the seeds; exit status 1 if one fails."""
    parser = Parser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=20, help="number of models (default: 20)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first one (default: 0)")
    parser.add_argument("--seconds", type=float, help="start no model after so many seconds")
    parser.add_argument("--keep", type=Path, help="where folders of failed models go")
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="build folder")
    parser.add_argument("--device", choices=fuzz.DEVICES, default="cpu", help="(default: cpu)")
    parser.add_argument("--print", action="store_true", help="print descriptions, compile nothing")
    arguments = parser.parse_args()
    if arguments.print:
        for seed in range(arguments.seed, arguments.seed + arguments.runs):
            print(fuzz.generate(seed))
        return

    keep = arguments.keep or Path(tempfile.mkdtemp(prefix="perceiver-fuzz-"))
    tools = fuzz.Tools(arguments.build.resolve())
    start, done, failed, ill_conditioned, worst = time.monotonic(), 0, [], 0, (0.0, 0)
    rewrites = Counter()
    for seed in range(arguments.seed, arguments.seed + arguments.runs):
        if arguments.seconds and time.monotonic() - start > arguments.seconds:
            break
        folder = keep / f"seed-{seed}"
        done += 1
        try:
            model = fuzz.generate(seed)
            errors = fuzz.check(model, seed, folder, tools, arguments.device)
            rewrites.update(fuzz.read_rewrites(folder, tools))
            ill_conditioned += errors.count(None)
            worst = max([worst, *((error, seed) for error in errors if error is not None)])
        except Exception as error:
            failed.append(seed)
            # Whatever else goes wrong is no reason to end before the other models.
            text = error if isinstance(error, fuzz.Failure) else traceback.format_exc()
            print(f"seed {seed} fails, see {folder}\n{text}")
            where = "" if arguments.device == "cpu" else f" --device {arguments.device}"
            print(f"repeat: python3 python/fuzz/fuzz_models.py --runs 1 --seed {seed}{where}\n")
            continue
        shutil.rmtree(folder)
    for rewrite, count in sorted(rewrites.items()):
        print(f"{count:6} models, {rewrite}")
    print(
        f"{done} models from seed {arguments.seed}, {len(failed)} failed, "
        f"{ill_conditioned} entries ill-conditioned, "
        f"largest error {worst[0]:.2f} of the tolerance (seed {worst[1]})"
    )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    run_command(main)
