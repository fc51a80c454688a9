//===- RuntimePoolTest.cpp - Threads --------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Also under the thread sanitizer:
//   cmake -B build-tsan -DPERCEIVER_SANITIZER=Thread ...
//   ninja -C build-tsan PerceiverRuntimeTests
//   build-tsan/test/Unit/PerceiverRuntimeTests

#include "RuntimeTestSupport.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Task = std::function<void(int64_t index, int32_t worker)>;

void runTasks(const perceiver_pool &pool, int64_t count, const Task &task) {
  pool.run_tasks(
      pool.state, count,
      [](void *context, int64_t index, int32_t worker) {
        (*static_cast<const Task *>(context))(index, worker);
      },
      const_cast<Task *>(&task));
}

struct DestroyPool {
  void operator()(perceiver_pool *pool) {
    EXPECT_EQ(perceiver_rt_pool_destroy(pool), PERCEIVER_OK);
  }
};
using Pool = std::unique_ptr<perceiver_pool, DestroyPool>;

Pool makePool(int32_t threads) {
  perceiver_pool *pool = nullptr;
  EXPECT_EQ(perceiver_rt_pool_create(threads, &pool), PERCEIVER_OK)
      << perceiver_rt_last_error();
  return Pool(pool);
}

/// Run `count` tasks and check that each ran once, by a worker of the pool, and
/// that no two ran on one worker at the same time.
void checkRun(const perceiver_pool &pool, int64_t count) {
  std::vector<std::atomic<int>> runs(count);
  std::vector<std::atomic<bool>> busy(pool.worker_count);
  std::atomic<bool> workersFit = true;
  runTasks(pool, count, [&](int64_t index, int32_t worker) {
    if (worker < 0 || worker >= pool.worker_count ||
        busy[worker].exchange(true))
      workersFit = false;
    else
      busy[worker] = false;
    ++runs[index];
  });
  for (int64_t i = 0; i < count; ++i)
    EXPECT_EQ(runs[i], 1) << "task " << i << " of " << count;
  EXPECT_TRUE(workersFit);
}

void sleepFor(int microseconds) {
  std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
}

TEST(RuntimePool, RunsEachTaskOnce) {
  for (int32_t threads : {1, 2, 3, 7}) {
    Pool pool = makePool(threads);
    EXPECT_EQ(pool->version, uint32_t(PERCEIVER_ABI_VERSION));
    EXPECT_EQ(pool->worker_count, threads);
    for (int64_t count : {0, 1, 2, 7, 1000})
      checkRun(*pool, count);
  }
}

TEST(RuntimePool, ManyShortRuns) {
  Pool pool = makePool(3);
  std::atomic<int64_t> sum = 0;
  for (int i = 0; i < 20000; ++i)
    runTasks(*pool, 3, [&](int64_t index, int32_t) {
      sum.fetch_add(index, std::memory_order_relaxed);
    });
  EXPECT_EQ(sum, 60000);
}

TEST(RuntimePool, ResultsAreVisibleAfterwards) {
  // Plain memory: a missing edge is a race for the thread sanitizer.
  Pool pool = makePool(4);
  std::vector<int64_t> values(64);
  for (int round = 1; round <= 200; ++round) {
    runTasks(*pool, values.size(),
             [&](int64_t index, int32_t) { values[index] += index; });
    for (size_t i = 0; i < values.size(); ++i)
      ASSERT_EQ(values[i], int64_t(i) * round);
  }
}

TEST(RuntimePool, WakesSleepers) {
  Pool pool = makePool(4);
  for (int i = 0; i < 50; ++i) {
    sleepFor(500);
    checkRun(*pool, 16);
  }
}

TEST(RuntimePool, OtherThreadsTakeOverFromASlowOne) {
  // Two tasks that wait for each other need two threads.
  Pool pool = makePool(2);
  std::atomic<int> here = 0;
  runTasks(*pool, 2, [&](int64_t, int32_t) {
    ++here;
    while (here < 2)
      std::this_thread::yield();
  });
  // One long task: the other worker does the rest of both ranges.
  std::atomic<int> done = 0;
  runTasks(*pool, 100, [&](int64_t index, int32_t) {
    if (index == 0)
      while (done < 99)
        std::this_thread::yield();
    ++done;
  });
  EXPECT_EQ(done, 100);
}

TEST(RuntimePool, MoreThreadsThanProcessors) {
  Pool pool = makePool(64);
  for (int i = 0; i < 100; ++i)
    checkRun(*pool, 200);
}

TEST(RuntimePool, SeveralThreadsAtOnce) {
  Pool pool = makePool(3);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 300; ++round)
        checkRun(*pool, round % 23);
    });
  for (std::thread &thread : threads)
    thread.join();
}

TEST(RuntimePool, NestedRunsKeepTheWorker) {
  Pool pool = makePool(3);
  std::atomic<int> inner = 0;
  std::atomic<bool> sameWorker = true;
  for (int round = 0; round < 50; ++round)
    runTasks(*pool, 10, [&](int64_t, int32_t worker) {
      runTasks(*pool, 5, [&](int64_t, int32_t innerWorker) {
        if (innerWorker != worker)
          sameWorker = false;
        ++inner;
      });
    });
  EXPECT_EQ(inner, 50 * 10 * 5);
  EXPECT_TRUE(sameWorker);
}

TEST(RuntimePool, NestedInASingleTask) {
  Pool pool = makePool(3);
  runTasks(*pool, 1, [&](int64_t, int32_t) { checkRun(*pool, 100); });
}

TEST(RuntimePool, WorksInAForkedChild) {
  Pool pool = makePool(3);
  checkRun(*pool, 100);
  pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::atomic<int> done = 0;
    runTasks(*pool, 100, [&](int64_t, int32_t worker) { done += worker == 0; });
    bool good = done == 100;
    good &= perceiver_rt_pool_destroy(pool.release()) == PERCEIVER_OK;
    _exit(good ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  checkRun(*pool, 100);
}

TEST(RuntimePool, CreateAndDestroy) {
  for (int i = 0; i < 50; ++i) {
    Pool pool = makePool(4);
    if (i % 2)
      checkRun(*pool, 4);
    if (i % 5 == 0)
      sleepFor(200);
  }
  EXPECT_GE(makePool(0)->worker_count, 1);
  EXPECT_EQ(perceiver_rt_pool_destroy(nullptr), PERCEIVER_OK);
}

TEST(RuntimePool, Refusals) {
  perceiver_pool *pool = nullptr;
  EXPECT_FAILS(perceiver_rt_pool_create(-1, &pool), PERCEIVER_INVALID_ARGUMENT,
               "a pool cannot have -1 threads, only 1 to 4096");
  EXPECT_FAILS(perceiver_rt_pool_create(4097, &pool),
               PERCEIVER_INVALID_ARGUMENT, "4097 threads");
  EXPECT_EQ(pool, nullptr);
  EXPECT_FAILS(perceiver_rt_pool_create(1, nullptr), PERCEIVER_INVALID_ARGUMENT,
               "the place for the pool is null");
  perceiver_pool foreign = {PERCEIVER_ABI_VERSION, 1, nullptr, nullptr};
  EXPECT_FAILS(perceiver_rt_pool_destroy(&foreign), PERCEIVER_INVALID_ARGUMENT,
               "made by somebody else");
}

} // namespace
