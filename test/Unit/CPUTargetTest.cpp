//===- CPUTargetTest.cpp - What is known of processors --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/CPUTarget.h"

#include "dialect/Model/PerceiverDialect.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {

class CPUTargetTest : public testing::Test {
protected:
  CPUTargetTest() { context.loadDialect<PerceiverDialect>(); }

  CPUTargetAttr make(const std::string &cpu, const std::string &triple = "",
                     const std::string &features = "") {
    TargetOptions options;
    options.cpu = cpu;
    options.triple = triple.empty() ? "x86_64-linux-gnu" : triple;
    options.features = features;
    llvm::Expected<TargetDescription> target = selectTarget(options);
    EXPECT_TRUE(static_cast<bool>(target));
    return makeCPUTarget(&context, *target);
  }

  MLIRContext context;
};

TEST_F(CPUTargetTest, FiguresFollowFromNames) {
  struct {
    const char *cpu;
    int64_t lanes, registers;
    bool fma;
    int64_t l1, l2;
  } expected[] = {
      {"x86-64", 4, 16, false, 32, 256},
      {"x86-64-v2", 4, 16, false, 32, 256},
      {"x86-64-v3", 8, 16, true, 32, 256},
      {"x86-64-v4", 16, 32, true, 32, 1024},
      {"znver3", 8, 16, true, 32, 512},
      {"sapphirerapids", 16, 32, true, 48, 2048},
  };
  for (const auto &processor : expected) {
    CPUTargetAttr target = make(processor.cpu);
    EXPECT_EQ(target.getCpu(), processor.cpu);
    EXPECT_EQ(target.getLanes(), processor.lanes) << processor.cpu;
    EXPECT_EQ(target.getRegisters(), processor.registers) << processor.cpu;
    EXPECT_EQ(target.getFma(), processor.fma) << processor.cpu;
    EXPECT_EQ(target.getL1Bytes(), processor.l1 * 1024) << processor.cpu;
    EXPECT_EQ(target.getL2Bytes(), processor.l2 * 1024) << processor.cpu;
    EXPECT_EQ(target.getTasks(), 64);
    EXPECT_EQ(target.getKeyParts(), 16);
  }
  CPUTargetAttr arm = make("neoverse-v1", "aarch64-linux-gnu");
  EXPECT_EQ(arm.getLanes(), 4);
  EXPECT_EQ(arm.getRegisters(), 32);
  EXPECT_TRUE(arm.getFma());
}

TEST_F(CPUTargetTest, IsWhatItsOptionsAskFor) {
  for (const char *cpu : {"x86-64", "x86-64-v3", "znver4", "sapphirerapids"})
    for (const char *features : {"", "-fma"}) {
      CPUTargetAttr target = make(cpu, "", features);
      llvm::Expected<TargetDescription> again =
          selectTarget(getTargetOptions(target));
      ASSERT_TRUE(static_cast<bool>(again));
      EXPECT_EQ(makeCPUTarget(&context, *again), target);
    }
}

TEST_F(CPUTargetTest, KnowsTheSameMachine) {
  CPUTargetAttr target = make("x86-64-v3");
  auto changed =
      CPUTargetAttr::get(&context, target.getTriple(), target.getCpu(),
                         "znver4", target.getFeatures(), 4, 16, false, 1, 1,
                         /*tasks=*/3, /*keyParts=*/5);
  EXPECT_TRUE(target.isSameMachine(changed));
  EXPECT_FALSE(target.isSameMachine(make("x86-64-v4")));
  EXPECT_FALSE(target.isSameMachine(make("x86-64-v3", "", "-fma")));
  EXPECT_FALSE(target.isSameMachine(UnitAttr::get(&context)));
  EXPECT_EQ(getTileTarget(changed).tasks, 3);
  EXPECT_EQ(getTileTarget(changed).keyParts, 5);
}

} // namespace
