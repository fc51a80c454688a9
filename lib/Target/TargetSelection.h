//===- TargetSelection.h - The processor to compile for ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks what a user says about the target and turns it into what LLVM wants.
// Targets are 64-bit x86 and AArch64 (little-endian) with ELF objects.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TARGET_TARGETSELECTION_H
#define PERCEIVER_LIB_TARGET_TARGETSELECTION_H

#include "llvm/Support/Error.h"
#include "llvm/TargetParser/Triple.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace mlir::perceiver {

/// What a user asks for. Everything empty: nothing in particular.
struct TargetOptions {
  /// Empty: the machine that the compiler runs on.
  std::string triple;

  /// Empty: "native". A name that LLVM knows: a level ("x86-64-v3",
  /// "x86-64-v4"), a processor
  /// ("sapphirerapids", "neoverse-n1"), or "generic", the oldest one of the
  /// architecture. Code for a named processor is the same wherever it is
  /// compiled. "native" stands for the highest level that this machine has, and
  /// schedules instructions for this machine's processor: its result runs on
  /// every machine of that level, but two machines may give different bytes.
  std::string cpu;

  /// The processor whose timing counts. Empty: `cpu`.
  std::string tuneCpu;

  /// LLVM features to add or remove: "+avx512vnni,-fma". Those to add must be
  /// ones that the runtime can look for when it loads a model.
  std::string features;

  /// Compute capabilities of GPUs, separated by commas: "80,90". Read by the
  /// back end for them; empty: its default.
  std::string architectures;

  /// Parts that work should be cut into, so that as many threads could share
  /// it. Read by the back end for CPUs; 0: its default.
  int64_t tasks = 0;

  /// 0 to 3.
  unsigned optLevel = 3;
};

/// A target that exists. Fields are what artefacts record.
struct TargetDescription {
  llvm::Triple triple;
  std::string cpu;
  /// Whose timing the code is scheduled for; empty: that of `cpu`.
  std::string tuneCpu;
  /// What the user added and removed, and, removed, what `cpu` has but the
  /// runtime cannot look for: the code uses nothing that is not checked.
  std::string features;
  unsigned optLevel = 3;

  /// Instruction sets that the code may use and the runtime checks before it
  /// runs any: as perceiver_artifact.cpu_features, and LLVM's names for them.
  uint64_t requiredFeatures = 0;
  std::vector<std::string> requiredFeatureNames;

  /// Bits of the vectors to prefer; 0: as LLVM chooses.
  unsigned preferredVectorBits = 0;
};

/// Check the options. Errors say which option is wrong, and name a near match
/// for a misspelled processor or feature.
llvm::Expected<TargetDescription> selectTarget(const TargetOptions &options);

/// The code generator for a target that selectTarget returned.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const TargetDescription &target);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TARGET_TARGETSELECTION_H
