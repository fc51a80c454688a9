"""The benchmark's own arithmetic, tables and messages, and its lines with our system alone."""

import json
import os
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from safetensors.numpy import load_file

from bench import against, flops, lines, measure, report, stats, systems, whole
from bench.__main__ import main
from bench.workload import ToolError, Workload, find_description, make, run_json, run_tool

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("PERCEIVER_BUILD", ROOT / "build"))


@pytest.fixture
def run_bench(monkeypatch, capsys):
    """Calls the command; what it returns has its exit status and what it printed."""

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["bench", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        return SimpleNamespace(returncode=end.value.code, stdout=printed.out, stderr=printed.err)

    return run


def test_quartiles():
    assert stats.quartiles([5.0, 1.0, 3.0, 2.0, 4.0]) == (2.0, 3.0, 4.0)
    assert stats.quartiles([7.0]) == (7.0, 7.0, 7.0)
    with pytest.raises(ValueError, match="at least one"):
        stats.quartiles([])


def test_critical_ranks_are_those_of_the_tables():
    # The largest sums that Wilcoxon's test rejects on one side at 5 %.
    tables = {5: 0, 6: 2, 7: 3, 8: 5, 9: 8, 10: 10, 12: 17, 15: 30, 20: 60, 25: 100}
    assert {count: stats.critical_rank(count) - 1 for count in tables} == tables
    assert [stats.critical_rank(count) for count in (1, 2, 3, 4)] == [1, 1, 1, 1]


def test_paired_ratio_and_its_interval():
    ours = [1.0, 1.1, 0.9, 1.0, 1.2, 1.0, 0.8, 1.0, 1.0, 1.0]
    # What slows one down slows the other.
    ratio, interval = stats.paired_ratio(ours, [2 * value for value in ours])
    assert (ratio, *interval) == pytest.approx((0.5, 0.5, 0.5))
    # Of five rounds the least and the largest; the median of 1, 2, 4, 8, 16 and their means.
    ratio, interval = stats.paired_ratio([1.0, 4.0, 2.0, 16.0, 8.0], [1.0] * 5)
    assert (ratio, *interval) == pytest.approx((4.0, 1.0, 16.0))
    # Of ten the eleventh of 55 means on either side: 0, .5, 1, 1, 1.5, 1.5, 2, 2, 2, 2.5, 2.5, ..
    ratio, interval = stats.paired_ratio([2.0**n for n in range(10)], [1.0] * 10)
    assert (ratio, *interval) == pytest.approx((2.0**4.5, 2.0**2.5, 2.0**6.5))
    # One round that something else has slowed down does not count for much.
    ratio, interval = stats.paired_ratio([*ours[:9], 50.0], ours)
    assert (ratio, *interval) == pytest.approx((1.0, 1.0, 1.0))
    ratio, interval = stats.paired_ratio([3.0], [2.0])
    assert (ratio, *interval) == pytest.approx((1.5, 1.5, 1.5))
    with pytest.raises(ValueError, match="10 and 9"):
        stats.paired_ratio(ours, ours[:9])


def test_bound_is_what_takes_longer():
    assert stats.bound_ms(2e9, 1e6, 100.0, 10.0) == pytest.approx(20.0)
    assert stats.bound_ms(2e6, 1e9, 100.0, 10.0) == pytest.approx(100.0)
    assert stats.bound_ms(2e6, 1e9, 100.0, None) == pytest.approx(0.02)


def test_flops_are_the_papers():
    assert flops.imagenet() / 1e9 == pytest.approx(406.12, abs=0.01)
    assert flops.imagenet_encode() / 1e9 == pytest.approx(43.19, abs=0.01)
    assert flops.imagenet_process() / 1e9 == pytest.approx(360.78, abs=0.01)
    assert flops.lucidrains() / 1e9 == pytest.approx(45.52, abs=0.005)
    # The encoder's cross-attention, of 4 x 2 self-attentions, of the decoder; 48 -> 10.
    assert flops.digits() == 711_936 + 8 * 491_520 + 168_960 + 960
    assert flops.attention(1, 2, 3, 5, 7) == 2 * 2 * 3 * 12


def test_repeats():
    assert measure.repeats(3000.0) == 1
    assert measure.repeats(10.0) == 15
    assert measure.repeats(0.0) == measure.MOST_REPEATS


def test_relative_difference():
    ones = np.ones((2, 3), np.float32)
    assert measure.relative_difference(ones, ones) == 0
    assert measure.relative_difference(1.5 * ones, ones) == pytest.approx(0.5)
    assert measure.relative_difference(ones[:1], ones) == np.inf
    assert measure.relative_difference(np.nan * ones, ones) == np.inf
    assert measure.largest_difference({"a": ones, "b": ones}, {"a": ones, "b": 2 * ones}) == 0.5
    assert measure.largest_difference({"a": ones}, {"a": ones, "b": ones}) == np.inf


def make_outcome():
    flop = 2_000_000_000
    line = lines.Line("x", "something", "run", "x", flop, aim=(2, 0.5), floor=(5, 2.0), goal="fast")
    outcome = measure.Outcome(
        line, threads=2, num_bytes=1_000_000, executed_flop=flop // 4, gb_per_s=10.0
    )
    outcome.systems["ours"] = measure.Measurement([40.0, 50.0, 40.0], [100.0] * 3, 0.0, 30.0)
    outcome.systems["torch"] = measure.Measurement([80.0, 100.0, 80.0], [100.0] * 3, 1e-6)
    outcome.absent["openvino"] = systems.NOT_INSTALLED
    return outcome


def test_report_of_a_line():
    document = report.to_json(make_outcome())
    assert json.loads(json.dumps(document)) == document
    ours, torch = document["systems"]["ours"], document["systems"]["torch"]
    # Ours does a quarter of the FLOPs; of others it is not known.
    assert ours["median_ms"] == 40.0 and ours["bound_ms"] == pytest.approx(5.0)
    assert ours["dense_bound_ms"] == torch["bound_ms"] == pytest.approx(20.0)
    assert ours["fraction_of_peak"] == ours["fraction_of_bound"] == pytest.approx(0.125)
    assert torch["fraction_of_peak"] == pytest.approx(0.25)
    assert document["gflop"] == 2.0 and document["executed_gflop"] == 0.5
    assert "ours_to_it" not in ours and torch["ours_to_it"] == 0.5
    assert document["aim_ms"] == pytest.approx(10.5)
    assert document["floor_ms"] == pytest.approx(27.0)
    table = report.to_table(document).splitlines()
    assert table[0] == "x: something, 2 threads"
    assert table[1] == (
        "  2 GFLOP, 0.5 of them executed, 1 MB (all weights, inputs, outputs); "
        "peak 100 GFLOP/s, memory 10.0 GB/s; bound 5 ms, dense 20 ms"
    )
    assert table[2:5] == ["  aim: 10.5 ms", "  floor: 27 ms", "  fast"]
    assert [row.split()[0] for row in table[5:8]] == ["system", "ours", "torch"]
    assert table[6].split() == ["ours", "40", "40", "..", "45", "0.12", "0.12", "30"]
    assert table[-1] == (
        "  openvino: not installed: python/bench/requirements-peers.txt"
        " (tools/bench --install-peers)"
    )


def test_report_where_executed_flops_are_not_known():
    outcome = make_outcome()
    outcome.executed_flop = None
    document = report.to_json(outcome)
    ours = document["systems"]["ours"]
    assert ours["bound_ms"] == ours["dense_bound_ms"] == pytest.approx(20.0)
    assert document["executed_gflop"] is None
    assert report.to_table(document).splitlines()[1].startswith("  2 GFLOP, 1 MB (")


def test_report_of_a_refused_line():
    outcome = make_outcome()
    outcome.systems = {}
    outcome.refused = "outputs differ from ours: torch 1.0e-01"
    # What is known of the model all the same, but for the plan, which a run tells.
    outcome.facts = {"code_bytes": 1, "weight_bytes": 1}
    table = report.to_table(report.to_json(outcome))
    assert "  refused: outputs differ from ours: torch 1.0e-01" in table
    assert "median" not in table


def make_comparison():
    pairs = {
        "run ms": against.Pairs([40.0, 50.0, 40.0], [80.0, 100.0, 80.0]),
        "run MiB": against.Pairs([200.0] * 3, [160.0] * 3),
    }
    return against.Comparison(lines.Line("x", "something", "run", "x"), 2, pairs)


def test_report_of_a_comparison():
    document = report.comparison_to_json(make_comparison())
    assert json.loads(json.dumps(document)) == document
    found = document["quantities"]["run ms"]
    assert found["ratio"] == pytest.approx(0.5) and found["interval"] == pytest.approx([0.5, 0.5])
    assert found["ours"] == [40.0, 50.0, 40.0] and found["theirs"] == [80.0, 100.0, 80.0]
    head, *rows = report.comparison_to_table(document).splitlines()
    assert head == "x: something, 2 threads; the bits agree"
    assert [row.split() for row in rows[1:]] == [
        ["run", "ms", "40", "80", "0.500", "0.500", "..", "0.500"],
        ["run", "MiB", "200", "160", "1.250", "1.250", "..", "1.250"],
    ]
    comparison = make_comparison()
    comparison.differing = ["a", "b"]
    table = report.comparison_to_table(report.comparison_to_json(comparison))
    assert table.startswith("x: something, 2 threads; the bits of a, b differ\n")
    comparison.refused = "failed: perceiver-compile"
    table = report.comparison_to_table(report.comparison_to_json(comparison))
    assert table == "x: something, 2 threads\n  refused: failed: perceiver-compile"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--lines=latents,nothing"], "expected a line among latents-1, .*, but got 'nothing'"),
        (["--peers=jax"], "expected a peer among torch, .*, but got 'jax'"),
        (["--rounds=2", "--rounds=3"], "argument --rounds: expected it once, but got it again"),
        (["--rounds=0"], "expected a number from 1 to 4096, but got '0'"),
        (["--threads=two"], "expected a number from 1 to 4096, but got 'two'"),
        (["--peers=torch", "--no-peers"], "not allowed with argument"),
        (["--against=/", "--no-peers"], "expected a build folder with bin/perceiver-compile"),
        ([f"--against={BUILD}", "--peers=torch"], "not allowed with argument"),
        (["--keep"], "argument --keep: expected models"),
        (["models", f"--against={BUILD}"], "argument --against: not for models"),
        (["models", "--lines=digits"], "expected a line among language-perceiver, .*got 'digits'"),
    ],
)
def test_wrong_arguments(arguments, message, run_bench):
    done = run_bench(*arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert re.search(message, done.stderr), done.stderr


def test_help_lists_the_lines(run_bench):
    done = run_bench("--help")
    assert done.returncode == 0
    assert all(line.title in done.stdout for line in whole.TABLE.values())


# Rounds


@pytest.mark.parametrize(
    ("asked", "most", "longest_ms", "rounds"),
    [
        (None, None, 4000.0, 10),
        (None, None, 5001.0, 5),
        (None, 3, 4000.0, 3),
        (20, None, 9000.0, 20),
        (20, 3, 9000.0, 3),
        (2, 3, 1.0, 2),
    ],
)
def test_long_runs_have_fewer_rounds(asked, most, longest_ms, rounds):
    bench = measure.Bench(BUILD, asked, 1, ())
    outcome = measure.Outcome(lines.Line("x", "X", "run", "x", most_rounds=most), threads=1)
    for name, ms in (("ours", 10.0), ("torch", longest_ms)):
        outcome.systems[name] = measure.Measurement(first_ms=ms)
    assert bench._rounds(outcome) == rounds


# FLOPs that are executed


def test_executed_flops_are_those_of_phases(tmp_path, monkeypatch):
    phases = [
        {"flop": [{"size": 0}, 100, "*"], "times": 1, "tasks": 4},
        {"flop": 7, "times": 8, "tasks": 1},
        {"flop": 0, "times": 1, "tasks": 1},
    ]
    workload = Workload("digits", tmp_path)
    monkeypatch.setattr(workload, "signature", lambda entry: {"phases": phases})
    monkeypatch.setattr(workload, "sizes", lambda entry: {"batch": 3})
    assert workload.executed_flop("run") == 3 * 100 + 7
    del phases[0]["flop"]
    assert workload.executed_flop("run") is None


def test_executed_flops_of_a_loop_are_those_of_all_iterations(build):
    workload = Workload("digits", build)
    counted = {name: workload.executed_flop(name) for name in ("encode", "process", "decode")}
    assert sum(counted.values()) == workload.executed_flop("run")
    # Nothing of the self-attention is saved, and little of the rest.
    assert counted["process"] == 8 * 491_520
    assert counted["decode"] <= 168_960 + 960


def test_peers_that_are_not_installed_are_named(monkeypatch):
    monkeypatch.setattr(measure, "are_peers_installed", lambda: False)
    bench = measure.Bench(BUILD, rounds=1, threads=1, peers=None)
    outcome = measure.Outcome(lines.LINES["attention-self"], threads=1)
    assert bench._peer_names(outcome) == []
    assert outcome.absent == dict.fromkeys(lines.ATTENTION_PEERS, systems.NOT_INSTALLED)


def test_peers_are_chosen_by_name(monkeypatch):
    monkeypatch.setattr(measure, "are_peers_installed", lambda: True)
    bench = measure.Bench(BUILD, rounds=1, threads=1, peers=("torch", "openvino"))
    chosen = bench._peer_names(measure.Outcome(lines.LINES["attention-self"], threads=1))
    assert chosen == ["torch-sdpa", "torch-matmul", "openvino"]
    chosen = bench._peer_names(measure.Outcome(lines.LINES["imagenet"], threads=1))
    assert chosen == ["torch", "openvino"]


def test_a_tool_that_fails_is_told(tmp_path):
    with pytest.raises(ToolError, match="perceiver-run: error: "):
        run_tool([BUILD / "bin/perceiver-run", tmp_path / "missing.so", "--bench"])


def test_a_warning_is_no_part_of_the_output():
    assert run_json(["sh", "-c", "echo warning: slow >&2; echo '{}'"]) == {}


def test_a_file_is_made_again_when_a_source_is_newer(tmp_path):
    path, source = tmp_path / "made.txt", tmp_path / "source"
    source.touch()
    assert make(path, [source], lambda partial: partial.write_text("one")).read_text() == "one"
    make(path, [source], lambda partial: partial.write_text("two"))
    assert path.read_text() == "one"
    later = path.stat().st_mtime + 1
    os.utime(source, (later, later))

    def stop_half_way(partial):
        partial.write_text("tw")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(path, [source], stop_half_way)
    assert path.read_text() == "one"
    make(path, [source], lambda partial: partial.write_text("two"))
    assert path.read_text() == "two"


def test_files_of_other_generators_are_made_again(tmp_path):
    workload = Workload("attention-self", tmp_path)
    for path in (workload.weights, workload.inputs()):
        path.write_text("of an older commit")
        os.utime(path, (0, 0))
    assert load_file(workload.weights) == {}
    assert set(load_file(workload.inputs())) == {"query", "key", "value"}


def test_peak():
    for arguments in (["2", "5"], ["1", "5", "1"]):
        found = json.loads(run_tool([BUILD / "bin/perceiver-peak", *arguments]).output)
        assert found["gflop_per_s"] > 0.1 and found["lanes"] in (4, 8, 16)
        assert (found["gb_per_s"] is None) == (len(arguments) == 2)
    for arguments in ([], ["0", "5"], ["1", "-5"], ["1", "5", "x", "y"]):
        with pytest.raises(ToolError, match="expected THREADS MILLISECONDS"):
            run_tool([BUILD / "bin/perceiver-peak", *arguments])


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """A build folder of its own with the build's programs; models are compiled once."""
    folder = tmp_path_factory.mktemp("bench")
    (folder / "bin").symlink_to(BUILD / "bin")
    return folder


def test_a_line_with_ours_alone(build, run_bench):
    path = build / "found.json"
    done = run_bench(
        "--lines=attention-self,digits", "--rounds=2", "--threads=1", "--no-peers",
        f"--build={build}", f"--json={path}",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(path.read_text())
    assert [line["name"] for line in found["lines"]] == ["attention-self", "digits"]
    for line in found["lines"]:
        ours = line["systems"]["ours"]
        assert len(ours["ms"]) == 2 and line["refused"] is None
        assert 0 < ours["fraction_of_peak"] and ours["median_ms"] > 0


@pytest.fixture(scope="module")
def other_checkout(tmp_path_factory):
    """Another one's attention, which has half as many heads."""
    folder = tmp_path_factory.mktemp("checkout")
    path = find_description("attention-self", folder)
    path.parent.mkdir(parents=True)
    text = find_description("attention-self").read_text()
    assert "heads = 8" in text
    path.write_text(text.replace("heads = 8", "heads = 4"))
    return folder


def test_a_build_against_itself(build, run_bench):
    path = build / "against.json"
    done = run_bench(
        f"--against={BUILD}", "--lines=attention-self", "--rounds=1", "--threads=1",
        f"--build={build}", f"--json={path}",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "attention-self: " in done.stdout and "1 thread; the bits agree\n" in done.stdout
    (found,) = json.loads(path.read_text())["lines"]
    assert list(found["quantities"]) == ["run ms", "run MiB", "compile ms", "compile MiB"]
    for pairs in found["quantities"].values():
        assert len(pairs["ours"]) == len(pairs["theirs"]) == 1
        assert 0.1 < pairs["ratio"] < 10


def test_a_build_against_another_with_descriptions_of_its_own(build, other_checkout):
    comparer = against.Comparer(build, BUILD, other_checkout, rounds=1, threads=1)
    comparison = comparer.measure(lines.LINES["attention-self"])
    assert comparison.refused is None
    assert comparison.differing == ["attended"]


def test_a_build_that_fails_is_told(build, tmp_path):
    comparer = against.Comparer(build, BUILD, tmp_path, rounds=1, threads=1)
    comparison = comparer.measure(lines.LINES["digits"])
    assert "failed: " in comparison.refused and "digits.mlir" in comparison.refused
    assert comparison.quantities == {}


def test_sides_take_turns_in_being_first(build):
    comparer = against.Comparer(build, BUILD, ROOT, rounds=3, threads=1)
    order = []

    def measure_side(side):
        order.append(side)
        return {"x": float(len(order))}

    assert comparer._in_turn(measure_side) == {"x": against.Pairs([2.0, 3.0, 6.0], [1.0, 4.0, 5.0])}
    ours, theirs = comparer.ours, comparer.theirs
    assert order == [theirs, ours, ours, theirs, theirs, ours]


def attend(query, key, value, heads):
    """Softmax attention in float64: [N, h*dqk], [M, h*dqk], [M, h*dv] -> [N, h*dv]."""
    q, k, v = (np.asarray(x, np.float64).reshape(len(x), heads, -1) for x in (query, key, value))
    q, k, v = (x.swapaxes(0, 1) for x in (q, k, v))
    scores = q @ k.swapaxes(1, 2) / np.sqrt(q.shape[-1])
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    attended = weights @ v / weights.sum(-1, keepdims=True)
    return attended.swapaxes(0, 1).reshape(len(query), -1)


@pytest.mark.parametrize(
    "name",
    [
        # It reads and writes 210 MB.
        pytest.param(name, marks=[pytest.mark.slow] if name == "attention-cross" else [])
        for name in lines.ATTENTIONS
    ],
)
def test_attention_alone_is_right(build, name):
    workload = Workload(name, build)
    outputs = build / "out.safetensors"
    run_tool([build / "bin/perceiver-run", workload.compiled(), f"--input={workload.inputs()}",
              f"--output={outputs}"])  # fmt: skip
    query, key, value = (load_file(workload.inputs())[n][0] for n in ("query", "key", "value"))
    # Some rows of queries stand for all.
    expected = attend(query[::37], key, value, lines.ATTENTIONS[name].heads)
    attended = load_file(outputs)["attended"][0, ::37]
    assert measure.relative_difference(attended, expected) <= 1e-5
    workload.inputs().unlink()


def test_bytes_are_those_of_all_weights(build):
    workload = Workload("digits", build)
    weights = workload.num_bytes("run") - 4 * (64 + 10)
    assert weights > 0
    assert workload.num_bytes("process") == weights + 4 * 2 * 16 * 48


def test_ours_gives_what_perceiver_run_gives(build):
    workload = Workload("digits", build)
    outputs = build / "out.safetensors"
    run_tool([build / "bin/perceiver-run", workload.compiled(), f"--input={workload.inputs()}",
              f"--output={outputs}"])  # fmt: skip
    system = systems.System("ours", workload, "run", 2)
    try:
        system.prepare()
        assert len(system.run(3)) == 3
        results = system.result()
        assert list(results) == ["logits"]
        assert np.array_equal(results["logits"], load_file(outputs)["logits"])
        assert 0 < system.plan_mib() < 1
        assert system.peak_mib() > 1
    finally:
        system.close()


def test_a_system_that_fails_says_why(build):
    workload = Workload("digits", build)
    system = systems.System("ours", workload, "run", -1)
    with pytest.raises(systems.SystemFailure, match="ours: RuntimeError: .*thread"):
        system.prepare()
    system.close()


def test_a_system_that_ends_between_requests_is_closed(build):
    system = systems.System("ours", Workload("digits", build), "run", 1)
    system.prepare()
    system.process.kill()
    system.process.wait()
    with pytest.raises(systems.SystemFailure, match="ours ended; see "):
        system.run(1)
    system.close()
    assert system.process is None
