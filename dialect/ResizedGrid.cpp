//===- ResizedGrid.cpp - Tables of another size ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/ResizedGrid.h"

#include "mlir/IR/Operation.h"

using namespace mlir;

LogicalResult perceiver::verifyResizedGrid(Operation *op, ShapedType table,
                                           ShapedType result,
                                           ArrayRef<int64_t> from,
                                           ArrayRef<int64_t> to) {
  // Points of one axis: their product fits 64 bits.
  constexpr int64_t kMost = int64_t(1) << 20;
  for (ArrayRef<int64_t> grid : {from, to}) {
    if (grid.size() != 2)
      return op->emitOpError("expected grids of two axes, but got ")
             << grid.size();
    for (int64_t size : grid)
      if (size < 1 || size > kMost)
        return op->emitOpError("expected axes of 1 to ")
               << kMost << " points, but got " << size;
  }
  if (table.getRank() != 2 || !table.hasStaticShape() ||
      !isa<FloatType>(table.getElementType()) ||
      table.getDimSize(0) != from[0] * from[1])
    return op->emitOpError("expected a static table of ")
           << from[0] * from[1] << " rows of floating-point elements, but got "
           << table;
  if (result.getElementType() != table.getElementType() ||
      result.getShape() !=
          ArrayRef<int64_t>{to[0] * to[1], table.getDimSize(1)})
    return op->emitOpError("expected a result of ")
           << to[0] * to[1] << " rows of " << table.getDimSize(1)
           << " channels, but got " << result;
  return success();
}
