//===- EmulatedDevice.cpp - The emulated CUDA device ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/EmulatedDevice.h"

#include <cstring>
#include <dlfcn.h>
#include <unistd.h>

using namespace perceiver;

/// The interface that is used here.
constexpr int kVersion = 1;

Result<EmulatedDevice> EmulatedDevice::open(const std::string &folder) {
  const std::string name = "/libperceiver_cuda_emulator.so";
  EmulatedDevice result;
  result.file = folder + name;
  if (::access(result.file.c_str(), F_OK) != 0)
    result.file = folder + "/../lib" + name;
  void *library =
      ::dlopen(result.file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library)
    return Error{std::string("cannot load the emulated device: ") +
                 ::dlerror()};
  result.library = std::shared_ptr<void>(library, ::dlclose);
  std::string missing;
  auto find = [&](auto &function, const char *symbol) {
    void *address = ::dlsym(library, symbol);
    if (!address && missing.empty())
      missing = symbol;
    function = reinterpret_cast<std::decay_t<decltype(function)>>(address);
  };
  int (*version)() = nullptr;
  find(version, "perceiverEmulatorVersion");
  find(result.configureWords, "perceiverEmulatorConfigure");
  find(result.lastError, "perceiverEmulatorError");
  find(result.findings, "perceiverEmulatorFindings");
  find(result.reset, "perceiverEmulatorReset");
  if (!missing.empty())
    return Error{"the emulated device does not export " + quote(missing),
                 result.file};
  if (version() < kVersion)
    return Error{"expected version " + std::to_string(kVersion) +
                     " of the emulated device, but got " +
                     std::to_string(version()),
                 result.file};
  return result;
}

Status EmulatedDevice::configure(const std::string &words) const {
  if (configureWords(words.c_str()) == 0)
    return success();
  return Error{"the emulated device: " + std::string(lastError())};
}

Findings EmulatedDevice::takeFindings() const {
  Findings result;
  // Until a text ends before the place that it got.
  for (size_t capacity = 1 << 16;; capacity *= 2) {
    result.lines.assign(capacity, '\0');
    result.count = findings(result.lines.data(), capacity);
    size_t length = std::strlen(result.lines.c_str());
    result.lines.resize(length);
    if (length + 1 < capacity)
      break;
  }
  reset();
  return result;
}
