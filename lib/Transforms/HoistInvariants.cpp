//===- HoistInvariants.cpp - What iterations share leaves their loop ------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   scf.for %i .. iter_args(%z = ..) {            %k = linear ins(%x, %wk)
//     %k = linear ins(%x, %wk)             =>     scf.for %i .. {
//     .. attention of %z to %k ..                   .. attention of %z to %k ..
//
// Loop-invariant code motion as upstream does it, with a remark for each
// operation that is executed less often. What depends on parameters alone needs
// none: it is not executed at all.
//
// Test: test/Transforms/hoist-invariants.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/Passes.h"
#include "lib/Transforms/PrepareAnalysis.h"
#include "lib/Transforms/RewriteLog.h"

#include "dialect/Block/TileMapInterface.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Transforms/LoopInvariantCodeMotionUtils.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_HOISTINVARIANTSPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static void hoist(scf::ForOp loop) {
  SmallVector<Operation *> inside;
  for (Operation &op : *loop.getBody())
    if (isBlockLevel(&op) && isa<DestinationStyleOpInterface>(op) &&
        op.getNumResults() > 0)
      inside.push_back(&op);
  moveLoopInvariantCode(cast<LoopLikeOpInterface>(loop.getOperation()));
  PrepareAnalysis analysis;
  for (Operation *op : inside) {
    if (loop->isProperAncestor(op) || analysis.lookup(op->getResult(0)))
      continue;
    Rewrite passed{"perceiver-hoist-invariants", "HoistedOutOfLoop"};
    passed.subject = op->getName().stripDialect().str();
    passed.reason = "it is the same in each iteration";
    logRewrite(op, passed);
  }
}

namespace {
struct HoistInvariantsPass
    : perceiver::impl::HoistInvariantsPassBase<HoistInvariantsPass> {
  void runOnOperation() override {
    // Inner loops come first: what leaves one may leave the next, too.
    getOperation()->walk([](scf::ForOp loop) { hoist(loop); });
  }
};
} // namespace
