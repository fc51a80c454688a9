//===- GridStrategy.cpp - How points of a grid are cut --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/CPU/select-strategy-grid.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/OperationModels.h"

#include "dialect/Block/GridOps.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Tasks are places of an axis with all points that have them: as many as
/// divide the axis, about as many tasks as there should be.
static Strategy chooseForGridStatistics(Operation *operation,
                                        const TileTarget &target) {
  auto op = cast<block::GridStatisticsOp>(operation);
  int64_t length = 1;
  for (Value table : op.getTables()) {
    length = cast<ShapedType>(table.getType()).getDimSize(1);
    if (length != 1)
      break;
  }
  if (ShapedType::isDynamic(length))
    return chooseForBatch(operation, target);
  int64_t block = llvm::divideCeil(length, target.tasks);
  while (length % block != 0)
    ++block;
  return {TilingAttr::get(op.getContext(), {1, block}),
          llvm::formatv("{0} places of the first axis in blocks of {1}", length,
                        block)};
}

void perceiver::attachGridStrategies(MLIRContext *context) {
  using namespace block;
  GridStatisticsOp::attachInterface<
      StrategyOf<GridStatisticsOp, chooseForGridStatistics>>(*context);
}
