//===- AttentionStrategy.cpp - How attention is cut -----------------------===//
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

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"

using namespace mlir;
using namespace mlir::perceiver;

static std::optional<int64_t> staticSize(Value value, int64_t dim) {
  auto type = cast<ShapedType>(value.getType());
  if (type.isDynamicDim(dim))
    return std::nullopt;
  return type.getDimSize(dim);
}

/// Tasks are (batch, head), (batch, head, block of queries) or (batch, part of
/// the keys).
static Strategy chooseForAttention(Operation *operation,
                                   const TileTarget &target) {
  auto op = cast<block::OnlineAttentionOp>(operation);
  MLIRContext *context = op.getContext();
  int64_t queryRank = cast<ShapedType>(op.getQuery().getType()).getRank();
  std::optional<int64_t> keys = staticSize(op.getKey(), 1);
  AttentionTiles tiles = selectAttention(
      op.getHeads(), staticSize(op.getQuery(), queryRank - 2), keys, target);
  SmallVector<Attribute> inner;
  auto level = [&](ArrayRef<int64_t> sizes) {
    inner.push_back(DenseI64ArrayAttr::get(context, sizes));
  };
  // A split attention keeps the state of all its queries and takes the keys a
  // block at a time, so that their producers run once for each block.
  if (tiles.keySplit > 0) {
    if (tiles.keyBlock > 0)
      level({0, 0, 0, tiles.keyBlock});
    if (tiles.queryBlock > 0)
      level({0, 0, tiles.queryBlock});
  } else if (tiles.keyBlock > 0) {
    // The blocks of queries are those of finish_attention, which fuses this.
    level({0, 0, 0, tiles.keyBlock});
  }
  SmallVector<int64_t> task = {1, tiles.headsPerTask};
  if (tiles.queriesPerTask > 0)
    task.push_back(tiles.queriesPerTask);
  SmallVector<int64_t> merge;
  if (tiles.keySplit > 0)
    merge = {1, 0, tiles.mergedQueries};
  return {TilingAttr::get(context, task,
                          inner.empty() ? ArrayAttr()
                                        : ArrayAttr::get(context, inner),
                          tiles.keySplit, merge),
          explainAttention(tiles, op.getHeads(), keys, target)};
}

/// After a split, what follows is cut by rows; without one a task is a head.
static Strategy chooseForFinish(Operation *operation,
                                const TileTarget &target) {
  auto op = cast<block::FinishAttentionOp>(operation);
  MLIRContext *context = op.getContext();
  std::optional<int64_t> queries = staticSize(op.getMaximum(), 2);
  auto online = op.getAccumulator().getDefiningOp<block::OnlineAttentionOp>();
  auto tiling =
      online ? online->getAttrOfType<TilingAttr>(kTilingAttrName) : nullptr;
  if (tiling && tiling.getKeySplit() == 0) {
    // With the keys of a head at hand, the state of one query block is
    // kept: blocks of queries are the outer loop.
    int64_t block = selectQueryBlock(target);
    ArrayAttr inner;
    bool oneBlock = tiling.getTask().size() > 2;
    if (!oneBlock && (!queries || *queries > block))
      inner = ArrayAttr::get(context,
                             {DenseI64ArrayAttr::get(context, {0, 0, block})});
    return {TilingAttr::get(context, tiling.getTask(), inner,
                            /*keySplit=*/0, /*merge=*/{}, /*root=*/true),
            "with its attention, a block of queries at a time"};
  }
  int64_t block = selectRowBlock(queries, target);
  return {TilingAttr::get(context, {1, 0, block}),
          "after the parts are merged: " + explainRowBlock(queries, block)};
}

namespace {
/// The attention that is split says how its parts are merged.
struct MergeStrategy
    : CPUStrategyOpInterface::ExternalModel<MergeStrategy,
                                            block::MergeAttentionOp> {
  std::optional<Strategy> chooseStrategy(Operation *,
                                         const TileTarget &) const {
    return std::nullopt;
  }
};
} // namespace

void perceiver::attachAttentionStrategies(MLIRContext *context) {
  using namespace block;
  OnlineAttentionOp::attachInterface<
      StrategyOf<OnlineAttentionOp, chooseForAttention>>(*context);
  FinishAttentionOp::attachInterface<
      StrategyOf<FinishAttentionOp, chooseForFinish>>(*context);
  MergeAttentionOp::attachInterface<MergeStrategy>(*context);
}
