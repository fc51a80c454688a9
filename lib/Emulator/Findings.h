//===- Findings.h - What the checks have found -----------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_FINDINGS_H
#define PERCEIVER_LIB_EMULATOR_FINDINGS_H

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace perceiver::emulator {

enum class FindingKind : uint8_t {
  OutOfBounds,
  Misaligned,
  ReadOnly,
  Uninitialised,
  RaceShared,
  RaceLanes,
  RaceBlocks,
  PendingCopy,
  NcWritten,
  PartialMask,
  DivergentBarrier,
  ExitedLanes,
  Deadlock,
  StepLimit,
  Leak,
};

struct Finding {
  FindingKind kind;
  std::string kernel = "-";
  uint32_t line = 0;
  uint32_t block[3] = {0, 0, 0};
  uint32_t lanes = 0;
  /// NAME+OFFSET.
  std::string buffer = "-";
  /// The other party.
  std::string other = "-";
  std::string sentence;
  /// Where it was in time: launch, then block, then warp.
  uint64_t order[3] = {0, 0, 0};
};

/// Findings of all kernels. One instruction gives one of each kind, that of the
/// first launch and the lowest block, however often and in whatever order it
/// happens.
class Findings {
public:
  void add(Finding finding);
  /// Return one line for each.
  std::string text() const;
  size_t count() const;
  void clear();

private:
  mutable std::mutex mutex;
  std::map<std::string, Finding> findings;
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_FINDINGS_H
