//===- DriverCall.h - What each call does first -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_DRIVERCALL_H
#define PERCEIVER_LIB_EMULATOR_DRIVERCALL_H

#include "lib/Emulator/Device.h"

#define EMULATOR_EXPORT __attribute__((visibility("default")))

namespace perceiver::emulator {

/// What a function needs before it can do its work.
enum class Needs : uint8_t { Nothing, Initialised, Context };

/// Counts a call, holds the device's lock, and decides whether the function may
/// go on: after a fault that a word asks for, a launch that did not end, in a
/// forked child, without a context, and during a capture it may not.
class DriverCall {
public:
  DriverCall(const char *function, Needs needs, bool inCapture = false);

  /// CUDA_SUCCESS, or what the function returns at once.
  CUresult refusal() const { return result; }
  Device *operator->() const { return &device; }
  Device &operator*() const { return device; }

private:
  CUresult check(const char *function, Needs needs, bool inCapture);

  Device &device;
  std::unique_lock<std::recursive_mutex> guard;
  CUresult result;
};

/// Begin a function: `EMULATOR_CALL(call, Needs::Context);`
#define EMULATOR_CALL(name, ...)                                               \
  ::perceiver::emulator::DriverCall name(__func__, __VA_ARGS__);               \
  if (name.refusal() != CUDA_SUCCESS)                                          \
  return name.refusal()

/// Return the stream that a handle means: 1 is the default stream, as 0 is.
/// False if it is none.
bool resolveStream(Device &device, CUstream handle, CUstream &stream);

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_DRIVERCALL_H
