//===- Warp.h - The state of 32 lanes --------------------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_WARP_H
#define PERCEIVER_LIB_EMULATOR_WARP_H

#include "lib/Emulator/Program.h"

namespace perceiver::emulator {

class Block;

/// Lanes that stand at the same operation.
struct LaneGroup {
  uint32_t position;
  uint32_t lanes;
  /// At a collective operation, for lanes that are not there.
  bool waits;
};

/// A cp.async of the lanes of a warp that is under way.
struct PendingCopy {
  uint64_t sources[kLanes];
  uint32_t destinations[kLanes];
  /// What a lane copies; the rest is filled with zeros.
  uint8_t sourceBytes[kLanes];
  uint32_t lanes;
  /// Of the PTX text.
  uint32_t line;
  uint8_t bytes;
};

struct Warp {
  /// Slots and predicates, which the block owns.
  uint8_t *registers = nullptr;
  uint32_t *predicates = nullptr;
  Block *block = nullptr;
  unsigned index = 0;
  /// Lanes that run the operation under way.
  uint32_t exec = 0;
  /// Where the running group is, and who is in it.
  uint32_t position = 0;
  uint32_t active = 0;
  /// Lanes that have not exited, and those that there are.
  uint32_t live = 0;
  uint32_t existing = 0;
  /// The other groups.
  std::vector<LaneGroup> parked;
  /// The lowest position of those that do not wait, or UINT32_MAX.
  uint32_t nextParked = UINT32_MAX;
  /// Waits at this barrier for other warps, or -1.
  int barrier = -1;
  /// Instructions that it may still execute.
  uint64_t budget = 0;
  /// Counts bar.warp.sync and bar.sync; part of what tells races.
  uint32_t epoch = 1;
  /// In the order of issue; `groups` says how many belong to each group that is
  /// not complete, and the rest is not committed.
  std::vector<PendingCopy> copies;
  std::vector<size_t> groups;
  /// Of the memory that was last found, so that it need not be searched.
  unsigned lastRegion = 0;
  uint64_t counts[kOperationClasses] = {};
  uint64_t matrixProducts = 0;

  template <typename T>
  T *slot(unsigned number) {
    return reinterpret_cast<T *>(registers + number * kSlotBytes);
  }
  /// Return a predicate that is read, `which` of the operation's.
  uint32_t predicate(const Operation &operation, unsigned which) const {
    uint32_t flip = 0 - uint32_t(operation.predicateFlips >> which & 1);
    return predicates[operation.predicates[which]] ^ flip;
  }
  /// Write a predicate in the lanes that run; number 0 is nobody's.
  void setPredicate(unsigned number, uint32_t bits) {
    if (number)
      predicates[number] = (predicates[number] & ~exec) | (bits & exec);
  }
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_WARP_H
