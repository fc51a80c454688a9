//===- AttentionStrategy.cpp - How attention is cut -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/CPU/select-strategy.mlir, test/CPU/select-strategy-grid.mlir,
// test/CPU/select-strategy-grid-query.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/OperationModels.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/GridOps.h"
#include "dialect/Block/GridQueryOps.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

static std::optional<int64_t> staticSize(Value value, int64_t dim) {
  auto type = cast<ShapedType>(value.getType());
  if (type.isDynamicDim(dim))
    return std::nullopt;
  return type.getDimSize(dim);
}

/// Heads that cannot be told apart by the keys that they read; any head may
/// read all of them.
static int64_t headsOfOneKey(block::OnlineAttentionOp op) {
  auto heads = static_cast<int64_t>(op.getHeads());
  return op.getKeyHeads() == 1 ? 1 : heads / op.getKeyHeads();
}

/// What says how an attention is cut, in which `headsOfKey` heads read the keys
/// of one.
static TilingAttr getTiling(MLIRContext *context, const AttentionTiles &tiles,
                            int64_t headsOfKey) {
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
  SmallVector<int64_t> task = {1, tiles.headsPerTask * headsOfKey};
  if (tiles.queriesPerTask > 0)
    task.push_back(tiles.queriesPerTask);
  SmallVector<int64_t> merge;
  if (tiles.keySplit > 0)
    merge = {1, 0, tiles.mergedQueries};
  return TilingAttr::get(context, task,
                         inner.empty() ? ArrayAttr()
                                       : ArrayAttr::get(context, inner),
                         tiles.keySplit, merge);
}

/// Tasks are (batch, head), (batch, head, rows of queries), (batch, rows of
/// queries) or (batch, part of the keys).
static Strategy chooseForAttention(Operation *operation,
                                   const TileTarget &target) {
  auto op = cast<block::OnlineAttentionOp>(operation);
  MLIRContext *context = op.getContext();
  int64_t queryRank = cast<ShapedType>(op.getQuery().getType()).getRank();
  std::optional<int64_t> keys = staticSize(op.getKey(), 1);
  std::optional<int64_t> queries = staticSize(op.getQuery(), queryRank - 2);
  AttentionTiles tiles = selectAttention(op.getHeads(), queries, keys, target);
  // What is projected inside the task is projected once.
  if (tiles.headsPerTask > 0 && isInMemory(op.getQuery()) &&
      isInMemory(op.getKey()) && isInMemory(op.getValue()))
    tiles.queriesPerTask = selectQueriesOfHead(
        op.getHeads(), queries, keys,
        op.getQueryHeadSize() + op.getValueHeadSize(), target);
  return {getTiling(context, tiles, headsOfOneKey(op)),
          explainAttention(tiles, op.getHeads(), keys, target)};
}

/// Keys are few where queries are the points of a grid, and all parts of a
/// split would have to keep the states of all points.
static Strategy chooseForGridQueries(Operation *operation,
                                     const TileTarget &target) {
  auto op = cast<block::GridQueryAttentionOp>(operation);
  int64_t heads = op.getHeads(), width = op.getKeyHeadSize();
  std::optional<int64_t> queries = staticSize(op.getMaximum(), 2);
  std::optional<int64_t> keys = staticSize(op.getKey(), 1);
  // Those of any number of queries, which split no keys.
  AttentionTiles tiles = selectAttention(heads, std::nullopt, keys, target);
  bool isOneBlock = queries && *queries <= selectQueryBlock(target);
  bool areInMemory = isInMemory(op.getFactors()) && isInMemory(op.getKey()) &&
                     isInMemory(op.getValue()) &&
                     (!op.getFeatures() || isInMemory(op.getFeatures()));
  if (tiles.queriesPerTask > 0 && isOneBlock) {
    tiles.headsPerTask = 1;
    tiles.queriesPerTask = 0;
  } else if (tiles.queriesPerTask > 0) {
    tiles.queriesPerTask = selectRowBlock(queries, target);
  } else if (areInMemory) {
    tiles.queriesPerTask = selectQueriesOfHead(
        heads, queries, keys, width + op.getValueHeadSize(), target);
  }
  std::string task = "a head";
  if (tiles.queriesPerTask > 0)
    task = llvm::formatv("{0} points of {1}", tiles.queriesPerTask,
                         tiles.headsPerTask > 0 ? "a head" : "all heads");
  return {getTiling(op.getContext(), tiles, /*headsOfKey=*/1),
          llvm::formatv("queries are points of a grid: a task is {0}", task)};
}

/// Queries of a task that attends to a grid: whole vectors, at most a block, as
/// few as give the wanted tasks.
static int64_t selectGridQueries(std::optional<int64_t> queries,
                                 const TileTarget &target) {
  int64_t lanes = target.lanes, block = selectQueryBlock(target);
  if (!queries)
    return block;
  int64_t share = llvm::divideCeil(*queries, target.tasks);
  int64_t vectors = llvm::divideCeil(share, lanes);
  return std::min({vectors * lanes, block, *queries});
}

/// Tasks are blocks of queries of a head: the points are few bytes, which all
/// tasks read, and there is nothing to merge.
static Strategy chooseForGridAttention(Operation *operation,
                                       const TileTarget &target) {
  auto op = cast<block::GridAttentionOp>(operation);
  std::optional<int64_t> queries = staticSize(op.getMaximum(), 2);
  int64_t block = selectGridQueries(queries, target);
  return {TilingAttr::get(op.getContext(), {1, 1, block}),
          llvm::formatv("{0} queries, all points in each task: a task is {1} "
                        "of them",
                        queries ? std::to_string(*queries) : "any number of",
                        block)};
}

/// After a split, and where a task is rows of queries, what follows is cut by
/// rows, too. Otherwise a task is a head.
static Strategy chooseForFinish(Operation *operation,
                                const TileTarget &target) {
  auto op = cast<block::FinishAttentionOp>(operation);
  MLIRContext *context = op.getContext();
  std::optional<int64_t> queries = staticSize(op.getMaximum(), 2);
  Operation *attention = op.getAccumulator().getDefiningOp();
  // Layers that follow stream their weights once for a task, and take more
  // rows.
  if (isa_and_nonnull<block::GridAttentionOp>(attention))
    return {TilingAttr::get(context, {1, 1, selectGridQueries(queries, target)},
                            /*inner=*/ArrayAttr(), /*keySplit=*/0,
                            /*merge=*/{}, /*root=*/true),
            "with its attention"};
  auto tiling = attention
                    ? attention->getAttrOfType<TilingAttr>(kTilingAttrName)
                    : nullptr;
  if (tiling && tiling.getKeySplit() == 0) {
    // The state of one head and block of queries is kept, with all keys in the
    // innermost loop.
    int64_t block = selectQueryBlock(target);
    auto blocks = [&](int64_t heads) {
      return ArrayAttr::get(
          context, {DenseI64ArrayAttr::get(context, {0, heads, block})});
    };
    auto online = dyn_cast<block::OnlineAttentionOp>(attention);
    ArrayRef<int64_t> task = tiling.getTask();
    if (task.size() > kQueryLoop && task[kHeadLoop] == 0)
      return {TilingAttr::get(context, task,
                              blocks(online ? headsOfOneKey(online) : 1)),
              "with its attention and what follows, rows of queries at a time"};
    std::optional<int64_t> ofTask =
        task.size() > kQueryLoop ? task[kQueryLoop] : queries;
    return {TilingAttr::get(context, task,
                            !ofTask || *ofTask > block ? blocks(/*heads=*/0)
                                                       : ArrayAttr(),
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
  GridAttentionOp::attachInterface<
      StrategyOf<GridAttentionOp, chooseForGridAttention>>(*context);
  GridQueryAttentionOp::attachInterface<
      StrategyOf<GridQueryAttentionOp, chooseForGridQueries>>(*context);
  OnlineAttentionOp::attachInterface<
      StrategyOf<OnlineAttentionOp, chooseForAttention>>(*context);
  FinishAttentionOp::attachInterface<
      StrategyOf<FinishAttentionOp, chooseForFinish>>(*context);
  MergeAttentionOp::attachInterface<MergeStrategy>(*context);
}
