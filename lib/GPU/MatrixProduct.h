//===- MatrixProduct.h - Sums of a matrix product by threads ----*- C++ -*-===//
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

#ifndef PERCEIVER_LIB_GPU_MATRIXPRODUCT_H
#define PERCEIVER_LIB_GPU_MATRIXPRODUCT_H

#include "lib/GPU/DeviceBuilder.h"
#include "lib/GPU/ProductTile.h"

#include "llvm/Support/MathExtras.h"

namespace mlir::perceiver {

/// A tile of a product of matrices.
struct MatrixProduct {
  /// Rows by terms, and terms by columns; perhaps terms by two planes of
  /// columns, of which the tile has the same columns.
  DevicePointer lhs, rhs;
  /// Indices of `lhs` before the row.
  SmallVector<Value> batch;
  /// Where the tile begins. i32.
  Value firstRow, firstColumn;
  /// Number of terms.
  int64_t terms;

  bool hasPlanes() const { return rhs.array.rank() == 3; }
  int64_t planes() const { return hasPlanes() ? 2 : 1; }

  /// Slabs of `depth` terms, and the terms of the first one, which may have
  /// less.
  int64_t slabs(int64_t depth) const { return llvm::divideCeil(terms, depth); }
  int64_t firstTerms(int64_t depth) const {
    return terms - (slabs(depth) - 1) * depth;
  }
};

/// Four sums in a row of one thread: consecutive columns of a plane.
struct ProductSums {
  /// i32; the row and the column may be beyond those that exist.
  Value row, column;
  /// Of the first plane, and of the second if there is one.
  SmallVector<Value> sums, gates;
};

/// Compute a tile of `product` and call `finish` with the sums that this thread
/// ends up with, a few times. `shared` has getProductMemory(tile) elements;
/// nobody needs it afterwards. Rows, columns and terms beyond the arrays count
/// as zeros.
void emitProduct(DeviceBuilder &kernel, const ProductTile &tile,
                 const MatrixProduct &product, SharedArray shared,
                 function_ref<void(const ProductSums &)> finish);

/// float32 elements of shared memory that emitProduct needs.
int64_t getProductMemory(const ProductTile &tile);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_MATRIXPRODUCT_H
