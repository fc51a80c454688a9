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
// With tasks of heads and queries, `task = [1, 1, 64]`, there is no such loop:
// a task is a part of the keys for one tile of each of the other loops,
//
//   scf.forall (%part, %b, %head, %i) ..
//
// Of a dynamic number of keys there are parts that grow with them (KeyParts.h),
// and of batch entries that have fewer parts several are taken together:
//
//   scf.for %b .. step (16 floordiv %parts)
//     scf.forall (%part, %entry) ..                // at most 16, with states
//
// The parts depend on the keys, never on threads or the batch: the same bits on
// any machine.
//
// Tests: test/Tiling/split-keys.mlir, test/Tiling/split-keys-grid.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "lib/Tiling/Fusion.h"
#include "lib/Tiling/KeyParts.h"
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

/// Tile the loop over the batch, `entries` at a time.
static FailureOr<block::OnlineAttentionOp>
tileBatch(RewriterBase &rewriter, block::OnlineAttentionOp op,
          OpFoldResult entries, SmallVectorImpl<LoopLikeOpInterface> &loops) {
  scf::SCFTilingOptions options;
  options.setLoopType(scf::SCFTilingOptions::LoopType::ForOp);
  options.setTileSizes({entries});
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

/// Whether a part belongs to a tile of each loop but that over keys.
static bool hasTilesOfQueries(TilingAttr tiling) {
  ArrayRef<int64_t> task = tiling.getTask();
  return task.size() == kKeyLoop &&
         llvm::all_of(task, [](int64_t size) { return size > 0; });
}

/// Hand what is left of `tiling` on to the operations that it has become.
static void setTilings(TilingAttr tiling, ArrayRef<Operation *> tiles,
                       ArrayRef<Operation *> merges) {
  MLIRContext *context = tiling.getContext();
  for (Operation *tile : tiles) {
    tile->removeAttr(kTilingAttrName);
    if (tiling.getInner())
      tile->setAttr(kTilingAttrName,
                    TilingAttr::get(context, {}, tiling.getInner()));
  }
  ArrayRef<int64_t> task = tiling.getMerge();
  for (Operation *merge : merges)
    merge->setAttr(kTilingAttrName,
                   TilingAttr::get(context,
                                   task.empty() ? ArrayRef<int64_t>(1) : task,
                                   /*inner=*/{}, /*keySplit=*/0, /*merge=*/{},
                                   tiling.getRoot()));
}

/// Slices of slices that the loops around have made, as slices of what these
/// are taken of: a part of fused projections is computed in its task.
static void composeWithLoops(RewriterBase &rewriter,
                             MutableArrayRef<Operation *> slices) {
  for (Operation *&slice : slices)
    if (auto extract = dyn_cast<tensor::ExtractSliceOp>(slice))
      slice = composeWithSources(rewriter, extract);
}

/// Tasks of all heads and queries, in a loop over batch entries: upstream
/// splits a reduction or tiles parallel loops, not both at once.
static LogicalResult splitEntries(RewriterBase &rewriter,
                                  block::OnlineAttentionOp op,
                                  TilingAttr tiling) {
  SmallVector<LoopLikeOpInterface> loops;
  FailureOr<block::OnlineAttentionOp> entry =
      tileBatch(rewriter, op, rewriter.getIndexAttr(1), loops);
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
  setTilings(tiling, tiled->tiledOps, tiled->mergeOps);
  SmallVector<Operation *> slices = tiled->generatedSlices;
  rewriter.replaceOp(*entry, tiled->replacements);
  composeWithLoops(rewriter, slices);
  llvm::append_range(loops, tiled->loops);
  llvm::SetVector<Operation *> consumed;
  fuseProducers(rewriter, loops, slices, consumed);
  eraseDead(rewriter, consumed);
  return success();
}

/// One grid of tasks, the parts outermost, and then the loops that the tasks of
/// `tiling` cut, into which what stands outside of `loops` is fused.
static LogicalResult splitGrid(RewriterBase &rewriter,
                               block::OnlineAttentionOp op, TilingAttr tiling,
                               KeyParts parts,
                               SmallVector<LoopLikeOpInterface> loops = {}) {
  Location loc = op.getLoc();
  rewriter.setInsertionPoint(op);
  FailureOr<SmallVector<OpFoldResult>> steps =
      getTileSizes(rewriter, op, tiling.getTask());
  if (failed(steps))
    return failure();
  steps->resize(kKeyLoop, rewriter.getIndexAttr(0));
  SmallVector<Range> domain =
      cast<TilingInterface>(op.getOperation()).getIterationDomain(rewriter);

  SmallVector<unsigned> cut;
  SmallVector<OpFoldResult> upper = {parts.count},
                            by = {rewriter.getIndexAttr(1)};
  for (unsigned loop = 0; loop < kKeyLoop; ++loop) {
    if (isZeroInteger((*steps)[loop]))
      continue;
    cut.push_back(loop);
    upper.push_back(domain[loop].size);
    by.push_back((*steps)[loop]);
  }
  SmallVector<OpFoldResult> lower(upper.size(), rewriter.getIndexAttr(0));
  auto partial = cast<PartialReductionOpInterface>(op.getOperation());
  SetVector<unsigned> reduction;
  reduction.insert(kKeyLoop);
  SmallVector<OpFoldResult> counts(kKeyLoop + 1, rewriter.getIndexAttr(0));
  counts[kKeyLoop] = parts.count;
  FailureOr<SmallVector<Value>> states =
      partial.generateInitialTensorForPartialReduction(rewriter, loc, counts,
                                                       reduction);
  if (failed(states))
    return op.emitOpError("cannot be split over its keys");
  auto grid = scf::ForallOp::create(rewriter, loc, lower, upper, by, *states,
                                    /*mapping=*/std::nullopt);

  rewriter.setInsertionPointToStart(grid.getBody());
  SmallVector<Value> ivs = grid.getInductionVars();
  SmallVector<OpFoldResult> offsets(kKeyLoop, rewriter.getIndexAttr(0)), sizes;
  for (unsigned loop = 0; loop < kKeyLoop; ++loop)
    sizes.push_back(domain[loop].size);
  for (auto [loop, iv] : llvm::zip(cut, ArrayRef(ivs).drop_front())) {
    offsets[loop] = iv;
    sizes[loop] = getTileExtent(rewriter, loc, domain[loop].size,
                                (*steps)[loop], OpFoldResult(iv));
  }
  Range keys = getPart(rewriter, loc, parts, op.getMask(), tiling, ivs[0],
                       offsets[kBatchLoop], domain[kKeyLoop].size);
  offsets.push_back(keys.offset);
  sizes.push_back(keys.size);
  constexpr auto strategy =
      ReductionTilingStrategy::PartialReductionOuterParallel;
  SmallVector<Value> iterArgs(grid.getRegionIterArgs());
  // What is tiled has the parts as its destinations, as upstream has it.
  SmallVector<Value> operands(op->getOperands());
  for (auto [init, part] : llvm::zip(op.getDpsInitsMutable(), iterArgs))
    operands[init.getOperandNumber()] = part;
  Operation *whole =
      mlir::clone(rewriter, op, ValueRange(iterArgs).getTypes(), operands);
  FailureOr<TilingResult> tiled =
      cast<PartialReductionOpInterface>(whole).tileToPartialReduction(
          rewriter, loc, strategy, iterArgs, offsets, sizes, reduction,
          {OpFoldResult(ivs[0])});
  if (failed(tiled))
    return op.emitOpError("cannot be split over its keys");
  rewriter.eraseOp(whole);
  for (auto [number, value] : llvm::enumerate(tiled->tiledValues)) {
    SmallVector<OpFoldResult> at, extents;
    if (failed(partial.getPartialResultTilePosition(
            rewriter, number, strategy, offsets, sizes, reduction,
            {OpFoldResult(ivs[0])}, at, extents)))
      return op.emitOpError("cannot be split over its keys");
    SmallVector<OpFoldResult> strides(at.size(), rewriter.getIndexAttr(1));
    rewriter.setInsertionPointToEnd(grid.getTerminator().getBody());
    tensor::ParallelInsertSliceOp::create(
        rewriter, loc, value, iterArgs[number], at, extents, strides);
    rewriter.setInsertionPoint(grid.getTerminator());
  }
  rewriter.setInsertionPointAfter(grid);
  FailureOr<MergeResult> merged =
      partial.mergeReductions(rewriter, loc, grid.getResults(), reduction);
  if (failed(merged))
    return op.emitOpError("cannot be split over its keys");
  setTilings(tiling, tiled->tiledOps, merged->mergeOps);
  SmallVector<Operation *> slices = tiled->generatedSlices;
  rewriter.replaceOp(op, merged->replacements);
  if (!loops.empty())
    composeWithLoops(rewriter, slices);
  loops.push_back(grid);
  llvm::SetVector<Operation *> consumed;
  fuseProducers(rewriter, loops, slices, consumed);
  eraseDead(rewriter, consumed);
  return success();
}

/// Grids of the parts of batch entries with all heads and queries, in a loop
/// over as many entries as have no more parts altogether than one may have.
static LogicalResult splitEntriesTogether(RewriterBase &rewriter,
                                          block::OnlineAttentionOp op,
                                          TilingAttr tiling) {
  rewriter.setInsertionPoint(op);
  KeyParts parts =
      getKeyParts(rewriter, op.getLoc(), op.getKey(), op.getMask(), tiling);
  bool isOneEntry = cast<ShapedType>(op.getKey().getType()).getDimSize(0) == 1;
  if (isOneEntry)
    return splitGrid(rewriter, op, tiling, parts);
  SmallVector<LoopLikeOpInterface> loops;
  FailureOr<block::OnlineAttentionOp> entries = tileBatch(
      rewriter, op, getEntriesTogether(rewriter, op.getLoc(), parts), loops);
  if (failed(entries))
    return failure();
  return splitGrid(rewriter, *entries, tiling, parts, loops);
}

static LogicalResult splitOne(RewriterBase &rewriter,
                              block::OnlineAttentionOp op, TilingAttr tiling) {
  if (hasWholeEntries(tiling))
    return cast<ShapedType>(op.getKey().getType()).isDynamicDim(1)
               ? splitEntriesTogether(rewriter, op, tiling)
               : splitEntries(rewriter, op, tiling);
  if (hasTilesOfQueries(tiling)) {
    rewriter.setInsertionPoint(op);
    KeyParts parts =
        getKeyParts(rewriter, op.getLoc(), op.getKey(), op.getMask(), tiling);
    return splitGrid(rewriter, op, tiling, parts);
  }
  return op.emitOpError("expected task = [1], or sizes of tiles of batch, head "
                        "and query, with key_split, but got ")
         << tiling;
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
