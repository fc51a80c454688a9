//===- EmulatorPatternsTest.cpp - Lanes anywhere beside each other --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The emulator handles lanes together where it can. Here they are moved and
// counted one by one, for patterns that repeat and patterns that do not.
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

using namespace perceiver::test;
using testing::HasSubstr;

namespace {
constexpr unsigned kLanes = 32, kUnits = 64;

/// What a lane does in one round: it loads unit `from`, stores it to shared
/// unit `to`, and loads shared unit `back`.
struct Step {
  uint32_t from, to, back, runs;
};

class EmulatorPatternsTest : public EmulatorTest,
                             public testing::WithParamInterface<unsigned> {
protected:
  std::vector<Step> steps;

  /// Add a round. Lanes exchange what they have stored in pairs.
  template <typename From, typename To, typename Runs>
  void add(From from, To to, Runs runs) {
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      unsigned other = runs(lane ^ 1) ? lane ^ 1 : lane;
      steps.push_back({from(lane), to(lane), to(other), runs(lane)});
    }
  }

  unsigned rounds() const { return steps.size() / kLanes; }
};

std::string kernelFor(unsigned words) {
  std::string bytes = std::to_string(4 * words);
  std::string type =
      words == 1 ? ".b32 " : ".v" + std::to_string(words) + ".b32 ";
  std::string registers = words == 1   ? "%r10"
                          : words == 2 ? "{%r10, %r11}"
                                       : "{%r10, %r11, %r12, %r13}";
  return ptxKernel(3,
                   R"(
    mov.u32 %r0, %tid.x; mov.u32 %r20, tile; mov.u32 %r5, 0;
    again:
    mad.lo.u32 %r6, %r5, 32, %r0;
    mul.wide.u32 %d3, %r6, 16; add.s64 %d3, %d3, %d0;
    ld.global.v4.u32 {%r1, %r2, %r3, %r4}, [%d3];
    setp.ne.u32 %p1, %r4, 0;
    mad.wide.u32 %d4, %r1, )" +
                       bytes + R"(, %d1;
    mad.lo.u32 %r7, %r2, )" +
                       bytes + R"(, %r20;
    mad.lo.u32 %r8, %r3, )" +
                       bytes + R"(, %r20;
    mad.wide.u32 %d5, %r6, )" +
                       bytes + R"(, %d2;
    @%p1 ld.global)" + type +
                       registers + R"(, [%d4];
    @%p1 st.shared)" + type +
                       "[%r7], " + registers + R"(;
    bar.warp.sync -1;
    @%p1 ld.shared)" + type +
                       registers + R"(, [%r8];
    @%p1 st.global)" + type +
                       "[%d5], " + registers + R"(;
    bar.warp.sync -1;
    add.u32 %r5, %r5, 1;
    ld.global.u32 %r9, [%d0+12]; // How many rounds there are.
    setp.lt.u32 %p2, %r5, %r9;
    @%p2 bra again;)",
                   ".shared .align 16 .b8 tile[1024];\n");
}

/// Add up what an access costs, lane by lane.
struct Costs {
  unsigned sectors = 0, wavefronts = 0;

  template <typename Unit, typename Runs>
  void addGlobal(unsigned bytes, Unit unit, Runs runs) {
    std::set<unsigned> touched;
    for (unsigned lane = 0; lane < kLanes; ++lane)
      if (runs(lane))
        touched.insert(unit(lane) * bytes / 32);
    sectors += touched.size();
  }
  template <typename Unit, typename Runs>
  void addShared(unsigned bytes, Unit unit, Runs runs) {
    unsigned group = 128 / bytes;
    for (unsigned first = 0; first < kLanes; first += group) {
      std::set<unsigned> banks[32];
      size_t most = 0;
      for (unsigned lane = first; lane < first + group; ++lane)
        if (runs(lane))
          banks[unit(lane) % group].insert(unit(lane));
      for (const std::set<unsigned> &bank : banks)
        most = std::max(most, bank.size());
      wavefronts += most;
    }
  }
};
} // namespace

TEST_P(EmulatorPatternsTest, MovesAndCountsLaneByLane) {
  const unsigned words = GetParam();
  auto all = [](unsigned) { return 1u; };
  auto same = [](unsigned lane) { return lane; };
  auto reversed = [](unsigned lane) { return kUnits - 1 - lane; };
  auto apart = [](unsigned lane) { return 2 * lane; };
  auto mixed = [](unsigned lane) { return lane * 13 % kUnits; };
  add(same, same, all);
  add([](unsigned lane) { return lane + 5; }, same, all);
  add([](unsigned lane) { return lane / 8; }, reversed, all);
  add([](unsigned) { return 63u; }, mixed, all);
  add(apart, apart, all);
  add(mixed, [](unsigned lane) { return lane / 8 * 16 + lane % 8; }, all);
  add(same, same, [](unsigned lane) { return uint32_t(lane != 3); });
  add(reversed, mixed, [](unsigned lane) { return uint32_t(lane % 3 == 1); });
  add(same, same, [](unsigned lane) { return uint32_t(lane == 31); });
  steps.insert(steps.end(), steps.begin(), steps.begin() + 2 * kLanes);
  // The fields of lanes that all run hold it, in a place that is read alone.
  steps[0].runs = rounds();

  std::vector<uint32_t> input(kUnits * words), expected(steps.size() * words);
  for (size_t i = 0; i < input.size(); ++i)
    input[i] = 1000 + i;
  Costs costs;
  for (unsigned round = 0; round < rounds(); ++round) {
    const Step *step = &steps[kLanes * round];
    auto runs = [&](unsigned lane) { return step[lane].runs != 0; };
    for (unsigned lane = 0; lane < kLanes; ++lane)
      for (unsigned word = 0; runs(lane) && word < words; ++word) {
        const Step *writer = std::find_if(step, step + kLanes, [&](Step other) {
          return other.runs && other.to == step[lane].back;
        });
        expected[(kLanes * round + lane) * words + word] =
            input[writer->from * words + word];
      }
    costs.addGlobal(16, [](unsigned lane) { return lane; }, all);
    costs.addGlobal(4, [](unsigned) { return 0; }, all);
    auto place = [&](unsigned lane) { return kLanes * round + lane; };
    costs.addGlobal(
        4 * words, [&](unsigned lane) { return step[lane].from; }, runs);
    costs.addGlobal(4 * words, place, runs);
    costs.addShared(
        4 * words, [&](unsigned lane) { return step[lane].to; }, runs);
    costs.addShared(
        4 * words, [&](unsigned lane) { return step[lane].back; }, runs);
  }
  CUdeviceptr output = upload(std::vector<uint32_t>(expected.size()));
  EXPECT_EQ(
      launch(load(kernelFor(words)), {upload(steps), upload(input), output}),
      CUDA_SUCCESS);
  EXPECT_EQ(download<uint32_t>(output, expected.size()), expected);
  std::string counters(perceiverEmulatorCounters(nullptr, 0), 0);
  perceiverEmulatorCounters(counters.data(), counters.size());
  EXPECT_THAT(counters, HasSubstr("\"shared_wavefronts\": " +
                                  std::to_string(costs.wavefronts) + ","));
  EXPECT_THAT(counters, HasSubstr("\"global_sectors\": " +
                                  std::to_string(costs.sectors) + ","));
}

INSTANTIATE_TEST_SUITE_P(Words, EmulatorPatternsTest, testing::Values(1, 2, 4));
