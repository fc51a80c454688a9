//===- SplitKeys.cpp - Attention split over its keys ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %a, %m, %s = block.online_attention ins(%q, %k, %v) outs(..)
//       {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 3136>}
//
//   scf.for %b ..                                  // batch entries
//     %pa, %pm, %ps = scf.forall (%part) ..        // one task for each part
//       .. producers of the part's keys and values ..
//       block.online_attention ins(%q, %kp, %vp) outs(neutral state)
//     block.merge_attention ins(%pa, %pm, %ps) ..
//
// The parts depend on sizes, never on threads: the same bits on any machine.
//
// Test: test/Tiling/split-keys.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "lib/Tiling/Fusion.h"
#include "lib/Tiling/Passes.h"
#include "lib/Tiling/TileSizes.h"
#include "lib/Tiling/Transforms.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SPLITKEYSPASS
#include "lib/Tiling/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// Tile the loop over the batch, so that a part belongs to one batch entry:
/// upstream splits a reduction or tiles parallel loops, not both at once.
static FailureOr<block::OnlineAttentionOp>
tileBatch(RewriterBase &rewriter, block::OnlineAttentionOp op,
          SmallVectorImpl<LoopLikeOpInterface> &loops) {
  scf::SCFTilingOptions options;
  options.setLoopType(scf::SCFTilingOptions::LoopType::ForOp);
  options.setTileSizes({rewriter.getIndexAttr(1)});
  rewriter.setInsertionPoint(op);
  FailureOr<scf::SCFTilingResult> tiled = scf::tileUsingSCF(
      rewriter, cast<TilingInterface>(op.getOperation()), options);
  if (failed(tiled))
    return op.emitOpError("cannot be tiled over its batch");
  llvm::append_range(loops, tiled->loops);
  auto tile = cast<block::OnlineAttentionOp>(tiled->tiledOps.front());
  rewriter.replaceOp(op, tiled->replacements);
  return tile;
}

/// A part belongs to one batch entry and has all heads and queries: its task
/// sizes are `[1]`, perhaps with zeros.
static LogicalResult verifyTask(block::OnlineAttentionOp op,
                                TilingAttr tiling) {
  ArrayRef<int64_t> task = tiling.getTask();
  if (!task.empty() && task[kBatchLoop] == 1 &&
      llvm::all_of(task.drop_front(), [](int64_t size) { return size == 0; }))
    return success();
  return op.emitOpError("expected task = [1] with key_split, but got ")
         << tiling;
}

static LogicalResult splitOne(RewriterBase &rewriter,
                              block::OnlineAttentionOp op, TilingAttr tiling) {
  if (failed(verifyTask(op, tiling)))
    return failure();
  SmallVector<LoopLikeOpInterface> loops;
  FailureOr<block::OnlineAttentionOp> entry = tileBatch(rewriter, op, loops);
  if (failed(entry))
    return failure();
  SmallVector<OpFoldResult> sizes(kKeyLoop + 1, rewriter.getIndexAttr(0));
  sizes[kKeyLoop] = rewriter.getIndexAttr(tiling.getKeySplit());
  scf::SCFTilingOptions options;
  options.setLoopType(scf::SCFTilingOptions::LoopType::ForallOp);
  options.setReductionTilingStrategy(
      ReductionTilingStrategy::PartialReductionOuterParallel);
  options.setReductionDims({kKeyLoop});
  options.setTileSizes(sizes);
  // The size of a part decides the type of its sums.
  rewriter.modifyOpInPlace(*entry,
                           [&] { (*entry)->setAttr(kTilingAttrName, tiling); });
  rewriter.setInsertionPoint(*entry);
  FailureOr<scf::SCFTilingResult> tiled = scf::tileUsingSCF(
      rewriter, cast<TilingInterface>(entry->getOperation()), options);
  if (failed(tiled))
    return entry->emitOpError("cannot be split over its keys");
  MLIRContext *context = rewriter.getContext();
  for (Operation *tile : tiled->tiledOps) {
    tile->removeAttr(kTilingAttrName);
    if (tiling.getInner())
      tile->setAttr(kTilingAttrName,
                    TilingAttr::get(context, {}, tiling.getInner()));
  }
  ArrayRef<int64_t> task = tiling.getMerge();
  for (Operation *merge : tiled->mergeOps)
    merge->setAttr(
        kTilingAttrName,
        TilingAttr::get(context, task.empty() ? ArrayRef<int64_t>(1) : task));
  SmallVector<Operation *> slices = tiled->generatedSlices;
  rewriter.replaceOp(*entry, tiled->replacements);
  llvm::append_range(loops, tiled->loops);
  llvm::SetVector<Operation *> consumed;
  fuseProducers(rewriter, loops, slices, consumed);
  eraseDead(rewriter, consumed);
  return success();
}

LogicalResult perceiver::splitKeys(Operation *root) {
  if (failed(verifyTilings(root)))
    return failure();
  SmallVector<block::OnlineAttentionOp> ops;
  root->walk([&](block::OnlineAttentionOp op) {
    auto tiling = op->getAttrOfType<TilingAttr>(kTilingAttrName);
    // Inside a task there is no room for more tasks.
    if (tiling && tiling.getKeySplit() > 0 &&
        !op->getParentOfType<scf::ForallOp>())
      ops.push_back(op);
  });
  IRRewriter rewriter(root->getContext());
  for (block::OnlineAttentionOp op : ops)
    if (failed(splitOne(rewriter, op,
                        op->getAttrOfType<TilingAttr>(kTilingAttrName))))
      return failure();
  return success();
}

/// What computes weights runs when the model is compiled, without tasks.
static LogicalResult verifyNoTiling(Operation *root) {
  return failure(root->walk([](Operation *op) {
                       if (!op->hasAttr(kTilingAttrName))
                         return WalkResult::advance();
                       op->emitOpError("expected no '")
                           << kTilingAttrName << "' where weights are computed";
                       return WalkResult::interrupt();
                     })
                     .wasInterrupted());
}

namespace {
struct SplitKeysPass : perceiver::impl::SplitKeysPassBase<SplitKeysPass> {
  void runOnOperation() override {
    if (failed(getOperation()->hasAttr(kPrepareAttrName)
                   ? verifyNoTiling(getOperation())
                   : splitKeys(getOperation())))
      signalPassFailure();
  }
};
} // namespace
