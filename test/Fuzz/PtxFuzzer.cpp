//===- PtxFuzzer.cpp - Any text as PTX, and its kernels run ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Device.h"

#include <cstdlib>
#include <cstring>
#include <string>

using namespace perceiver::emulator;

static void require(bool condition) {
  if (!condition)
    std::abort();
}

/// Return memory that all pointers of kernels lead to.
static CUdeviceptr prepareDevice() {
  CUcontext context;
  CUdeviceptr memory;
  require(perceiverEmulatorConfigure("memory=4194304 threads=1 steps=3000") ==
          0);
  require(cuInit(0) == CUDA_SUCCESS);
  require(cuDevicePrimaryCtxRetain(&context, 0) == CUDA_SUCCESS);
  require(cuCtxPushCurrent_v2(context) == CUDA_SUCCESS);
  require(cuMemAlloc_v2(&memory, 4096) == CUDA_SUCCESS);
  return memory;
}

static void runKernel(CUmodule module, const Kernel &kernel,
                      CUdeviceptr memory) {
  CUfunction function;
  require(cuModuleGetFunction(&function, module, kernel.name.c_str()) ==
          CUDA_SUCCESS);
  // Each parameter begins with the address.
  std::vector<std::string> values;
  std::vector<void *> parameters;
  for (const Kernel::Parameter &parameter : kernel.parameters) {
    std::string bytes(parameter.bytes + sizeof memory, 0);
    memcpy(bytes.data(), &memory, sizeof memory);
    values.push_back(bytes);
  }
  parameters.reserve(values.size());
  for (std::string &value : values)
    parameters.push_back(value.data());
  const uint32_t *required = kernel.requiredThreads;
  bool any = required[0] == 0;
  cuLaunchKernel(function, 2, 1, 1, any ? 40 : required[0],
                 any ? 1 : required[1], any ? 1 : required[2], 0, nullptr,
                 parameters.data(), nullptr);
  cuCtxSynchronize();
  perceiverEmulatorReset();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const CUdeviceptr memory = prepareDevice();
  std::string text(reinterpret_cast<const char *>(data), size);
  CUmodule module;
  if (cuModuleLoadData(&module, text.c_str()) != CUDA_SUCCESS) {
    std::string error = perceiverEmulatorError();
    require(!error.empty() && error.find('\n') == std::string::npos);
    return 0;
  }
  for (const auto &entry : module->module.kernels)
    runKernel(module, entry.second, memory);
  require(cuModuleUnload(module) == CUDA_SUCCESS);
  return 0;
}
