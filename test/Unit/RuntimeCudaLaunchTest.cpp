//===- RuntimeCudaLaunchTest.cpp - What a launcher tells the driver -------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Runtime/cuda_launch.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <unistd.h>

using testing::ElementsAre;

namespace {

/// What the driver was told.
std::vector<std::string> told;
/// What it answers to launches.
CUresult answer;

CUresult launchKernel(CUfunction, unsigned gridX, unsigned gridY,
                      unsigned gridZ, unsigned threadsX, unsigned, unsigned,
                      unsigned sharedBytes, CUstream, void **parameters,
                      void **) {
  EXPECT_EQ(gridY * gridZ, 1u);
  told.push_back(std::to_string(*static_cast<int64_t *>(parameters[0])) + "+" +
                 std::to_string(gridX) + " blocks of " +
                 std::to_string(threadsX) + " with " +
                 std::to_string(sharedBytes));
  return answer;
}

CUresult copyMemory(CUdeviceptr target, CUdeviceptr source, size_t bytes,
                    CUstream) {
  told.push_back(std::to_string(target) + " = " + std::to_string(source) +
                 ", " + std::to_string(bytes));
  return answer;
}

CUresult pushContext(CUcontext) { return CUDA_SUCCESS; }
CUresult popContext(CUcontext *) { return CUDA_SUCCESS; }

/// Registered memory of the host, which the device knows 4096 bytes further on.
CUresult pointerAttribute(void *data, int attribute, CUdeviceptr address) {
  EXPECT_EQ(attribute, CU_POINTER_ATTRIBUTE_DEVICE_POINTER);
  *static_cast<CUdeviceptr *>(data) = address + 4096;
  return CUDA_SUCCESS;
}

CUresult errorName(CUresult, const char **name) {
  *name = "NAME";
  return CUDA_SUCCESS;
}

CUresult errorText(CUresult, const char **text) {
  *text = "text";
  return CUDA_SUCCESS;
}

void annotate(CUstream, CUdeviceptr address, size_t bytes, const char *name,
              unsigned flags) {
  told.push_back(flags & PERCEIVER_CUDA_END
                     ? "end " + std::to_string(address)
                     : std::string(name) + " " + std::to_string(address) + "+" +
                           std::to_string(bytes) + " " + std::to_string(flags));
}

struct CudaLaunch : testing::Test {
  void SetUp() override {
    told.clear();
    answer = CUDA_SUCCESS;
    artifact.kernels = &kernel;
    artifact.kernel_count = 1;
    artifact.model_name = "toy";
    image.shapes = &shape;
    model.base.artifact = &artifact;
    model.image = &image;
    model.functions = &function;
    model.driver.cuLaunchKernel = launchKernel;
    model.driver.cuMemcpyDtoDAsync_v2 = copyMemory;
    model.driver.cuGetErrorName = errorName;
    model.driver.cuGetErrorString = errorText;
    entry.name = "run";
  }

  perceiver_status run(perceiver_body body) {
    entry.body = body;
    return perceiver_rt_cuda_body(&model, &entry, nullptr, arguments,
                                  argumentBytes, reinterpret_cast<void *>(4096),
                                  offsets, nullptr);
  }
  static void launch(const perceiver_frame *frame, int32_t position,
                     int64_t tasks) {
    int64_t first = 0;
    void *parameters[] = {&first};
    frame->launcher->launch(frame, 0, position, tasks, parameters);
  }

  perceiver_kernel kernel = {"kernel", 1, 0};
  perceiver_kernel_shape shape = {128, 64};
  perceiver_image image = {};
  CUfunction function = nullptr;
  perceiver_artifact artifact = {};
  perceiver_cuda_model model = {};
  perceiver_entry entry = {};
  void *arguments[2] = {};
  int64_t argumentBytes[2] = {};
  int64_t offsets[8] = {};
};

TEST_F(CudaLaunch, GridsAreCut) {
  EXPECT_EQ(run([](const perceiver_frame *frame) {
              launch(frame, 0, 0);
              launch(frame, 0, 7);
              launch(frame, 0, (int64_t(1) << 32) + 5);
            }),
            PERCEIVER_OK);
  EXPECT_THAT(told, ElementsAre("0+7 blocks of 128 with 64",
                                "0+2147483647 blocks of 128 with 64",
                                "2147483647+2147483647 blocks of 128 with 64",
                                "4294967294+7 blocks of 128 with 64"));
}

TEST_F(CudaLaunch, TheFirstErrorCounts) {
  answer = CUDA_ERROR_INVALID_VALUE;
  EXPECT_EQ(run([](const perceiver_frame *frame) {
              launch(frame, 0, 1);
              launch(frame, 1, 1);
              frame->launcher->copy(frame, 2, frame->workspace, nullptr, 8);
            }),
            PERCEIVER_DEVICE_FAILED);
  EXPECT_STREQ(perceiver_rt_last_error(),
               "entry \"run\": kernel was refused: NAME (text)");
  EXPECT_THAT(told, ElementsAre("0+1 blocks of 128 with 64"));
  // What failed earlier may show at a launch.
  answer = CUDA_ERROR_ILLEGAL_ADDRESS;
  EXPECT_EQ(run([](const perceiver_frame *frame) { launch(frame, 0, 1); }),
            PERCEIVER_DEVICE_FAILED);
  EXPECT_STREQ(perceiver_rt_last_error(),
               "entry \"run\": something failed before kernel began: NAME "
               "(text); the context of the device is lost");
  EXPECT_EQ(model.lost, CUDA_ERROR_ILLEGAL_ADDRESS);
}

TEST_F(CudaLaunch, Copies) {
  EXPECT_EQ(run([](const perceiver_frame *frame) {
              frame->launcher->copy(frame, 0, frame->workspace + 8,
                                    frame->workspace, 8);
              frame->launcher->copy(frame, 1, nullptr, nullptr, 0);
            }),
            PERCEIVER_OK);
  EXPECT_THAT(told, ElementsAre("4104 = 4096, 8"));
}

TEST_F(CudaLaunch, EnqueueTakesRegisteredMemory) {
  const int64_t dims[] = {2};
  perceiver_argument list[2] = {{"x", dims, 1, PERCEIVER_F32, 0, 0, nullptr},
                                {"y", dims, 1, PERCEIVER_F32, 1, 0, nullptr}};
  perceiver_size_instruction bytes = {PERCEIVER_SIZE_CONSTANT, 12};
  perceiver_buffer buffer = {&bytes, 1, 0, 1, 0};
  entry.arguments = list;
  entry.argument_count = 2;
  entry.buffers = &buffer;
  entry.buffer_count = 1;
  entry.body = [](const perceiver_frame *frame) {
    frame->launcher->copy(frame, 0, frame->workspace, frame->arguments[0], 8);
    frame->launcher->copy(frame, 1, frame->arguments[1], frame->workspace, 8);
  };
  artifact.entries = &entry;
  artifact.entry_count = 1;
  model.process = getpid();
  model.driver.cuCtxPushCurrent_v2 = pushContext;
  model.driver.cuCtxPopCurrent_v2 = popContext;
  model.driver.cuPointerGetAttribute = pointerAttribute;
  void *given[] = {reinterpret_cast<void *>(8), reinterpret_cast<void *>(16)};
  EXPECT_EQ(perceiver_rt_enqueue_cuda(&model.base, 0, nullptr, given,
                                      reinterpret_cast<void *>(512), 256,
                                      nullptr),
            PERCEIVER_OK)
      << perceiver_rt_last_error();
  EXPECT_THAT(told, ElementsAre("4608 = 4104, 8", "4112 = 4608, 8"));
}

TEST_F(CudaLaunch, AnEmulatedDeviceHearsWhatMemoryIs) {
  perceiver_argument list[2] = {};
  list[0].name = "mask of keys";
  list[1].name = "y";
  list[1].is_output = 1;
  arguments[0] = reinterpret_cast<void *>(1024);
  arguments[1] = reinterpret_cast<void *>(2048);
  argumentBytes[0] = 3;
  argumentBytes[1] = 8;
  perceiver_size_instruction bytes = {PERCEIVER_SIZE_CONSTANT, 12};
  // The second is of a loop from 2 to 4, the third from outside lives until 5.
  perceiver_buffer buffers[3] = {
      {&bytes, 1, 0, 1, 0}, {&bytes, 1, 2, 3, 0}, {&bytes, 1, 1, 5, 0}};
  offsets[2] = 0;
  offsets[4] = 256;
  entry.arguments = list;
  entry.argument_count = 2;
  entry.buffers = buffers;
  entry.buffer_count = 3;
  model.driver.annotate = annotate;
  auto *launched = "0+1 blocks of 128 with 64";
  EXPECT_EQ(run([](const perceiver_frame *frame) {
              for (int32_t position : {0, 2, 3, 4, 2, 4, 6})
                launch(frame, position, 1);
            }),
            PERCEIVER_OK);
  EXPECT_THAT(told, ElementsAre("mask_of_keys 1024+3 1", "y 2048+8 2",
                                "buffer_0 4096+12 2", launched, // 0
                                "end 4096", "buffer_1 4096+12 2",
                                "buffer_2 4352+12 2",
                                launched,                       // 2
                                launched,                       // 3
                                "end 4096", launched,           // 4
                                "buffer_1 4096+12 2", launched, // 2 again
                                "end 4096", launched,           // 4 again
                                "end 4352", launched,           // 6
                                "end 1024", "end 2048"));
}

} // namespace
