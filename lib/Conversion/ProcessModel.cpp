//===- ProcessModel.cpp - A process becomes a loop ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Conversion/expand-blocks.mlir,
// test/Conversion/verify-description-sizes.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Conversion/OperationModels.h"

#include "dialect/Model/ProcessOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::perceiver;

static LogicalResult inferSizes(ProcessOp process, SizeInference &sizes) {
  Sizes first(sizes.sizesOf(process.getInit()));
  if (process.getInit().getType() != process.getType())
    first.insert(first.begin(), std::nullopt);
  sizes.setAllSizes(process.getState(), first);
  if (failed(sizes.infer(*process.getBody())))
    return failure();
  Sizes last(sizes.sizesOf(process.getYielded()));
  if (failed(sizes.expectEqual(process, first, last)))
    return failure();
  sizes.setAllSizes(process.getResult(), last);
  return success();
}

/// Copy iteration `number` in front of `process`, which then starts from its
/// outcome.
static LogicalResult peelIteration(ProcessOp process, BlockExpander &expander,
                                   int64_t number) {
  OpBuilder &builder = expander.builder;
  Value iteration =
      arith::ConstantIndexOp::create(builder, expander.loc, number);
  IRMapping mapping;
  mapping.map(process.getState(), process.getInit());
  SmallVector<Operation *> copies;
  for (Operation &op : process.getBody()->without_terminator())
    copies.push_back(builder.clone(op, mapping));
  process.getInitMutable().assign(
      mapping.lookupOrDefault(process.getYielded()));
  for (Operation *copy : copies)
    if (failed(expander.expandNested(copy, iteration)))
      return failure();
  return success();
}

/// What is left of `process` from iteration `first` on.
static LogicalResult expandLoop(ProcessOp process, BlockExpander &expander,
                                int64_t first) {
  OpBuilder &builder = expander.builder;
  Location loc = expander.loc;
  Value lower = arith::ConstantIndexOp::create(builder, loc, first);
  Value upper =
      arith::ConstantIndexOp::create(builder, loc, process.getIterations());
  Value step = arith::ConstantIndexOp::create(builder, loc, 1);
  auto loop =
      scf::ForOp::create(builder, loc, lower, upper, step, process.getInit());
  process.getState().replaceAllUsesWith(loop.getRegionIterArg(0));
  Block *body = loop.getBody();
  body->getOperations().splice(body->end(), process.getBody()->getOperations());
  auto yield = cast<YieldOp>(body->back());
  OpBuilder atEnd(yield);
  scf::YieldOp::create(atEnd, yield.getLoc(), yield.getState());
  yield.erase();
  for (Operation &op : llvm::make_early_inc_range(*body))
    if (failed(expander.expandNested(&op, loop.getInductionVar())))
      return failure();
  return expander.replaceWith(loop.getResults());
}

static LogicalResult expand(ProcessOp process, BlockExpander &expander) {
  int64_t iterations = process.getIterations(), done = 0;
  auto peel = [&] { return peelIteration(process, expander, done++); };
  // A state without batch gets one in the first iteration.
  if (process.getInit().getType() != process.getType() && failed(peel()))
    return failure();
  if (iterations - done == 1 && failed(peel()))
    return failure();
  if (iterations == done)
    return expander.replaceWith(process.getInit());
  return expandLoop(process, expander, done);
}

void perceiver::attachProcessModel(MLIRContext *context) {
  attachModels<ProcessOp, inferSizes, expand>(context);
}
