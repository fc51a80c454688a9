//===- EmulatorDriverTest.cpp - The driver's functions on the emulated device
//===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

#include <gmock/gmock.h>

#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace perceiver::test;
using testing::HasSubstr;

namespace {
class EmulatorDriverTest : public EmulatorTest {
protected:
  /// Adds 1 to each of 32 words.
  CUfunction increment() {
    return load(ptxKernel(1, R"(
      mov.u32 %r0, %tid.x; mul.wide.u32 %d1, %r0, 4; add.s64 %d2, %d0, %d1;
      ld.global.u32 %r1, [%d2]; add.u32 %r1, %r1, 1; st.global.u32 [%d2], %r1;)"));
  }
};
} // namespace

TEST_F(EmulatorDriverTest, DescribesTheDevice) {
  int count, value;
  CUdevice device;
  char name[64];
  size_t bytes;
  EXPECT_EQ(cuDeviceGetCount(&count), CUDA_SUCCESS);
  EXPECT_EQ(count, 1);
  EXPECT_EQ(cuDeviceGet(&device, 1), CUDA_ERROR_INVALID_DEVICE);
  EXPECT_EQ(cuDeviceGet(&device, 0), CUDA_SUCCESS);
  EXPECT_EQ(cuDeviceGetName(name, sizeof name, device), CUDA_SUCCESS);
  EXPECT_STREQ(name, "Emulated sm_80");
  EXPECT_EQ(cuDeviceGetAttribute(
                &value, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device),
            CUDA_SUCCESS);
  EXPECT_EQ(value, 8);
  EXPECT_EQ(cuDeviceGetAttribute(&value, 9999, device),
            CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(cuDriverGetVersion(&value), CUDA_SUCCESS);
  EXPECT_EQ(value, 13000);
  EXPECT_EQ(cuDeviceTotalMem_v2(&bytes, device), CUDA_SUCCESS);
  EXPECT_EQ(bytes, size_t(16) << 30);
  EXPECT_EQ(perceiverEmulatorVersion(), 1);
}

TEST_F(EmulatorDriverTest, KeepsWorkUntilSomethingWaits) {
  CUfunction function = increment();
  std::vector<uint32_t> host(32, 1), back(32, 0);
  CUdeviceptr memory = allocate(128);
  CUstream stream;
  ASSERT_EQ(cuStreamCreate(&stream, 1), CUDA_SUCCESS);
  void *parameters[] = {&memory};
  EXPECT_EQ(cuMemcpyHtoDAsync_v2(memory, host.data(), 128, stream),
            CUDA_SUCCESS);
  EXPECT_EQ(cuLaunchKernel(function, 1, 1, 1, 32, 1, 1, 0, stream, parameters,
                           nullptr),
            CUDA_SUCCESS);
  EXPECT_EQ(cuMemcpyDtoHAsync_v2(back.data(), memory, 128, stream),
            CUDA_SUCCESS);
  // The source is read late, the target is poisoned at once.
  host.assign(32, 10);
  EXPECT_EQ(back, std::vector<uint32_t>(32, UINT32_MAX));
  // Another stream's wait does not help.
  EXPECT_EQ(cuStreamSynchronize(nullptr), CUDA_SUCCESS);
  EXPECT_EQ(back[0], UINT32_MAX);
  EXPECT_EQ(cuStreamSynchronize(stream), CUDA_SUCCESS);
  EXPECT_EQ(back, std::vector<uint32_t>(32, 11));
  EXPECT_EQ(cuStreamDestroy_v2(stream), CUDA_SUCCESS);
  EXPECT_EQ(cuStreamSynchronize(stream), CUDA_ERROR_INVALID_HANDLE);
}

TEST_F(EmulatorDriverTest, OrdersBlockingStreams) {
  CUfunction function = increment();
  CUdeviceptr memory = upload(std::vector<uint32_t>(32, 1));
  void *parameters[] = {&memory};
  CUstream stream;
  ASSERT_EQ(cuStreamCreate(&stream, 0), CUDA_SUCCESS);
  // The default stream comes after what blocking streams were given before.
  for (CUstream each : {stream, CUstream(nullptr), stream})
    EXPECT_EQ(cuLaunchKernel(function, 1, 1, 1, 32, 1, 1, 0, each, parameters,
                             nullptr),
              CUDA_SUCCESS);
  EXPECT_EQ(download<uint32_t>(memory, 32)[5], 4u);
  EXPECT_EQ(cuStreamDestroy_v2(stream), CUDA_SUCCESS);
}

TEST_F(EmulatorDriverTest, MeasuresWithEvents) {
  CUevent start, end;
  float milliseconds = -1;
  ASSERT_EQ(cuEventCreate(&start, 0), CUDA_SUCCESS);
  ASSERT_EQ(cuEventCreate(&end, 0), CUDA_SUCCESS);
  CUdeviceptr memory = upload(std::vector<uint32_t>(32, 1));
  void *parameters[] = {&memory};
  EXPECT_EQ(cuEventRecord(start, nullptr), CUDA_SUCCESS);
  EXPECT_EQ(cuLaunchKernel(increment(), 1, 1, 1, 32, 1, 1, 0, nullptr,
                           parameters, nullptr),
            CUDA_SUCCESS);
  EXPECT_EQ(cuEventRecord(end, nullptr), CUDA_SUCCESS);
  EXPECT_EQ(cuEventElapsedTime(&milliseconds, start, end),
            CUDA_ERROR_NOT_READY);
  EXPECT_EQ(cuEventSynchronize(end), CUDA_SUCCESS);
  EXPECT_EQ(cuEventElapsedTime(&milliseconds, start, end), CUDA_SUCCESS);
  EXPECT_GT(milliseconds, 0);
  EXPECT_EQ(cuEventDestroy_v2(start), CUDA_SUCCESS);
  EXPECT_EQ(cuEventDestroy_v2(end), CUDA_SUCCESS);
}

TEST_F(EmulatorDriverTest, ChecksLaunches) {
  std::string ptx = std::string(kPtxHeader) +
                    ".extern .shared .b8 s[];\n.visible .entry k()\n"
                    ".reqntid 64, 1, 1\n{ ret; }";
  CUfunction function = load(ptx);
  auto launchWith = [&](unsigned grid, unsigned threads, unsigned shared) {
    return cuLaunchKernel(function, grid, 1, 1, threads, 1, 1, shared, nullptr,
                          nullptr, nullptr);
  };
  EXPECT_EQ(launchWith(1, 32, 0), CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(launchWith(0, 64, 0), CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(launchWith(1, 64, 50000), CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(cuFuncSetAttribute(function,
                               CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                               200000),
            CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(cuFuncSetAttribute(function,
                               CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                               100000),
            CUDA_SUCCESS);
  EXPECT_EQ(launchWith(1, 64, 50000), CUDA_SUCCESS);
  EXPECT_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
}

TEST_F(EmulatorDriverTest, SharesMemoryWithTheHost) {
  void *memory = nullptr;
  EXPECT_EQ(cuMemHostAlloc(&memory, 0, 2), CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(cuMemHostAlloc(&memory, 16, 8), CUDA_ERROR_INVALID_VALUE);
  ASSERT_EQ(cuMemHostAlloc(&memory, 16, 2), CUDA_SUCCESS);
  CUdeviceptr address = 0;
  ASSERT_EQ(cuMemHostGetDevicePointer_v2(&address, memory, 0), CUDA_SUCCESS);
  EXPECT_EQ(cuMemHostGetDevicePointer_v2(&address, &address, 0),
            CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(cuMemHostGetDevicePointer_v2(&address, memory, 0), CUDA_SUCCESS);
  EXPECT_EQ(cuMemsetD8Async(address, 7, 16, nullptr), CUDA_SUCCESS);
  EXPECT_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
  EXPECT_EQ(static_cast<char *>(memory)[15], 7);
  EXPECT_EQ(cuMemFreeHost(memory), CUDA_SUCCESS);
  EXPECT_EQ(cuMemFreeHost(memory), CUDA_ERROR_INVALID_VALUE);
}

TEST_F(EmulatorDriverTest, FailsWhereWordsSay) {
  configure("fail=cuMemAlloc_v2:2:2 fail=cuCtxSynchronize:1");
  CUdeviceptr first, second;
  EXPECT_EQ(cuMemAlloc_v2(&first, 8), CUDA_SUCCESS);
  EXPECT_EQ(cuMemAlloc_v2(&second, 8), CUDA_ERROR_OUT_OF_MEMORY);
  EXPECT_EQ(cuCtxSynchronize(), CUDA_ERROR_UNKNOWN);
  EXPECT_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
  EXPECT_EQ(cuMemFree_v2(first), CUDA_SUCCESS);
  configure("");
  for (const char *words :
       {"seed", "seed=x", "fail=:1", "fail=cuInit:0", "ulp=3", "mma=exact",
        "threads=0", "colour=red", "checks=maybe"}) {
    EXPECT_NE(perceiverEmulatorConfigure(words), 0);
    EXPECT_EQ(perceiverEmulatorError(),
              "expected a word that is known and a value that fits, but got '" +
                  std::string(words) + "'");
  }
  EXPECT_NE(perceiverEmulatorConfigure("device=sm_90"), 0);
  EXPECT_STREQ(perceiverEmulatorError(), "expected words about the device "
                                         "before cuInit, but got "
                                         "'device=sm_90'");
}

TEST_F(EmulatorDriverTest, AllowsInCapturesWhatIsAllowed) {
  CUfunction function = increment();
  CUdeviceptr memory = upload(std::vector<uint32_t>(32, 1));
  void *parameters[] = {&memory};
  configure("capture=on");
  EXPECT_EQ(cuLaunchKernel(function, 1, 1, 1, 32, 1, 1, 0, nullptr, parameters,
                           nullptr),
            CUDA_SUCCESS);
  EXPECT_EQ(cuMemsetD8Async(memory, 0, 4, nullptr), CUDA_SUCCESS);
  EXPECT_EQ(cuStreamSynchronize(nullptr),
            CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  CUdeviceptr other;
  EXPECT_EQ(cuMemAlloc_v2(&other, 4), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
}

TEST_F(EmulatorDriverTest, WritesTheLogOfRefusedModules) {
  char log[128] = "";
  int options[] = {6, 5};
  void *values[] = {reinterpret_cast<void *>(sizeof log), log};
  CUmodule module;
  EXPECT_EQ(cuModuleLoadDataEx(&module, "nonsense", 2, options, values),
            CUDA_ERROR_INVALID_PTX);
  EXPECT_STREQ(log, "line 1: expected '.version', but got 'nonsense'");
  EXPECT_EQ(reinterpret_cast<size_t>(values[0]), strlen(log) + 1);
}

TEST_F(EmulatorDriverTest, ReportsWhatIsNotReleased) {
  CUcontext context;
  CUdeviceptr memory;
  CUevent event;
  // As the only user of the context: the fixture's own comes back afterwards.
  ASSERT_EQ(cuDevicePrimaryCtxRelease_v2(0), CUDA_SUCCESS);
  ASSERT_EQ(cuMemAlloc_v2(&memory, 8), CUDA_ERROR_CONTEXT_IS_DESTROYED);
  ASSERT_EQ(cuDevicePrimaryCtxRetain(&context, 0), CUDA_SUCCESS);
  ASSERT_EQ(cuMemAlloc_v2(&memory, 8), CUDA_SUCCESS);
  ASSERT_EQ(cuEventCreate(&event, 0), CUDA_SUCCESS);
  ASSERT_EQ(cuDevicePrimaryCtxRelease_v2(0), CUDA_SUCCESS);
  std::string findings = takeFindings();
  EXPECT_THAT(findings, HasSubstr("leak kernel=- line=0"));
  EXPECT_THAT(findings, HasSubstr("memory was not freed"));
  EXPECT_THAT(findings, HasSubstr("an event was not destroyed"));
  ASSERT_EQ(cuDevicePrimaryCtxRetain(&context, 0), CUDA_SUCCESS);
}

TEST_F(EmulatorDriverTest, KnowsPointersAndErrors) {
  CUdeviceptr memory = allocate(8);
  unsigned kind = 0;
  EXPECT_EQ(cuPointerGetAttribute(&kind, CU_POINTER_ATTRIBUTE_MEMORY_TYPE,
                                  memory + 4),
            CUDA_SUCCESS);
  EXPECT_EQ(kind, 2u);
  EXPECT_EQ(cuPointerGetAttribute(&kind, CU_POINTER_ATTRIBUTE_MEMORY_TYPE,
                                  CUdeviceptr(&kind)),
            CUDA_ERROR_INVALID_VALUE);
  const char *text;
  EXPECT_EQ(cuGetErrorName(719, &text), CUDA_SUCCESS);
  EXPECT_STREQ(text, "CUDA_ERROR_LAUNCH_FAILED");
  EXPECT_EQ(cuGetErrorString(2, &text), CUDA_SUCCESS);
  EXPECT_STREQ(text, "out of memory");
  EXPECT_EQ(cuGetErrorName(12345, &text), CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(cuMemcpyHtoD_v2(memory, &kind, 12), CUDA_ERROR_INVALID_VALUE);
  EXPECT_EQ(cuMemFree_v2(memory + 4), CUDA_ERROR_INVALID_VALUE);
}

TEST_F(EmulatorDriverTest, HasNoDeviceInAChild) {
  pid_t child = fork();
  if (!child) {
    CUdeviceptr memory;
    _exit(cuMemAlloc_v2(&memory, 8));
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), CUDA_ERROR_NOT_INITIALIZED);
}

TEST_F(EmulatorDriverTest, GivesEachThreadItsContexts) {
  std::thread([] {
    CUdeviceptr memory;
    EXPECT_EQ(cuMemAlloc_v2(&memory, 8), CUDA_ERROR_INVALID_CONTEXT);
  }).join();
  CUcontext context = nullptr;
  EXPECT_EQ(cuCtxGetCurrent(&context), CUDA_SUCCESS);
  EXPECT_NE(context, nullptr);
}

TEST_F(EmulatorDriverTest, ServesSeveralThreadsAtOnce) {
  CUfunction function = increment();
  CUcontext context;
  ASSERT_EQ(cuCtxGetCurrent(&context), CUDA_SUCCESS);
  auto work = [&](uint32_t number) {
    EXPECT_EQ(cuCtxPushCurrent_v2(context), CUDA_SUCCESS);
    CUstream stream;
    CUdeviceptr memory;
    EXPECT_EQ(cuStreamCreate(&stream, 1), CUDA_SUCCESS);
    EXPECT_EQ(cuMemAlloc_v2(&memory, 128), CUDA_SUCCESS);
    void *parameters[] = {&memory};
    std::vector<uint32_t> host(32, 100 * number), back(32);
    EXPECT_EQ(cuMemcpyHtoDAsync_v2(memory, host.data(), 128, stream),
              CUDA_SUCCESS);
    for (uint32_t i = 0; i < number; ++i)
      EXPECT_EQ(cuLaunchKernel(function, 1, 1, 1, 32, 1, 1, 0, stream,
                               parameters, nullptr),
                CUDA_SUCCESS);
    EXPECT_EQ(cuMemcpyDtoHAsync_v2(back.data(), memory, 128, stream),
              CUDA_SUCCESS);
    EXPECT_EQ(cuStreamSynchronize(stream), CUDA_SUCCESS);
    EXPECT_EQ(back, std::vector<uint32_t>(32, 101 * number));
    EXPECT_EQ(cuMemFree_v2(memory), CUDA_SUCCESS);
    EXPECT_EQ(cuStreamDestroy_v2(stream), CUDA_SUCCESS);
    EXPECT_EQ(cuCtxPopCurrent_v2(nullptr), CUDA_SUCCESS);
  };
  std::vector<std::thread> threads;
  for (uint32_t number = 1; number <= 8; ++number)
    threads.emplace_back(work, number);
  for (std::thread &thread : threads)
    thread.join();
}
