//===- InitialState.cpp - What attentions with a state begin with ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/InitialState.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

static Value filled(OpBuilder &builder, Location loc,
                    ArrayRef<OpFoldResult> shape, FloatType element,
                    double value) {
  Value empty = tensor::EmptyOp::create(builder, loc, shape, element);
  Value scalar = arith::ConstantOp::create(
      builder, loc, builder.getFloatAttr(element, value));
  return linalg::FillOp::create(builder, loc, scalar, empty).getResult(0);
}

InitialState perceiver::createInitialState(OpBuilder &builder, Location loc,
                                           OpFoldResult batch, int64_t heads,
                                           int64_t width, OpFoldResult queries,
                                           FloatType sumType) {
  OpFoldResult headCount = builder.getIndexAttr(heads);
  InitialState state;
  state.accumulator = filled(
      builder, loc, {batch, headCount, builder.getIndexAttr(width), queries},
      sumType, 0.0);
  state.maximum =
      filled(builder, loc, {batch, headCount, queries}, builder.getF32Type(),
             -std::numeric_limits<double>::infinity());
  state.sum = filled(builder, loc, {batch, headCount, queries}, sumType, 0.0);
  return state;
}

Value perceiver::createKeyMask(OpBuilder &builder, Location loc, Value keys,
                               Value lengths, Value mask,
                               MaskedRowsAttr maskedRows) {
  if (!lengths && !mask)
    return Value();
  OpFoldResult batch = tensor::getMixedSize(builder, loc, keys, 0);
  OpFoldResult count = tensor::getMixedSize(builder, loc, keys, 1);
  Value init = tensor::EmptyOp::create(builder, loc, {batch, count},
                                       builder.getI8Type());
  return block::KeyMaskOp::create(builder, loc, TypeRange{init.getType()},
                                  lengths, mask, init, maskedRows)
      .getResults()
      .front();
}
