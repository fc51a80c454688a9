//===- DriverModule.cpp - Modules, functions and launches -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/DriverCall.h"

#include <algorithm>
#include <cstring>

using namespace perceiver::emulator;

constexpr uint32_t kUnaskedSharedBytes = 48 << 10;

/// Write a message into the log buffer that the options name.
static void writeLog(const std::string &message, unsigned count,
                     const int *options, void **values) {
  char *buffer = nullptr;
  size_t capacity = 0;
  void **length = nullptr;
  for (unsigned i = 0; i < count; ++i) {
    if (options[i] == CU_JIT_ERROR_LOG_BUFFER)
      buffer = static_cast<char *>(values[i]);
    if (options[i] == CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES) {
      length = &values[i];
      capacity = reinterpret_cast<uintptr_t>(values[i]) & UINT32_MAX;
    }
  }
  if (!buffer || !capacity)
    return;
  size_t bytes = std::min(message.size(), capacity - 1);
  memcpy(buffer, message.data(), bytes);
  buffer[bytes] = 0;
  *length = reinterpret_cast<void *>(bytes + 1);
}

static CUresult loadModule(DriverCall &call, CUmodule *module,
                           const void *image, std::string &message) {
  if (!module || !image)
    return CUDA_ERROR_INVALID_VALUE;
  // Versions of PTX go with those of the driver: 13.0 reads 9.0.
  int driver = call->settings.driverVersion;
  unsigned version =
      std::max(0, (driver / 1000 - 4) * 10 + std::min(driver % 1000 / 10, 9));
  const char *text = static_cast<const char *>(image);
  if (isBinaryImage(text)) {
    message = "expected PTX, but got a binary image";
    return CUDA_ERROR_NO_BINARY_FOR_GPU;
  }
  auto loaded = std::make_unique<CUmod_st>(call->memory);
  SyntaxError error;
  ModuleError result =
      loaded->module.load(text, version, call->settings.architecture, error);
  message = "line " + std::to_string(error.line) + ": " + error.text;
  switch (result) {
  case ModuleError::None:
    break;
  case ModuleError::InvalidPtx:
    return CUDA_ERROR_INVALID_PTX;
  case ModuleError::NewerVersion:
    message = "expected a version of PTX up to " +
              std::to_string(version / 10) + "." + std::to_string(version % 10);
    return CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
  case ModuleError::NewerArchitecture:
    message = "expected PTX for sm_" +
              std::to_string(call->settings.architecture) + " or older";
    return CUDA_ERROR_NO_BINARY_FOR_GPU;
  case ModuleError::OutOfMemory:
    return CUDA_ERROR_OUT_OF_MEMORY;
  }
  message.clear();
  *module = loaded.release();
  call->modules.insert(*module);
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuModuleLoadDataEx(CUmodule *module, const void *image,
                                            unsigned count, int *options,
                                            void **values) {
  EMULATOR_CALL(call, Needs::Context);
  if (count && (!options || !values))
    return CUDA_ERROR_INVALID_VALUE;
  std::string message;
  CUresult result = loadModule(call, module, image, message);
  if (!message.empty()) {
    lastError() = message;
    writeLog(message, count, options, values);
  }
  return result;
}

EMULATOR_EXPORT CUresult cuModuleLoadData(CUmodule *module, const void *image) {
  EMULATOR_CALL(call, Needs::Context);
  std::string message;
  CUresult result = loadModule(call, module, image, message);
  if (!message.empty())
    lastError() = message;
  return result;
}

EMULATOR_EXPORT CUresult cuModuleUnload(CUmodule module) {
  EMULATOR_CALL(call, Needs::Context);
  if (!call->modules.count(module))
    return CUDA_ERROR_INVALID_HANDLE;
  call->synchronizeAll();
  for (auto function = call->functions.begin();
       function != call->functions.end();)
    function = function->second->module == module
                   ? call->functions.erase(function)
                   : std::next(function);
  call->modules.erase(module);
  delete module;
  return call->stickyError;
}

EMULATOR_EXPORT CUresult cuModuleGetFunction(CUfunction *function,
                                             CUmodule module,
                                             const char *name) {
  EMULATOR_CALL(call, Needs::Context);
  if (!function || !name)
    return CUDA_ERROR_INVALID_VALUE;
  if (!call->modules.count(module))
    return CUDA_ERROR_INVALID_HANDLE;
  auto kernel = module->module.kernels.find(name);
  if (kernel == module->module.kernels.end())
    return CUDA_ERROR_NOT_FOUND;
  // A kernel has one handle.
  for (const auto &known : call->functions)
    if (known.second->kernel == &kernel->second) {
      *function = known.first;
      return CUDA_SUCCESS;
    }
  uint32_t unasked = kUnaskedSharedBytes - kernel->second.staticSharedBytes;
  auto made = std::unique_ptr<CUfunc_st>(
      new CUfunc_st{module, &kernel->second, unasked});
  *function = made.get();
  call->functions[*function] = std::move(made);
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuModuleGetGlobal_v2(CUdeviceptr *address,
                                              size_t *bytes, CUmodule module,
                                              const char *name) {
  EMULATOR_CALL(call, Needs::Context);
  if (!name)
    return CUDA_ERROR_INVALID_VALUE;
  if (!call->modules.count(module))
    return CUDA_ERROR_INVALID_HANDLE;
  auto variable = module->module.variables.find(name);
  // Constants have no address in device memory here.
  if (variable == module->module.variables.end() ||
      variable->second.address < kDeviceBase)
    return CUDA_ERROR_NOT_FOUND;
  if (address)
    *address = variable->second.address;
  if (bytes)
    *bytes = variable->second.bytes;
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuFuncSetAttribute(CUfunction function, int attribute,
                                            int value) {
  EMULATOR_CALL(call, Needs::Context);
  if (!call->functions.count(function))
    return CUDA_ERROR_INVALID_HANDLE;
  if (attribute != CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES ||
      value < 0 ||
      uint64_t(value) + function->kernel->staticSharedBytes >
          call->settings.sharedBytes)
    return CUDA_ERROR_INVALID_VALUE;
  function->dynamicSharedBytes =
      std::max<uint32_t>(function->dynamicSharedBytes, value);
  return CUDA_SUCCESS;
}

/// Return whether a kernel can be launched like that.
static CUresult checkLaunch(CUfunction function, const LaunchRequest &request) {
  const Kernel &kernel = *function->kernel;
  const uint32_t *grid = request.grid, *threads = request.threads;
  uint64_t count = uint64_t(threads[0]) * threads[1] * threads[2];
  if (!grid[0] || !grid[1] || !grid[2] || grid[0] > INT32_MAX ||
      grid[1] > 65535 || grid[2] > 65535)
    return CUDA_ERROR_INVALID_VALUE;
  if (threads[0] > 1024 || threads[1] > 1024 || threads[2] > 64 || !count ||
      count > 1024)
    return CUDA_ERROR_INVALID_VALUE;
  if (kernel.requiredThreads[0] &&
      !std::equal(threads, threads + 3, kernel.requiredThreads))
    return CUDA_ERROR_INVALID_VALUE;
  if (kernel.maximalThreads && count > kernel.maximalThreads)
    return CUDA_ERROR_INVALID_VALUE;
  return request.dynamicSharedBytes > function->dynamicSharedBytes
             ? CUDA_ERROR_INVALID_VALUE
             : CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuLaunchKernel(CUfunction function, unsigned gridX,
                                        unsigned gridY, unsigned gridZ,
                                        unsigned threadsX, unsigned threadsY,
                                        unsigned threadsZ, unsigned sharedBytes,
                                        CUstream stream, void **parameters,
                                        void **extra) {
  EMULATOR_CALL(call, Needs::Context, true);
  CUstream resolved;
  if (!call->functions.count(function) ||
      !resolveStream(*call, stream, resolved))
    return CUDA_ERROR_INVALID_HANDLE;
  const Kernel &kernel = *function->kernel;
  if (extra || (!parameters && !kernel.parameters.empty()))
    return CUDA_ERROR_INVALID_VALUE;
  LaunchRequest request;
  request.kernel = &kernel;
  request.constants = &function->module->module.constants;
  const uint32_t grid[3] = {gridX, gridY, gridZ};
  const uint32_t threads[3] = {threadsX, threadsY, threadsZ};
  std::copy(grid, grid + 3, request.grid);
  std::copy(threads, threads + 3, request.threads);
  request.dynamicSharedBytes = sharedBytes;
  if (CUresult result = checkLaunch(function, request))
    return result;
  request.parameters.resize(kernel.parameterBytes);
  for (size_t i = 0; i < kernel.parameters.size(); ++i)
    memcpy(request.parameters.data() + kernel.parameters[i].offset,
           parameters[i], kernel.parameters[i].bytes);
  Device &device = Device::get();
  call->enqueue(resolved, [&device, request] { device.launch(request); });
  return CUDA_SUCCESS;
}
