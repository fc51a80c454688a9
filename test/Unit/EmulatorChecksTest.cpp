//===- EmulatorChecksTest.cpp - A small faulty kernel for each kind of finding
//===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

#include <gmock/gmock.h>

using namespace perceiver::test;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

namespace {
class EmulatorChecksTest : public EmulatorTest {
protected:
  /// %r0 is the thread, %d8 its word of p0, %d9 its word of p1, %r1 the address
  /// of its word in the shared array `tile` of 128 words.
  CUfunction loadBody(const std::string &body) {
    return load(ptxKernel(2, R"(
      mov.u32 %r0, %tid.x; mov.u32 %r2, %ctaid.x; mov.u32 %r3, %ntid.x;
      mad.lo.u32 %r4, %r2, %r3, %r0; mul.wide.u32 %d7, %r4, 4;
      add.s64 %d8, %d0, %d7; add.s64 %d9, %d1, %d7;
      mov.u32 %r5, tile; shl.b32 %r6, %r0, 2; add.u32 %r1, %r5, %r6;
    )" + body,
                          ".shared .align 16 .b8 tile[512];\n"));
  }

  /// Run a kernel on two arrays of 128 words, and return what was found.
  std::string find(const std::string &body, Shape shape = Shape(),
                   CUresult expected = CUDA_SUCCESS) {
    CUfunction function = loadBody(body);
    std::vector<uint32_t> numbers(128, 1);
    EXPECT_EQ(launch(function, {upload(numbers), upload(numbers)}, shape),
              expected);
    return takeFindings();
  }
};
} // namespace

TEST_F(EmulatorChecksTest, FindsNothingInGoodKernels) {
  const char *body = R"(
    ld.global.nc.u32 %r10, [%d8]; st.shared.u32 [%r1], %r10; bar.sync 0;
    xor.b32 %r11, %r6, 252; add.u32 %r11, %r11, %r5;
    ld.shared.u32 %r12, [%r11]; st.global.u32 [%d9], %r12;)";
  for (unsigned seed = 0; seed < 4; ++seed) {
    configure("seed=" + std::to_string(seed));
    EXPECT_EQ(find(body, {2, 64}), "");
  }
}

TEST_F(EmulatorChecksTest, OutOfBounds) {
  EXPECT_THAT(find("ld.global.u32 %r10, [%d8+400];"),
              AllOf(StartsWith("out-of-bounds kernel=k line="),
                    HasSubstr(" block=0,0,0 lanes=0xf0000000 buffer=0x"),
                    HasSubstr("+512 other=-: a read of 4 bytes is outside all "
                              "buffers (warp 0)\n")));
  EXPECT_THAT(find("st.shared.u32 [%r1+508], %r0;"),
              AllOf(StartsWith("out-of-bounds "),
                    HasSubstr("lanes=0xfffffffe buffer=shared+512 ")));
  EXPECT_THAT(find("mov.u64 %d10, 64; ld.global.u32 %r10, [%d10];"),
              HasSubstr("buffer=0x40+0 "));
}

TEST_F(EmulatorChecksTest, SuppressesBadAccesses) {
  // A read that is refused gives ones, a write nothing; the rest goes on.
  CUfunction function =
      loadBody("ld.global.u32 %r10, [%d8+64];\nst.global.u32 [%d8+-64], %r10;");
  std::vector<uint32_t> numbers(32, 5);
  CUdeviceptr address = upload(numbers);
  EXPECT_EQ(launch(function, {address, address}), CUDA_SUCCESS);
  std::vector<uint32_t> got = download<uint32_t>(address, 32);
  EXPECT_EQ(got[0], UINT32_MAX);
  EXPECT_EQ(got[15], UINT32_MAX);
  EXPECT_EQ(got[16], 5u);
  EXPECT_THAT(takeFindings(), HasSubstr("a write of 4 bytes is outside"));
}

TEST_F(EmulatorChecksTest, Misaligned) {
  EXPECT_THAT(find("ld.global.v2.u32 {%r10, %r11}, [%d0+4];"),
              StartsWith("misaligned kernel=k "));
  EXPECT_THAT(find("st.shared.u32 [%r1+2], %r0;"), HasSubstr("misaligned "));
}

TEST_F(EmulatorChecksTest, ReadOnlyAndNamedBuffers) {
  CUfunction function = loadBody("st.global.u32 [%d8], %r0; "
                                 "st.global.u32 [%d9+252], %r0;");
  CUdeviceptr memory = allocate(1024);
  perceiverEmulatorAnnotate(nullptr, memory, 128, "weights", 1);
  perceiverEmulatorAnnotate(nullptr, memory + 256, 128, "output", 0);
  EXPECT_EQ(launch(function, {memory, memory}), CUDA_SUCCESS);
  std::string findings = takeFindings();
  EXPECT_THAT(findings, HasSubstr("read-only kernel=k"));
  EXPECT_THAT(findings, HasSubstr("buffer=weights+0"));
  // The first lane writes below the buffer `output`.
  EXPECT_THAT(findings,
              AllOf(HasSubstr("out-of-bounds"),
                    HasSubstr("lanes=0x00000001 buffer=weights+252")));
  perceiverEmulatorAnnotate(nullptr, memory, 128, "weights", 4);
  EXPECT_EQ(launch(function, {memory, memory}), CUDA_SUCCESS);
  EXPECT_THAT(takeFindings(),
              AllOf(HasSubstr("out-of-bounds"), Not(HasSubstr("read-only"))));
  // With the last name the allocation is whole again.
  perceiverEmulatorAnnotate(nullptr, memory + 256, 128, "output", 4);
  EXPECT_EQ(launch(function, {memory, memory}), CUDA_SUCCESS);
  EXPECT_THAT(takeFindings(), Not(HasSubstr("out-of-bounds")));
}

TEST_F(EmulatorChecksTest, Uninitialised) {
  EXPECT_THAT(find("ld.shared.u32 %r10, [%r1];"),
              AllOf(StartsWith("uninitialised "), HasSubstr("=shared+0 ")));
  CUfunction function = loadBody("ld.global.u32 %r10, [%d8];");
  CUdeviceptr memory = allocate(128);
  EXPECT_EQ(launch(function, {memory, memory}), CUDA_SUCCESS);
  EXPECT_THAT(takeFindings(), StartsWith("uninitialised "));
  // The host sees as much.
  download<uint32_t>(memory, 32);
  EXPECT_THAT(takeFindings(), AllOf(StartsWith("uninitialised kernel=- line=0"),
                                    HasSubstr("copied to the host")));
  CUdeviceptr other = upload(std::vector<uint32_t>(32, 1));
  EXPECT_EQ(cuMemcpyDtoDAsync_v2(other + 64, memory, 64, nullptr),
            CUDA_SUCCESS);
  EXPECT_EQ(download<uint32_t>(other, 16)[0], 1u);
  // Poisoned again at the start of a lifetime.
  EXPECT_EQ(cuMemsetD8Async(memory, 0, 128, nullptr), CUDA_SUCCESS);
  EXPECT_EQ(launch(function, {memory, memory}), CUDA_SUCCESS);
  EXPECT_EQ(takeFindings(), "");
  perceiverEmulatorAnnotate(nullptr, memory, 128, "again", 2);
  EXPECT_EQ(launch(function, {memory, memory}), CUDA_SUCCESS);
  EXPECT_THAT(takeFindings(), HasSubstr("buffer=again+0"));
}

TEST_F(EmulatorChecksTest, RacesBetweenWarps) {
  const char *crossed = "xor.b32 %r11, %r6, 128; add.u32 %r11, %r11, %r5;";
  std::string write = "st.shared.u32 [%r1], %r0;\n";
  std::string read = "ld.shared.u32 %r12, [%r11];\n";
  EXPECT_THAT(
      find(crossed + write + read, {1, 64}),
      AllOf(HasSubstr("race-shared "), HasSubstr("other=warp=0,lane=0,line=")));
  // The other way round: a warp overwrites what another one still reads.
  EXPECT_THAT(find(crossed + write + "bar.sync 0;" + read + write, {1, 64}),
              HasSubstr("written that another warp has read"));
  EXPECT_EQ(find(crossed + write + "bar.sync 0;" + read + "bar.sync 0;" + write,
                 {1, 64}),
            "");
  EXPECT_THAT(find("st.shared.u32 [%r5], %r0;", {1, 64}),
              HasSubstr("race-shared "));
}

TEST_F(EmulatorChecksTest, RacesBetweenLanes) {
  std::string crossed = "xor.b32 %r11, %r6, 4; add.u32 %r11, %r11, %r5;\n"
                        "st.shared.u32 [%r1], %r0;\n";
  EXPECT_THAT(
      find(crossed + "ld.shared.u32 %r12, [%r11];"),
      AllOf(StartsWith("race-lanes "), HasSubstr("other=warp=0,lane=1")));
  EXPECT_EQ(find(crossed + "bar.warp.sync -1; ld.shared.u32 %r12, [%r11];"),
            "");
  EXPECT_THAT(find("st.shared.u32 [%r5], %r0;"), StartsWith("race-lanes "));
  EXPECT_EQ(find("st.shared.u32 [%r5], 7;"), "") << "all write the same";
}

TEST_F(EmulatorChecksTest, RacesBetweenBlocks) {
  // Each block writes its own words and reads those of the next.
  std::string read = "ld.global.u32 %r10, [%d8+128];";
  std::string write = "st.global.u32 [%d8], %r0;";
  for (const char *words : {"threads=1", "threads=1 seed=3", "threads=2"}) {
    configure(words);
    EXPECT_THAT(find(read + write, {2, 32}),
                AllOf(HasSubstr("race-blocks "), HasSubstr("other=block=")));
    EXPECT_THAT(find("st.global.u32 [%d0], %r0;", {2, 1}),
                HasSubstr("memory is written that another block of the launch "
                          "writes"));
    EXPECT_EQ(find("ld.global.u32 %r10, [%d8];" + write, {4, 32}), "");
  }
}

TEST_F(EmulatorChecksTest, NonCoherentLoadsOfWhatIsWritten) {
  EXPECT_THAT(find("ld.global.nc.u32 %r10, [%d8]; st.global.u32 [%d8], %r0;"),
              StartsWith("nc-written "));
  EXPECT_EQ(find("ld.global.nc.u32 %r10, [%d8]; st.global.u32 [%d9], %r0;"),
            "");
}

TEST_F(EmulatorChecksTest, CopiesOfLessThanTheyMove) {
  // Of 512 bytes the last lane reads 8, or has an address that is not aligned.
  std::string copy = "shl.b32 %r10, %r0, 4; add.u32 %r10, %r5, %r10;\n"
                     "mul.wide.u32 %d10, %r0, 16; add.s64 %d10, %d0, %d10;\n"
                     "setp.eq.u32 %p1, %r0, 31; selp.u32 %r11, 8, 0, %p1;\n";
  std::string run = "cp.async.cg.shared.global [%r10], [%d10], 16, %r11;\n"
                    "cp.async.wait_all;\n";
  EXPECT_EQ(find(copy + run), "");
  EXPECT_THAT(find(copy + "add.s64 %d10, %d10, 16;\n" + run),
              AllOf(StartsWith("out-of-bounds "), HasSubstr("lanes=0x80000000"),
                    HasSubstr("a read of 4 bytes is outside all buffers")));
  EXPECT_THAT(find(copy + "add.s64 %d10, %d10, -8;\n" + run),
              AllOf(StartsWith("misaligned "), HasSubstr("lanes=0x80000000")));
}

TEST_F(EmulatorChecksTest, CopiesUnderWay) {
  std::string copy = "shl.b32 %r10, %r0, 4; add.u32 %r10, %r5, %r10;\n"
                     "mul.wide.u32 %d10, %r0, 16; add.s64 %d10, %d0, %d10;\n"
                     "cp.async.cg.shared.global [%r10], [%d10], 16;\n"
                     "cp.async.commit_group;\n";
  std::string read = "ld.shared.u32 %r11, [%r10];\n";
  EXPECT_EQ(find(copy + "cp.async.wait_group 0;" + read), "");
  EXPECT_THAT(find(copy + read + "cp.async.wait_all;"),
              StartsWith("pending-copy "));
  EXPECT_THAT(find(copy + "cp.async.wait_group 1;" + read),
              StartsWith("pending-copy "));
  // Another lane's copy is not seen without a barrier.
  EXPECT_THAT(
      find(copy + "cp.async.wait_group 0; xor.b32 %r10, %r10, 16;" + read),
      StartsWith("race-lanes "));
}

TEST_F(EmulatorChecksTest, PartialMasks) {
  EXPECT_THAT(
      find("shfl.sync.idx.b32 %r10, %r0, 0, 31, 0xffff;"),
      AllOf(StartsWith("partial-mask "), HasSubstr("lanes=0xffff0000")));
  EXPECT_THAT(
      find("setp.lt.u32 %p1, %r0, 3; @%p1 vote.sync.ballot.b32 %r10, "
           "%p1, -1;"),
      AllOf(StartsWith("partial-mask "), HasSubstr("lanes=0x00000007")));
  EXPECT_THAT(find("setp.lt.u32 %p1, %r0, 3; @%p1 cp.async.commit_group;"),
              StartsWith("partial-mask "));
}

TEST_F(EmulatorChecksTest, DivergentBarriers) {
  std::string findings = find(R"(setp.lt.u32 %p1, %r0, 7; @%p1 bra LOW;
    bar.sync 0; bra END;
  LOW: bar.sync 0;
  END: mov.u32 %r10, 0;)");
  EXPECT_THAT(findings, AllOf(HasSubstr("divergent-barrier kernel=k"),
                              HasSubstr("other=line=")));
  // What LLVM moved out of line still meets.
  EXPECT_EQ(find(R"(setp.lt.u32 %p1, %r0, 7; @%p1 bra LOW;
  BACK: bar.sync 0; bra END;
  LOW: add.u32 %r10, %r0, 1; bra BACK;
  END: mov.u32 %r10, 0;)"),
            "");
}

TEST_F(EmulatorChecksTest, LanesThatHaveExited) {
  EXPECT_THAT(find("setp.lt.u32 %p1, %r0, 7; @%p1 ret; bar.sync 0;", {1, 64}),
              AllOf(StartsWith("exited-lanes "), HasSubstr("lanes=0x0000007f"),
                    HasSubstr("other=warp=0")));
}

TEST_F(EmulatorChecksTest, DeadlocksAndEndlessLoops) {
  std::string endless = "AGAIN: bra AGAIN;";
  configure("steps=1000");
  EXPECT_EQ(find("mov.u32 %r10, 0;"), "");
  CUfunction function = loadBody(endless);
  CUdeviceptr memory = allocate(512);
  EXPECT_EQ(launch(function, {memory, memory}), CUDA_ERROR_LAUNCH_TIMEOUT);
  CUdeviceptr other;
  EXPECT_EQ(cuMemAlloc_v2(&other, 4), CUDA_ERROR_LAUNCH_TIMEOUT);
  EXPECT_THAT(takeFindings(), StartsWith("step-limit kernel=k"));
  configure("steps=1000000");
  function = loadBody(R"(setp.lt.u32 %p1, %r0, 32; @%p1 bra LOW;
    bar.sync 1; bra END;
  LOW: bar.sync 2;
  END: mov.u32 %r10, 0;)");
  EXPECT_EQ(launch(function, {memory, memory}, {1, 64}),
            CUDA_ERROR_LAUNCH_FAILED);
  EXPECT_THAT(takeFindings(), AllOf(StartsWith("deadlock kernel=k"),
                                    HasSubstr("other=warp=1,line=")));
}

TEST_F(EmulatorChecksTest, SwitchesChecksOff) {
  configure("checks=off");
  EXPECT_EQ(find("st.shared.u32 [%r5], %r0;", {1, 64}), "");
  EXPECT_THAT(find("ld.global.u32 %r10, [%d8+512];"),
              StartsWith("out-of-bounds "));
}

TEST_F(EmulatorChecksTest, CountsWavefrontsAndSectors) {
  auto counters = [&](const std::string &body) {
    CUfunction function = loadBody(body);
    std::vector<uint32_t> numbers(128, 1);
    EXPECT_EQ(launch(function, {upload(numbers), upload(numbers)}),
              CUDA_SUCCESS);
    std::string text(1 << 14, 0);
    EXPECT_LT(perceiverEmulatorCounters(text.data(), text.size()), text.size());
    perceiverEmulatorReset();
    return text;
  };
  // Stride 1 is free of conflicts; stride 2 has two words in each bank.
  EXPECT_THAT(counters("st.shared.u32 [%r1], %r0; ld.global.u32 %r10, [%d8];"),
              AllOf(HasSubstr("\"shared_wavefronts\": 1, "
                              "\"shared_wavefronts_ideal\": 1, "
                              "\"global_sectors\": 4, "
                              "\"global_sectors_ideal\": 4, "
                              "\"bytes_read\": 128"),
                    HasSubstr("\"cuLaunchKernel\": 1")));
  EXPECT_THAT(counters("add.u32 %r1, %r1, %r6; st.shared.u32 [%r1], %r0;"),
              HasSubstr("\"shared_wavefronts\": 2, "
                        "\"shared_wavefronts_ideal\": 1"));
  EXPECT_THAT(counters("add.s64 %d8, %d8, %d7; add.s64 %d8, %d8, %d7;"
                       "ld.global.u32 %r10, [%d8];"),
              HasSubstr("\"global_sectors\": 12, \"global_sectors_ideal\": 4"));
}
