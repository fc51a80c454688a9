"""What all lines came to as one table in Markdown, from their JSON: that of README.md."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence

from bench.report import label
from bench.systems import NOT_INSTALLED

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


def _number(value: float | None) -> str:
    return "" if value is None else number(value)


def _bounds(line: dict) -> list[str]:
    """Of all FLOPs and of those that ours does; of memory the same; how near ours comes to it."""
    ours = line["systems"]["ours"]
    if "median_ms" not in ours:
        return [cell(None, line["bytes"] / 2**20 if line["bytes"] else None), "", ""]
    return [
        _number(ours.get("dense_bound_ms")),
        _number(ours.get("bound_ms")),
        "{:.2f}".format(ours["fraction_of_bound"]) if "fraction_of_bound" in ours else "",
    ]


def _other(column: str, peers: dict[str, dict], absent: Mapping[str, str]) -> str:
    """The cell of another system."""
    if column in peers:
        return _system(peers[column])
    return "fails" if any(name in absent for name in COLUMNS[column]) else ""


def _failed(line: dict) -> dict[str, str]:
    """What was asked for and could not run, with the reason on one line."""
    return {
        name: why.removeprefix(f"{name}: ").partition("; see ")[0].partition("\n")[0]
        for name, why in line["absent"].items()
        if why != NOT_INSTALLED
    }


def _cells(line: dict, columns: list[str]) -> list[str]:
    if line["refused"]:
        return [label(line), "", "", "refused", *("" for _ in columns), "", "", "", ""]
    ours = _system(line["systems"]["ours"])
    if "load_ms" in line:
        ours += f", load {number(line['load_ms'])}"
    peers, failed = _peers(line["systems"]), _failed(line)
    others = [_other(column, peers, failed) for column in columns]
    flops = [_number(line[name]) for name in ("gflop", "executed_gflop")]
    return [label(line), *flops, ours, *others, _ratio(peers), *_bounds(line)]


def row(cells: Sequence[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"


def _rounds(lines: Iterable[dict]) -> str:
    counts = [len(line["systems"].get("ours", {}).get("ms", ())) for line in lines]
    few, many = min(filter(None, counts), default=0), max(counts, default=0)
    return str(many) if few == many else f"{few} to {many}"


def to_markdown(document: dict) -> str:
    """The table of all lines of a document, and what its numbers are."""
    lines, versions = document["lines"], document["versions"]
    columns = [
        column
        for column, names in COLUMNS.items()
        if any(name in line["systems"] or name in _failed(line) for line in lines for name in names)
    ]
    names = [f"{column} {versions.get(PACKAGES.get(column), '')}".strip() for column in columns]
    header = ["ms (MiB)", "GFLOP dense", "executed", "ours", *names, "ours / fastest",
              "bound, dense", "executed", "of it"]  # fmt: skip
    legend = (
        f"Medians of {_rounds(lines)} rounds in which systems take turns, and the peak memory "
        f"of each process; float32, batch 1, {document['processors']} processors "
        f"({document['processor']}). The ratio to the fastest other system has its 90 % interval. "
        "Dense FLOPs are those of the model as it is written, executed ones those that are left "
        "when this compiler has rewritten it. A bound is FLOPs at the machine's peak, or bytes "
        "through its memory: the dense one may be beaten, and of the executed one the last column "
        "says which part a run reaches."
    )
    failures = [
        textwrap.fill(f"* {label(line)}: {name} fails: {why}", 80, subsequent_indent="  ")
        for line in lines
        for name, why in _failed(line).items()
    ]
    return "\n".join(
        [
            row(header),
            f"|---|{'--:|' * (len(header) - 1)}",
            *(row(_cells(line, columns)) for line in lines),
            "",
            textwrap.fill(legend, 80),
            *(["", *failures] if failures else []),
        ]
    )
