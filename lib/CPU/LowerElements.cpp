//===- LowerElements.cpp - Functions of elements --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// add, multiply, scale and activate: a loop over the rows of the destination
// and, inside, vectors of its channels.
//
// Test: test/CPU/lower-elements.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/ElementOps.h"
#include "lib/CPU/OperationModels.h"
#include "lib/CPU/RowLoops.h"
#include "lib/Math/Activation.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Elements of a row from a channel on, as many as the vector has.
using VectorFunction =
    function_ref<Value(ArrayRef<Value> row, Value channel, int64_t count)>;

/// Replace `op` by loops that store what `compute` gives.
static LogicalResult fillRows(RewriterBase &rewriter, KernelBuilder &kernel,
                              Operation *op, Value init,
                              VectorFunction compute) {
  int64_t channels = channelsOf(init);
  if (ShapedType::isDynamic(channels))
    return rewriter.notifyMatchFailure(op, "expected static channels");
  forEachRow(kernel, init, [&](ArrayRef<Value> row) {
    forEachVector(kernel, channels, [&](Value c, int64_t count) {
      kernel.store(compute(row, c, count), init, at(init, row, c), count);
    });
  });
  rewriter.eraseOp(op);
  return success();
}

/// A vector of an operand that may be broadcast. One number is the same for
/// all channels.
static Value loadOperand(KernelBuilder &kernel, Value array, Value init,
                         ArrayRef<Value> row, Value channel, int64_t count) {
  bool isNumber = memrefTypeOf(array).getRank() == 1 &&
                  channelsOf(array) == 1 && channelsOf(init) != 1;
  if (isNumber)
    return kernel.splat(kernel.loadScalar(array, kernel.index(0)));
  return kernel.load(array, at(array, row, channel), count);
}

template <typename OpTy, Value (KernelBuilder::*combine)(Value, Value)>
static LogicalResult lowerCombination(RewriterBase &rewriter, OpTy op,
                                      const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  return fillRows(rewriter, kernel, op, op.getInit(),
                  [&](ArrayRef<Value> row, Value c, int64_t count) {
                    auto load = [&](Value array) {
                      return loadOperand(kernel, array, op.getInit(), row, c,
                                         count);
                    };
                    Value lhs = load(op.getLhs());
                    return (kernel.*combine)(lhs, load(op.getRhs()));
                  });
}

static LogicalResult lowerScale(RewriterBase &rewriter, block::ScaleOp op,
                                const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  Value factor = kernel.splat(op.getFactor().convertToDouble());
  return fillRows(rewriter, kernel, op, op.getInit(),
                  [&](ArrayRef<Value> row, Value c, int64_t count) {
                    Value x = kernel.load(op.getInput(),
                                          at(op.getInput(), row, c), count);
                    return kernel.mulF(x, factor);
                  });
}

static LogicalResult lowerActivate(RewriterBase &rewriter, block::ActivateOp op,
                                   const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  Activation activation = op.getActivation();
  int64_t channels = channelsOf(op.getInit());
  return fillRows(
      rewriter, kernel, op, op.getInit(),
      [&](ArrayRef<Value> row, Value c, int64_t count) {
        auto load = [&](Value channel) {
          return kernel.load(op.getInput(), at(op.getInput(), row, channel),
                             count);
        };
        Value x = load(c), gate;
        if (activation.hasGates)
          gate = load(kernel.add(c, channels));
        return emitActivation(rewriter, kernel.loc, activation, x, gate);
      });
}

template <typename OpTy, auto lowerOp>
static void attach(MLIRContext *context) {
  OpTy::template attachInterface<Kernel<OpTy, lowerOp>,
                                 StrategyOf<OpTy, chooseForRows>>(*context);
}

void perceiver::attachElementKernels(MLIRContext *context) {
  using namespace block;
  attach<ActivateOp, lowerActivate>(context);
  attach<AddOp, lowerCombination<AddOp, &KernelBuilder::addF>>(context);
  attach<MultiplyOp, lowerCombination<MultiplyOp, &KernelBuilder::mulF>>(
      context);
  attach<ScaleOp, lowerScale>(context);
}
