//===- RuntimeRunTest.cpp - Checking and running an entry -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeTestSupport.h"

#include <algorithm>
#include <climits>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

//===----------------------------------------------------------------------===//
// A model written by hand: y[n, 3] = 2 * x[n, 3], through two buffers.
//===----------------------------------------------------------------------===//

constexpr int64_t kChannels = 3;

/// Where a model's body finds the test that runs it.
thread_local std::function<void(const perceiver_frame &)> onRun;

void copyRow(void *context, int64_t row, int32_t worker) {
  const auto &frame = *static_cast<const perceiver_frame *>(context);
  const float *input = static_cast<const float *>(frame.arguments[0]);
  char *base = frame.workspace + frame.buffers[2];
  float *scratch = reinterpret_cast<float *>(base + worker * frame.buffers[3]);
  float *doubled =
      reinterpret_cast<float *>(frame.workspace + frame.buffers[0]);
  for (int64_t c = 0; c < kChannels; ++c)
    scratch[c] = 2 * input[row * kChannels + c];
  std::memcpy(doubled + row * kChannels, scratch, sizeof(float) * kChannels);
}

void runDouble(const perceiver_frame *frame) {
  const perceiver_pool *pool = frame->pool;
  int64_t rows = frame->sizes[0];
  pool->run_tasks(pool->state, rows, copyRow,
                  const_cast<perceiver_frame *>(frame));
  // Without rows there need not be an output.
  std::copy_n(reinterpret_cast<float *>(frame->workspace + frame->buffers[0]),
              rows * kChannels, static_cast<float *>(frame->arguments[1]));
}

void runCallback(const perceiver_frame *frame) { onRun(*frame); }

const int64_t kDims[] = {/*symbol 0*/ -1, kChannels};
const perceiver_argument kArguments[] = {
    {"inputs", kDims, 2, PERCEIVER_F32, /*is_output=*/0, 0, nullptr},
    {"outputs", kDims, 2, PERCEIVER_F32, /*is_output=*/1, 0, nullptr}};
const perceiver_symbol kSymbols[] = {{"rows", 0, 1000}};
const perceiver_size_instruction kRows[] = {
    {PERCEIVER_SIZE_SYMBOL, 0},
    {PERCEIVER_SIZE_CONSTANT, kChannels * sizeof(float)},
    {PERCEIVER_SIZE_MUL, 0}};
const perceiver_size_instruction kRow[] = {
    {PERCEIVER_SIZE_CONSTANT, kChannels * sizeof(float)}};
const perceiver_buffer kBuffers[] = {{kRows, 3, 0, 1, 0}, {kRow, 1, 0, 0, 1}};

perceiver_entry makeDouble() {
  return {"double", runDouble, kArguments, kSymbols, kBuffers, 2, 1,
          2,        0,         nullptr,    nullptr,  0,        0};
}

/// An artefact without weights, loaded.
class Model {
public:
  explicit Model(perceiver_entry theEntry) : entry(theEntry) {
    artifact.abi_version = PERCEIVER_ABI_VERSION;
    artifact.size = sizeof(artifact);
    artifact.entry_count = 1;
    artifact.model_name = "test";
    artifact.compiler_version = "0";
    artifact.entries = &entry;
    EXPECT_EQ(perceiver_rt_load(&artifact, nullptr, nullptr, &model),
              PERCEIVER_OK)
        << perceiver_rt_last_error();
  }
  ~Model() { perceiver_rt_free(model); }

  size_t workspaceSize(const int64_t *sizes, int32_t workers = 1) const {
    size_t bytes = SIZE_MAX;
    EXPECT_EQ(perceiver_rt_workspace_size(&artifact, 0, sizes, workers, &bytes),
              PERCEIVER_OK)
        << perceiver_rt_last_error();
    return bytes;
  }

  perceiver_entry entry;
  perceiver_artifact artifact = {};
  perceiver_model *model = nullptr;
};

/// A workspace that ends where the address space has a hole.
class GuardedWorkspace {
public:
  explicit GuardedWorkspace(size_t bytes) : bytes(bytes) {
    size_t page = sysconf(_SC_PAGESIZE);
    size_t room = (bytes + page - 1) / page * page;
    mappedBytes = room + page;
    base =
        static_cast<char *>(mmap(nullptr, mappedBytes, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    EXPECT_NE(base, MAP_FAILED);
    EXPECT_EQ(mprotect(base + room, page, PROT_NONE), 0);
    data = base + room - bytes;
    EXPECT_EQ(uintptr_t(data) % PERCEIVER_WORKSPACE_ALIGNMENT, 0u);
  }
  ~GuardedWorkspace() { munmap(base, mappedBytes); }

  char *data;
  size_t bytes;

private:
  char *base;
  size_t mappedBytes;
};

TEST(RuntimeRun, RunsWithAndWithoutAPool) {
  Model model(makeDouble());
  perceiver_pool *pool = nullptr;
  ASSERT_OK(perceiver_rt_pool_create(3, &pool));
  for (int64_t rows : {0, 1, 7, 1000}) {
    std::vector<float> input(rows * kChannels), output(rows * kChannels);
    for (size_t i = 0; i < input.size(); ++i)
      input[i] = float(i);
    for (perceiver_pool *used : {(perceiver_pool *)nullptr, pool}) {
      GuardedWorkspace workspace(
          model.workspaceSize(&rows, used ? used->worker_count : 1));
      void *arguments[] = {input.data(), output.data()};
      std::fill(output.begin(), output.end(), -1.0f);
      ASSERT_OK(perceiver_rt_run(model.model, 0, &rows, arguments,
                                 workspace.data, workspace.bytes, used));
      for (size_t i = 0; i < input.size(); ++i)
        EXPECT_EQ(output[i], 2 * input[i]);
    }
  }
  ASSERT_OK(perceiver_rt_pool_destroy(pool));
}

TEST(RuntimeRun, SeveralThreadsShareModelAndPool) {
  Model model(makeDouble());
  perceiver_pool *pool = nullptr;
  ASSERT_OK(perceiver_rt_pool_create(2, &pool));
  auto work = [&](float value) {
    int64_t rows = 50;
    GuardedWorkspace workspace(model.workspaceSize(&rows, pool->worker_count));
    std::vector<float> input(rows * kChannels, value), output(input.size());
    void *arguments[] = {input.data(), output.data()};
    for (int i = 0; i < 200; ++i) {
      ASSERT_OK(perceiver_rt_run(model.model, 0, &rows, arguments,
                                 workspace.data, workspace.bytes, pool));
      ASSERT_EQ(output, std::vector<float>(input.size(), 2 * value));
    }
  };
  std::vector<std::thread> threads;
  for (int i = 1; i <= 3; ++i)
    threads.emplace_back(work, float(i));
  for (std::thread &thread : threads)
    thread.join();
  ASSERT_OK(perceiver_rt_pool_destroy(pool));
}

TEST(RuntimeRun, UsesTheCallersPool) {
  struct Counts {
    int64_t calls = 0, tasks = 0;
  } counts;
  perceiver_pool pool = {
      PERCEIVER_ABI_VERSION, 5, &counts,
      [](void *state, int64_t count, perceiver_task task, void *context) {
        auto &counts = *static_cast<Counts *>(state);
        ++counts.calls;
        counts.tasks += count;
        for (int64_t i = count; i-- > 0;)
          task(context, i, i % 5);
      }};
  Model model(makeDouble());
  int64_t rows = 12;
  GuardedWorkspace workspace(model.workspaceSize(&rows, 5));
  std::vector<float> input(rows * kChannels, 4), output(input.size());
  void *arguments[] = {input.data(), output.data()};
  ASSERT_OK(perceiver_rt_run(model.model, 0, &rows, arguments, workspace.data,
                             workspace.bytes, &pool));
  EXPECT_EQ(output, std::vector<float>(input.size(), 8));
  EXPECT_EQ(counts.calls, 1);
  EXPECT_EQ(counts.tasks, rows);
}

//===----------------------------------------------------------------------===//
// Random entries whose body fills and checks every buffer over its lifetime.
//===----------------------------------------------------------------------===//

/// Buffers of the size a * n + b for the symbol n.
struct RandomEntry {
  explicit RandomEntry(std::mt19937_64 &random, int64_t maximum)
      : symbol{"n", 1, maximum} {
    size_t count = 1 + random() % 40;
    programs.resize(count * 5);
    for (size_t i = 0; i < count; ++i) {
      perceiver_size_instruction *program = &programs[5 * i];
      program[0] = {PERCEIVER_SIZE_SYMBOL, 0};
      program[1] = {PERCEIVER_SIZE_CONSTANT, int64_t(random() % 500)};
      program[2] = {PERCEIVER_SIZE_MUL, 0};
      program[3] = {PERCEIVER_SIZE_CONSTANT, int64_t(random() % 30000)};
      program[4] = {PERCEIVER_SIZE_ADD, 0};
      int32_t first = random() % kPositions;
      int32_t last = std::min<int32_t>(first + random() % 8, kPositions - 1);
      buffers.push_back({program, 5, first, last, random() % 4 == 0});
    }
    entry = {"random", runCallback,    nullptr, &symbol, buffers.data(), 0,
             1,        (int32_t)count, 0,       nullptr, nullptr,        0,
             0};
  }

  int64_t bytes(size_t i, int64_t n) const {
    return n * programs[5 * i + 1].value + programs[5 * i + 3].value;
  }

  /// What the body does: at each position fill the buffers that begin and
  /// check those that end.
  void simulate(const perceiver_frame &frame) const {
    auto forEachPart = [&](size_t i, auto visit) {
      int32_t parts = buffers[i].per_worker ? frame.pool->worker_count : 1;
      for (int32_t worker = 0; worker < parts; ++worker)
        visit(frame.workspace + frame.buffers[2 * i] +
                  worker * frame.buffers[2 * i + 1],
              bytes(i, frame.sizes[0]), char(i * 16 + worker + 1));
    };
    for (int32_t position = 0; position < kPositions; ++position) {
      for (size_t i = 0; i < buffers.size(); ++i)
        if (buffers[i].first == position)
          forEachPart(i, [](char *data, int64_t bytes, char value) {
            EXPECT_EQ(uintptr_t(data) % PERCEIVER_WORKSPACE_ALIGNMENT, 0u);
            std::memset(data, value, bytes);
          });
      for (size_t i = 0; i < buffers.size(); ++i)
        if (buffers[i].last == position)
          forEachPart(i, [](char *data, int64_t bytes, char value) {
            EXPECT_EQ(std::count(data, data + bytes, value), bytes);
          });
    }
  }

  static constexpr int32_t kPositions = 15;
  std::vector<perceiver_size_instruction> programs;
  std::vector<perceiver_buffer> buffers;
  perceiver_symbol symbol;
  perceiver_entry entry;
};

perceiver_pool makeSerialPool(int32_t workers) {
  return {PERCEIVER_ABI_VERSION, workers, nullptr,
          [](void *, int64_t count, perceiver_task task, void *context) {
            for (int64_t i = 0; i < count; ++i)
              task(context, i, 0);
          }};
}

TEST(RuntimeRun, BuffersKeepTheirContents) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 300; ++i) {
    RandomEntry entry(random, 1000);
    Model model(entry.entry);
    perceiver_pool pool = makeSerialPool(1 + random() % 6);
    int64_t n = 1 + random() % 20;
    GuardedWorkspace workspace(model.workspaceSize(&n, pool.worker_count));
    bool ran = false;
    onRun = [&](const perceiver_frame &frame) {
      ran = true;
      EXPECT_EQ(frame.pool, &pool);
      entry.simulate(frame);
    };
    ASSERT_OK(perceiver_rt_run(model.model, 0, &n, nullptr, workspace.data,
                               workspace.bytes, &pool));
    EXPECT_TRUE(ran);
  }
}

TEST(RuntimeRun, TheLargestWorkspaceServesAllSizes) {
  std::mt19937_64 random(8);
  constexpr int64_t maximum = 100;
  int anomalies = 0;
  for (int i = 0; i < 100; ++i) {
    RandomEntry entry(random, maximum);
    Model model(entry.entry);
    size_t largest = model.workspaceSize(&maximum);
    GuardedWorkspace workspace(largest);
    onRun = [&](const perceiver_frame &frame) { entry.simulate(frame); };
    for (int64_t n = 1; n <= maximum; ++n) {
      bool anomaly = model.workspaceSize(&n) > largest;
      anomalies += anomaly;
      if (!anomaly && n % 20)
        continue;
      ASSERT_OK(perceiver_rt_run(model.model, 0, &n, nullptr, workspace.data,
                                 workspace.bytes, nullptr));
    }
  }
  // Smaller sizes may need more: without such cases this test shows nothing.
  EXPECT_GT(anomalies, 0);
}

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

/// A run that is right but for what a test changes.
class RuntimeRunRefusal : public testing::Test {
protected:
  RuntimeRunRefusal()
      : model(makeDouble()), workspace(model.workspaceSize(&rows)),
        workspaceData(workspace.data), workspaceBytes(workspace.bytes) {}

  perceiver_status run(int32_t entry = 0) {
    return perceiver_rt_run(model.model, entry, sizes, arguments, workspaceData,
                            workspaceBytes, pool);
  }

  int64_t rows = 4;
  Model model;
  GuardedWorkspace workspace;
  std::vector<float> input = std::vector<float>(3000),
                     output = std::vector<float>(3000);
  void *argumentData[2] = {input.data(), output.data()};
  void *const *arguments = argumentData;
  const int64_t *sizes = &rows;
  void *workspaceData;
  size_t workspaceBytes;
  const perceiver_pool *pool = nullptr;
};

TEST_F(RuntimeRunRefusal, Nothing) { ASSERT_OK(run()); }

TEST_F(RuntimeRunRefusal, NoModel) {
  EXPECT_FAILS(perceiver_rt_run(nullptr, 0, sizes, arguments, workspaceData,
                                workspaceBytes, pool),
               PERCEIVER_INVALID_ARGUMENT, "the model is null");
}

TEST_F(RuntimeRunRefusal, UnknownEntry) {
  EXPECT_FAILS(run(1), PERCEIVER_INVALID_ARGUMENT,
               "model \"test\" has no entry 1");
  EXPECT_FAILS(run(-1), PERCEIVER_INVALID_ARGUMENT, "no entry -1");
}

TEST_F(RuntimeRunRefusal, Sizes) {
  rows = 1001;
  EXPECT_FAILS(
      run(), PERCEIVER_SIZE_OUT_OF_RANGE,
      "entry \"double\": rows is 1001, but must be between 0 and 1000");
  rows = -1;
  EXPECT_FAILS(run(), PERCEIVER_SIZE_OUT_OF_RANGE, "rows is -1");
  sizes = nullptr;
  EXPECT_FAILS(run(), PERCEIVER_INVALID_ARGUMENT,
               "entry \"double\": the sizes are null");
}

TEST_F(RuntimeRunRefusal, SizesWithoutALimit) {
  perceiver_symbol symbol = {"rows", 1, INT64_MAX};
  model.entry.symbols = &symbol;
  rows = 0;
  EXPECT_FAILS(run(), PERCEIVER_SIZE_OUT_OF_RANGE,
               "rows is 0, but must be at least 1");
  rows = INT64_MAX / 4;
  EXPECT_FAILS(
      run(), PERCEIVER_SIZE_OUT_OF_RANGE,
      "entry \"double\": the size of inputs does not fit into 63 bits");
  size_t bytes;
  EXPECT_FAILS(
      perceiver_rt_workspace_size(&model.artifact, 0, sizes, 1, &bytes),
      PERCEIVER_SIZE_OUT_OF_RANGE,
      "the memory that entry \"double\" needs for these sizes");
  // Fits into 63 bits and nowhere else: there is no fall-back to the maximum.
  rows = 1000000;
  input.resize(rows * kChannels);
  output.resize(rows * kChannels);
  argumentData[0] = input.data();
  argumentData[1] = output.data();
  EXPECT_FAILS(run(), PERCEIVER_WORKSPACE_TOO_SMALL,
               "needs a workspace of 12000128 bytes");
}

TEST_F(RuntimeRunRefusal, NullArguments) {
  argumentData[1] = nullptr;
  EXPECT_FAILS(run(), PERCEIVER_INVALID_ARGUMENT,
               "entry \"double\": outputs is null");
  arguments = nullptr;
  EXPECT_FAILS(run(), PERCEIVER_INVALID_ARGUMENT,
               "entry \"double\": the arguments are null");
}

TEST_F(RuntimeRunRefusal, EmptyArgumentsMayBeNull) {
  rows = 0;
  argumentData[0] = argumentData[1] = nullptr;
  model.entry.body = runCallback;
  bool ran = false;
  onRun = [&](const perceiver_frame &) { ran = true; };
  ASSERT_OK(run());
  EXPECT_TRUE(ran);
}

TEST_F(RuntimeRunRefusal, MisalignedArgument) {
  argumentData[0] = reinterpret_cast<char *>(input.data()) + 2;
  EXPECT_FAILS(run(), PERCEIVER_MISALIGNED,
               "entry \"double\": inputs is not aligned to 4 bytes");
}

TEST_F(RuntimeRunRefusal, OverlappingArguments) {
  argumentData[1] = input.data() + 11;
  EXPECT_FAILS(run(), PERCEIVER_INVALID_ARGUMENT,
               "entry \"double\": outputs overlaps inputs");
  argumentData[1] = input.data() + 12;
  ASSERT_OK(run());
  argumentData[1] = workspace.data + workspace.bytes - 4;
  EXPECT_FAILS(run(), PERCEIVER_INVALID_ARGUMENT,
               "entry \"double\": outputs overlaps the workspace");
  workspaceBytes = SIZE_MAX;
  EXPECT_FAILS(run(), PERCEIVER_INVALID_ARGUMENT,
               "entry \"double\": outputs overlaps the workspace");
}

TEST_F(RuntimeRunRefusal, Workspace) {
  workspaceBytes -= 1;
  EXPECT_FAILS(
      run(), PERCEIVER_WORKSPACE_TOO_SMALL,
      "entry \"double\" needs a workspace of 192 bytes for these sizes "
      "and 1 workers, but got 191");
  workspaceBytes = 0;
  EXPECT_FAILS(run(), PERCEIVER_WORKSPACE_TOO_SMALL, "but got 0");
  workspaceData = nullptr;
  EXPECT_FAILS(run(), PERCEIVER_INVALID_ARGUMENT,
               "entry \"double\": the workspace is null");
  workspaceData = workspace.data - 32;
  workspaceBytes = workspace.bytes;
  EXPECT_FAILS(run(), PERCEIVER_MISALIGNED,
               "the workspace is not aligned to 64 bytes");
}

TEST_F(RuntimeRunRefusal, AnEmptyWorkspaceMayBeNull) {
  model.entry.buffer_count = 0;
  model.entry.body = runCallback;
  onRun = [](const perceiver_frame &) {};
  EXPECT_EQ(model.workspaceSize(sizes), 0u);
  workspaceData = nullptr;
  workspaceBytes = 0;
  ASSERT_OK(run());
}

TEST_F(RuntimeRunRefusal, Pool) {
  perceiver_pool wrong = makeSerialPool(1);
  pool = &wrong;
  ASSERT_OK(run());
  wrong.version = 99;
  EXPECT_FAILS(run(), PERCEIVER_VERSION_MISMATCH,
               "the pool has version 99 of the binary interface, but this "
               "model has version 1");
  wrong = makeSerialPool(0);
  EXPECT_FAILS(run(), PERCEIVER_INVALID_ARGUMENT, "a pool has 0 workers");
  wrong = makeSerialPool(5000);
  EXPECT_FAILS(run(), PERCEIVER_INVALID_ARGUMENT, "a pool has 5000 workers");
  wrong = makeSerialPool(2);
  EXPECT_FAILS(run(), PERCEIVER_WORKSPACE_TOO_SMALL, "2 workers");
  wrong.run_tasks = nullptr;
  EXPECT_FAILS(run(), PERCEIVER_INVALID_ARGUMENT,
               "the pool's run_tasks is null");
}

TEST_F(RuntimeRunRefusal, WorkspaceSize) {
  size_t bytes;
  EXPECT_FAILS(
      perceiver_rt_workspace_size(&model.artifact, 0, sizes, 1, nullptr),
      PERCEIVER_INVALID_ARGUMENT, "the place for the workspace's size is null");
  EXPECT_FAILS(
      perceiver_rt_workspace_size(&model.artifact, 7, sizes, 1, &bytes),
      PERCEIVER_INVALID_ARGUMENT, "model \"test\" has no entry 7");
  EXPECT_FAILS(
      perceiver_rt_workspace_size(&model.artifact, 0, sizes, -1, &bytes),
      PERCEIVER_INVALID_ARGUMENT, "a pool has -1 workers");
}

TEST_F(RuntimeRunRefusal, ErrorsAreKeptPerThread) {
  EXPECT_FAILS(run(5), PERCEIVER_INVALID_ARGUMENT, "no entry 5");
  std::thread([] { EXPECT_STREQ(perceiver_rt_last_error(), ""); }).join();
  EXPECT_STREQ(perceiver_rt_last_error(), "model \"test\" has no entry 5");
}

} // namespace
