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

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/TileMapInterface.h"
#include "lib/GPU/AttentionTile.h"
#include "lib/GPU/OperationModels.h"

#include "mlir/Interfaces/DestinationStyleOpInterface.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Of a task of what reads memory and computes little: the fewest rows, which
/// are as many as a block has warps, the elements that are worth a block, and
/// the tasks that keep a multiprocessor busy.
static constexpr int64_t kFewestRows = 8, kElements = 2048, kTasks = 2;
/// Queries of a block of attention, if the sums of its values fit into
/// registers.
static constexpr int64_t kQueries = 64;
/// Queries of a task that merges or finishes states, where they are neighbours
/// in memory: few, for there is one such task for a block of queries otherwise.
static constexpr int64_t kMergedQueries = 8, kFinishedQueries = 32;

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

/// One head of one batch entry, and so many queries.
static TilingAttr tileQueries(Operation *op, int64_t queries) {
  return getTiling(op, {1, 1, queries});
}

TilingAttr perceiver::chooseGPUAttention(Operation *op, CUDATargetAttr) {
  int64_t width = cast<block::AttentionOp>(op).getValueHeadSize();
  return tileQueries(op, AttentionShape::choose(kQueries, width).queries());
}

TilingAttr perceiver::chooseGPUOnlineAttention(Operation *op, CUDATargetAttr) {
  int64_t width = cast<block::OnlineAttentionOp>(op).getValueHeadSize();
  return tileQueries(op, AttentionShape::choose(kQueries, width).queries());
}

TilingAttr perceiver::chooseGPUMergeAttention(Operation *op, CUDATargetAttr) {
  return tileQueries(op, kMergedQueries);
}

TilingAttr perceiver::chooseGPUFinishAttention(Operation *op, CUDATargetAttr) {
  return tileQueries(op, kFinishedQueries);
}
