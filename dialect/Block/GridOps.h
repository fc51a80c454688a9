//===- GridOps.h - Attention to points of a grid ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_GRIDOPS_H
#define PERCEIVER_DIALECT_BLOCK_GRIDOPS_H

#include "dialect/Block/AttentionOps.h"

namespace mlir::perceiver {

/// The last axis with several points; of none the last one. Its points are
/// visited in the innermost loop.
unsigned getInnerAxis(ArrayRef<int64_t> grid);

/// Points of a grid with axes of these lengths.
int64_t countPoints(ArrayRef<int64_t> grid);

/// There is an axis, and each has at least one point.
LogicalResult verifyGrid(Operation *op, DenseI64ArrayAttr grid);

/// The points `[B, M, F]` of a grid have so many features, at least one.
LogicalResult verifyFeatures(Operation *op, Value features);

} // namespace mlir::perceiver

#define GET_OP_CLASSES
#include "dialect/Block/GridOps.h.inc"

#endif // PERCEIVER_DIALECT_BLOCK_GRIDOPS_H
