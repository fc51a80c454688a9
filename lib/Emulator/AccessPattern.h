//===- AccessPattern.h - Where lanes are beside each other -----*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Kernels make the same access over and over, each time a bit further on. What
/// follows from where lanes are beside each other is computed once and kept
/// with the register that addresses begin with: how far they reach, which words
/// they touch, and how often the banks of shared memory have to be asked.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_ACCESSPATTERN_H
#define PERCEIVER_LIB_EMULATOR_ACCESSPATTERN_H

#include "lib/Emulator/Lanes.h"

namespace perceiver::emulator {

using LaneAddresses = uint64_t[kLanes];

/// Rounds in which 32 banks serve an access, and how few would do.
struct Wavefronts {
  unsigned needed = 0, ideal = 0;
};

/// Count them for lanes whose addresses are aligned to `bytes`.
Wavefronts countWavefronts(const LaneAddresses &addresses, uint32_t lanes,
                           unsigned bytes);

class AccessPattern {
public:
  /// Words without a gap, of lanes from `lane` on.
  struct Run {
    int32_t offset;
    uint16_t words;
    uint8_t lane;
  };

  /// Whether it is that of an access of 4 bytes or more, whose first lane is at
  /// `base`.
  EMULATOR_INLINE bool matches(const LaneAddresses &addresses, uint32_t lanes,
                               uint64_t base, unsigned bytes) const {
    if (lanes != this->lanes || bytes != this->bytes)
      return false;
    uint64_t different = 0;
    if (lanes == ~0u) {
      for (unsigned lane = 0; lane < kLanes; ++lane)
        different |= (addresses[lane] - base) ^ uint64_t(offsets[lane]);
      return !different;
    }
    for (unsigned lane = 0; lane < kLanes; ++lane)
      different |= lanes >> lane & 1
                       ? (addresses[lane] - base) ^ uint64_t(offsets[lane])
                       : 0;
    return !different;
  }

  /// Become the pattern of these addresses. False if they are further apart
  /// than a pattern can tell.
  bool learn(const LaneAddresses &addresses, uint32_t lanes, unsigned bytes);

  /// Whether all that is accessed is between two addresses, and aligned.
  bool isInside(uint64_t base, uint64_t begin, uint64_t end) const {
    return base >= begin && base <= end && base - begin >= below &&
           end - base >= above && !((base | bits) & (bytes - 1));
  }

  /// Whether no two lanes access the same word.
  bool isDistinct() const { return distinct; }

  /// Call `visit` for each run with its address, sorted by that.
  template <typename F>
  EMULATOR_INLINE void forEachRun(uint64_t base, F visit) const {
    for (unsigned i = 0; i < runCount; ++i)
      visit(base + uint64_t(int64_t(runs[i].offset)), runs[i]);
  }

  const Wavefronts &wavefronts() const { return inBanks; }

private:
  /// 0 if nothing is known.
  uint32_t lanes = 0;
  uint8_t bytes = 0;
  uint8_t runCount = 0;
  bool distinct = false;
  Wavefronts inBanks;
  /// How far accesses reach on both sides of the base.
  uint64_t below = 0, above = 0;
  /// Of all offsets together.
  uint64_t bits = 0;
  int32_t offsets[kLanes] = {};
  Run runs[kLanes] = {};
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_ACCESSPATTERN_H
