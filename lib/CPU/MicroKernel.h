//===- MicroKernel.h - The register tile of all products --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All matrix products of the CPU back end, in linear layers and in attention,
// are this one loop over a tile that stays in registers:
//
//   for k = 0 to K:
//     b[v] = right-hand vectors at k               v = 0 .. vectors - 1
//     for each row r:
//       a = left-hand element (r, k), broadcast
//       acc[r, v] += a * b[v]
//
// Rows times vectors accumulators, `vectors` loads and `rows` broadcasts for
// `rows * vectors` FMAs. Long K is summed in chains, whose length depends on K
// alone: a result has one order of addition, whatever the tile it is computed
// in.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_MICROKERNEL_H
#define PERCEIVER_LIB_CPU_MICROKERNEL_H

#include "lib/CPU/KernelBuilder.h"

namespace mlir::perceiver {

/// Where a register tile gets its operands.
struct RegisterTile {
  /// As many as rowsForVectors says, or fewer at the end.
  int64_t rows = 0;
  int64_t vectors = 0;
  /// Length of the reduction, and the most it can be if that is known.
  Value depth;
  std::optional<int64_t> maxDepth;
  /// Longest chain of additions; the terms of a product mostly cancel.
  int64_t longestChain = kLongestProduct;
  /// The scalar of row `row` at step `k`.
  function_ref<Value(int64_t row, Value k)> lhs;
  /// Vector `vector` of the right-hand side at step `k`.
  function_ref<Value(int64_t vector, Value k)> rhs;
};

/// Emit the loop; returns the accumulators (rows x vectors, row-major).
SmallVector<Value> emitRegisterTile(KernelBuilder &kernel,
                                    const RegisterTile &tile);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_MICROKERNEL_H
