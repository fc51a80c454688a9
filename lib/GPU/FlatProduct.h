//===- FlatProduct.h - Products of a few rows by threads --------*- C++ -*-===//
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

#ifndef PERCEIVER_LIB_GPU_FLATPRODUCT_H
#define PERCEIVER_LIB_GPU_FLATPRODUCT_H

#include "lib/GPU/MatrixProduct.h"

namespace mlir::perceiver {

/// What a block of threads computes at once where there are so few rows that
/// the right side is read but once or twice: it need not be shared. A lane has
/// `width` columns in all rows; warps take turns in the terms.
struct FlatTile {
  int64_t rows, width;

  static constexpr int64_t kMostRows = 8, kMostColumns = 4 * kWarpSize;
  static constexpr int64_t kWarps = 16, kThreads = kWarps * kWarpSize;
  int64_t columns() const { return width * kWarpSize; }
};

/// The tile for a task of at most `rows` rows and `columns` columns, with loads
/// of at most `width` elements.
FlatTile chooseFlatTile(int64_t rows, int64_t columns, int64_t width,
                        bool hasPlanes);

/// Like emitProduct.
void emitFlatProduct(DeviceBuilder &kernel, const FlatTile &tile,
                     const MatrixProduct &product, SharedArray shared,
                     function_ref<void(const ProductSums &)> finish);

/// float32 elements of shared memory that emitFlatProduct needs.
int64_t getFlatProductMemory(const FlatTile &tile, bool hasPlanes);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_FLATPRODUCT_H
