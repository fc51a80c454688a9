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

TARGET = "--perceiver-set-target=triple=x86_64-linux-gnu cpu=x86-64-v3"
STAGES = [
    "--perceiver-expand",
    "--perceiver-rewrite",
    "--perceiver-cpu-strategy",
    "--perceiver-cpu-prepare",
    "--perceiver-cpu-tile",
    "--perceiver-cpu-bufferize",
    "--perceiver-cpu-vectorize",
]
COUNT = "--print-op-stats=json=true"


def main(*perceiver_opt):
    models = "\n// -----\n".join(str(fuzz.generate(seed)) for seed in fuzz.SEEDS)
    stages = [argument for stage in STAGES for argument in (stage, COUNT)]
    command = [*perceiver_opt, "--split-input-file", TARGET, COUNT, *stages, "-o", "/dev/null"]
    result = subprocess.run(command, input=models, capture_output=True, text=True, check=False)
    counted = re.findall(r'^ *"(\w+\.\w+)" : \d+,?$', result.stderr, re.MULTILINE)
    print(*sorted(set(counted)), sep="\n")
    # What a model could not become is told by the operation that is in the way.
    for error in re.findall(r"^.*error: .*$", result.stderr, re.MULTILINE):
        print(error, file=sys.stderr)
    return 0 if counted else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
