//===- Counters.h - What kernels did, in numbers ---------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_COUNTERS_H
#define PERCEIVER_LIB_EMULATOR_COUNTERS_H

#include "lib/Emulator/Program.h"

#include <map>

namespace perceiver::emulator {

struct KernelCounters {
  uint64_t launches = 0;
  uint64_t instructions[kOperationClasses] = {};
  uint64_t matrixProducts = 0;
  /// Rounds in which 32 banks serve an access, and how few would do.
  uint64_t sharedWavefronts = 0, idealWavefronts = 0;
  /// Pieces of 32 bytes that an access touches, and how few would do.
  uint64_t globalSectors = 0, idealSectors = 0;
  uint64_t bytesRead = 0, bytesWritten = 0;
  /// That blocks passed.
  uint64_t barriers = 0;

  KernelCounters &operator+=(const KernelCounters &other);
};

/// Return the counters as JSON.
std::string writeCounters(const std::map<std::string, KernelCounters> &kernels,
                          const std::map<std::string, uint64_t> &calls);

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_COUNTERS_H
