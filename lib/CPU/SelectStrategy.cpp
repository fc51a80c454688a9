//===- SelectStrategy.cpp - The cost model's choices in the IR ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %y = block.linear ins(%x, %w) ..          // 512 rows
//
//   %y = block.linear ins(%x, %w) ..
//       {perceiver.tiling = #perceiver.tiling<task = [1, 64]>}
//
// Strategy only: the passes that follow obey the attribute. What an attribute
// says already stays. Each choice is a remark with its reason.
//
// Test: test/CPU/select-strategy.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/Strategy.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "lib/CPU/CPUTarget.h"
#include "lib/CPU/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SELECTSTRATEGYPASS
#include "lib/CPU/Passes.h.inc"
} // namespace mlir::perceiver

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
static Strategy chooseForAttention(block::OnlineAttentionOp op,
                                   const TileTarget &target) {
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
  return {TilingAttr::get(context, task,
                          inner.empty() ? ArrayAttr()
                                        : ArrayAttr::get(context, inner),
                          tiles.keySplit),
          explainAttention(tiles, op.getHeads(), keys, target)};
}

/// After a split, what follows is cut by rows; without one a task is a head.
static Strategy chooseForFinish(block::FinishAttentionOp op,
                                const TileTarget &target) {
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
                            /*keySplit=*/0, /*root=*/true),
            "with its attention, a block of queries at a time"};
  }
  int64_t block = selectRowBlock(queries, target);
  return {TilingAttr::get(context, {1, 0, block}),
          "after the parts are merged: " + explainRowBlock(queries, block)};
}

/// Tasks are (batch, block of rows): what the operations after an attention
/// share, up to the next one.
static Strategy chooseForRows(Operation *op, Value rows, int64_t rowDim,
                              const TileTarget &target) {
  SmallVector<int64_t> task(rowDim, 1);
  std::optional<int64_t> count = staticSize(rows, rowDim);
  task.push_back(selectRowBlock(count, target));
  return {TilingAttr::get(op->getContext(), task),
          explainRowBlock(count, task.back())};
}

std::optional<Strategy> perceiver::chooseStrategy(Operation *op,
                                                  const TileTarget &target) {
  if (auto attention = dyn_cast<block::OnlineAttentionOp>(op))
    return chooseForAttention(attention, target);
  if (auto finish = dyn_cast<block::FinishAttentionOp>(op))
    return chooseForFinish(finish, target);
  if (isa<block::MeanRowsOp, block::KeyMaskOp>(op))
    return Strategy{TilingAttr::get(op->getContext(), {1}),
                    "a task is a batch entry"};
  auto dps = dyn_cast<DestinationStyleOpInterface>(op);
  if (!dps || !isa<TileMapOpInterface>(op) || isa<block::MergeAttentionOp>(op))
    return std::nullopt;
  Value init = dps.getDpsInits()[0];
  int64_t rank = cast<ShapedType>(init.getType()).getRank();
  return chooseForRows(op, init, rank - 2, target);
}

namespace {
struct SelectStrategyPass
    : perceiver::impl::SelectStrategyPassBase<SelectStrategyPass> {
  using SelectStrategyPassBase::SelectStrategyPassBase;

  void runOnOperation() override {
    FailureOr<CPUTargetAttr> cpu = getCPUTarget(getOperation());
    if (failed(cpu))
      return signalPassFailure();
    TileTarget target = getTileTarget(*cpu);
    getOperation().walk([&](TilingInterface op) {
      if (op->hasAttr(kTilingAttrName))
        return;
      std::optional<Strategy> strategy = chooseStrategy(op, target);
      if (!strategy)
        return;
      op->setAttr(kTilingAttrName, strategy->tiling);
      remark::analysis(op.getLoc(), remark::RemarkOpts::name("Strategy")
                                        .category("perceiver-select-strategy"))
          << remark::add("{0}", op->getName().stripDialect())
          << remark::reason("{0}", strategy->reason);
    });
  }
};
} // namespace
