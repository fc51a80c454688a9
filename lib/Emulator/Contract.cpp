//===- Contract.cpp - The functions of perceiver_cuda_emulator.h ----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/DriverCall.h"

#include <algorithm>
#include <cstring>
#include <unistd.h>

using namespace perceiver::emulator;

constexpr unsigned kReadOnly = 1;
constexpr unsigned kPoison = 2;
constexpr unsigned kEnd = 4;

/// Write as much of a text as fits, with a zero at the end.
static void writeText(const std::string &text, char *target, size_t capacity) {
  if (!target || !capacity)
    return;
  size_t bytes = std::min(text.size(), capacity - 1);
  memcpy(target, text.data(), bytes);
  target[bytes] = 0;
}

EMULATOR_EXPORT int perceiverEmulatorVersion() { return 1; }

EMULATOR_EXPORT int perceiverEmulatorConfigure(const char *words) {
  Device &device = Device::get();
  std::lock_guard<std::recursive_mutex> guard(device.lock);
  // What is queued runs as things were when it was queued.
  device.synchronizeAll();
  std::string error;
  if (!words ||
      !applyWords(words, device.process != 0, device.settings, error)) {
    lastError() = words ? error : "expected words, but got a null pointer";
    return CUDA_ERROR_INVALID_VALUE;
  }
  device.faultCalls.clear();
  return 0;
}

EMULATOR_EXPORT const char *perceiverEmulatorError() {
  return lastError().c_str();
}

EMULATOR_EXPORT int perceiverEmulatorFindings(char *text, size_t capacity) {
  Device &device = Device::get();
  std::lock_guard<std::recursive_mutex> guard(device.lock);
  device.synchronizeAll();
  writeText(device.findings.text(), text, capacity);
  return device.findings.count();
}

EMULATOR_EXPORT size_t perceiverEmulatorCounters(char *json, size_t capacity) {
  Device &device = Device::get();
  std::lock_guard<std::recursive_mutex> guard(device.lock);
  device.synchronizeAll();
  std::string text = writeCounters(device.kernels, device.calls);
  writeText(text, json, capacity);
  return text.size() + 1;
}

EMULATOR_EXPORT void perceiverEmulatorReset() {
  Device &device = Device::get();
  std::lock_guard<std::recursive_mutex> guard(device.lock);
  device.synchronizeAll();
  device.findings.clear();
  device.kernels.clear();
  device.calls.clear();
  device.stickyError = CUDA_SUCCESS;
}

EMULATOR_EXPORT void perceiverEmulatorAnnotate(CUstream stream,
                                               CUdeviceptr address,
                                               size_t bytes, const char *name,
                                               unsigned flags) {
  Device &device = Device::get();
  std::lock_guard<std::recursive_mutex> guard(device.lock);
  CUstream resolved;
  if (device.process != getpid() || !name ||
      !resolveStream(device, stream, resolved) ||
      !device.memory.contains(address, bytes))
    return;
  std::string text = name;
  device.enqueue(resolved, [&device, address, bytes, text, flags] {
    if (flags & kEnd)
      return device.memory.endAnnotation(address);
    device.memory.annotate(address, bytes, text, flags & kReadOnly);
    if (flags & kPoison)
      device.memory.poison(address, bytes);
  });
}
