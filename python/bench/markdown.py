"""What all lines came to as one table in Markdown, from their JSON: that of README.md."""

import textwrap
from collections.abc import Sequence

from bench.report import label

# A column is a system, or what is the fastest of several that are one product.
COLUMNS = {
    "PyTorch": ("torch", "torch-sdpa", "torch-matmul"),
    "torch.compile": ("torch.compile",),
    "ONNX Runtime": ("onnxruntime",),
    "OpenVINO": ("openvino",),
}
PACKAGES = {"PyTorch": "torch", "ONNX Runtime": "onnxruntime", "OpenVINO": "openvino"}


def number(value: float) -> str:
    """Three digits, or all of a whole number that has more."""
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def cell(ms: float | None, mib: float | None) -> str:
    """A time, and the memory in brackets; what was not measured is left out."""
    parts = [] if ms is None else [number(ms)]
    if mib is not None:
        parts.append(f"({mib:,.0f})")
    return " ".join(parts)


def _system(summary: dict) -> str:
    return cell(summary.get("median_ms"), summary.get("peak_resident_mib"))


def _speed(summary: dict) -> float:
    """The ratio of rounds, which is surer than medians: what disturbs a round disturbs both."""
    return summary.get("ours_to_it", 0.0)


def _peers(systems: dict) -> dict[str, dict]:
    """By column the numbers of its system, of several the fastest."""
    found = {}
    for column, names in COLUMNS.items():
        summaries = [systems[name] for name in names if name in systems]
        if summaries:
            found[column] = max(summaries, key=_speed)
    return found


def _ratio(peers: dict[str, dict]) -> str:
    timed = [summary for summary in peers.values() if "ours_to_it" in summary]
    if not timed:
        return ""
    fastest = max(timed, key=_speed)
    return "{:.2f} ({:.2f} .. {:.2f})".format(
        fastest["ours_to_it"], *fastest["ours_to_it_interval"]
    )


def _bound(line: dict) -> str:
    if "median_ms" in line["systems"]["ours"]:
        return cell(line["systems"]["ours"].get("bound_ms"), None)
    return cell(None, line["bytes"] / 2**20 if line["bytes"] else None)


def _cells(line: dict, columns: list[str]) -> list[str]:
    if line["refused"]:
        return [label(line), "refused", *("" for _ in columns), "", ""]
    ours = _system(line["systems"]["ours"])
    if "load_ms" in line:
        ours += f", load {number(line['load_ms'])}"
    peers = _peers(line["systems"])
    others = [_system(peers[column]) if column in peers else "" for column in columns]
    return [label(line), ours, *others, _ratio(peers), _bound(line)]


def row(cells: Sequence[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"


def to_markdown(document: dict) -> str:
    """The table of all lines of a document, and what its numbers are."""
    lines, versions = document["lines"], document["versions"]
    columns = [column for column in COLUMNS if any(column in _peers(x["systems"]) for x in lines)]
    names = [f"{column} {versions.get(PACKAGES.get(column), '')}".strip() for column in columns]
    header = ["ms (MiB)", "ours", *names, "ours / fastest", "bound"]
    legend = (
        f"Medians of {document['rounds']} rounds in which systems take turns, and the peak memory "
        f"of each process; float32, batch 1, {document['processors']} processors "
        f"({document['processor']}). The ratio to the fastest other system has its 90 % interval. "
        "No program gets below the bound: FLOPs at the machine's peak, or bytes through its memory."
    )
    return "\n".join(
        [
            row(header),
            f"|---|{'--:|' * (len(header) - 1)}",
            *(row(_cells(line, columns)) for line in lines),
            "",
            textwrap.fill(legend, 80),
        ]
    )
