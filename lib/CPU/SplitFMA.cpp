//===- SplitFMA.cpp - Products and sums where there is no FMA -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %y = math.fma %a, %b, %c    =>    %p = arith.mulf %a, %b
//                                     %y = arith.addf %p, %c
//
// On a target without the instruction LLVM calls `fmaf` for each. Elsewhere
// nothing changes.
//
// Test: test/CPU/split-fma.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/CPUTarget.h"
#include "lib/CPU/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SPLITFMAPASS
#include "lib/CPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct SplitFMAPass : perceiver::impl::SplitFMAPassBase<SplitFMAPass> {
  using SplitFMAPassBase::SplitFMAPassBase;

  void runOnOperation() override {
    FailureOr<CPUTargetAttr> target = getCPUTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    if (target->getFma())
      return;
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](math::FmaOp op) {
      rewriter.setInsertionPoint(op);
      Value product = arith::MulFOp::create(rewriter, op.getLoc(), op.getA(),
                                            op.getB(), op.getFastmath());
      rewriter.replaceOpWithNewOp<arith::AddFOp>(op, product, op.getC(),
                                                 op.getFastmath());
    });
  }
};
} // namespace
