//===- VectorTarget.h - The vector unit of a target -------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_VECTORTARGET_H
#define PERCEIVER_LIB_CPU_VECTORTARGET_H

#include <algorithm>
#include <cstdint>

namespace mlir::perceiver {

/// What code generation has to know of a vector unit.
struct VectorTarget {
  /// float32 elements of a register.
  int64_t lanes = 16;
  /// Registers that the calling convention and the instruction set offer.
  int64_t registers = 32;
};

/// Rows of a register tile with `vectors` vectors: as many as leave registers
/// for the right-hand side and a broadcast. The kernels are made with it and
/// the cost model counts with it.
constexpr int64_t rowsForVectors(int64_t vectors, int64_t registers) {
  // The right-hand vectors, one broadcast and one spare; more than 14 rows
  // gain nothing: the loads per FMA are then those of the right-hand side.
  int64_t accumulators = registers - vectors - 2;
  return std::clamp<int64_t>(accumulators / vectors, 1, 14);
}

/// Vectors of queries in a register tile of an attention. With 16 registers
/// four would leave two rows, that is six loads for eight FMAs.
constexpr int64_t vectorsOfQueries(int64_t registers) {
  return registers >= 32 ? 4 : 2;
}

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_VECTORTARGET_H
