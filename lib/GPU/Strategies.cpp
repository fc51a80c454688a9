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
#include "dialect/Block/InputOps.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Block/TileMapInterface.h"
#include "lib/GPU/GPUInterfaces.h"

#include "mlir/Interfaces/DestinationStyleOpInterface.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "lib/GPU/GPUInterfaces.cpp.inc"

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

static TilingAttr chooseForRows(Operation *op) { return tileRows(op, kRows); }

static TilingAttr chooseForLinear(Operation *op) {
  return tileRows(op, {kProductTile, kProductTile});
}

static TilingAttr chooseForBatch(Operation *op) { return getTiling(op, {1}); }

/// A block of queries of one head.
static TilingAttr chooseForAttention(Operation *op) {
  return getTiling(op, {1, 1, kQueries});
}

namespace {
template <typename OpTy, TilingAttr (*choose)(Operation *)>
struct StrategyOf
    : GPUStrategyOpInterface::ExternalModel<StrategyOf<OpTy, choose>, OpTy> {
  TilingAttr chooseTiling(Operation *op) const { return choose(op); }
};
} // namespace

template <typename OpTy, TilingAttr (*choose)(Operation *)>
static void attach(MLIRContext *context) {
  OpTy::template attachInterface<StrategyOf<OpTy, choose>>(*context);
}

void perceiver::registerGPUModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, block::BlockDialect *) {
    using namespace block;
    attach<AddOp, chooseForRows>(context);
    attach<AttentionOp, chooseForAttention>(context);
    attach<ChannelsLastOp, chooseForRows>(context);
    attach<ConcatChannelsOp, chooseForRows>(context);
    attach<EmbedOp, chooseForRows>(context);
    attach<GridPositionsOp, chooseForRows>(context);
    attach<KeyMaskOp, chooseForBatch>(context);
    attach<LayerNormOp, chooseForRows>(context);
    attach<LinearOp, chooseForLinear>(context);
    attach<MeanRowsOp, chooseForBatch>(context);
  });
}
