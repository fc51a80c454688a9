//===- ArtifactDescription.h - What an artefact says of itself --*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plain data from which the descriptor, the exported functions, the C header
// and the metadata are made. lib/Runtime/perceiver_runtime.h defines what the
// parts mean.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ARTIFACT_ARTIFACTDESCRIPTION_H
#define PERCEIVER_LIB_ARTIFACT_ARTIFACTDESCRIPTION_H

#include "lib/Runtime/perceiver_runtime.h"
#include "lib/Target/TargetSelection.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mlir::perceiver {

/// A number as a function of an entry's sizes, in postfix order.
using SizeProgram = std::vector<perceiver_size_instruction>;

/// The program that gives `value`.
SizeProgram constantSize(int64_t value);

/// A dimension that is size number `index` of the entry; derived sizes are
/// numbered after the others. Other dimensions are numbers >= 0.
constexpr int64_t symbolicDimension(int64_t index) { return -1 - index; }
constexpr bool isSymbolic(int64_t dimension) { return dimension < 0; }
constexpr int64_t symbolIndex(int64_t dimension) { return -1 - dimension; }

struct SizeDescription {
  std::string name;
  int64_t minimum = 0;
  int64_t maximum = INT64_MAX;
};

/// A size that follows from others.
struct DerivedSizeDescription {
  /// "points * 16"
  std::string text;
  SizeProgram value;
};

/// What must hold of the sizes of a run.
struct ConditionDescription {
  /// What an error says.
  std::string sentence;
  /// Has to be at least 0.
  SizeProgram value;
};

struct ArgumentDescription {
  std::string name;
  perceiver_dtype dtype = PERCEIVER_F32;
  std::vector<int64_t> shape;
  bool isOutput = false;
  /// Other names of the same input.
  std::vector<std::string> aliases = {};
  /// Where the integers of an input lie: from the first to below the second.
  std::optional<std::array<int64_t, 2>> bounds = std::nullopt;
  /// What all elements of a mask are where a caller leaves it out.
  std::optional<bool> defaultValue = std::nullopt;
};

struct BufferDescription {
  std::string name;
  /// Bytes (of one worker's part).
  SizeProgram size;
  /// Live from step `first` to step `last`.
  int32_t first = 0;
  int32_t last = 0;
  bool perWorker = false;
};

/// One call of run_tasks.
struct PhaseDescription {
  std::string name;
  /// Tasks of one execution; how often a run executes it, and the
  /// floating-point operations of all that together. Empty: not known.
  SizeProgram tasks;
  SizeProgram times = {};
  SizeProgram flop = {};
};

struct EntryDescription {
  std::string name;
  std::vector<SizeDescription> sizes;
  std::vector<DerivedSizeDescription> derived;
  std::vector<ConditionDescription> conditions;
  std::vector<ArgumentDescription> arguments;
  std::vector<BufferDescription> buffers;
  std::vector<PhaseDescription> phases;
  /// Floating-point operations of one run; empty: not known.
  SizeProgram flop;

  /// The text of a dimension, with these names of sizes.
  std::string nameDimension(int64_t dimension,
                            llvm::ArrayRef<std::string> names) const;
};

/// A tensor in the weights file. Its offset counts from the start of the data.
struct WeightDescription {
  std::string name;
  perceiver_dtype dtype = PERCEIVER_F32;
  std::vector<int64_t> shape;
  std::string layout;
  uint64_t offset = 0;
  uint64_t bytes = 0;
};

/// A kernel of the device code.
struct KernelDescription {
  std::string name;
  /// With the number of the first task, which comes first.
  int32_t parameterCount = 0;
  /// How often all entries together launch it; 0: not known.
  int64_t launches = 0;
};

/// A kernel in one image.
struct KernelFigures {
  /// Of a block.
  int32_t threads = 0;
  /// Of dynamic shared memory.
  int32_t sharedBytes = 0;
  /// -1: not known, as in PTX.
  int32_t registers = -1;
  int32_t spillBytes = -1;
};

/// All kernels as code for one architecture.
struct ImageDescription {
  /// 80, 86, ..
  int32_t arch = 0;
  perceiver_image_kind kind = PERCEIVER_IMAGE_PTX;
  /// PTX without the 0 byte that ends it in the artefact.
  std::string data;
  /// In the order of ArtifactDescription::kernels.
  std::vector<KernelFigures> kernels;
};

struct ArtifactDescription {
  /// For people.
  std::string model;
  /// Begins all symbols; a C identifier.
  std::string prefix;
  std::string compilerVersion;
  std::array<uint8_t, 32> id = {};
  /// Where its code runs.
  perceiver_kind kind = PERCEIVER_KIND_CPU;
  TargetDescription target;
  uint64_t weightsBytes = 0;
  std::vector<WeightDescription> weights;
  std::vector<EntryDescription> entries;
  /// The device code of PERCEIVER_KIND_CUDA.
  std::vector<KernelDescription> kernels;
  std::vector<ImageDescription> images;
  /// What was fused and why, a sentence each.
  std::vector<std::string> fusionLog;
};

/// Check everything that is needed to make an artefact that works: names that
/// become C identifiers without clashes, shapes, size programs, limits of the
/// runtime.
llvm::Error checkArtifact(const ArtifactDescription &artifact);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ARTIFACT_ARTIFACTDESCRIPTION_H
