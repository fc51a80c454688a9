//===- RuntimePlanTest.cpp - Placing buffers ------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeTestSupport.h"

#include <algorithm>
#include <random>
#include <vector>

namespace {

/// An entry whose buffers have constant sizes.
class Buffers {
public:
  void add(int64_t bytes, int32_t first, int32_t last, bool perWorker = false) {
    sizes.push_back({PERCEIVER_SIZE_CONSTANT, bytes});
    buffers.push_back({nullptr, 1, first, last, perWorker});
  }

  size_t size() const { return buffers.size(); }
  perceiver_buffer &operator[](size_t i) { return buffers[i]; }

  perceiver_status plan(int32_t workers) {
    for (size_t i = 0; i < buffers.size(); ++i)
      buffers[i].size = &sizes[i];
    perceiver_entry entry = {};
    entry.name = "encode";
    entry.buffers = buffers.data();
    entry.buffer_count = buffers.size();
    table.assign(2 * buffers.size() + 2, -1);
    return perceiver_rt_plan(&entry, nullptr, workers, table.data(), &total);
  }

  /// Bytes of buffer i, all workers together.
  int64_t bytes(size_t i, int32_t workers) const {
    return (sizes[i].value + 63) / 64 * 64 *
           (buffers[i].per_worker ? workers : 1);
  }

  /// The largest sum of buffers live at one position.
  int64_t largestLiveSum(int32_t workers) const {
    int64_t largest = 0;
    for (const perceiver_buffer &at : buffers) {
      int64_t live = 0;
      for (size_t i = 0; i < buffers.size(); ++i)
        if (buffers[i].first <= at.first && at.first <= buffers[i].last)
          live += bytes(i, workers);
      largest = std::max(largest, live);
    }
    return largest;
  }

  /// Plan, check everything that a plan promises, and return how far it is
  /// from the lower bound.
  double check(int32_t workers) {
    EXPECT_EQ(plan(workers), PERCEIVER_OK) << perceiver_rt_last_error();
    for (size_t i = 0; i < buffers.size(); ++i) {
      int64_t begin = table[2 * i], end = begin + bytes(i, workers);
      EXPECT_GE(begin, 0);
      EXPECT_EQ(begin % 64, 0);
      EXPECT_LE(end, total);
      EXPECT_EQ(table[2 * i + 1],
                buffers[i].per_worker ? (sizes[i].value + 63) / 64 * 64 : 0);
      for (size_t j = 0; j < i; ++j) {
        bool live = buffers[i].first <= buffers[j].last &&
                    buffers[j].first <= buffers[i].last;
        bool empty = begin == end || !bytes(j, workers);
        EXPECT_TRUE(!live || empty || end <= table[2 * j] ||
                    table[2 * j] + bytes(j, workers) <= begin)
            << "buffers " << i << " and " << j << " overlap";
      }
    }
    // Nothing is written behind the table.
    EXPECT_EQ(table[2 * buffers.size()], -1);
    int64_t bound = largestLiveSum(workers);
    EXPECT_GE(total, bound);
    return bound ? double(total) / double(bound) : 1.0;
  }

  std::vector<int64_t> table;
  int64_t total = -1;

private:
  std::vector<perceiver_size_instruction> sizes;
  std::vector<perceiver_buffer> buffers;
};

/// Uniform in [low, high], the same on every platform.
class Random {
public:
  explicit Random(uint64_t seed) : engine(seed) {}
  int64_t operator()(int64_t low, int64_t high) {
    return low + int64_t(engine() % uint64_t(high - low + 1));
  }

private:
  std::mt19937_64 engine;
};

/// What a Perceiver's run looks like: an encoder over many inputs, a stack of
/// latent blocks with a residual stream, a decoder.
Buffers makePerceiver(Random &random) {
  Buffers buffers;
  int64_t inputs = random(1, 40000), queries = random(1, 50000);
  int64_t latents = random(32, 2048) * random(32, 1536) * 4;
  int32_t position = 0;
  buffers.add(inputs * random(16, 1300) * 4, 0, 1);
  buffers.add(inputs * random(64, 1300) * 4, 1, 2);
  buffers.add(inputs * random(64, 1300) * 4, 1, 2);
  buffers.add(random(10000, 300000), 2, 2, /*perWorker=*/true);
  buffers.add(latents, position = 2, 6);
  for (int64_t layer = random(1, 12); layer; --layer) {
    int32_t p = position;
    buffers.add(latents, p + 1, p + 2);                     // norm
    buffers.add(3 * latents, p + 2, p + 3);                 // q, k, v
    buffers.add(random(10000, 300000), p + 3, p + 3, true); // scores
    buffers.add(latents, p + 3, p + 4);                     // heads
    buffers.add(latents, p + 4, p + 9);                     // residual
    buffers.add(latents, p + 5, p + 6);                     // norm
    buffers.add(latents * random(1, 4), p + 6, p + 7);      // hidden
    position += 5;
  }
  buffers.add(queries * random(16, 512) * 4, position, position + 2);
  buffers.add(queries * random(16, 512) * 4, position + 1, position + 3);
  buffers.add(random(1000, 100000), position + 1, position + 2, true);
  return buffers;
}

Buffers makeRandom(Random &random, int32_t maximum) {
  Buffers buffers;
  int64_t count = random(1, maximum), positions = random(1, 100);
  for (int64_t i = 0; i < count; ++i) {
    int64_t first = random(0, positions - 1);
    int64_t length = random(0, 3) ? random(0, 4) : random(0, positions);
    buffers.add(random(0, 5) ? random(1, 1 << 20) : 0, first,
                std::min(first + length, positions - 1), random(0, 4) == 0);
  }
  return buffers;
}

TEST(RuntimePlan, NoBuffers) {
  Buffers buffers;
  ASSERT_OK(buffers.plan(1));
  EXPECT_EQ(buffers.total, 0);
}

TEST(RuntimePlan, ReusesMemoryOfDeadBuffers) {
  Buffers buffers;
  buffers.add(1000, 0, 1);
  buffers.add(1000, 1, 2);
  buffers.add(1000, 2, 3);
  EXPECT_EQ(buffers.check(4), 1.0);
  EXPECT_EQ(buffers.total, 2048);
}

TEST(RuntimePlan, EachWorkerHasItsPart) {
  Buffers buffers;
  buffers.add(100, 0, 0, /*perWorker=*/true);
  buffers.add(64, 0, 0);
  buffers.check(3);
  EXPECT_EQ(buffers.total, 3 * 128 + 64);
  buffers.check(1);
  EXPECT_EQ(buffers.total, 128 + 64);
}

TEST(RuntimePlan, PerceiversStayWithinATenthOfTheLowerBound) {
  Random random(1);
  for (int i = 0; i < 1000; ++i) {
    Buffers buffers = makePerceiver(random);
    EXPECT_LE(buffers.check(random(1, 16)), 1.1) << "plan " << i;
  }
}

TEST(RuntimePlan, RandomBuffers) {
  Random random(2);
  double sum = 0, worst = 0;
  constexpr int count = 2000;
  for (int i = 0; i < count; ++i) {
    double ratio = makeRandom(random, 60).check(random(1, 8));
    sum += ratio;
    worst = std::max(worst, ratio);
  }
  EXPECT_LE(sum / count, 1.01);
  EXPECT_LE(worst, 1.2);
}

TEST(RuntimePlan, ManyBuffers) {
  Random random(3);
  for (int i = 0; i < 5; ++i)
    EXPECT_LE(makeRandom(random, PERCEIVER_RT_MAX_BUFFERS).check(2), 1.25);
  Buffers full;
  for (int i = 0; i < PERCEIVER_RT_MAX_BUFFERS; ++i)
    full.add(64 * (1 + i % 7), i, i + 1);
  full.check(1);
}

TEST(RuntimePlan, IsDeterministic) {
  Random random(4);
  Buffers buffers = makeRandom(random, 60);
  ASSERT_OK(buffers.plan(2));
  std::vector<int64_t> before = buffers.table;
  ASSERT_OK(buffers.plan(2));
  EXPECT_EQ(before, buffers.table);
}

TEST(RuntimePlan, RefusesWhatDoesNotFit) {
  Buffers rounding;
  rounding.add(INT64_MAX - 5, 0, 0);
  EXPECT_FAILS(rounding.plan(1), PERCEIVER_SIZE_OUT_OF_RANGE,
               "the memory that entry \"encode\" needs for these sizes and 1 "
               "workers does not fit into 63 bits");
  Buffers perWorker;
  perWorker.add(INT64_MAX / 4, 0, 0, /*perWorker=*/true);
  EXPECT_FAILS(perWorker.plan(8), PERCEIVER_SIZE_OUT_OF_RANGE, "8 workers");
  Buffers sum;
  sum.add(INT64_MAX / 2, 0, 0);
  sum.add(INT64_MAX / 2, 0, 0);
  sum.add(INT64_MAX / 2, 0, 0);
  EXPECT_FAILS(sum.plan(1), PERCEIVER_SIZE_OUT_OF_RANGE, "63 bits");
  Buffers negative;
  negative.add(-1, 0, 0);
  EXPECT_FAILS(negative.plan(1), PERCEIVER_SIZE_OUT_OF_RANGE, "63 bits");
}

TEST(RuntimePlan, RefusesMalformedEntries) {
  Buffers dead;
  dead.add(64, 1, 0);
  EXPECT_FAILS(dead.plan(1), PERCEIVER_INVALID_ARGUMENT,
               "entry \"encode\": buffer 0 is never live");
  Buffers tooMany;
  for (int i = 0; i <= PERCEIVER_RT_MAX_BUFFERS; ++i)
    tooMany.add(64, 0, 0);
  EXPECT_FAILS(tooMany.plan(1), PERCEIVER_INVALID_ARGUMENT,
               "entry \"encode\" has 1025 buffers, but 1024 are possible");
  Buffers buffers;
  buffers.add(64, 0, 0);
  EXPECT_FAILS(buffers.plan(0), PERCEIVER_INVALID_ARGUMENT,
               "a pool has 0 workers, but must have 1 to 4096");
  EXPECT_FAILS(buffers.plan(4097), PERCEIVER_INVALID_ARGUMENT, "4097 workers");
}

} // namespace
