//===- Program.h - Kernels in the form in which they run -------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An instruction is decoded once: a function, and the numbers of slots. A slot
/// is 32 words of 4 bytes, one for each lane of a warp; values of 8 bytes have
/// two slots, those of 2 bytes one. Constants and special registers have slots
/// too, so a function never asks what kind of operand it has. Predicates are
/// one bit for each lane; number 0 is always true.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_PROGRAM_H
#define PERCEIVER_LIB_EMULATOR_PROGRAM_H

#include <cstdint>
#include <string>
#include <vector>

namespace perceiver::emulator {

constexpr unsigned kLanes = 32;
constexpr unsigned kSlotBytes = 4 * kLanes;
constexpr unsigned kMostSlots = 14;
/// Stands for the members of a collective operation if they are all that live.
constexpr uint8_t kAllLanes = 0xff;

struct Warp;
struct Operation;
using Handler = void (*)(Warp &, const Operation &);

/// What the counters tell apart.
enum class OperationClass : uint8_t {
  FloatFma,
  Float,
  Double,
  Half,
  Special,
  Integer,
  Predicate,
  Convert,
  Move,
  Parameter,
  Constant,
  Global,
  Shared,
  Generic,
  AsyncCopy,
  Matrix,
  Collective,
  Barrier,
  Control,
};
constexpr unsigned kOperationClasses = unsigned(OperationClass::Control) + 1;

/// How an operation decides which one is next.
enum class Flow : uint8_t {
  Next,
  Branch,
  Exit,
  /// All lanes of `memberMask`, or all that live, run it together.
  Collective,
  /// As Collective; then the warp waits for others.
  Barrier,
};

/// Spaces of memory as instructions name them.
enum class Space : uint8_t { Generic, Global, Shared, Constant, Parameter };

/// What a load or a store moves for each lane.
struct Access {
  Space space = Space::Generic;
  /// Of one element, and how many there are.
  uint8_t elementBytes = 4, elements = 1;
  /// Of a register that receives one.
  uint8_t registerBytes = 4;
  bool isSigned = false;
  bool isNonCoherent = false;
  /// The base register has 64 bits.
  bool isWide = true;
  unsigned bytes() const { return elementBytes * elements; }
};

struct Operation {
  Handler run = nullptr;
  int64_t immediate = 0;
  /// First what is written, then what is read.
  uint16_t slots[kMostSlots] = {};
  /// Decides lane by lane, exclusive-or `guardFlip`.
  uint16_t guard = 0;
  /// Of predicates that are written or read.
  uint16_t predicates[3] = {};
  /// Which of those that are read count as their opposite.
  uint8_t predicateFlips = 0;
  Flow flow = Flow::Next;
  OperationClass kind = OperationClass::Control;
  /// Of a modifier, as the function knows it.
  uint8_t detail = 0;
  /// Which of the slots names the members of a collective operation.
  uint8_t members = kAllLanes;
  Access access;
  uint32_t guardFlip = 0;
  /// Of branches, an operation.
  uint32_t target = 0;
  /// Of the PTX text.
  uint32_t line = 0;
  /// Of addresses: accesses that begin at the same register have the same
  /// number, as they are alike.
  uint16_t patterns[2] = {};
};

/// A special register that differs between warps, with its slot.
struct SpecialSlot {
  enum class Kind : uint8_t {
    ThreadX,
    ThreadY,
    ThreadZ,
    ThreadsX,
    ThreadsY,
    ThreadsZ,
    BlockX,
    BlockY,
    BlockZ,
    BlocksX,
    BlocksY,
    BlocksZ,
    Lane,
    Warp,
    Warps,
    DynamicSharedBytes,
    TotalSharedBytes,
  };
  Kind kind;
  uint16_t slot;
};

struct Constant {
  uint64_t bits;
  uint16_t slot;
  bool isWide;
};

struct Kernel {
  std::string name;
  std::vector<Operation> operations;
  std::vector<Constant> constants;
  std::vector<SpecialSlot> specials;
  unsigned slots = 0;
  unsigned predicates = 1;
  unsigned patterns = 0;
  struct Parameter {
    uint32_t offset, bytes;
  };
  std::vector<Parameter> parameters;
  uint32_t parameterBytes = 0;
  uint32_t staticSharedBytes = 0;
  /// Where .extern .shared begins.
  uint32_t dynamicSharedOffset = 0;
  uint32_t requiredThreads[3] = {0, 0, 0};
  uint64_t maximalThreads = 0;
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_PROGRAM_H
