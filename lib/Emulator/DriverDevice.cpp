//===- DriverDevice.cpp - Devices, contexts and errors --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/DriverCall.h"

#include <cstring>
#include <unistd.h>

using namespace perceiver::emulator;

EMULATOR_EXPORT CUresult cuInit(unsigned flags) {
  EMULATOR_CALL(call, Needs::Nothing);
  if (flags)
    return CUDA_ERROR_INVALID_VALUE;
  if (call->process)
    return call->process == getpid() ? CUDA_SUCCESS
                                     : CUDA_ERROR_NOT_INITIALIZED;
  if (!call->memory.reserve(call->settings.memoryBytes))
    return CUDA_ERROR_OUT_OF_MEMORY;
  call->process = getpid();
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuDriverGetVersion(int *version) {
  EMULATOR_CALL(call, Needs::Nothing);
  if (!version)
    return CUDA_ERROR_INVALID_VALUE;
  *version = call->settings.driverVersion;
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuDeviceGetCount(int *count) {
  EMULATOR_CALL(call, Needs::Initialised, true);
  if (!count)
    return CUDA_ERROR_INVALID_VALUE;
  *count = 1;
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuDeviceGet(CUdevice *device, int ordinal) {
  EMULATOR_CALL(call, Needs::Initialised, true);
  if (!device)
    return CUDA_ERROR_INVALID_VALUE;
  if (ordinal != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  *device = 0;
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuDeviceGetName(char *name, int capacity,
                                         CUdevice device) {
  EMULATOR_CALL(call, Needs::Initialised, true);
  if (!name || capacity < 1)
    return CUDA_ERROR_INVALID_VALUE;
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  std::string text =
      "Emulated sm_" + std::to_string(call->settings.architecture);
  snprintf(name, capacity, "%s", text.c_str());
  return CUDA_SUCCESS;
}

/// Return an attribute of the device, or -1.
static int deviceAttribute(const Settings &settings, int attribute) {
  switch (attribute) {
  case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
  case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X:
  case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y:
    return 1024;
  case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z:
    return 64;
  case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X:
    return INT32_MAX;
  case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y:
  case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z:
    return 65535;
  case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK:
    return 48 << 10;
  case CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY:
    return 64 << 10;
  case CU_DEVICE_ATTRIBUTE_WARP_SIZE:
    return kLanes;
  case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK:
  case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR:
    return 65536;
  case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT:
    return settings.processors;
  case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR:
    return 2048;
  case CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING:
    return 1;
  case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR:
    return settings.architecture / 10;
  case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR:
    return settings.architecture % 10;
  case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR:
    return settings.sharedBytes + 1024;
  case CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY:
    return 0;
  case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN:
    return settings.sharedBytes;
  }
  return -1;
}

EMULATOR_EXPORT CUresult cuDeviceGetAttribute(int *value, int attribute,
                                              CUdevice device) {
  EMULATOR_CALL(call, Needs::Initialised, true);
  int found = deviceAttribute(call->settings, attribute);
  if (!value || found < 0)
    return CUDA_ERROR_INVALID_VALUE;
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  *value = found;
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice device) {
  EMULATOR_CALL(call, Needs::Initialised);
  if (!bytes)
    return CUDA_ERROR_INVALID_VALUE;
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  *bytes = call->memory.totalBytes();
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuDevicePrimaryCtxRetain(CUcontext *context,
                                                  CUdevice device) {
  EMULATOR_CALL(call, Needs::Initialised);
  if (!context)
    return CUDA_ERROR_INVALID_VALUE;
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  ++call->retains;
  *context = &call->primary;
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
  EMULATOR_CALL(call, Needs::Initialised);
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  if (!call->retains)
    return CUDA_ERROR_INVALID_CONTEXT;
  if (--call->retains == 0)
    call->destroyContext();
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuCtxPushCurrent_v2(CUcontext context) {
  EMULATOR_CALL(call, Needs::Initialised, true);
  if (context != &call->primary || !call->retains)
    return CUDA_ERROR_INVALID_CONTEXT;
  contextStack().push_back(context);
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuCtxPopCurrent_v2(CUcontext *context) {
  EMULATOR_CALL(call, Needs::Initialised, true);
  if (contextStack().empty())
    return CUDA_ERROR_INVALID_CONTEXT;
  if (context)
    *context = contextStack().back();
  contextStack().pop_back();
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuCtxGetCurrent(CUcontext *context) {
  EMULATOR_CALL(call, Needs::Initialised, true);
  if (!context)
    return CUDA_ERROR_INVALID_VALUE;
  *context = contextStack().empty() ? nullptr : contextStack().back();
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuCtxSetCurrent(CUcontext context) {
  EMULATOR_CALL(call, Needs::Initialised, true);
  if (context && (context != &call->primary || !call->retains))
    return CUDA_ERROR_INVALID_CONTEXT;
  if (!contextStack().empty())
    contextStack().pop_back();
  if (context)
    contextStack().push_back(context);
  return CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuCtxSynchronize() {
  EMULATOR_CALL(call, Needs::Context);
  call->synchronizeAll();
  return call->stickyError;
}

static const struct {
  CUresult error;
  const char *name, *text;
} kErrors[] = {
    {CUDA_SUCCESS, "CUDA_SUCCESS", "no error"},
    {CUDA_ERROR_INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {CUDA_ERROR_OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {CUDA_ERROR_NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED",
     "initialization error"},
    {CUDA_ERROR_NO_DEVICE, "CUDA_ERROR_NO_DEVICE",
     "no CUDA-capable device is detected"},
    {CUDA_ERROR_INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE",
     "invalid device ordinal"},
    {CUDA_ERROR_INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE",
     "device kernel image is invalid"},
    {CUDA_ERROR_INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT",
     "invalid device context"},
    {CUDA_ERROR_NO_BINARY_FOR_GPU, "CUDA_ERROR_NO_BINARY_FOR_GPU",
     "no kernel image is available for execution on the device"},
    {CUDA_ERROR_INVALID_PTX, "CUDA_ERROR_INVALID_PTX",
     "a PTX JIT compilation failed"},
    {CUDA_ERROR_JIT_COMPILER_NOT_FOUND, "CUDA_ERROR_JIT_COMPILER_NOT_FOUND",
     "PTX JIT compiler library not found"},
    {CUDA_ERROR_UNSUPPORTED_PTX_VERSION, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
     "the provided PTX was compiled with an unsupported toolchain"},
    {CUDA_ERROR_INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE",
     "invalid resource handle"},
    {CUDA_ERROR_NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {CUDA_ERROR_NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {CUDA_ERROR_ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS",
     "an illegal memory access was encountered"},
    {CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
     "too many resources requested for launch"},
    {CUDA_ERROR_LAUNCH_TIMEOUT, "CUDA_ERROR_LAUNCH_TIMEOUT",
     "the launch timed out and was terminated"},
    {CUDA_ERROR_CONTEXT_IS_DESTROYED, "CUDA_ERROR_CONTEXT_IS_DESTROYED",
     "context is destroyed"},
    {CUDA_ERROR_LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED",
     "unspecified launch failure"},
    {CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
     "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
     "operation not permitted when stream is capturing"},
    {CUDA_ERROR_UNKNOWN, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

EMULATOR_EXPORT CUresult cuGetErrorName(CUresult error, const char **name) {
  EMULATOR_CALL(call, Needs::Nothing);
  for (const auto &known : kErrors)
    if (known.error == error && name) {
      *name = known.name;
      return CUDA_SUCCESS;
    }
  return CUDA_ERROR_INVALID_VALUE;
}

EMULATOR_EXPORT CUresult cuGetErrorString(CUresult error, const char **text) {
  EMULATOR_CALL(call, Needs::Nothing);
  for (const auto &known : kErrors)
    if (known.error == error && text) {
      *text = known.text;
      return CUDA_SUCCESS;
    }
  return CUDA_ERROR_INVALID_VALUE;
}
