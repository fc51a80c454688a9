"""Outcomes as a table for people and as JSON for programs."""

from bench import stats
from bench.against import Comparison
from bench.measure import Measurement, Outcome

COMPARISON_HEADER = ("", "ours", "theirs", "ours / theirs", "90 % interval")
HEADER = ("system", "median ms", "quartiles", "ours / it", "90 % interval", "of peak", "of bound",
          "MiB")  # fmt: skip


def _summary(outcome: Outcome, found: Measurement) -> dict:
    """The numbers of one system; those that a line does not measure are left out."""
    summary: dict = {}
    if found.difference is not None:
        summary["difference"] = found.difference
    if found.peak_mib is not None:
        summary["peak_resident_mib"] = found.peak_mib
    if not found.ms:
        return summary
    low, middle, high = stats.quartiles(found.ms)
    summary |= {"median_ms": middle, "quartiles_ms": [low, high], "ms": found.ms}
    ours = outcome.systems["ours"].ms
    if found.ms is not ours and len(ours) == len(found.ms):
        ratio, interval = stats.paired_ratio(ours, found.ms)
        summary |= {"ours_to_it": ratio, "ours_to_it_interval": list(interval)}
    if found.gflop_per_s and outcome.line.flop:
        peaks = list(zip(found.ms, found.gflop_per_s))
        flop, num_bytes = outcome.line.flop, outcome.num_bytes

        def bounds_of(flop: float) -> list[float]:
            return [stats.bound_ms(flop, num_bytes, peak, outcome.gb_per_s) for _, peak in peaks]

        dense = bounds_of(flop)
        # What others do of the model is not known: as much as it says.
        if found is outcome.systems["ours"] and outcome.executed_flop is not None:
            flop = outcome.executed_flop
        bounds = bounds_of(flop)
        fractions = [flop / 1e6 / ms / peak for ms, peak in peaks]
        summary |= {
            "gflop_per_s": flop / 1e6 / middle,
            "peak_gflop_per_s": stats.quartiles(found.gflop_per_s)[1],
            "dense_bound_ms": stats.quartiles(dense)[1],
            "bound_ms": stats.quartiles(bounds)[1],
            "fraction_of_peak": stats.quartiles(fractions)[1],
            "fraction_of_bound": stats.quartiles(
                [bound / ms for bound, ms in zip(bounds, found.ms)]
            )[1],
        }
    return summary


def to_json(outcome: Outcome) -> dict:
    """An outcome as JSON."""
    line = outcome.line
    document = {
        "name": line.name,
        "title": line.title,
        "threads": outcome.threads,
        "gflop": line.flop / 1e9 if line.flop else None,
        "executed_gflop": None if outcome.executed_flop is None else outcome.executed_flop / 1e9,
        "bytes": outcome.num_bytes or None,
        "gb_per_s": outcome.gb_per_s,
        "systems": {name: _summary(outcome, found) for name, found in outcome.systems.items()},
        "absent": outcome.absent,
        "refused": outcome.refused,
        "goal": line.goal or None,
    } | outcome.facts
    ours = document["systems"].get("ours", {})
    for name, limit in (("aim", line.aim), ("floor", line.floor)):
        if limit and "bound_ms" in ours:
            document[f"{name}_ms"] = limit[0] * ours["bound_ms"] + limit[1]
    return document


def _ms(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _cells(name: str, summary: dict) -> tuple[str, ...]:
    def show(key: str, form: str) -> str:
        return form.format(summary[key]) if key in summary else ""

    quartiles = interval = ""
    if "quartiles_ms" in summary:
        quartiles = " .. ".join(map(_ms, summary["quartiles_ms"]))
    if "ours_to_it_interval" in summary:
        interval = "{:.2f} .. {:.2f}".format(*summary["ours_to_it_interval"])
    return (
        name,
        _ms(summary["median_ms"]) if "median_ms" in summary else "",
        quartiles,
        show("ours_to_it", "{:.2f}"),
        interval,
        show("fraction_of_peak", "{:.2f}"),
        show("fraction_of_bound", "{:.2f}"),
        show("peak_resident_mib", "{:.0f}"),
    )


def align(rows: list[tuple[str, ...]]) -> list[str]:
    """Columns as wide as their widest cell: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return [
        "  ".join(
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in rows
    ]


def label(document: dict) -> str:
    """What a line measures, and on how many threads."""
    title, threads = document["title"], document["threads"]
    return title if title.endswith("thread") else f"{title}, {threads} thread{'s' * (threads > 1)}"


def _head(document: dict) -> str:
    return f"{document['name']}: {label(document)}"


def _flops(document: dict) -> str:
    executed = document["executed_gflop"]
    done = "" if executed is None else f", {executed:.4g} of them executed"
    return f"{document['gflop']:.4g} GFLOP{done}"


def to_table(document: dict) -> str:
    """One line's table, from its JSON."""
    lines = [_head(document)]
    ours = document["systems"].get("ours", {})
    if document["gflop"] and "bound_ms" in ours:
        memory = "fits the caches"
        if document["gb_per_s"]:
            memory = f"memory {document['gb_per_s']:.1f} GB/s"
        lines.append(
            f"  {_flops(document)}, {document['bytes'] / 1e6:.4g} MB "
            "(all weights, inputs, outputs); "
            f"peak {ours['peak_gflop_per_s']:.0f} GFLOP/s, {memory}; "
            f"bound {ours['bound_ms']:.3g} ms, dense {ours['dense_bound_ms']:.3g} ms"
        )
    elif document["gflop"]:
        lines.append(f"  {_flops(document)}, not run")
    elif document["bytes"]:
        lines.append(f"  bound {document['bytes'] / 2**20:.0f} MiB: all weights, inputs, outputs")
    if "plan_mib" in document and "code_bytes" in document:
        lines.append(
            f"  weights {document['weight_bytes'] / 2**20:.4g} MiB, "
            f"plan {document['plan_mib']:.4g} MiB, code {document['code_bytes'] / 2**10:.4g} KiB; "
            f"compiled in {document['compile_cpu_s']:.3g} s of a processor"
        )
    lines += [
        f"  {name}: {document[f'{name}_ms']:.3g} ms"
        for name in ("aim", "floor")
        if f"{name}_ms" in document
    ]
    if document["goal"]:
        lines.append(f"  {document['goal']}")
    if document["refused"]:
        lines.append(f"  refused: {document['refused']}")
    else:
        rows = [HEADER, *(_cells(*item) for item in document["systems"].items())]
        lines += [f"  {row}" for row in align(rows)]
    if "load_ms" in document:
        lines.append(f"  load, warm page cache: {document['load_ms']:.3g} ms")
    lines += [f"  {name}: {why}" for name, why in document["absent"].items()]
    return "\n".join(lines)


def comparison_to_json(comparison: Comparison) -> dict:
    """A comparison of two builds as JSON."""
    quantities = {}
    for name, found in comparison.quantities.items():
        ratio, interval = stats.paired_ratio(found.ours, found.theirs)
        quantities[name] = {
            "ours": found.ours,
            "theirs": found.theirs,
            "ratio": ratio,
            "interval": list(interval),
        }
    return {
        "name": comparison.line.name,
        "title": comparison.line.title,
        "threads": comparison.threads,
        "quantities": quantities,
        "differing": comparison.differing,
        "refused": comparison.refused,
    }


def comparison_to_table(document: dict) -> str:
    """The table of a comparison, from its JSON."""
    head = _head(document)
    if document["refused"]:
        return f"{head}\n  refused: {document['refused']}"
    differing = ", ".join(document["differing"])
    bits = f"the bits of {differing} differ" if differing else "the bits agree"
    rows = [
        (
            name,
            *(_ms(stats.quartiles(found[side])[1]) for side in ("ours", "theirs")),
            f"{found['ratio']:.3f}",
            "{:.3f} .. {:.3f}".format(*found["interval"]),
        )
        for name, found in document["quantities"].items()
    ]
    table = (f"  {row}" for row in align([COMPARISON_HEADER, *rows]))
    return "\n".join([f"{head}; {bits}", *table])
