//===- ProductTile.h - Tiles of a matrix product ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/GPU/lower-linear.test.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_PRODUCTTILE_H
#define PERCEIVER_LIB_GPU_PRODUCTTILE_H

#include <cstdint>
#include <optional>

namespace mlir::perceiver {

/// What a block of threads computes of a product at once. A warp has 32 rows
/// and 64 columns, a thread 8 of both. Where that makes few warps, several
/// slices of warps have the same sums and take turns in the terms.
struct ProductTile {
  /// Of the result, before gates are applied: multiples of 32 and of 64.
  int64_t rows, columns;
  /// Terms of each sum that are in shared memory at a time.
  int64_t depth;
  int64_t slices;
  /// Of the memory for `depth` terms: while one is read the others are filled.
  int64_t stages;

  int64_t warps() const { return rows / 32 * (columns / 64); }
  int64_t threads() const { return warps() * slices * 32; }
};

/// Rows and columns of a task.
struct ProductTask {
  int64_t rows, columns;
};

/// The tasks in which a product of so many rows, columns of the result and
/// terms takes the least time, which is told from the instructions of a block
/// and how many blocks the device has to run one after the other. Columns have
/// `planes` in the weight. An unknown number of rows counts as many.
ProductTask chooseProductTask(std::optional<int64_t> rows, int64_t columns,
                              int64_t terms, int64_t planes,
                              int64_t multiprocessors);

/// The tile for a task of so many rows and columns at most, in which threads do
/// not idle for more than they have to.
ProductTile chooseProductTile(std::optional<int64_t> rows,
                              std::optional<int64_t> columns);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_PRODUCTTILE_H
