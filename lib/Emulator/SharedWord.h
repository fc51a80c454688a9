//===- SharedWord.h - A word of shared memory -------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_SHAREDWORD_H
#define PERCEIVER_LIB_EMULATOR_SHAREDWORD_H

#include <cstdint>

namespace perceiver::emulator {

/// Stands beside each word of 4 bytes. An epoch ends at each barrier of the
/// block, and numbers go on from block to block: what was written before a
/// block began is uninitialised to it.
struct SharedWord {
  /// Of the last write and the last reads.
  uint32_t writeEpoch = 0, readEpoch = 0;
  /// Stands in `writeEpoch` while a copy to the word is under way.
  static constexpr uint32_t kPending = UINT32_MAX;
  /// PTX lines of both.
  uint32_t writeLine = 0, readLine = 0;
  /// Warps that read it in `readEpoch`, a bit for each.
  uint32_t readers = 0;
  /// The warp's own epoch when it wrote, which ends at bar.warp.sync too.
  uint16_t warpEpoch = 0;
  uint8_t warp = 0;
  uint8_t lane : 5, narrow : 1;

  SharedWord() : lane(0), narrow(0) {}
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_SHAREDWORD_H
