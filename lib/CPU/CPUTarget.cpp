//===- CPUTarget.cpp - Processors, and what is known of them --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Unit/CPUTargetTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/CPUTarget.h"

#include "dialect/AttributeNames.h"
#include "lib/Runtime/perceiver_runtime.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Parts that the work of one batch entry should have, for the largest machine
/// that we tune for; and parts of the keys of an attention.
static constexpr int64_t kTasks = 64, kKeyParts = 16;

namespace {
struct VectorUnit {
  int64_t lanes;
  int64_t registers;
};

/// Data caches of one core, in KiB.
struct Caches {
  int64_t l1;
  int64_t l2;
};
} // namespace

/// The widest vectors that the target has.
static VectorUnit getVectorUnit(const TargetDescription &target) {
  auto has = [&](const char *feature) {
    return (target.requiredFeatures & perceiver_rt_cpu_feature(feature)) != 0;
  };
  if (target.triple.isAArch64())
    return {4, 32};
  if (has("avx512f"))
    return {16, 32};
  if (has("avx2"))
    return {8, 16};
  return {4, 16};
}

/// The caches of a processor by its name, or, for a level, those of the first
/// processors that had it.
static Caches getCaches(StringRef cpu) {
  constexpr struct {
    const char *cpu;
    Caches caches;
  } kKnown[] = {
      {"x86-64-v3", {32, 256}},  // Haswell
      {"x86-64-v4", {32, 1024}}, // Skylake-SP
      {"haswell", {32, 256}},         {"broadwell", {32, 256}},
      {"skylake", {32, 256}},         {"skylake-avx512", {32, 1024}},
      {"cascadelake", {32, 1024}},    {"cooperlake", {32, 1024}},
      {"icelake-client", {48, 512}},  {"icelake-server", {48, 1280}},
      {"tigerlake", {48, 1280}},      {"alderlake", {48, 1280}},
      {"sapphirerapids", {48, 2048}}, {"emeraldrapids", {48, 2048}},
      {"graniterapids", {48, 2048}},  {"znver1", {32, 512}},
      {"znver2", {32, 512}},          {"znver3", {32, 512}},
      {"znver4", {32, 1024}},         {"znver5", {48, 1024}},
      {"cortex-a72", {32, 512}},      {"cortex-a76", {64, 256}},
      {"neoverse-n1", {64, 1024}},    {"neoverse-n2", {64, 1024}},
      {"neoverse-v1", {64, 1024}},    {"neoverse-v2", {64, 2048}},
  };
  for (const auto &known : kKnown)
    if (cpu == known.cpu)
      return known.caches;
  // Not known by name: as the least of these.
  return {32, 256};
}

CPUTargetAttr perceiver::makeCPUTarget(MLIRContext *context,
                                       const TargetDescription &target,
                                       int64_t tasks) {
  VectorUnit vectors = getVectorUnit(target);
  Caches caches = getCaches(target.cpu);
  bool fma = target.triple.isAArch64() ||
             (target.requiredFeatures & perceiver_rt_cpu_feature("fma")) != 0;
  return CPUTargetAttr::get(
      context, target.triple.str(), target.cpu, target.tuneCpu, target.features,
      vectors.lanes, vectors.registers, fma, caches.l1 * 1024, caches.l2 * 1024,
      tasks != 0 ? tasks : kTasks, kKeyParts);
}

TargetOptions perceiver::getTargetOptions(CPUTargetAttr target) {
  TargetOptions options;
  options.triple = target.getTriple().str();
  options.cpu = target.getCpu().str();
  options.tuneCpu = target.getTune().str();
  options.features = target.getFeatures().str();
  options.tasks = target.getTasks();
  return options;
}

TileTarget perceiver::getTileTarget(CPUTargetAttr target) {
  return {{target.getLanes(), target.getRegisters()},
          target.getTasks(),
          target.getKeyParts(),
          target.getL2Bytes()};
}

FailureOr<CPUTargetAttr> perceiver::getCPUTarget(Operation *op) {
  TargetAttrInterface target = getTarget(op);
  if (!target)
    return emitError(op->getLoc())
           << "expected a module with '" << kTargetAttrName
           << "', but got none; run perceiver-set-target";
  auto cpu = dyn_cast<CPUTargetAttr>(target);
  if (!cpu)
    return emitError(op->getLoc())
           << "expected a module for a CPU, but got " << target;
  return cpu;
}
