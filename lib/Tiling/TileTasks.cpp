//===- TileTasks.cpp - Inner tiles of tasks -------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   scf.forall .. {
//     %k = block.linear ins(%xs, %wk) ..            // 3136 keys
//     block.online_attention ins(%q, %k, %v) ..
//         {perceiver.tiling = #perceiver.tiling<task = [], inner =
//           [array<i64: 0, 0, 0, 224>, array<i64: 0, 0, 64>]>}
//   }
//
// becomes
//
//   scf.forall .. {
//     scf.for %j = 0 to 3136 step 224 {
//       %k = block.linear ..                          // 224 keys, fused
//       scf.for %i = 0 to 512 step 64 {
//         block.online_attention ..                   // 64 x 224
//
// Test: test/Tiling/tile-tasks.mlir.
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
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_TILETASKSPASS
#include "lib/Tiling/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static LogicalResult tileInside(RewriterBase &rewriter, Operation *op,
                                TilingAttr tiling) {
  SmallVector<LoopLikeOpInterface> nest;
  for (Attribute level : tiling.getInner()) {
    auto target = cast<TilingInterface>(op);
    FailureOr<SmallVector<OpFoldResult>> sizes =
        getTileSizes(rewriter, op, cast<DenseI64ArrayAttr>(level).asArrayRef());
    if (failed(sizes))
      return failure();
    scf::SCFTilingOptions options;
    options.setLoopType(scf::SCFTilingOptions::LoopType::ForOp);
    options.setTileSizes(*sizes);
    rewriter.setInsertionPoint(op);
    FailureOr<scf::SCFTilingResult> tiled =
        scf::tileUsingSCF(rewriter, target, options);
    if (failed(tiled))
      return op->emitOpError("cannot be tiled inside its task");
    Operation *tile = tiled->tiledOps.front();
    rewriter.replaceOp(op, tiled->replacements);
    op = tile;
    if (tiled->loops.empty())
      continue;
    llvm::append_range(nest, tiled->loops);
    llvm::SetVector<Operation *> consumed;
    fuseProducers(rewriter, nest, tiled->generatedSlices, consumed);
    eraseDead(rewriter, consumed);
  }
  op->removeAttr(kTilingAttrName);
  return success();
}

/// The last operation with a tiling, or null: consumers come first.
static Operation *lastTiled(Operation *root) {
  Operation *last = nullptr;
  root->walk([&](Operation *op) {
    if (op->hasAttr(kTilingAttrName))
      last = op;
  });
  return last;
}

/// What splits keys and forms tasks has to be done: nobody looks at it later.
static LogicalResult verifyOnlyInner(Operation *op, TilingAttr tiling) {
  if (tiling.getKeySplit() != 0)
    return op->emitOpError("expected keys to be split already; run "
                           "perceiver-split-keys first");
  if (llvm::any_of(tiling.getTask(), [](int64_t size) { return size != 0; }))
    return op->emitOpError("expected tasks to be formed already, but got ")
           << tiling
           << "; run perceiver-form-phases first, which does so for what "
              "stands "
              "in a function or a loop";
  return success();
}

LogicalResult perceiver::tileTasks(Operation *root) {
  IRRewriter rewriter(root->getContext());
  // Tiling one operation may fuse, and erase, others that are tiled too.
  while (Operation *op = lastTiled(root)) {
    auto tiling = op->getAttrOfType<TilingAttr>(kTilingAttrName);
    if (failed(verifyTileable(op)) || failed(verifyOnlyInner(op, tiling)))
      return failure();
    if (!tiling.getInner()) {
      op->removeAttr(kTilingAttrName);
      continue;
    }
    if (failed(tileInside(rewriter, op, tiling)))
      return failure();
  }
  // A slice of a fresh array is a fresh array of the slice's size: what a task
  // keeps to itself needs only its own part.
  RewritePatternSet patterns(root->getContext());
  tensor::populateFoldTensorEmptyPatterns(patterns);
  return applyPatternsGreedily(root, std::move(patterns));
}

namespace {
struct TileTasksPass : perceiver::impl::TileTasksPassBase<TileTasksPass> {
  void runOnOperation() override {
    // What computes weights runs when the model is compiled, without tasks.
    if (!getOperation()->hasAttr(kPrepareAttrName) &&
        failed(tileTasks(getOperation())))
      signalPassFailure();
  }
};
} // namespace
