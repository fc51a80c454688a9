//===- DriverCall.cpp - What all functions of the driver begin with -------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/DriverCall.h"

#include <unistd.h>

using namespace perceiver::emulator;

DriverCall::DriverCall(const char *function, Needs needs, bool inCapture)
    : device(Device::get()), guard(device.lock),
      result(check(function, needs, inCapture)) {}

CUresult DriverCall::check(const char *function, Needs needs, bool inCapture) {
  ++device.calls[function];
  uint64_t number = ++device.faultCalls[function];
  for (const Fault &fault : device.settings.faults)
    if (fault.function == function && fault.call == number)
      return fault.result;
  if (needs == Needs::Nothing)
    return CUDA_SUCCESS;
  if (device.process != getpid())
    return CUDA_ERROR_NOT_INITIALIZED;
  if (device.stickyError != CUDA_SUCCESS)
    return device.stickyError;
  if (device.settings.capture && !inCapture)
    return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  if (needs == Needs::Initialised)
    return CUDA_SUCCESS;
  if (contextStack().empty() || !contextStack().back())
    return CUDA_ERROR_INVALID_CONTEXT;
  return device.retains ? CUDA_SUCCESS : CUDA_ERROR_CONTEXT_IS_DESTROYED;
}

bool perceiver::emulator::resolveStream(Device &device, CUstream handle,
                                        CUstream &stream) {
  stream = handle == reinterpret_cast<CUstream>(1) ? nullptr : handle;
  return !stream || device.streams.count(stream);
}
