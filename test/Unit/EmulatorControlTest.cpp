//===- EmulatorControlTest.cpp - Branches and warps on the emulated device ===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

using namespace perceiver::test;

namespace {
class EmulatorControlTest : public EmulatorTest {
protected:
  std::vector<uint32_t> lanes, ones = std::vector<uint32_t>(32, 1);

  void SetUp() override {
    EmulatorTest::SetUp();
    for (uint32_t i = 0; i < 32; ++i)
      lanes.push_back(i);
  }
};
} // namespace

TEST_F(EmulatorControlTest, LoopsAsOftenAsEachLaneWants) {
  // The sum of 0 .. lane, with a branch inside the loop.
  expectBits(
      evaluate<uint32_t>(R"(
      mov.u32 %r, 0; mov.u32 %t, 0;
    $again:
      and.b32 %b, %t, 1; setp.eq.u32 %q, %b, 1;
      @%q bra $odd;
      add.u32 %r, %r, %t; bra.uni $next;
    $odd:
      add.u32 %r, %r, %t; add.u32 %r, %r, 100;
    $next:
      add.u32 %t, %t, 1; setp.le.u32 %q, %t, %a;
      @%q bra $again;)",
                         lanes),
      [](uint32_t n) { return n * (n + 1) / 2 + (n + 1) / 2 * 100; }, lanes);
}

TEST_F(EmulatorControlTest, KeepsNarrowValuesFromWideOnesOfOtherLanes) {
  // Lanes below 16 go through the wide values again, while the others wait with
  // a narrow one that came after those.
  expectBits(
      evaluate<uint32_t>(R"(
      .reg .b64 %w; .reg .b32 %n;
      mov.u32 %r, 0; mov.u32 %t, 0;
    $again:
      cvt.u64.u32 %w, %a; add.u64 %w, %w, %w; cvt.u32.u64 %n, %w;
      add.u32 %r, %r, %n;
      add.u32 %t, %t, 16; add.u32 %n, %a, 100;
      setp.lt.u32 %q, %t, 32; @%q setp.lt.u32 %q, %a, 16;
      @%q bra $again;
      add.u32 %r, %r, %n;)",
                         lanes),
      [](uint32_t n) { return 2 * n * (n < 16 ? 2 : 1) + n + 100; }, lanes);
}

TEST_F(EmulatorControlTest, MeetsAgainForShuffles) {
  // Lanes that took different ways exchange values afterwards.
  expectBits(
      evaluate<uint32_t>(R"(
      setp.lt.u32 %q, %a, 13;
      @!%q bra $else;
      mul.lo.u32 %b, %a, 3; bra $join;
    $else:
      add.u32 %b, %a, 1000;
    $join:
      shfl.sync.bfly.b32 %r, %b, 16, 31, -1;)",
                         lanes),
      [](uint32_t lane) {
        uint32_t other = lane ^ 16;
        return other < 13 ? other * 3 : other + 1000;
      },
      lanes);
}

TEST_F(EmulatorControlTest, ShufflesInSegments) {
  auto shuffle = [&](const std::string &how) {
    return evaluate<uint32_t>("mul.lo.u32 %b, %a, 10; { .reg .pred %s; "
                              "shfl.sync." +
                                  how +
                                  ", -1; selp.u32 %t, 1, 0, %s; "
                                  "add.u32 %r, %r, %t; }",
                              lanes);
  };
  expectBits(
      shuffle("up.b32 %r|%s, %b, 3, 0"),
      [](uint32_t l) { return l >= 3 ? (l - 3) * 10 + 1 : l * 10; }, lanes);
  expectBits(
      shuffle("down.b32 %r|%s, %b, 5, 31"),
      [](uint32_t l) { return l + 5 < 32 ? (l + 5) * 10 + 1 : l * 10; }, lanes);
  // Segments of 8: the mask 0x18 stands above the clamp 7.
  expectBits(
      shuffle("down.b32 %r|%s, %b, 2, 0x1807"),
      [](uint32_t l) { return l % 8 + 2 < 8 ? (l + 2) * 10 + 1 : l * 10; },
      lanes);
  expectBits(
      shuffle("idx.b32 %r|%s, %b, 9, 31"), [](uint32_t) { return 91u; }, lanes);
}

TEST_F(EmulatorControlTest, VotesWithoutThoseThatExited) {
  CUfunction function = load(ptxKernel(1, R"(
    mov.u32 %r0, %tid.x;
    setp.ge.u32 %p1, %r0, 20;
    @%p1 ret;
    setp.lt.u32 %p2, %r0, 10;
    vote.sync.ballot.b32 %r1, %p2, -1;
    vote.sync.all.pred %p3, !%p1, -1;
    vote.sync.uni.pred %p4, %p2, -1;
    selp.u32 %r2, 2, 0, %p3;
    @%p4 add.u32 %r2, %r2, 1;
    activemask.b32 %r3;
    mul.wide.u32 %d1, %r0, 16;
    add.s64 %d2, %d0, %d1;
    st.global.v4.u32 [%d2], {%r1, %r2, %r3, %r0};)"));
  CUdeviceptr output = allocate(512);
  EXPECT_EQ(launch(function, {output}), CUDA_SUCCESS);
  std::vector<uint32_t> got = download<uint32_t>(output, 80);
  for (uint32_t lane = 0; lane < 20; ++lane)
    EXPECT_EQ((std::vector<uint32_t>(&got[4 * lane], &got[4 * lane] + 4)),
              (std::vector<uint32_t>{0x3ff, 2, 0xfffff, lane}));
}

TEST_F(EmulatorControlTest, NumbersThreadsAndBlocks) {
  CUfunction function = load(ptxKernel(1, R"(
    mov.u32 %r0, %tid.x; mov.u32 %r1, %tid.y; mov.u32 %r2, %tid.z;
    mov.u32 %r3, %ntid.x; mov.u32 %r4, %ntid.y; mov.u32 %r5, %ntid.z;
    mov.u32 %r6, %ctaid.x; mov.u32 %r7, %ctaid.y; mov.u32 %r8, %ctaid.z;
    mov.u32 %r9, %nctaid.x; mov.u32 %r10, %nctaid.y;
    mad.lo.u32 %r11, %r2, %r4, %r1; mad.lo.u32 %r11, %r11, %r3, %r0;
    mad.lo.u32 %r12, %r8, %r10, %r7; mad.lo.u32 %r12, %r12, %r9, %r6;
    mul.lo.u32 %r13, %r3, %r4; mul.lo.u32 %r13, %r13, %r5;
    mad.lo.u32 %r14, %r12, %r13, %r11;
    mul.wide.u32 %d1, %r14, 4; add.s64 %d2, %d0, %d1;
    st.global.u32 [%d2], %r14;)"));
  constexpr unsigned count = 3 * 2 * 2 * 5 * 3 * 3;
  CUdeviceptr output = allocate(4 * count);
  void *parameters[] = {&output};
  for (const char *words : {"seed=0 threads=1", "seed=9 threads=2"}) {
    configure(words);
    EXPECT_EQ(cuMemsetD8Async(output, 0, 4 * count, nullptr), CUDA_SUCCESS);
    EXPECT_EQ(cuLaunchKernel(function, 3, 2, 2, 5, 3, 3, 0, nullptr, parameters,
                             nullptr),
              CUDA_SUCCESS);
    std::vector<uint32_t> got = download<uint32_t>(output, count);
    for (unsigned i = 0; i < count; ++i)
      EXPECT_EQ(got[i], i);
  }
}

TEST_F(EmulatorControlTest, KeepsNamesInTheirScopes) {
  // The same label and register twice, as unrolled inline assembly has them.
  expectBits(
      evaluate<uint32_t>(R"(
      mov.u32 %r, 0;
      { .reg .pred p; .reg .b32 x; setp.lt.u32 p, %a, 5; @p bra DONE;
        mov.u32 x, 1; add.u32 %r, %r, x; DONE: }
      { .reg .pred p; .reg .b32 x; setp.lt.u32 p, %a, 9; @p bra DONE;
        mov.u32 x, 2; add.u32 %r, %r, x; DONE: })",
                         lanes),
      [](uint32_t n) { return uint32_t(n >= 5) + 2 * (n >= 9); }, lanes);
}
