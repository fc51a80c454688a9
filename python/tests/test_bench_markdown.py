"""The table that tools/bench --markdown makes of its JSON."""

import json

import pytest

from bench.__main__ import main
from bench.markdown import to_markdown
from bench.systems import NOT_INSTALLED, peer_versions
from bench.whole import TABLE


def make_line(name, title, systems, **facts):
    return {"name": name, "title": title, "threads": 2, "bytes": 3 * 2**20, "systems": systems,
            "refused": None, "absent": {}, "gflop": None, "executed_gflop": None,
            **facts}  # fmt: skip


def make_peer(ms, mib, ratio):
    interval = [ratio - 0.01, ratio + 0.02]
    return {"median_ms": ms, "peak_resident_mib": mib, "ours_to_it": ratio,
            "ours_to_it_interval": interval}  # fmt: skip


def make_document():
    ours = {"median_ms": 1234.5, "peak_resident_mib": 330.4, "dense_bound_ms": 1500.0,
            "bound_ms": 800.0, "fraction_of_bound": 0.648, "ms": [1.0] * 7}  # fmt: skip
    peers = {"torch": make_peer(3000.0, 1533.0, 0.41), "openvino": make_peer(2468.0, 939.0, 0.5)}
    attention = {
        "ours": {"median_ms": 9.876, "peak_resident_mib": 30.0, "ms": [1.0] * 3},
        "torch-sdpa": make_peer(20.0, 500.0, 0.49),
        "torch-matmul": make_peer(12.0, 600.0, 0.82),
    }
    memory = {"ours": {"peak_resident_mib": 200.0}, "torch": {"peak_resident_mib": 1500.0}}
    compiling = {"ours": {"median_ms": 20000.0, "peak_resident_mib": 2000.0}}
    return {
        "processor": "A processor",
        "processors": 2,
        "versions": {"torch": "2.1", "openvino": "3.0"},
        "lines": [
            make_line(
                "imagenet",
                "whole",
                {"ours": ours} | peers,
                gflop=406.1,
                executed_gflop=363.4,
                absent={"onnxruntime": "onnxruntime: no memory; see x.log"},
            ),  # fmt: skip
            make_line(
                "attention-self",
                "attention, 1 thread",
                attention,
                absent={"openvino": NOT_INSTALLED},
            ),  # fmt: skip
            make_line("memory", "memory", memory),
            make_line("compile", "compile and load", compiling, load_ms=4.56, bytes=None),
            make_line("lucidrains", "other", {}, refused="outputs differ from ours: torch 1.0"),
        ],
    }


def test_table():
    lines = to_markdown(make_document()).splitlines()
    # No line has torch.compile; of two attentions of PyTorch the faster; what is not installed is
    # left out, what fails is told.
    assert lines[:8] == [
        "| ms (MiB) | GFLOP dense | executed | ours | PyTorch 2.1 | ONNX Runtime | OpenVINO 3.0"
        " | ours / fastest | bound, dense | executed | of it |",
        f"|---|{'--:|' * 10}",
        "| whole, 2 threads | 406 | 363 | 1,234 (330) | 3,000 (1,533) | fails | 2,468 (939)"
        " | 0.50 (0.49 .. 0.52) | 1,500 | 800 | 0.65 |",
        "| attention, 1 thread |  |  | 9.88 (30) | 12 (600) |  |  | 0.82 (0.81 .. 0.84) |  |  |  |",
        "| memory, 2 threads |  |  | (200) | (1,500) |  |  |  | (3) |  |  |",
        "| compile and load, 2 threads |  |  | 20,000 (2,000), load 4.56 |  |  |  |  |  |  |  |",
        "| other, 2 threads |  |  | refused |  |  |  |  |  |  |  |",
        "",
    ]
    *legend, empty, failure = lines[8:]
    assert " ".join(legend).startswith("Medians of 3 to 7 rounds ")
    assert "2 processors (A processor)" in " ".join(legend)
    assert empty == ""
    assert failure == "* whole, 2 threads: onnxruntime fails: no memory"
    assert max(map(len, lines[8:])) <= 80


def test_table_of_ours_alone():
    document = make_document()
    document["lines"] = [document["lines"][3]]
    header, rule, row, *legend = to_markdown(document).splitlines()
    assert header == (
        "| ms (MiB) | GFLOP dense | executed | ours | ours / fastest | bound, dense | executed"
        " | of it |"
    )
    assert rule.count("|") == header.count("|") == row.count("|")
    assert row == "| compile and load, 2 threads |  |  | 20,000 (2,000), load 4.56 |  |  |  |  |"
    assert legend[-1] and "fails" not in " ".join(legend)


def test_the_fastest_is_that_of_the_ratios():
    document = make_document()
    # Its median is that of disturbed rounds.
    document["lines"][0]["systems"]["openvino"]["median_ms"] = 3500.0
    row = to_markdown(document).splitlines()[2]
    assert "| 3,000 (1,533) | fails | 3,500 (939) | 0.50 (0.49 .. 0.52) |" in row


def test_versions_are_those_of_the_requirements():
    versions = peer_versions()
    assert versions.keys() >= {"torch", "onnxruntime", "openvino", "perceiver-pytorch"}
    assert all(version[0].isdigit() for version in versions.values()), versions


def test_rows_are_chosen_by_name(tmp_path, monkeypatch, capsys):
    path = tmp_path / "found.json"
    document = make_document()
    assert all(line["name"] in TABLE for line in document["lines"])
    path.write_text(json.dumps(document))
    monkeypatch.setattr("sys.argv", ["bench", "--markdown", f"--json={path}", "--lines=memory"])
    main()
    document["lines"] = [document["lines"][2]]
    assert capsys.readouterr().out == f"{to_markdown(document)}\n"


def test_a_file_without_times_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "against.json"
    monkeypatch.setattr("sys.argv", ["bench", "--markdown", f"--json={path}"])
    with pytest.raises(SystemExit, match="could not read what has been measured: .*No such file"):
        main()
    path.write_text(json.dumps({"lines": []}))
    with pytest.raises(SystemExit, match="expected times beside those of other systems in '.*'"):
        main()
