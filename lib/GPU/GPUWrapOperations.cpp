//===- GPUWrapOperations.cpp - Phases of what tiling has left
//------------------------===//
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
#include "lib/GPU/HostAccess.h"
#include "lib/GPU/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
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

/// Copy each slice of the first dimension in a task of its own.
static void wrapCopy(RewriterBase &rewriter, linalg::CopyOp copy) {
  Location loc = copy.getLoc();
  rewriter.setInsertionPoint(copy);
  Value source = copy.getInputs()[0], destination = copy.getOutputs()[0];
  OpFoldResult zero = rewriter.getIndexAttr(0), one = rewriter.getIndexAttr(1);
  SmallVector<OpFoldResult> sizes =
      memref::getMixedSizes(rewriter, loc, destination);
  auto phase =
      scf::ForallOp::create(rewriter, loc, {zero}, {sizes[0]}, {one},
                            /*outputs=*/ValueRange(), /*mapping=*/std::nullopt);
  rewriter.setInsertionPoint(phase.getBody()->getTerminator());
  SmallVector<OpFoldResult> offsets(sizes.size(), zero),
      strides(sizes.size(), one);
  offsets[0] = phase.getInductionVar(0);
  sizes[0] = one;
  auto slice = [&](Value array) -> Value {
    return memref::SubViewOp::create(rewriter, loc, array, offsets, sizes,
                                     strides);
  };
  linalg::CopyOp::create(rewriter, loc, slice(source), slice(destination));
  rewriter.eraseOp(copy);
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
      bool hasGaps = isa<linalg::CopyOp>(op) && !isWholeCopy(op);
      if (dps && dps.hasPureBufferSemantics() &&
          (hasGaps || isa<TileMapOpInterface>(op)))
        ops.push_back(op);
      return WalkResult::advance();
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : ops) {
      auto copy = dyn_cast<linalg::CopyOp>(op);
      bool hasSlices =
          copy && cast<MemRefType>(copy.getOperand(0).getType()).getRank() > 0;
      if (hasSlices)
        wrapCopy(rewriter, copy);
      else
        wrap(rewriter, op);
    }
  }
};
} // namespace
