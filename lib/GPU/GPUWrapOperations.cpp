//===- GPUWrapOperations.cpp - Phases of one task ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after.
//
// Test: test/GPU/wrap-operations.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/TileMapInterface.h"
#include "dialect/Frame/FrameAttrs.h"
#include "lib/GPU/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_GPUWRAPOPERATIONSPASS
#include "lib/GPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static void wrap(RewriterBase &rewriter, Operation *op) {
  rewriter.setInsertionPoint(op);
  OpFoldResult zero = rewriter.getIndexAttr(0), one = rewriter.getIndexAttr(1);
  auto phase =
      scf::ForallOp::create(rewriter, op->getLoc(), {zero}, {one}, {one},
                            /*outputs=*/ValueRange(), /*mapping=*/std::nullopt);
  rewriter.moveOpBefore(op, phase.getBody()->getTerminator());
}

namespace {
struct GPUWrapOperationsPass
    : perceiver::impl::GPUWrapOperationsPassBase<GPUWrapOperationsPass> {
  void runOnOperation() override {
    if (!frame::EntryAttr::of(getOperation()))
      return;
    SmallVector<Operation *> ops;
    getOperation().getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<scf::ForallOp>(op))
        return WalkResult::skip();
      auto dps = dyn_cast<DestinationStyleOpInterface>(op);
      if (dps && isa<TileMapOpInterface>(op) && dps.hasPureBufferSemantics())
        ops.push_back(op);
      return WalkResult::advance();
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : ops)
      wrap(rewriter, op);
  }
};
} // namespace
