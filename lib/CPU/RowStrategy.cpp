//===- RowStrategy.cpp - How arrays of rows are cut -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/CPU/select-strategy.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/OperationModels.h"

#include "mlir/Interfaces/DestinationStyleOpInterface.h"

using namespace mlir;
using namespace mlir::perceiver;

Strategy perceiver::chooseForRows(Operation *op, const TileTarget &target) {
  Value init = cast<DestinationStyleOpInterface>(op).getDpsInits()[0];
  auto type = cast<ShapedType>(init.getType());
  int64_t rowDim = type.getRank() - 2;
  std::optional<int64_t> rows;
  if (!type.isDynamicDim(rowDim))
    rows = type.getDimSize(rowDim);
  SmallVector<int64_t> task(rowDim, 1);
  task.push_back(selectRowBlock(rows, target));
  return {TilingAttr::get(op->getContext(), task),
          explainRowBlock(rows, task.back())};
}

Strategy perceiver::chooseForBatch(Operation *op, const TileTarget &) {
  return {TilingAttr::get(op->getContext(), {1}), "a task is a batch entry"};
}
