//===- Placement.h - Where a model runs -------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_PLACEMENT_H
#define PERCEIVER_LIB_LOADER_PLACEMENT_H

#include "lib/Support/Result.h"

#include <optional>
#include <string>

namespace perceiver {

struct Metadata;

/// A processor, a CUDA device by the driver's number, or an emulated one.
struct Device {
  enum class Kind { CPU, CUDA, Emulated };

  Kind kind = Kind::CPU;
  int ordinal = 0;

  /// Return "cpu", "cuda:1" or "emulated".
  std::string str() const;
};

/// Parse "cpu", "cuda", "cuda:N" or "emulated".
Result<Device> parseDevice(const std::string &text);

/// Where and how a model is loaded.
struct Placement {
  /// Nothing: the first of those that the model is for.
  std::optional<Device> device;
  /// The CUDA driver's library; empty: the system's. An emulated device has one
  /// of its own (EmulatedDevice::path).
  std::string driver;
  /// Wait for each launch, so that a fault names its kernel.
  bool synchronizeLaunches = false;
  /// Let no two buffers share memory.
  bool separateBuffers = false;
  /// Added to the error where there is no driver: what else a user can do.
  std::string withoutDriver;
};

/// Return where a model goes, or why it cannot go there.
Result<Device> chooseDevice(const Metadata &metadata,
                            const Placement &placement);

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_PLACEMENT_H
