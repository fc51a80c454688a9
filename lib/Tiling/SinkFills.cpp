//===- SinkFills.cpp - Tasks fill what they take more into ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after. What a task takes of an array once, outside
// of loops of its own, it can fill itself.
//
// Test: test/Tiling/sink-fills.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Tiling/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SINKFILLSPASS
#include "lib/Tiling/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;

/// The one slice that tasks take of `array`, apart from where results go.
static tensor::ExtractSliceOp getOnlySlice(scf::ForallOp phase,
                                           BlockArgument array) {
  tensor::ExtractSliceOp only;
  for (Operation *user : array.getUsers()) {
    if (isa<tensor::ParallelInsertSliceOp, tensor::DimOp>(user))
      continue;
    auto slice = dyn_cast<tensor::ExtractSliceOp>(user);
    if (!slice || only || slice->getParentOp() != phase)
      return nullptr;
    only = slice;
  }
  return only;
}

static void sinkFills(RewriterBase &rewriter, scf::ForallOp phase) {
  for (auto [init, array] :
       llvm::zip(phase.getOutputsMutable(), phase.getRegionIterArgs())) {
    auto fill = init.get().getDefiningOp<linalg::FillOp>();
    if (!fill)
      continue;
    auto empty = fill.getOutputs()[0].getDefiningOp<tensor::EmptyOp>();
    tensor::ExtractSliceOp slice = getOnlySlice(phase, array);
    if (!empty || !slice)
      continue;
    rewriter.setInsertionPointAfter(slice);
    auto filled = linalg::FillOp::create(rewriter, fill.getLoc(),
                                         fill.getInputs(), slice->getResults());
    rewriter.replaceAllUsesExcept(slice, filled.getResult(0), filled);
    init.set(empty);
    if (fill->use_empty())
      rewriter.eraseOp(fill);
  }
}

namespace {
struct SinkFillsPass : perceiver::impl::SinkFillsPassBase<SinkFillsPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation().walk(
        [&](scf::ForallOp phase) { sinkFills(rewriter, phase); });
  }
};
} // namespace
