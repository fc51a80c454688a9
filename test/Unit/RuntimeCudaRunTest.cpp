//===- RuntimeCudaRunTest.cpp - Running on a CUDA device ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeCudaTestSupport.h"

#include <atomic>
#include <cmath>
#include <cstring>
#include <thread>

using namespace perceiver::test;

namespace {

/// Memory of the device and a stream, by the caller of an enqueue.
struct CudaRun : CudaModelTest {
  void SetUp() override {
    CudaModelTest::SetUp();
    const perceiver_cuda_driver &driver = emulator.driver;
    ASSERT_EQ(driver.cuInit(0), CUDA_SUCCESS);
    ASSERT_EQ(driver.cuDevicePrimaryCtxRetain(&context, 0), CUDA_SUCCESS);
    ASSERT_EQ(driver.cuCtxPushCurrent_v2(context), CUDA_SUCCESS);
  }
  void TearDown() override {
    emulator.configure("");
    unload();
    CUcontext popped;
    EXPECT_EQ(emulator.driver.cuCtxPopCurrent_v2(&popped), CUDA_SUCCESS);
    EXPECT_EQ(emulator.driver.cuDevicePrimaryCtxRelease_v2(0), CUDA_SUCCESS);
    CudaModelTest::TearDown();
  }

  /// What one caller has of its own.
  struct Caller {
    Caller(const perceiver_cuda_driver &driver, int64_t rows,
           size_t workspaceBytes)
        : driver(driver), rows(rows), workspaceBytes(workspaceBytes) {
      EXPECT_EQ(driver.cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING),
                CUDA_SUCCESS);
      for (CUdeviceptr *address : {&x, &y})
        EXPECT_EQ(driver.cuMemAlloc_v2(address, 16 * rows), CUDA_SUCCESS);
      EXPECT_EQ(driver.cuMemAlloc_v2(&workspace, workspaceBytes + 256),
                CUDA_SUCCESS);
      std::vector<float> values = input(rows);
      EXPECT_EQ(
          driver.cuMemcpyHtoDAsync_v2(x, values.data(), 16 * rows, stream),
          CUDA_SUCCESS);
      EXPECT_EQ(driver.cuStreamSynchronize(stream), CUDA_SUCCESS);
    }
    ~Caller() {
      for (CUdeviceptr address : {x, y, workspace})
        EXPECT_EQ(driver.cuMemFree_v2(address), CUDA_SUCCESS);
      EXPECT_EQ(driver.cuStreamDestroy_v2(stream), CUDA_SUCCESS);
    }
    perceiver_status enqueue(const perceiver_model *model) {
      void *arguments[] = {pointer(x), pointer(y)};
      return perceiver_rt_enqueue_cuda(model, 0, &rows, arguments,
                                       pointer(workspace), workspaceBytes,
                                       stream);
    }
    std::vector<float> result() {
      std::vector<float> values(4 * rows);
      EXPECT_EQ(
          driver.cuMemcpyDtoHAsync_v2(values.data(), y, 16 * rows, stream),
          CUDA_SUCCESS);
      EXPECT_EQ(driver.cuStreamSynchronize(stream), CUDA_SUCCESS);
      return values;
    }
    static void *pointer(CUdeviceptr address) {
      return reinterpret_cast<void *>(address);
    }

    const perceiver_cuda_driver &driver;
    int64_t rows;
    size_t workspaceBytes;
    CUstream stream = nullptr;
    CUdeviceptr x = 0, y = 0, workspace = 0;
  };

  size_t workspaceSize(int64_t rows, const perceiver_model *of) {
    size_t bytes = 0;
    EXPECT_EQ(
        perceiver_rt_workspace_size_cuda(&artifact, of, 0, &rows, 1, &bytes),
        PERCEIVER_OK);
    return bytes;
  }

  CUcontext context = nullptr;
};

TEST_F(CudaRun, MemoryGrowsWithTheSizes) {
  ASSERT_OK(load());
  emulator.reset();
  for (int64_t rows : {1, 3, 2, 40, 5})
    expectRuns(rows);
  ASSERT_OK(load(PERCEIVER_CUDA_SEPARATE_BUFFERS |
                 PERCEIVER_CUDA_SYNCHRONIZE_LAUNCHES));
  expectRuns(7);
  // One was empty, then there was one too small twice.
  ASSERT_OK(load());
  emulator.reset();
  for (int64_t rows : {1, 40, 1, 40})
    ASSERT_OK(run(rows));
  EXPECT_EQ(emulator.calls()["cuMemAlloc_v2"], 2);
}

TEST_F(CudaRun, ChecksWhatItGets) {
  ASSERT_OK(load());
  EXPECT_FAILS(run(0), PERCEIVER_SIZE_OUT_OF_RANGE, "rows is 0");
  int64_t rows = 1;
  float x[4] = {}, result[4];
  auto runWith = [&](const perceiver_model *of, int32_t entry, void *x,
                     void *y) {
    void *arguments[] = {x, y};
    return perceiver_rt_run_cuda(of, entry, &rows, arguments, nullptr, 0,
                                 nullptr);
  };
  EXPECT_FAILS(runWith(nullptr, 0, x, result), PERCEIVER_INVALID_ARGUMENT,
               "the model is null");
  EXPECT_FAILS(runWith(model, 1, x, result), PERCEIVER_INVALID_ARGUMENT,
               "has no entry 1");
  EXPECT_FAILS(runWith(model, 0, nullptr, result), PERCEIVER_INVALID_ARGUMENT,
               "x is null");
  EXPECT_FAILS(runWith(model, 0, x, x), PERCEIVER_INVALID_ARGUMENT,
               "y overlaps x");
}

TEST_F(CudaRun, MasksStandForNull) {
  perceiver_argument arguments[] = {kCudaEntry.arguments[0],
                                    kCudaEntry.arguments[1]};
  arguments[0].fill = PERCEIVER_FILL_TRUE;
  perceiver_entry entry = kCudaEntry;
  entry.arguments = arguments;
  artifact.entries = &entry;
  ASSERT_OK(load());
  emulator.reset();
  // Any number that is not 0 is true: that of these bytes.
  float truth;
  std::memset(&truth, 1, sizeof truth);
  int64_t rows = 3;
  std::vector<float> expected(4 * rows);
  for (size_t i = 0; i < expected.size(); ++i)
    expected[i] = 2 * truth * kWeights[i % 4];
  std::vector<float> result(4 * rows);
  void *host[] = {nullptr, result.data()};
  ASSERT_OK(perceiver_rt_run_cuda(model, 0, &rows, host, nullptr, 0, nullptr));
  EXPECT_EQ(result, expected);
  size_t bytes = workspaceSize(rows, model);
  // The mask has a piece of its own in the workspace.
  perceiver_argument given = arguments[0];
  arguments[0].fill = PERCEIVER_FILL_NONE;
  EXPECT_EQ(workspaceSize(rows, model) + 256, bytes);
  arguments[0] = given;
  Caller caller(emulator.driver, rows, bytes);
  void *device[] = {nullptr, Caller::pointer(caller.y)};
  ASSERT_OK(perceiver_rt_enqueue_cuda(model, 0, &rows, device,
                                      Caller::pointer(caller.workspace), bytes,
                                      caller.stream));
  EXPECT_EQ(caller.result(), expected);
  EXPECT_EQ(emulator.takeFindings(), "");
  EXPECT_FAILS(perceiver_rt_enqueue_cuda(
                   model, 0, &rows, device, Caller::pointer(caller.workspace),
                   workspaceSize(rows, nullptr) - 256, caller.stream),
               PERCEIVER_WORKSPACE_TOO_SMALL, "needs a workspace of");
}

TEST_F(CudaRun, IntegersOutsideOfBoundsSpoilARun) {
  // x as integers, which the kernels take for tiny numbers.
  const int64_t bounds[] = {-1, 262};
  for (bool isLong : {false, true}) {
    const int64_t dims[] = {-1, isLong ? 2 : 4};
    perceiver_argument arguments[] = {kCudaEntry.arguments[0],
                                      kCudaEntry.arguments[1]};
    arguments[0].dims = dims;
    arguments[0].dtype = isLong ? PERCEIVER_I64 : PERCEIVER_I32;
    arguments[0].bounds = bounds;
    perceiver_entry entry = kCudaEntry;
    entry.arguments = arguments;
    artifact.entries = &entry;
    ASSERT_OK(load());
    emulator.reset();
    int64_t rows = 300;
    Caller caller(emulator.driver, rows, workspaceSize(rows, model));
    auto runOn = [&](const std::vector<int64_t> &numbers) {
      EXPECT_EQ(emulator.driver.cuMemcpyHtoDAsync_v2(caller.x, numbers.data(),
                                                     16 * rows, caller.stream),
                CUDA_SUCCESS);
      perceiver_status status = caller.enqueue(model);
      EXPECT_EQ(emulator.driver.cuStreamSynchronize(caller.stream),
                CUDA_SUCCESS);
      return status;
    };
    auto runWith = [&](size_t at, int64_t value) {
      std::vector<int64_t> numbers(2 * rows, 0);
      auto *ints = reinterpret_cast<int32_t *>(numbers.data());
      if (isLong)
        numbers[at] = value;
      else
        ints[at] = static_cast<int32_t>(value);
      return runOn(numbers);
    };
    ASSERT_OK(runWith(5, 261));
    ASSERT_OK(runWith(599, -1));
    EXPECT_EQ(caller.result()[4], 0);
    ASSERT_OK(runWith(599, 262));
    for (float value : caller.result())
      ASSERT_TRUE(std::isnan(value));
    EXPECT_FAILS(runWith(0, 0), PERCEIVER_INVALID_ARGUMENT,
                 "entry \"run\", in an earlier call: element 599 of x is 262, "
                 "but must be from -1 to 261");
    // Only once, and then all is well again.
    ASSERT_OK(runWith(0, 0));
    EXPECT_EQ(caller.result()[4], 0);
    ASSERT_OK(runWith(3, INT32_MIN));
    EXPECT_FAILS(run(1), PERCEIVER_INVALID_ARGUMENT,
                 "element 3 of x is -2147483648");
    EXPECT_EQ(emulator.takeFindings(), "");
    // The first of several, in whichever block and thread they are met.
    std::vector<int64_t> many(2 * rows, isLong ? 300 : 300 * ((1ll << 32) + 1));
    std::fill_n(many.begin(), 299, 0);
    ASSERT_OK(runOn(many));
    EXPECT_FAILS(runWith(0, 0), PERCEIVER_INVALID_ARGUMENT,
                 isLong ? "element 299 of x is 300"
                        : "element 598 of x is 300");
    // Arrays of the host are looked at before.
    std::vector<int64_t> host(8, 300);
    std::vector<float> result(4);
    void *given[] = {host.data(), result.data()};
    rows = 1;
    EXPECT_FAILS(
        perceiver_rt_run_cuda(model, 0, &rows, given, nullptr, 0, nullptr),
        PERCEIVER_INVALID_ARGUMENT, "x[0, 0] is 300");
    unload();
  }
}

TEST_F(CudaRun, KernelReadsBeyondABuffer) {
  ptx = ptxWith("[%d4+0]", "[%d4+4]");
  ASSERT_OK(load());
  ASSERT_OK(run(3));
  std::string findings = emulator.takeFindings();
  EXPECT_EQ(findings.find("out-of-bounds kernel=scaled "), 0u) << findings;
  EXPECT_NE(findings.find(" block=2,0,0 lanes=0x00000008 buffer=buffer_1+48 "),
            std::string::npos)
      << findings;
  EXPECT_EQ(std::count(findings.begin(), findings.end(), '\n'), 1) << findings;
}

TEST_F(CudaRun, KernelWritesItsInput) {
  ptx = ptxWith("st.global.f32 [%d5]", "st.global.f32 [%d4]");
  ASSERT_OK(load());
  ASSERT_OK(run(1));
  std::string findings = emulator.takeFindings();
  EXPECT_NE(findings.find("read-only kernel=doubled "), std::string::npos)
      << findings;
  EXPECT_NE(findings.find(" buffer=x+0 "), std::string::npos) << findings;
  EXPECT_NE(findings.find(" buffer=buffer_1+0 "), std::string::npos)
      << findings;
}

TEST_F(CudaRun, KernelReadsWhatAnEarlierRunLeft) {
  // Nobody writes `twice`, which the arena's memory still holds.
  ASSERT_OK(load());
  expectRuns(2);
  images.clear();
  ptx = ptxWith("st.global.f32 [%d5], %f1;", "");
  ASSERT_OK(load());
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK(run(2));
    std::string findings = emulator.takeFindings();
    EXPECT_EQ(findings.find("uninitialised kernel=scaled "), 0u) << findings;
    EXPECT_NE(findings.find(" buffer=buffer_1+0 "), std::string::npos)
        << findings;
  }
}

TEST_F(CudaRun, EnqueueRunsInTheStream) {
  ASSERT_OK(load());
  Caller caller(emulator.driver, 5, workspaceSize(5, model));
  ASSERT_OK(caller.enqueue(model));
  EXPECT_EQ(caller.result(), expected(5));
  // A workspace that was asked for without a model has no room for gaps.
  EXPECT_LT(workspaceSize(5, nullptr), caller.workspaceBytes);
  Caller tight(emulator.driver, 5, workspaceSize(5, nullptr));
  ASSERT_OK(tight.enqueue(model));
  EXPECT_EQ(tight.result(), expected(5));
  // Its memory is the caller's again.
  EXPECT_EQ(emulator.driver.cuMemcpyDtoDAsync_v2(caller.y, caller.x, 80,
                                                 caller.stream),
            CUDA_SUCCESS);
  EXPECT_EQ(caller.result(), input(5));
  EXPECT_EQ(emulator.takeFindings(), "");
}

TEST_F(CudaRun, EnqueueIsLegalInACapture) {
  ASSERT_OK(load());
  Caller caller(emulator.driver, 5, workspaceSize(5, model));
  emulator.configure("capture=on");
  ASSERT_OK(caller.enqueue(model));
  EXPECT_FAILS(run(5), PERCEIVER_DEVICE_FAILED,
               "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED");
  emulator.configure("capture=off");
  EXPECT_EQ(caller.result(), expected(5));
}

TEST_F(CudaRun, EnqueueAllocatesNothing) {
  ASSERT_OK(load());
  Caller caller(emulator.driver, 5, workspaceSize(5, model));
  emulator.reset();
  ASSERT_OK(caller.enqueue(model));
  std::map<std::string, int> expected = {{"cuCtxPushCurrent_v2", 1},
                                         {"cuPointerGetAttribute", 3},
                                         {"cuLaunchKernel", 2},
                                         {"cuMemcpyDtoDAsync_v2", 1},
                                         {"cuCtxPopCurrent_v2", 1}};
  EXPECT_EQ(emulator.calls(), expected);
  // Any of them may fail.
  for (const auto &[function, count] : expected)
    for (int i = 1; i <= count; ++i) {
      emulator.configure("fail=" + function + ":" + std::to_string(i));
      EXPECT_FAILS(caller.enqueue(model), PERCEIVER_DEVICE_FAILED,
                   "CUDA_ERROR_UNKNOWN (unknown error)");
    }
  CUcontext popped; // The pop that failed has left it.
  EXPECT_EQ(emulator.driver.cuCtxPopCurrent_v2(&popped), CUDA_SUCCESS);
  emulator.configure("");
  ASSERT_OK(caller.enqueue(model));
  EXPECT_EQ(caller.result(), CudaModelTest::expected(5));
}

TEST_F(CudaRun, EnqueueChecksWhatItGets) {
  ASSERT_OK(load());
  Caller caller(emulator.driver, 5, workspaceSize(5, model));
  float host[20] = {};
  auto enqueue = [&](void *x, CUdeviceptr workspace, size_t bytes) {
    int64_t rows = 5;
    void *arguments[] = {x, Caller::pointer(caller.y)};
    return perceiver_rt_enqueue_cuda(model, 0, &rows, arguments,
                                     Caller::pointer(workspace), bytes,
                                     caller.stream);
  };
  void *x = Caller::pointer(caller.x);
  size_t bytes = caller.workspaceBytes;
  EXPECT_FAILS(enqueue(host, caller.workspace, bytes),
               PERCEIVER_INVALID_ARGUMENT,
               "entry \"run\": expected memory of a device for x, but got "
               "memory of the host");
  EXPECT_FAILS(
      enqueue(x, (reinterpret_cast<CUdeviceptr>(host) | 255) + 1, bytes),
      PERCEIVER_INVALID_ARGUMENT,
      "expected memory of a device for the workspace");
  EXPECT_FAILS(enqueue(x, caller.workspace + 64, bytes), PERCEIVER_MISALIGNED,
               "the workspace is not aligned to 256 bytes");
  EXPECT_FAILS(enqueue(x, caller.workspace, 100), PERCEIVER_WORKSPACE_TOO_SMALL,
               "entry \"run\" needs a workspace of 512 bytes for these sizes, "
               "but got 100");
  EXPECT_FAILS(enqueue(x, 0, bytes), PERCEIVER_INVALID_ARGUMENT,
               "the workspace is null");
  EXPECT_FAILS(enqueue(x, caller.y, bytes), PERCEIVER_INVALID_ARGUMENT,
               "y overlaps the workspace");
  EXPECT_FAILS(perceiver_rt_workspace_size_cuda(&artifact, model, 0, nullptr, 1,
                                                nullptr),
               PERCEIVER_INVALID_ARGUMENT,
               "the place for the workspace's size is null");
}

TEST_F(CudaRun, ManyThreads) {
  ASSERT_OK(load());
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  threads.reserve(16);
  for (int i = 0; i < 16; ++i)
    threads.emplace_back([&, i] {
      int64_t rows = 3 + i;
      std::vector<float> x = input(rows), y(4 * rows);
      if (i % 2) {
        void *arguments[] = {x.data(), y.data()};
        EXPECT_EQ(perceiver_rt_run_cuda(model, 0, &rows, arguments, nullptr, 0,
                                        nullptr),
                  PERCEIVER_OK);
      } else {
        EXPECT_EQ(emulator.driver.cuCtxPushCurrent_v2(context), CUDA_SUCCESS);
        Caller caller(emulator.driver, rows, workspaceSize(rows, model));
        EXPECT_EQ(caller.enqueue(model), PERCEIVER_OK);
        y = caller.result();
      }
      right += y == expected(rows);
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(right, 16);
  EXPECT_EQ(emulator.takeFindings(), "");
}

} // namespace
