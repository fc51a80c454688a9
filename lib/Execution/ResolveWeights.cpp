//===- ResolveWeights.cpp - Addresses in the weight file ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   block.weight @w : tensor<16x64xf32> count 6 offset 4096 stride 8192
//   %w = block.get_weight @w[%i] : memref<16x64xf32>
//
//   %w = frame.weight %frame at 4096 member(%i of 6) stride 8192
//
// Test: test/Execution/resolve-weights.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/WeightOps.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/Execution/Frame.h"
#include "lib/Execution/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_RESOLVEWEIGHTSPASS
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct ResolveWeightsPass
    : perceiver::impl::ResolveWeightsPassBase<ResolveWeightsPass> {
  LogicalResult resolve(RewriterBase &rewriter, SymbolTable &symbols,
                        block::GetWeightOp op) {
    auto weight = symbols.lookup<block::WeightOp>(op.getWeight());
    std::optional<int64_t> offset = weight ? weight.getOffset() : std::nullopt;
    if (!offset)
      return op.emitOpError("expected @")
             << op.getWeight() << " to have an offset in the weight file";
    std::optional<int64_t> stride = weight.getStride();
    if (op.getIndex() && !stride)
      return op.emitOpError("expected @")
             << op.getWeight() << " to have a stride in the weight file";
    FailureOr<Value> frame = getFrame(op);
    if (failed(frame))
      return failure();
    rewriter.setInsertionPoint(op);
    rewriter.replaceOpWithNewOp<frame::WeightOp>(
        op, op.getType(), *frame, *offset, op.getIndex(),
        weight.getMemberCount(), stride.value_or(0));
    return success();
  }

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SmallVector<block::GetWeightOp> ops;
    getOperation().walk([&](block::GetWeightOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (block::GetWeightOp op : ops)
      if (failed(resolve(rewriter, symbols, op)))
        return signalPassFailure();
  }
};
} // namespace
