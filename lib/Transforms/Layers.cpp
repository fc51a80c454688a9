//===- Layers.cpp - What rewrites build -----------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/Layers.h"

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/ElementOps.h"
#include "dialect/Block/LayoutOps.h"
#include "dialect/Block/RowOps.h"

using namespace mlir;
using namespace mlir::perceiver;

Value perceiver::createLinear(OpBuilder &builder, Location loc, Value rows,
                              Value weight, Value bias, Value residual) {
  return block::LinearOp::create(builder, loc, rows, weight, bias, residual)
      ->getResult(0);
}

Value perceiver::createTranspose(OpBuilder &builder, Location loc, Value value,
                                 ArrayRef<int64_t> permutation) {
  return block::TransposeOp::create(builder, loc, value, permutation)
      ->getResult(0);
}

Value perceiver::createScaled(OpBuilder &builder, Location loc, Value value,
                              double factor) {
  return block::ScaleOp::create(builder, loc, value,
                                builder.getF64FloatAttr(factor))
      ->getResult(0);
}

Value perceiver::createSum(OpBuilder &builder, Location loc, Value lhs,
                           Value rhs) {
  return block::AddOp::create(builder, loc, lhs, rhs)->getResult(0);
}

ValueRange perceiver::finishAttention(OpBuilder &builder, Location loc,
                                      ValueRange state, ValueRange inits) {
  return block::FinishAttentionOp::create(builder, loc, TypeRange(inits),
                                          state[0], state[1], state[2], inits)
      ->getResults();
}
