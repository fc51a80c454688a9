//===- Launch.h - Run a grid of blocks -------------------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_LAUNCH_H
#define PERCEIVER_LIB_EMULATOR_LAUNCH_H

#include "lib/Emulator/Counters.h"
#include "lib/Emulator/DeviceMemory.h"
#include "lib/Emulator/Findings.h"
#include "lib/Emulator/Settings.h"

namespace perceiver::emulator {

/// What cuLaunchKernel was asked for.
struct LaunchRequest {
  const Kernel *kernel = nullptr;
  /// The module's .const variables.
  const std::vector<uint8_t> *constants = nullptr;
  std::vector<uint8_t> parameters;
  uint32_t grid[3] = {1, 1, 1};
  uint32_t threads[3] = {1, 1, 1};
  uint32_t dynamicSharedBytes = 0;
};

/// How a launch ended.
enum class LaunchEnd : uint8_t { Done, Deadlock, StepLimit };

/// What all blocks of a launch share.
struct LaunchContext {
  const LaunchRequest &request;
  const Settings &settings;
  DeviceMemory &memory;
  const std::vector<Region> &regions;
  Findings &findings;
  /// For owners of words; and since the emulator began, for findings.
  uint64_t launch, sequence;
  /// Several host threads run blocks.
  bool isParallel = false;
  std::atomic<bool> stop{false};
  std::atomic<LaunchEnd> end{LaunchEnd::Done};
};

/// Run all blocks, in an order that the seed decides, on the threads that the
/// settings say, and add to the kernel's counters.
LaunchEnd runLaunch(const LaunchRequest &request, const Settings &settings,
                    DeviceMemory &memory, Findings &findings, uint64_t sequence,
                    KernelCounters &counters);

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_LAUNCH_H
