//===- Settings.h - What the words of a configuration say ------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_SETTINGS_H
#define PERCEIVER_LIB_EMULATOR_SETTINGS_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perceiver::emulator {

/// How the products of an MMA are summed; perceiver_cuda_emulator.h explains.
enum class MatrixModel : uint8_t { Chain, Block, Double };

/// The `call`-th call of a function of the driver returns `result`.
struct Fault {
  std::string function;
  uint64_t call;
  int result;
};

struct Settings {
  uint64_t seed = 0;
  /// 0: as many as the machine has, 2 at most.
  unsigned threads = 0;
  bool checks = true;
  MatrixModel matrixModel = MatrixModel::Chain;
  unsigned ulp = 0;
  /// Instructions that one warp may execute in a launch.
  uint64_t steps = 1000000000;
  bool capture = false;
  std::vector<Fault> faults;

  // The device, which is settled by cuInit.
  unsigned architecture = 80;
  unsigned processors = 108;
  uint64_t memoryBytes = uint64_t(16) << 30;
  /// That one block may have.
  uint64_t sharedBytes = 163 << 10;
  int driverVersion = 13000;
};

/// Apply words such as "seed=3 checks=off"; no words restore the defaults.
/// Return false with a sentence, and `settings` unchanged, where a word is
/// wrong, or is about the device and `deviceIsSettled`.
bool applyWords(std::string_view words, bool deviceIsSettled,
                Settings &settings, std::string &error);

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_SETTINGS_H
