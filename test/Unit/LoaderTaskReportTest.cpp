//===- LoaderTaskReportTest.cpp - Tasks and threads -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/TaskReport.h"

#include "gtest/gtest.h"

using namespace perceiver;

namespace {

SizeExpression constant(int64_t value) {
  SizeExpression result;
  result.push(PERCEIVER_SIZE_CONSTANT, value);
  return result;
}

/// `batch * value`.
SizeExpression perEntry(int64_t value) {
  SizeExpression result = constant(value);
  result.push(PERCEIVER_SIZE_SYMBOL, 0);
  result.push(PERCEIVER_SIZE_MUL);
  return result;
}

/// Three times 10 tasks of 2 MFLOP for each entry, then a norm of 4 tasks.
Metadata makeModel() {
  Metadata metadata;
  Entry entry;
  entry.name = "run";
  entry.sizes = {{"batch", 1, 8}};
  entry.phases = {{"a", perEntry(10), constant(3), perEntry(60'000'000)},
                  {"norm", constant(4), constant(1), constant(0)}};
  metadata.entries = {entry};
  return metadata;
}

TEST(TaskReport, FindsTheWorkOfTasks) {
  Metadata metadata = makeModel();
  std::vector<PhaseWork> phases = findWork(metadata.entries[0], {2});
  ASSERT_EQ(phases.size(), 2u);
  EXPECT_EQ(phases[0].tasks, 20);
  EXPECT_EQ(phases[0].times, 3);
  EXPECT_EQ(phases[0].flopOfTask, 2e6);
  EXPECT_EQ(phases[1].flopOfTask, 0);
}

TEST(TaskReport, CountsRoundsOfTasks) {
  std::vector<PhaseWork> phases = {{"a", 1, 10, 2}, {"b", 4, 3, 5}};
  EXPECT_EQ(findBestSpeedup(phases, 1), 1);
  // 20 + 60 FLOPs in 10 + 40.
  EXPECT_EQ(findBestSpeedup(phases, 2), 1.6);
  EXPECT_EQ(findBestSpeedup(phases, 100), 80.0 / 22);
  EXPECT_EQ(findBestSpeedup({}, 2), 1);
}

TEST(TaskReport, DescribesTheTasks) {
  Result<std::string> text = describeTasks(makeModel(), {});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "entry run at batch = 1\n"
            "  phase   times    tasks  MFLOP of a task      MFLOP\n"
            "  a           3       10            2.000       20.0\n"
            "  norm        1        4                -          -\n"
            "  best possible speed-up: 2.0 on 2 threads, 10.0 on 16 threads, "
            "10.0 on 64 threads\n");
  text = describeTasks(makeModel(), {{"batch", 8}});
  ASSERT_TRUE(text);
  EXPECT_NE(text->find("16.0 on 16 threads"), std::string::npos) << *text;
}

TEST(TaskReport, SaysWhatIsNotKnown) {
  Metadata metadata = makeModel();
  metadata.entries[0].phases[0].flop = {};
  Result<std::string> text = describeTasks(metadata, {});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "entry run at batch = 1\n"
                   "  phase   times    tasks  MFLOP of a task      MFLOP\n"
                   "  a           ?        ?                ?          ?\n"
                   "  norm        1        4                -          -\n"
                   "  best possible speed-up: not known, as a phase is not\n");
}

TEST(TaskReport, RefusesOtherSizes) {
  Result<std::string> text = describeTasks(makeModel(), {{"rows", 2}});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().str(), "no entry has a size rows");
  text = describeTasks(makeModel(), {{"batch", 9}});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().str(), "the size batch of entry 'run' cannot be 9");
}

} // namespace
