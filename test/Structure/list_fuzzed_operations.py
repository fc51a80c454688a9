"""List the operations that random models bring about, one a line.

list_fuzzed_operations.py PERCEIVER_OPT [OPTION...]: the models are those that tests compile and
compare with the reference (fuzz.SEEDS); counted is what they are made of at the end of each stage.
"""

import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))
import fuzz  # noqa: E402

SHARED = ["--perceiver-expand", "--perceiver-rewrite"]
TARGETS = {
    "backend=cpu triple=x86_64-linux-gnu cpu=x86-64-v3": [
        "--perceiver-cpu-strategy",
        "--perceiver-cpu-prepare",
        "--perceiver-cpu-tile",
        "--perceiver-cpu-bufferize",
        "--perceiver-cpu-vectorize",
    ],
    "backend=cuda triple=x86_64-linux-gnu cpu=x86-64": [
        "--perceiver-cuda-strategy",
        "--perceiver-cuda-prepare",
        "--perceiver-cuda-tile",
        "--perceiver-cuda-bufferize",
        "--perceiver-cuda-kernels",
    ],
}
COUNT = "--print-op-stats=json=true"


def list_operations(perceiver_opt, models, target, stages):
    """Return the operations that the models have for a target, after whatever stage.

    What a model could not become is told by the operation that is in the way.
    """
    passes = [argument for stage in SHARED + stages for argument in (stage, COUNT)]
    target = f"--perceiver-set-target={target}"
    command = [*perceiver_opt, "--split-input-file", target, COUNT, *passes, "-o", "/dev/null"]
    result = subprocess.run(command, input=models, capture_output=True, text=True, check=False)
    for error in re.findall(r"^.*error: .*$", result.stderr, re.MULTILINE):
        print(error, file=sys.stderr)
    return re.findall(r'^ *"(\w+\.\w+)" : \d+,?$', result.stderr, re.MULTILINE)


def main(*perceiver_opt):
    models = "\n// -----\n".join(str(fuzz.generate(seed)) for seed in fuzz.SEEDS)
    counted = set()
    for target, stages in TARGETS.items():
        counted.update(list_operations(perceiver_opt, models, target, stages))
    print(*sorted(counted), sep="\n")
    return 0 if counted else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
