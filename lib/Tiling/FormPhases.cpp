//===- FormPhases.cpp - Phases of independent tasks -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %n = block.layer_norm ins(%x) ..            tiling: task = [1, 64]
//   %h = block.linear ins(%n, %w1) ..           tiling: task = [1, 64]
//   %y = block.linear ins(%h, %w2) ..           tiling: task = [1, 64]
//
// is one phase, because a block of rows of %y needs only the same rows of %h
// and of %n:
//
//   %y = scf.forall (%b, %r) = (0, 0) to (%B, 512) step (1, 64)
//            shared_outs(%out = ..) {
//     .. layer_norm, linear and linear on 64 rows ..
//   }
//
// A dependence that would make two tasks compute the same thing (an attention
// needs all rows of its keys) starts another phase. Producers that several
// phases read are phases of their own. Operations without tiling, or with a
// task of the whole, stay outside and run on the calling thread.
//
// Tests: test/Tiling/form-phases.mlir, test/Tiling/form-phases-inside.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
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
#define GEN_PASS_DEF_FORMPHASESPASS
#include "lib/Tiling/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// Make `root` the last operation of a phase. Its tile and the producers fused
/// with it keep their inner tilings.
static LogicalResult formPhase(RewriterBase &rewriter, TilingInterface root,
                               TilingAttr tiling,
                               llvm::SetVector<Operation *> &consumed) {
  FailureOr<SmallVector<OpFoldResult>> sizes =
      getTileSizes(rewriter, root, tiling.getTask());
  if (failed(sizes))
    return failure();
  scf::SCFTilingOptions options;
  options.setLoopType(scf::SCFTilingOptions::LoopType::ForallOp);
  options.setTileSizes(*sizes);
  rewriter.setInsertionPoint(root);
  FailureOr<scf::SCFTilingResult> tiled =
      scf::tileUsingSCF(rewriter, root, options);
  if (failed(tiled))
    return root->emitOpError("cannot be tiled into tasks");
  if (tiling.getInner())
    for (Operation *tile : tiled->tiledOps)
      tile->setAttr(kTilingAttrName,
                    TilingAttr::get(root.getContext(), {}, tiling.getInner()));
  SmallVector<LoopLikeOpInterface> loops = tiled->loops;
  SmallVector<Operation *> slices = tiled->generatedSlices;
  rewriter.replaceOp(root, tiled->replacements);
  fuseProducers(rewriter, loops, slices, consumed);
  return success();
}

/// Does anything but what tiling has replaced read the results of `op`?
static bool isRead(Operation *op,
                   const llvm::SetVector<Operation *> &consumed) {
  llvm::SetVector<Operation *> worklist;
  worklist.insert(op);
  for (size_t i = 0; i < worklist.size(); ++i)
    for (Operation *user : worklist[i]->getUsers()) {
      if (isa<tensor::DimOp>(user))
        continue;
      if (!isa<tensor::ExtractSliceOp>(user) && !consumed.contains(user))
        return true;
      worklist.insert(user);
    }
  return false;
}

/// One block, from its last operation upwards.
static LogicalResult formPhasesOf(RewriterBase &rewriter, Block &block) {
  SmallVector<Operation *> candidates;
  for (Operation &op : llvm::reverse(block))
    if (isa<TilingInterface>(op) && op.hasAttr(kTilingAttrName))
      candidates.push_back(&op);
  llvm::SetVector<Operation *> consumed;
  for (Operation *op : candidates) {
    // What was fused for one reader may have another that needs a part which
    // could not be fused.
    if (consumed.contains(op)) {
      if (!isRead(op, consumed))
        continue;
      consumed.remove(op);
    }
    auto tiling = op->getAttrOfType<TilingAttr>(kTilingAttrName);
    if (tiling.getKeySplit() != 0)
      return op->emitOpError("expected keys to be split already; run "
                             "perceiver-split-keys first");
    bool whole =
        llvm::all_of(tiling.getTask(), [](int64_t size) { return size == 0; });
    if (whole)
      continue;
    if (failed(
            formPhase(rewriter, cast<TilingInterface>(op), tiling, consumed)))
      return failure();
  }
  eraseDead(rewriter, consumed);
  return success();
}

LogicalResult perceiver::formPhases(Operation *root) {
  if (failed(verifyTilings(root)))
    return failure();
  SmallVector<Block *> blocks;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<scf::ForallOp>(op))
      return WalkResult::skip();
    if (isa<func::FuncOp, scf::ForOp>(op))
      for (Region &region : op->getRegions())
        for (Block &block : region)
          blocks.push_back(&block);
    return WalkResult::advance();
  });
  IRRewriter rewriter(root->getContext());
  for (Block *block : blocks)
    if (failed(formPhasesOf(rewriter, *block)))
      return failure();
  return success();
}

namespace {
struct FormPhasesPass : perceiver::impl::FormPhasesPassBase<FormPhasesPass> {
  void runOnOperation() override {
    // What computes weights runs when the model is compiled, without tasks.
    if (!getOperation()->hasAttr(kPrepareAttrName) &&
        failed(formPhases(getOperation())))
      signalPassFailure();
  }
};
} // namespace
