//===- CopyNestedStates.cpp - Let chains of nested loops end --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after. One-shot analysis asks of each loop whether
// it reads what it starts from, and the loop asks so twice of each loop inside
// that starts from its state; of what a loop starts from it asks the type, and
// the loop before, whose result that is, asks twice as well. So time doubles
// with each such loop. A copy, which reads and has a type of its own, ends the
// question. Up to kDirectly loops there is none, so models with a process in a
// process, or one after the other, copy nothing.
//
// Test: test/Execution/copy-nested-states.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Execution/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_COPYNESTEDSTATESPASS
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;

/// So many loops may start from the state of the loop around them, or from the
/// result of the one before.
static constexpr unsigned kDirectly = 4;

/// The array that `value` is a view of.
static Value sourceOf(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<tensor::CastOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp,
             tensor::ExtractSliceOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

static Value copyOf(OpBuilder &builder, Location loc, Value value) {
  Value empty = tensor::EmptyOp::create(
      builder, loc, tensor::getMixedSizes(builder, loc, value),
      cast<RankedTensorType>(value.getType()).getElementType());
  return linalg::CopyOp::create(builder, loc, value, empty).getResult(0);
}

static void copyNestedStates(func::FuncOp function) {
  OpBuilder builder(function.getContext());
  // How many loops a state has come through that start from one another's.
  DenseMap<Value, unsigned> depths;
  function.walk<WalkOrder::PreOrder>([&](scf::ForOp loop) {
    for (OpOperand &init : loop.getInitArgsMutable()) {
      if (!isa<RankedTensorType>(init.get().getType()))
        continue;
      unsigned depth = depths.lookup(sourceOf(init.get())) + 1;
      if (depth > kDirectly) {
        builder.setInsertionPoint(loop);
        init.set(copyOf(builder, loop.getLoc(), init.get()));
        depth = 1;
      }
      depths[loop.getTiedLoopRegionIterArg(&init)] = depth;
      depths[loop.getTiedLoopResult(&init)] = depth;
    }
  });
}

namespace {
struct CopyNestedStatesPass
    : perceiver::impl::CopyNestedStatesPassBase<CopyNestedStatesPass> {
  void runOnOperation() override { copyNestedStates(getOperation()); }
};
} // namespace
