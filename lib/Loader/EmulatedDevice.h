//===- EmulatedDevice.h - The emulated CUDA device --------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_EMULATEDDEVICE_H
#define PERCEIVER_LIB_LOADER_EMULATEDDEVICE_H

#include "lib/Support/Result.h"

#include <memory>
#include <string>

namespace perceiver {

/// What an emulated device noticed.
struct Findings {
  int count = 0;
  /// A line for each.
  std::string lines;
};

/// The library of lib/Emulator, of which a process has one device. It stands in
/// for the driver of the models that are loaded with its path.
class EmulatedDevice {
public:
  /// Open the library, which stands in `folder` (as in Python's package) or in
  /// `folder`/../lib (as beside installed tools).
  static Result<EmulatedDevice> open(const std::string &folder);

  /// Apply words as perceiver_cuda_emulator.h lists them, such as "seed=3".
  Status configure(const std::string &words) const;

  /// Wait for all work; return what was noticed since the last time.
  Findings takeFindings() const;

  const std::string &path() const { return file; }

private:
  std::string file;
  std::shared_ptr<void> library;
  int (*configureWords)(const char *) = nullptr;
  const char *(*lastError)() = nullptr;
  int (*findings)(char *, size_t) = nullptr;
  void (*reset)() = nullptr;
};

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_EMULATEDDEVICE_H
