"""Faults in PTX: which there are, and that the emulated device notices them."""

import subprocess
import sys

import numpy as np
import pytest
from compiled import BUILD, ROOT

import ptx

LIBRARY = BUILD / "lib" / "libperceiver_cuda_emulator.so"
KERNELS = ROOT / "tools" / "perceiver-emulator-bench"

# One of each kind: a guard, a scope, a barrier, both spaces, and a task that is divided.
TEXT = """
.version 8.0
.target sm_80
.address_size 64
.visible .entry divide(.param .u64 divide_param_0, .param .u32 n)
{
	.reg .pred %p<2>;
	.reg .b32 %r<9>;
	.reg .b64 %rd<3>;
	.shared .align 16 .b8 tile[64];
	// bar.sync 0; in a comment
	ld.param.u64 %rd1, [divide_param_0];
	ld.param.u32 %r1, [n];
	mov.u32 %r2, %ctaid.x;
	div.u32 %r3, %r2, %r1;
	mul.lo.s32 %r4, %r3, %r1;
	sub.s32 %r5, %r2, %r4;
	mad.lo.s32 %r6, %r3, 7, %r5;
	setp.eq.s32 %p1, %r6, 0;
$L__BB0_1:
	{ .reg .pred p; setp.eq.u32 p, %r5, 0; @p st.shared.v2.b32 [tile+8], {%r5, %r6}; }
	bar.sync 0;
	@!%p1 bra $L__BB0_2;
	st.global.u32 [%rd1], %r6;
$L__BB0_2:
	ret;
}
"""


def test_operators():
    found = ptx.mutants(TEXT)
    assert [f"{mutant.operator} {mutant.line}: {mutant.change}" for mutant in found] == [
        "barrier 22: without bar.sync 0;",
        "guard 21: @!p for @p",
        "guard 23: @%p1 for @!%p1",
        "offset-4 21: [tile+12] for [tile+8]",
        "offset-4 24: [%rd1+4] for [%rd1]",
        "offset-16 21: [tile+24] for [tile+8]",
        "offset-16 24: [%rd1+16] for [%rd1]",
        "coordinates 17: %r3 and %r5 exchanged",
    ]
    # Each text differs in its line alone.
    for mutant in found:
        lines = zip(TEXT.splitlines(), mutant.ptx.splitlines(), strict=True)
        differing = [number for number, (old, new) in enumerate(lines, 1) if old != new]
        assert differing == [mutant.line]
    # Other kernels use registers of the same names.
    other = TEXT[TEXT.index(".visible") :].replace("divide", "other")
    assert [str(mutant) for mutant in ptx.mutants(TEXT + other, ["coordinates"])] == [
        "coordinates divide:17: %r3 and %r5 exchanged",
        "coordinates other:40: %r3 and %r5 exchanged",
    ]


def test_coordinates_of_compilers():
    def exchanged(code, prefix="mov.u32 %t, %ctaid.x;"):
        text = f".entry k()\n{{\n{prefix}\n{code}\nst.global.u32 [%q], %r;\n}}"
        return [mutant.change for mutant in ptx.mutants(text, ["coordinates"])]

    pair = ["%q and %r exchanged"]
    assert exchanged("shr.u32 %q, %t, 3; and.b32 %r, %t, 7;") == pair
    assert exchanged("div.u32 %q, %t, 5; rem.u32 %r, %t, 5;") == pair
    by_five = "mul.hi.u32 %h, %t, 9; shr.u32 %q, %h, 2; mad.lo.s32 %r, %q, -5, %t;"
    assert exchanged(by_five) == pair
    assert exchanged("div.u32 %q, %t, 5; mad.lo.s32 %r, %q, -5, %t;") == pair
    assert (
        exchanged(
            "add.s32 %u, %t, 1; div.u32 %q, %u, %n; mul.lo.u32 %m, %q, %n;sub.s32 %r, %u, %m;"
        )
        == pair
    )
    assert exchanged("cvt.u64.u32 %u, %t; bfe.u64 %q, %u, 3, 3; shr.u64 %r, %u, 6;") == pair
    assert exchanged("shr.u32 %q, %t, 3; shl.b32 %s, %t, 6; and.b32 %r, %s, 448;") == pair
    # Three of them.
    three = "shr.u32 %b, %t, 6; bfe.u32 %q, %t, 3, 3; and.b32 %r, %t, 7;"
    assert len(exchanged(three)) == 3
    # Not of a block, or not used any more.
    assert not exchanged("shr.u32 %q, %u, 3; and.b32 %r, %u, 7;", "mov.u32 %u, %tid.x;")
    assert not exchanged("shr.u32 %a, %t, 3; and.b32 %b, %t, 7;")
    axes = "mov.u32 %q, %ctaid.y;"
    assert exchanged(axes) == ["%ctaid.y for %ctaid.x", "%ctaid.x for %ctaid.y"]


def test_exchanged_coordinates_keep_their_scale():
    # 64 blocks write the row and 8 times the column of a task, in a matrix of 4 rows.
    text = """
        .version 8.0
        .target sm_80
        .address_size 64
        .visible .entry place(.param .u64 result)
        {
            .reg .b32 %r<9>; .reg .b64 %rd<9>;
            ld.param.u64 %rd1, [result];
            mov.u32 %r1, %ctaid.x;
            cvt.u64.u32 %rd2, %r1;
            shr.u64 %rd3, %rd2, 4;
            shl.b32 %r2, %r1, 3; and.b32 %r3, %r2, 120;
            mul.wide.u32 %rd4, %r1, 8; add.s64 %rd4, %rd1, %rd4;
            cvt.u32.u64 %r4, %rd3;
            st.global.v2.u32 [%rd4], {%r4, %r3};
            ret;
        }"""
    (mutant,) = ptx.mutants(text, ["coordinates"])
    tasks = np.arange(64)
    for source, expected in (
        (text, [tasks // 16, tasks % 16 * 8]),
        (mutant.ptx, [tasks % 16, tasks // 16 * 8]),
    ):
        with ptx.Device(LIBRARY) as device:
            output = device.allocate(64 * 8)
            device.launch(device.load(source, "place"), [64], 1, [output])
            got = device.download(output, (64, 2), np.uint32)
            assert device.findings() == []
        assert (got == np.stack(expected, axis=1)).all()


def test_a_coordinate_that_is_found_twice_is_one():
    # Of two columns: 64 times the task's, and whether it is the second.
    text = """
        .visible .entry place(.param .u64 result)
        {
            .reg .b32 %r<4>; .reg .b64 %rd<4>;
            mov.u32 %r1, %ctaid.x;
            cvt.u64.u32 %rd1, %r1;
            shl.b64 %rd2, %rd1, 6; and.b64 %rd3, %rd2, 64;
            and.b32 %r2, %r1, 1; and.b32 %r3, %r1, 2;
            st.global.v2.u32 [%rd3], {%r2, %r3};
            ret;
        }"""
    assert [mutant.change for mutant in ptx.mutants(text, ["coordinates"])] == [
        "%rd3 and %r3 exchanged",
        "%r2 and %r3 exchanged",
    ]


def test_text_that_is_cut_short():
    with pytest.raises(ValueError, match="line 22: expected an instruction of divide"):
        ptx.mutants(TEXT[: TEXT.index("0;\n\t@!")])


def test_a_choice_is_that_of_its_seed():
    found = ptx.mutants(TEXT)
    assert ptx.choose(found, 3, 1) == ptx.choose(found, 3, 1)
    assert ptx.choose(found, 3, 1) != ptx.choose(found, 3, 2)
    assert ptx.choose(found, 99, 1) == found


def test_an_even_choice_takes_rare_faults_first():
    found = ptx.mutants(TEXT, ["barrier", "guard", "offset-4", "offset-16"])
    chosen = ptx.choose_evenly(found, 6, seed=1)
    assert [mutant.operator for mutant in chosen] == [
        "barrier",
        "guard",
        "offset-4",
        "offset-4",
        "offset-16",
        "offset-16",
    ]
    assert ptx.choose_evenly(found, 6, seed=1) == chosen
    assert sorted(map(str, ptx.choose_evenly(found, 99, seed=1))) == sorted(map(str, found))


def test_a_report_counts_by_operator():
    found = ptx.mutants(TEXT, ["barrier", "guard", "offset-4"])
    verdicts = {mutant.ptx: ptx.Verdict() for mutant in found[1:]} | {
        found[0].ptx: ptx.Verdict("finding"),
        found[1].ptx: ptx.Verdict("numbers"),
        # Reached, so that it survives, and not.
        found[2].probe(): ptx.Verdict("finding"),
        found[3].probe(): ptx.Verdict(),
        found[4].probe(): ptx.Verdict(),
    }
    report = ptx.survey(found, verdicts.__getitem__)
    assert report.share("barrier") == 1 and report.share("guard") == 0.5
    assert report.share("coordinates") == report.share("offset-4") == 1
    assert str(report) == (
        "barrier: 1 of 1 noticed (100.0 %): 1 by finding\n"
        "guard: 1 of 2 noticed (50.0 %): 1 by numbers\n"
        "  survives: guard divide:23: @%p1 for @!%p1\n"
        "offset-4: 0 of 0 noticed (100.0 %)\n"
        "  2 never reached: divide:21, divide:24"
    )


def product_runner():
    """Six blocks, not in a square, and two steps."""
    random = np.random.default_rng(0)
    rows, columns, depth = 128, 192, 32
    a = random.standard_normal((rows, depth), np.float32)
    b = random.standard_normal((depth, columns), np.float32)
    return ptx.KernelRunner(
        library=LIBRARY,
        ptx=(KERNELS / "product.ptx").read_text(),
        kernel="product",
        grid=[columns // 64, rows // 64],
        threads=64,
        parameters=[a, b, None, np.uint32(columns), np.uint32(depth)],
        expected=a.astype(np.float64) @ b,
    )


def attention_runner():
    """Two heads of two blocks, and three tiles of keys."""
    random = np.random.default_rng(0)
    heads, queries, keys, channels = 2, 256, 192, 64
    q = random.standard_normal((heads, queries, channels)).astype(np.float16)
    k = random.standard_normal((heads, keys, channels)).astype(np.float16)
    v = random.standard_normal((heads, keys, channels)).astype(np.float16)
    scores = np.einsum("hqc,hkc->hqk", *(x.astype(np.float64) for x in (q, k))) / 8
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    return ptx.KernelRunner(
        library=LIBRARY,
        ptx=(KERNELS / "attention.ptx").read_text(),
        kernel="attention",
        grid=[queries // 128, heads],
        threads=128,
        parameters=[
            q,
            k,
            v,
            None,
            np.uint32(queries),
            np.uint32(keys),
            np.float32(np.log2(np.e) / 8),
        ],
        expected=weights @ v.astype(np.float64),
        dtype=np.float16,
        tolerance=2e-3,
        shared_bytes=(128 + 4 * 64) * 128,
    )


@pytest.mark.parametrize("make", [product_runner, attention_runner])
def test_kernels_without_a_fault(make):
    runner = make()
    assert runner(runner.ptx) == ptx.Verdict()


def test_faults_in_a_product_are_noticed():
    runner = product_runner()
    report = ptx.survey(ptx.mutants(runner.ptx), runner)
    assert {name: report.share(name) for name in ptx.OPERATORS} == dict.fromkeys(ptx.OPERATORS, 1)
    assert not any(report.unreached.values())
    assert sum(report.killed["barrier"].values()) == 2
    assert sum(report.killed["offset-4"].values()) == 132


def test_faults_in_attention_are_noticed():
    runner = attention_runner()
    drawn = ptx.choose(ptx.mutants(runner.ptx, ["offset-4", "offset-16"]), 60, seed=1)
    report = ptx.survey(
        ptx.mutants(runner.ptx, ["barrier", "wait", "guard", "coordinates"]) + drawn, runner
    )
    assert {name: report.share(name) for name in ptx.OPERATORS} == dict.fromkeys(ptx.OPERATORS, 1)
    # Of loops that copy what a whole number of threads leaves.
    assert len(report.unreached["guard"]) == 7


def test_counters_notice_what_numbers_do_not():
    # Each thread has a row of shared memory; without the padding all are in one bank.
    text = """
        .version 8.0
        .target sm_80
        .address_size 64
        .visible .entry pad(.param .u64 result)
        {
            .reg .b32 %r<4>; .reg .b64 %rd<4>; .shared .align 4 .b8 tile[4224];
            ld.param.u64 %rd1, [result];
            mov.u32 %r1, %tid.x;
            mul.wide.u32 %rd2, %r1, 4; add.s64 %rd1, %rd1, %rd2;
            mul.lo.u32 %r2, %r1, 132; mov.u32 %r3, tile; add.u32 %r2, %r2, %r3;
            st.shared.u32 [%r2], %r1; ld.shared.u32 %r3, [%r2];
            st.global.u32 [%rd1], %r3;
            ret;
        }"""
    expected = np.arange(32.0)[None]
    runner = ptx.KernelRunner(LIBRARY, text, "pad", [1], 32, [None], expected, dtype=np.uint32)
    assert runner(text) == ptx.Verdict()
    verdict = runner(text.replace("132", "128"))
    assert verdict == ptx.Verdict("counter", "shared_wavefronts: 32.00 times the ideal for 1.00")


def test_the_command(tmp_path):
    source = tmp_path / "kernel.ptx"
    source.write_text(TEXT)
    judge = tmp_path / "judge.py"
    judge.write_text(
        "import ptx\n"
        "def run(text):\n"
        "    return ptx.Verdict('' if 'bar.sync 0;\\n\\t@' in text else 'finding', 'seen')\n"
    )

    def command(*arguments):
        script = [sys.executable, str(ROOT / "python" / "ptx" / "mutate_ptx.py"), str(source)]
        return subprocess.run([*script, *arguments], capture_output=True, text=True, check=False)

    listed = command("--operators=barrier,guard", f"--write={tmp_path / 'mutants'}")
    assert listed.stdout.splitlines()[0] == "barrier divide:22: without bar.sync 0;"
    assert (tmp_path / "mutants" / "0-barrier.ptx").read_text().count("bar.sync") == 1
    passed = command("--operators=barrier", f"--runner={judge}:run")
    assert (passed.returncode, passed.stdout) == (
        0,
        "barrier: 1 of 1 noticed (100.0 %): 1 by finding\n",
    )
    survived = command("--operators=guard", f"--runner={judge}:run")
    assert survived.returncode == 1 and "survives: guard divide:23" in survived.stdout
    wrong = command("--operators=nothing")
    assert wrong.returncode == 2 and "expected operators of barrier" in wrong.stderr
