//===- RuntimeCudaFaultsTest.cpp - When the driver fails ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeCudaTestSupport.h"

using namespace perceiver::test;

namespace {

struct CudaFaults : CudaModelTest {
  void TearDown() override {
    CudaModelTest::TearDown();
    popAll();
  }
  /// A pop that fails leaves its context to this thread.
  void popAll() {
    CUcontext popped;
    while (emulator.driver.cuCtxPopCurrent_v2(&popped) == CUDA_SUCCESS)
      ;
  }
  /// A kernel that does not end.
  void spin() {
    ptx = ptxWith("ld.global.f32 %f1, [%d4+0];",
                  "$again:\nbra $again;\nld.global.f32 %f1, [%d4+0];");
    emulator.configure("steps=1000");
  }
};

TEST_F(CudaFaults, EveryCallOfLoadAndRun) {
  auto loadAndRun = [&] {
    perceiver_status status = load(PERCEIVER_CUDA_SYNCHRONIZE_LAUNCHES);
    for (int64_t rows : {1, 20})
      if (status == PERCEIVER_OK)
        status = run(rows);
    return status;
  };
  shapes[1].shared_bytes = 100 << 10; // Has to be asked for.
  emulator.reset();
  ASSERT_OK(loadAndRun());
  std::map<std::string, int> calls = emulator.calls();
  unload();
  EXPECT_EQ(calls.size(), 20u);
  for (const auto &[function, count] : calls)
    for (int i = 1; i <= count; ++i) {
      SCOPED_TRACE(function + ":" + std::to_string(i));
      emulator.configure("fail=" + function + ":" + std::to_string(i));
      perceiver_status status = loadAndRun();
      EXPECT_NE(status, PERCEIVER_OK);
      std::string text = perceiver_rt_last_error();
      EXPECT_NE(text.find("CUDA_ERROR_UNKNOWN (unknown error)"),
                std::string::npos)
          << text;
      EXPECT_EQ(text.find('\n'), std::string::npos) << text;
      unload();
      popAll();
      EXPECT_EQ(emulator.takeFindings(), "");
    }
}

TEST_F(CudaFaults, ModelRunsAgain) {
  ASSERT_OK(load());
  emulator.configure("fail=cuMemAlloc_v2:1:2");
  EXPECT_FAILS(run(3), PERCEIVER_OUT_OF_MEMORY, "the arrays of model \"toy\"");
  emulator.configure("fail=cuLaunchKernel:2:701");
  EXPECT_FAILS(run(3), PERCEIVER_DEVICE_FAILED,
               "entry \"run\": scaled was refused: "
               "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES (too many resources "
               "requested for launch)");
  emulator.configure("");
  expectRuns(3);
}

TEST_F(CudaFaults, KernelDoesNotEnd) {
  spin();
  ASSERT_OK(load());
  EXPECT_FAILS(run(1), PERCEIVER_DEVICE_FAILED,
               "entry \"run\" failed on device 0 (Emulated sm_80): "
               "CUDA_ERROR_LAUNCH_TIMEOUT (the launch timed out and was "
               "terminated); the context of the device is lost");
  EXPECT_NE(emulator.takeFindings().find("step-limit kernel=scaled "),
            std::string::npos);
  // Whatever the device says now.
  EXPECT_FAILS(run(1), PERCEIVER_DEVICE_FAILED,
               "model \"toy\": the context of device 0 (Emulated sm_80) is "
               "lost since a kernel failed: CUDA_ERROR_LAUNCH_TIMEOUT");
}

TEST_F(CudaFaults, SynchronizedLaunchesNameTheKernel) {
  spin();
  ASSERT_OK(load(PERCEIVER_CUDA_SYNCHRONIZE_LAUNCHES));
  EXPECT_FAILS(run(1), PERCEIVER_DEVICE_FAILED,
               "entry \"run\": scaled failed: CUDA_ERROR_LAUNCH_TIMEOUT");
  emulator.takeFindings();
}

} // namespace
