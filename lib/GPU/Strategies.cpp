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

/// Of a task of what reads memory and computes little: the fewest rows, which
/// are as many as a block has warps, the elements that are worth a block, and
/// the tasks that keep a multiprocessor busy.
static constexpr int64_t kFewestRows = 8, kElements = 2048, kTasks = 2;

/// A tiling that ends its phase. No tile is larger than a static loop.
static TilingAttr getTiling(Operation *op, ArrayRef<int64_t> wanted) {
  SmallVector<int64_t> task;
  for (auto [loop, size] : llvm::zip(getTileLoopInfo(op), wanted))
    task.push_back(loop.extent ? std::min(size, *loop.extent) : size);
  return TilingAttr::get(op->getContext(), task, /*inner=*/{}, /*keySplit=*/0,
                         /*merge=*/{}, /*root=*/true);
}

static ArrayRef<int64_t> getResultShape(Operation *op) {
  Value init = cast<DestinationStyleOpInterface>(op).getDpsInits()[0];
  return cast<ShapedType>(init.getType()).getShape();
}

TilingAttr perceiver::tileGPURows(Operation *op,
                                  ArrayRef<int64_t> rowsAndColumns) {
  SmallVector<int64_t> task(getResultShape(op).size() - 2, 1);
  llvm::append_range(task, rowsAndColumns);
  return getTiling(op, task);
}

TilingAttr perceiver::chooseGPURows(Operation *op, CUDATargetAttr target) {
  ArrayRef<int64_t> shape = getResultShape(op);
  int64_t all = shape[shape.size() - 2], columns = shape.back(),
          rows = kFewestRows;
  while (ShapedType::isStatic(columns) && rows * columns < kElements &&
         (ShapedType::isDynamic(all) ||
          all >= 2 * rows * kTasks * target.getMultiprocessors()))
    rows *= 2;
  return tileGPURows(op, rows);
}

TilingAttr perceiver::chooseGPUBatch(Operation *op, CUDATargetAttr) {
  return getTiling(op, {1});
}

TilingAttr perceiver::tileGPUQueries(Operation *op, int64_t queries) {
  return getTiling(op, {1, 1, queries});
}
