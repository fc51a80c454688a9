"""One system in a process of its own: loads a model, then answers requests, one line each.

The first line from standard input is a JSON object, the job:
    {"system", "model", "threads", "weights", "inputs", "results", "onnx", "outputs", ..}
(systems.py) and the answer {"ready": true}. Then `run N` (N times, answers {"ms": [N times]}),
`outputs` (writes the last results to the job's `outputs`) and `memory` (answers {"peak_mib",
"plan_mib"}). An error is answered by {"error": text} and ends the process.
"""

import json
import os
import sys
import time

import numpy as np


def create(job: dict):
    """Return the system of a job: an object with prepare(), run() and result()."""
    if "binary" in job:
        from bench.ours import Ours

        return Ours(job)
    from bench import peers

    return peers.SYSTEMS[job["system"]](job)


def peak_mib() -> float:
    """The most memory this process has had in use."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def answer(system, job: dict, request: list[str]) -> dict:
    """Do what a request asks."""
    if request[0] == "run":
        times = []
        for _ in range(int(request[1])):
            begin = time.perf_counter()
            system.run()
            times.append(1e3 * (time.perf_counter() - begin))
        return {"ms": times}
    if request[0] == "outputs":
        np.savez(job["outputs"], **system.result())
        return {"written": job["outputs"]}
    if request[0] == "memory":
        return {"peak_mib": peak_mib(), "plan_mib": getattr(system, "plan_mib", None)}
    raise ValueError(f"unknown request {request[0]}")


def main() -> None:
    """Answer requests until standard input ends."""
    # Libraries print to standard output what nobody asked for.
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    try:
        job = json.loads(sys.stdin.readline())
        system = create(job)
        system.prepare()
        print(json.dumps({"ready": True}), file=replies)
        for line in sys.stdin:
            print(json.dumps(answer(system, job, line.split())), file=replies)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), file=replies)
        raise


if __name__ == "__main__":
    main()
