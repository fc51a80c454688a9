//===- Strategies.cpp - How operations are cut for a GPU ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every operation is a kernel of its own: what it computes for a tile of its
// result is the work of one block of threads.
//
// Test: test/GPU/select-strategy.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/TileMapInterface.h"
#include "lib/GPU/OperationModels.h"

#include "mlir/Interfaces/DestinationStyleOpInterface.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Rows and columns of a tile of a matrix product: 256 threads hold 16 sums
/// each. Rows of a task of what reads memory and computes little. Queries of a
/// block of attention.
static constexpr int64_t kProductTile = 64, kRows = 8, kQueries = 64;

/// A tiling that ends its phase. No tile is larger than a static loop.
static TilingAttr getTiling(Operation *op, ArrayRef<int64_t> wanted) {
  SmallVector<int64_t> task;
  for (auto [loop, size] : llvm::zip(getTileLoopInfo(op), wanted))
    task.push_back(loop.extent ? std::min(size, *loop.extent) : size);
  return TilingAttr::get(op->getContext(), task, /*inner=*/{}, /*keySplit=*/0,
                         /*merge=*/{}, /*root=*/true);
}

/// A tile of rows, perhaps of columns, of one batch entry.
static TilingAttr tileRows(Operation *op, ArrayRef<int64_t> rowsAndColumns) {
  Value init = cast<DestinationStyleOpInterface>(op).getDpsInits()[0];
  int64_t rank = cast<ShapedType>(init.getType()).getRank();
  SmallVector<int64_t> task(rank - 2, 1);
  llvm::append_range(task, rowsAndColumns);
  return getTiling(op, task);
}

TilingAttr perceiver::chooseGPURows(Operation *op) {
  return tileRows(op, kRows);
}

TilingAttr perceiver::chooseGPUProduct(Operation *op) {
  return tileRows(op, {kProductTile, kProductTile});
}

TilingAttr perceiver::chooseGPUBatch(Operation *op) {
  return getTiling(op, {1});
}

TilingAttr perceiver::chooseGPUAttention(Operation *op) {
  return getTiling(op, {1, 1, kQueries});
}
