//===- ElementModels.cpp - Functions of elements, size and blocks ---------===//
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

#include "dialect/Block/ElementOps.h"
#include "dialect/Model/ElementOps.h"

using namespace mlir;
using namespace mlir::perceiver;

/// The operand that has the shape of the result says the sizes; the rows of
/// the other one are equal, as far as it has some.
template <typename OpTy>
static LogicalResult inferSizes(OpTy op, SizeInference &sizes) {
  Sizes all(sizes.sizesOf(op.getLhs())), other(sizes.sizesOf(op.getRhs()));
  if (op.getLhs().getType() != op.getType())
    std::swap(all, other);
  if (other.size() > 1 &&
      failed(
          sizes.expectEqual(op, ArrayRef(all).take_back(other.size()), other)))
    return failure();
  sizes.setSizes(op.getResult(), dynamicSizes(op.getType(), all));
  return success();
}

template <typename OpTy, typename BlockTy>
static LogicalResult expand(OpTy op, BlockExpander &expander) {
  return expander.replaceWith(
      BlockTy::create(expander.builder, expander.loc, op.getLhs(), op.getRhs())
          ->getResults());
}

static LogicalResult expand(ScaleOp scale, BlockExpander &expander) {
  return expander.replaceWith(
      block::ScaleOp::create(expander.builder, expander.loc, scale.getInput(),
                             scale.getFactorAttr())
          ->getResults());
}

static LogicalResult expand(ActivateOp activate, BlockExpander &expander) {
  return expander.replaceWith(
      block::ActivateOp::create(expander.builder, expander.loc,
                                activate.getInput(), activate.getActivation())
          ->getResults());
}

void perceiver::attachElementModels(MLIRContext *context) {
  attachModels<AddOp, inferSizes<AddOp>, expand<AddOp, block::AddOp>>(context);
  attachModels<MultiplyOp, inferSizes<MultiplyOp>,
               expand<MultiplyOp, block::MultiplyOp>>(context);
  attachModels<ScaleOp, inferRowSizes, expand>(context);
  attachModels<ActivateOp, inferRowSizes, expand>(context);
}
