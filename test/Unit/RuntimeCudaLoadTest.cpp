//===- RuntimeCudaLoadTest.cpp - Loading to a CUDA device -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeCudaTestSupport.h"

#include <sys/wait.h>

using namespace perceiver::test;

namespace {

using CudaLoad = CudaModelTest;

/// Tests that choose another device do so in a process of their own.
struct CudaLoadElsewhere : CudaModelTest {
  void SetUp() override {
    CudaModelTest::SetUp();
    testing::FLAGS_gtest_death_test_style = "threadsafe";
  }
  /// Load on a device, and print the error and how many images were tried.
  [[noreturn]] void loadOn(const char *words) {
    emulator.configure(words);
    perceiver_status status = load();
    fprintf(stderr, "%d: %s (%d images)\n", status,
            status ? perceiver_rt_last_error() : "loaded",
            emulator.calls()["cuModuleLoadDataEx"]);
    _exit(0);
  }
};

#define EXPECT_LOAD(words, text)                                               \
  EXPECT_EXIT(loadOn(words), testing::ExitedWithCode(0), text)

TEST_F(CudaLoad, RunsAndLeavesNothing) {
  ASSERT_OK(load());
  expectRuns(3);
  unload();
  EXPECT_EQ(emulator.takeFindings(), "");
  // No context is left current.
  CUcontext popped;
  EXPECT_NE(emulator.driver.cuCtxPopCurrent_v2(&popped), CUDA_SUCCESS);
}

TEST_F(CudaLoad, WeightsAreUploadedOnce) {
  ASSERT_OK(load());
  std::filesystem::remove(weightsPath);
  expectRuns(2);
  perceiver_rt_free_cuda(nullptr);
}

TEST_F(CudaLoad, WithoutOptionsItIsTheFirstDeviceOfTheSystem) {
  perceiver_status status = perceiver_rt_load_cuda(
      &artifact, weightsPath.c_str(), nullptr, nullptr, &model);
  // Here is no driver, or it gets a list without images.
  EXPECT_NE(status, PERCEIVER_OK);
  EXPECT_EQ(model, nullptr);
}

TEST_F(CudaLoad, Options) {
  options.struct_bytes = 8;
  EXPECT_FAILS(load(), PERCEIVER_INVALID_ARGUMENT,
               "the options have 8 bytes, but must have at least 32");
  struct {
    perceiver_cuda_options known;
    int64_t more;
  } later = {options, 0};
  later.known.struct_bytes = sizeof later;
  auto loadLater = [&] {
    return perceiver_rt_load_cuda(&artifact, weightsPath.c_str(), nullptr,
                                  &later.known, &model);
  };
  options.struct_bytes = sizeof options;
  ASSERT_OK(load());
  unload();
  ASSERT_OK(loadLater());
  unload();
  later.more = 1;
  EXPECT_FAILS(loadLater(), PERCEIVER_VERSION_MISMATCH,
               "the options have a field at byte 32, but this model knows 32 "
               "bytes");
  EXPECT_FAILS(load(12), PERCEIVER_INVALID_ARGUMENT,
               "the options have flags 0xc, but this model knows 0x3");
  options.ordinal = 1;
  EXPECT_FAILS(load(), PERCEIVER_DRIVER_UNAVAILABLE,
               "expected the number of a CUDA device below 1, but got 1");
  EXPECT_FAILS(
      perceiver_rt_load_cuda(&artifact, nullptr, nullptr, nullptr, nullptr),
      PERCEIVER_INVALID_ARGUMENT, "the place for the model is null");
}

TEST_F(CudaLoad, DriverIsMissingOrNone) {
  std::string missing = path("libcuda.so.1");
  options.driver_path = missing.c_str();
  EXPECT_FAILS(load(), PERCEIVER_DRIVER_UNAVAILABLE,
               "cannot open the CUDA driver: " + missing + ": cannot open");
  options.driver_path = "libm.so.6";
  EXPECT_FAILS(load(), PERCEIVER_DRIVER_UNAVAILABLE,
               "the CUDA driver libm.so.6 is too old, or no driver: it has no "
               "function cuInit");
}

TEST_F(CudaLoad, DriverDoesNotStart) {
  emulator.configure("fail=cuInit:1:100");
  EXPECT_FAILS(load(), PERCEIVER_DRIVER_UNAVAILABLE, "finds no device");
  emulator.configure("fail=cuInit:1:3");
  EXPECT_FAILS(load(), PERCEIVER_DRIVER_UNAVAILABLE, "cannot be used here");
  emulator.configure("fail=cuInit:1:804");
  EXPECT_FAILS(load(), PERCEIVER_DRIVER_UNAVAILABLE,
               "does not start: error 804 of the driver");
}

TEST_F(CudaLoad, ArtefactOfAnotherKind) {
  artifact.kind = PERCEIVER_KIND_CPU;
  EXPECT_FAILS(load(), PERCEIVER_VERSION_MISMATCH,
               "model \"toy\" (compiled by 0.1) is for devices of kind 0, but "
               "its runtime expects kind 1");
  artifact.kind = PERCEIVER_KIND_CUDA;
  artifact.id[0] = 1;
  EXPECT_FAILS(load(), PERCEIVER_OTHER_MODEL, "does not belong to model");
}

TEST_F(CudaLoad, BadCode) {
  ptx = ptxWith("add.rn.f32", "add.rx.f32");
  EXPECT_FAILS(load(), PERCEIVER_DEVICE_FAILED,
               "the CUDA driver refuses the PTX of model \"toy\": line 21: ");
  images.clear();
  ptx = kCudaTestKernels;
  kernels[1].name = "absent";
  EXPECT_FAILS(load(), PERCEIVER_DEVICE_FAILED,
               "kernel absent of model \"toy\" is not usable: "
               "CUDA_ERROR_NOT_FOUND (named symbol not found)");
  kernels[1].name = "scaled";
  shapes[1].shared_bytes = 200 << 10;
  EXPECT_FAILS(load(), PERCEIVER_DEVICE_UNSUPPORTED,
               "kernel scaled needs 204800 bytes of shared memory, but device "
               "0 (Emulated sm_80) has 166912 for a block");
  shapes[1].shared_bytes = 100 << 10;
  ASSERT_OK(load());
  expectRuns(1);
  emulator.configure("fail=cuModuleLoadDataEx:1:221");
  EXPECT_FAILS(load(), PERCEIVER_DRIVER_UNAVAILABLE,
               "the CUDA driver has no compiler for PTX "
               "(libnvidia-ptxjitcompiler), and model \"toy\" has no cubin");
}

TEST_F(CudaLoad, OutOfMemory) {
  emulator.configure("fail=cuMemAlloc_v2:1:2");
  EXPECT_FAILS(load(), PERCEIVER_OUT_OF_MEMORY,
               "the weights of model \"toy\" need 16 bytes, but of the "
               "17179869184 of device 0 (Emulated sm_80) 17179869184 are free");
}

TEST_F(CudaLoad, ForkedChild) {
  ASSERT_OK(load());
  pid_t child = fork();
  if (child == 0) {
    bool refused = run(1) == PERCEIVER_DEVICE_FAILED &&
                   std::string(perceiver_rt_last_error()).find("was forked") !=
                       std::string::npos;
    unload();
    refused &= load() == PERCEIVER_DRIVER_UNAVAILABLE;
    _exit(refused ? 0 : 1);
  }
  int status;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  expectRuns(1);
}

TEST_F(CudaLoadElsewhere, TooOld) {
  EXPECT_LOAD("driver=11080", "15: .* is too old: it is for CUDA 11.8, but "
                              "12.0 or newer is needed");
  EXPECT_LOAD("device=sm_75",
              "16: model \"toy\" holds PTX for sm_80, but device 0 \\(Emulated "
              "sm_75\\) is sm_75 \\(0 images\\)");
}

/// The emulated device refuses cubins, so it shows which ones are tried.
TEST_F(CudaLoadElsewhere, ImagesFromTheBestToTheWorst) {
  static const char cubin[] = "\x7f"
                              "ELF";
  for (int arch : {120, 80, 90, 86, 89})
    images.push_back(
        {arch, PERCEIVER_IMAGE_CUBIN, cubin, sizeof cubin, shapes});
  EXPECT_LOAD("device=sm_86",
              "16: model \"toy\" holds cubins for sm_120, sm_80, sm_90, sm_86, "
              "sm_89, but device 0 \\(Emulated sm_86\\) is sm_86; its driver "
              "says CUDA_ERROR_NO_BINARY_FOR_GPU .* \\(2 images\\)");
  images.push_back(
      {80, PERCEIVER_IMAGE_PTX, ptx.c_str(), ptx.size() + 1, shapes});
  EXPECT_LOAD("device=sm_86", "0: loaded \\(3 images\\)");
  EXPECT_LOAD("device=sm_90", "0: loaded \\(2 images\\)");
  EXPECT_LOAD("device=sm_100", "0: loaded \\(1 images\\)");
}

} // namespace
