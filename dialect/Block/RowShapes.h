//===- RowShapes.h - Operations on arrays of rows ---------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the block-level operations share: their operands are arrays of rows
// [N, C] or [B, N, C], and most of their loops run over the rows.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_ROWSHAPES_H
#define PERCEIVER_DIALECT_BLOCK_ROWSHAPES_H

#include "dialect/Block/TileMap.h"

#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace mlir::perceiver {

/// Maps the trailing dimensions of an array of rows to the first loops: an
/// array without batch in an operation with batch skips loop 0. The last
/// dimension is whole.
SmallVector<TileMap> rowMaps(ShapedType type, unsigned rowLoops);

SmallVector<utils::IteratorType> parallelLoops(unsigned count);

/// Rows and channels of `type` must match the leading and last dimensions of
/// the destination; rank one lower is an array to broadcast over the batch.
/// `what` names the array in the error.
LogicalResult verifyRows(Operation *op, StringRef what, ShapedType type,
                         ShapedType init, bool mayBroadcast);

/// The last dimension of `type` must be `expected`, as far as both are static.
LogicalResult verifyLastDim(Operation *op, StringRef what, ShapedType type,
                            int64_t expected);

/// A destination must be [N, C] or [B, N, C].
LogicalResult verifyRankOfRows(Operation *op, ShapedType init);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCK_ROWSHAPES_H
