//===- Block.h - A block of threads that runs ------------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Warps in lockstep. A branch that lanes decide differently splits a warp into
/// groups; the one at the lowest position runs, and groups merge where they
/// meet. A collective operation waits for the lanes that it needs; if all
/// groups wait at different ones, that is a finding, and they go on alone. A
/// warp runs until it waits at a barrier.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_BLOCK_H
#define PERCEIVER_LIB_EMULATOR_BLOCK_H

#include "lib/Emulator/AccessPattern.h"
#include "lib/Emulator/Launch.h"
#include "lib/Emulator/SharedShadow.h"
#include "lib/Emulator/Warp.h"

namespace perceiver::emulator {

class Block {
public:
  explicit Block(LaunchContext &context);

  /// Run the block of this number, x first.
  void run(uint64_t number);

  /// Of all blocks that this object has run.
  const KernelCounters &counters() const { return count; }

  // What operations use.

  LaunchContext &context;
  const Kernel &kernel;
  const bool checks;
  unsigned ulp() const { return context.settings.ulp; }
  uint64_t seed() const { return context.settings.seed; }
  MatrixModel matrixModel() const { return context.settings.matrixModel; }

  std::vector<uint8_t> shared;
  SharedShadow sharedWords;
  /// By `Operation::patterns`.
  std::vector<AccessPattern> patterns;
  /// Barriers passed; an older write is another block's.
  uint32_t epoch = 1, firstEpoch = 1;
  /// For BlockOwner.
  uint64_t owner = 0;
  KernelCounters count;

  void report(FindingKind kind, const Warp &warp, const Operation &operation,
              uint32_t lanes, std::string buffer, std::string other,
              std::string sentence);

private:
  enum class Stop { Barrier, Exit, Abandon };

  void prepareWarp(Warp &warp, uint64_t firstThread, uint64_t threads);
  uint32_t specialValue(SpecialSlot::Kind kind, uint64_t thread,
                        unsigned warp) const;
  bool assemble(Warp &warp, const Operation &operation);
  Stop runWarp(Warp &warp);
  bool openBarriers();
  void checkExited(const Warp &warp);
  void reportDeadlock();
  void abandon(LaunchEnd end);

  std::vector<uint8_t> registerStorage;
  std::vector<uint32_t> predicateStorage;
  std::vector<Warp> warps;
  /// Constants as slots; the first warp's copies come from here.
  std::vector<uint8_t> constantImage;
  uint32_t position[3] = {0, 0, 0};
  uint64_t blockNumber = 0;
};

// Groups of lanes (LaneGroups.cpp).

/// Go on with the lowest group that does not wait, with all that stand at the
/// same position. False if there is none.
bool switchGroup(Warp &warp);
/// The running group jumps to `target` with the lanes `taken`.
void branch(Warp &warp, uint32_t taken, uint32_t target);
/// The lanes `leaving` exit.
void exitLanes(Warp &warp, uint32_t leaving);
/// Merge with groups that wait at the running group's position.
void gather(Warp &warp);
/// Let the running group wait, and go on with another one. False if all wait.
bool parkWaiting(Warp &warp);

/// Drop copies that the last block has not waited for (AsyncCopy.cpp).
void forgetCopies(Warp &warp);

/// Return the lanes that a collective operation needs (Collectives.cpp).
uint32_t requiredLanes(Warp &warp, const Operation &operation);

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_BLOCK_H
