//===- SlabCopy.h - Terms of a product on their way -------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both sides of a product go to shared memory in slabs of some terms of all
// rows and columns of the tile. In a stage the right side is behind the left
// one.
//
// The left side lies there as in memory, row by row, and a thread takes a unit
// of four terms of a row at once; units of a row are exchanged such that
// neither the copies nor these loads meet in a bank (getUnit).
//
// Test: test/GPU/lower-linear.test.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_SLABCOPY_H
#define PERCEIVER_LIB_GPU_SLABCOPY_H

#include "lib/GPU/MatrixProduct.h"

namespace mlir::perceiver {

/// One thread's part of copying one side of a product.
class SlabCopy {
public:
  static SlabCopy ofLhs(DeviceBuilder &kernel, const ProductTile &tile,
                        const MatrixProduct &product);
  static SlabCopy ofRhs(DeviceBuilder &kernel, const ProductTile &tile,
                        const MatrixProduct &product);

  /// Where the first slab is in memory, and one that is `terms` behind another.
  Value getSource() const { return source; }
  Value advance(Value from, int64_t terms) const;

  /// Start copying the slab at `from`, of which `terms` terms exist, to the
  /// stage that is `stage` elements (i32) into `shared`. What does not exist is
  /// zeros.
  void start(SharedArray shared, Value from, Value stage, int64_t terms) const;

private:
  SlabCopy(DeviceBuilder &kernel, int64_t depth)
      : kernel(kernel), depth(depth) {}

  DeviceBuilder &kernel;
  /// Terms of a whole slab.
  int64_t depth;
  /// Of the first element, in memory and in a stage (i32).
  Value source, target;
  /// Elements of a copy.
  int64_t width = 1;
  /// From one copy to the next: in memory (elements, i32) and in the stage;
  /// from one term to the next in memory.
  Value sourceStep;
  int64_t targetStep = 0;
  OpFoldResult termStride;
  /// For each copy its first term in the slab, and the bytes that exist in the
  /// other dimension; null if all do.
  SmallVector<Value> term, present;
};

/// Where unit `unit` of row `row` (i32) of the left side is in the row.
Value getUnit(DeviceBuilder &kernel, const ProductTile &tile, Value row,
              Value unit);

/// Terms of a unit, and rows whose units are read at a time.
inline constexpr int64_t kUnitTerms = 4, kUnitRows = 4;

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_SLABCOPY_H
