"""The model table in Markdown, from the JSON of `tools/bench models`: that of README.md."""

import textwrap

from bench.markdown import cell, number, row

HEADER = ("class or system", "GFLOP", "weights + plan, MiB", "code, KiB", "compile, CPU s",
          "ours, ms (MiB)", "peer, ms (MiB)", "ours / peer", "command", "test")  # fmt: skip
RULE = f"|---|{'--:|' * 7}---|---|"


def _ratio(peer: dict) -> str:
    """The ratio of rounds and its interval."""
    if "ours_to_it" not in peer:
        return ""
    return "{:.2f} ({:.2f} .. {:.2f})".format(peer["ours_to_it"], *peer["ours_to_it_interval"])


def _system(summary: dict) -> str:
    return cell(summary.get("median_ms"), summary.get("peak_resident_mib"))


def _cells(line: dict) -> list[str]:
    if line["refused"]:
        return [line["title"], "refused", *("" for _ in HEADER[2:])]
    peers = [summary for name, summary in line["systems"].items() if name != "ours"]
    peer = peers[0] if peers else {}
    memory = f"{line['weight_bytes'] / 2**20:,.0f} + {number(line['plan_mib'])}"
    return [
        line["title"],
        number(line["gflop"]),
        memory,
        number(line["code_bytes"] / 2**10),
        number(line["compile_cpu_s"]),
        _system(line["systems"]["ours"]),
        _system(peer),
        _ratio(peer),
        f"`{line['command']}`",
        f"`{line['test']}`",
    ]


def models_to_markdown(document: dict) -> str:
    """The table of all rows of a document, and what its numbers are."""
    versions = document["versions"]
    counts = [len(line["systems"].get("ours", {}).get("ms", ())) for line in document["lines"]]
    legend = (
        f"`perceiver-import NAME` reads a checkpoint in a folder NAME, `papers.py` is "
        "python/models/papers.py; the tests, in `python/tests`, run the same at reduced size. "
        "Checkpoints have seeded weights; those of transformers' classes are saved by it. "
        "Sizes of inputs are dynamic wherever no table of the model fixes them. The plan is the "
        "workspace of a run. Times are medians of "
        f"up to {max(counts)} rounds in which systems "
        "take turns, and the peak memory of each process; float32, batch 1, "
        f"{document['processors']} processors ({document['processor']}). The peer is transformers "
        f"{versions.get('transformers', '')} on torch {versions.get('torch', '')}, eager, or, "
        "where the row says so, this compiler with static sizes. The ratio has its 90 % interval."
    )
    return "\n".join(
        [
            row(HEADER),
            RULE,
            *(row(_cells(line)) for line in document["lines"]),
            "",
            textwrap.fill(legend, 80, break_on_hyphens=False),
        ]
    )
