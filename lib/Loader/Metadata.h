//===- Metadata.h - What a compiled model says about itself -----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The JSON text in a model's metadata section, version 1, which
/// lib/Artifact/MetadataWriter.h defines. Members that are not known here are
/// allowed: the version changes when the meaning of a member does.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_METADATA_H
#define PERCEIVER_LIB_LOADER_METADATA_H

#include "lib/Loader/SizeExpression.h"
#include "lib/Support/Result.h"
#include "lib/TensorFile/Tensor.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace perceiver {

inline constexpr int64_t kMetadataSchema = 1;

/// A size that the caller chooses, as the batch.
struct NamedSize {
  std::string name;
  int64_t min = 1;
  int64_t max = INT64_MAX; // INT64_MAX: no limit but memory.
};

/// A static size, one of the entry's named sizes, or one that follows from
/// them.
struct Dimension {
  int64_t value = 0;
  int32_t named = -1; // The index of the named size, or -1.
  /// Not empty: what it is computed by, and how people write that.
  SizeExpression derived = {};
  std::string text = {};

  bool isStatic() const { return named < 0 && derived.isEmpty(); }
};

struct Argument {
  std::string name;
  DType dtype = DType::F32;
  std::vector<Dimension> shape;
  bool isOutput = false;
  /// Other names of the same input.
  std::vector<std::string> aliases = {};
  /// Where the integers of an input lie: from the first to below the second.
  std::optional<std::array<int64_t, 2>> bounds = std::nullopt;
  /// What all elements of a mask are where it is left out.
  std::optional<bool> defaultValue = std::nullopt;

  /// Return true if it is an array of truth values, whatever its type.
  bool isMask() const {
    return !isOutput && (dtype == DType::BOOL || defaultValue);
  }

  /// Return true for its name and its aliases.
  bool hasName(const std::string &other) const;

  /// Return true if elements of this type are converted where they are given
  /// for it, as it is clear what they mean: truth values of any type, and
  /// shorter integers.
  bool accepts(DType other) const;
};

/// What must hold of the sizes of a run.
struct Condition {
  std::string sentence;
  /// Has to be at least 0.
  SizeExpression value;
};

/// A piece of the workspace.
struct Buffer {
  std::string name;
  SizeExpression bytes;
  /// Live from step `first` to step `last`.
  int64_t first = 0;
  int64_t last = 0;
  bool perWorker = false;
};

/// Tasks that may run in parallel.
struct Phase {
  std::string name;
  /// Tasks of one execution; how often a run executes it, and the
  /// floating-point operations of all that together. Empty if unknown.
  SizeExpression tasks, times, flop;
};

struct Entry {
  std::string name;
  std::string symbol;
  int32_t index = 0;
  std::vector<NamedSize> sizes;
  std::vector<Condition> conditions;
  std::vector<Argument> arguments;
  std::vector<Buffer> buffers;
  std::vector<Phase> phases;
  /// Floating-point operations of one run; empty if unknown.
  SizeExpression flop;

  /// Return "f32 [batch, 8, 8, 1]".
  std::string typeOf(const Argument &argument) const;

  /// Return a size as people write it.
  std::string nameOf(const Dimension &dimension) const;
};

/// Code for a device.
struct Image {
  int64_t arch = 0; // 80, 86, ..
  std::string kind; // "ptx" or "cubin".
  int64_t bytes = 0;
};

/// A kernel in one image.
struct KernelFigures {
  int64_t arch = 0;
  std::string kind;
  int64_t sharedBytes = 0;
  /// Nothing: not known, as in PTX.
  std::optional<int64_t> registers, spillBytes;
};

/// A kernel of the device code.
struct Kernel {
  std::string name;
  /// In all entries together; nothing: not known.
  std::optional<int64_t> launches;
  std::vector<KernelFigures> images;
};

struct Metadata {
  std::string model;
  std::string prefix;
  std::string compiler;
  std::array<uint8_t, 32> id = {};
  /// Where the code runs: "cpu" or "cuda".
  std::string kind = "cpu";
  std::string triple;
  std::string cpu;
  std::string features;
  std::vector<std::string> requiredFeatures;
  /// Bytes of data in the weights file; 0: the model has no such file.
  uint64_t weightsBytes = 0;
  size_t weightCount = 0;
  std::vector<Entry> entries;
  /// Of models for devices.
  std::vector<Image> images;
  std::vector<Kernel> kernels;
  std::vector<std::string> fusionLog;
  /// The JSON text that all this was read from.
  std::string text;
  /// The processor that the code is for, as e_machine of ELF.
  uint16_t machine = 0;
  /// The oldest glibc that has all functions the file uses, as "2.34"; empty if
  /// it names none. The linker knows it, so it is no member of the text.
  std::string glibc;

  /// Return the entry, or an error that lists what there is.
  Result<const Entry *> findEntry(const std::string &name) const;
};

/// Parse and check metadata. Fails for another version before anything else.
Result<Metadata> parseMetadata(std::string text);

/// Read the metadata of the compiled model at `path`, without executing it.
Result<Metadata> readMetadata(const std::string &path);

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_METADATA_H
