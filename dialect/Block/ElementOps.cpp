//===- ElementOps.cpp - Functions of elements -----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers and tile maps of the operations in ElementOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/ElementOps.h"

#include "dialect/Block/RowShapes.h"
#include "dialect/FloatRanges.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;
using mlir::utils::IteratorType;

#define GET_OP_CLASSES
#include "dialect/Block/ElementOps.cpp.inc"

/// Loops over the rows of the destination.
static SmallVector<IteratorType> loopsOverRows(Value init) {
  return parallelLoops(shapeOf(init).getRank() - 1);
}

static LogicalResult verifyDestinationOfRows(DestinationStyleOpInterface op) {
  if (failed(verifyDestinations(op)) || failed(verifyElements(op)))
    return failure();
  return verifyRankOfRows(op, shapeOf(op.getDpsInits().front()));
}

//===----------------------------------------------------------------------===//
// AddOp, MultiplyOp
//===----------------------------------------------------------------------===//

template <typename OpTy>
static void buildCombination(OpBuilder &builder, OperationState &state,
                             Value lhs, Value rhs) {
  bool isLeft = shapeOf(lhs).getRank() >= shapeOf(rhs).getRank();
  Value init = emptyLike(builder, state.location, isLeft ? lhs : rhs);
  OpTy::build(builder, state, TypeRange{init.getType()}, lhs, rhs, init);
}

/// Rows of the destination, or a vector `[C]` or `[1]`.
static LogicalResult verifyOperand(Operation *op, ShapedType type,
                                   ShapedType init) {
  int64_t channels = init.getDimSize(init.getRank() - 1);
  if (type.getRank() == 1)
    return type.getDimSize(0) == 1
               ? success()
               : verifyLastDim(op, "an operand", type, channels);
  if (failed(verifyRows(op, "an operand", type, init, /*mayBroadcast=*/true)))
    return failure();
  return verifyLastDim(op, "an operand", type, channels);
}

template <typename OpTy>
static LogicalResult verifyCombination(OpTy op) {
  if (failed(verifyDestinationOfRows(op)))
    return failure();
  ShapedType init = shapeOf(op.getInit());
  return success(succeeded(verifyOperand(op, shapeOf(op.getLhs()), init)) &&
                 succeeded(verifyOperand(op, shapeOf(op.getRhs()), init)));
}

void AddOp::build(OpBuilder &builder, OperationState &state, Value lhs,
                  Value rhs) {
  buildCombination<AddOp>(builder, state, lhs, rhs);
}
LogicalResult AddOp::verify() { return verifyCombination(*this); }
SmallVector<IteratorType> AddOp::getTileLoops() {
  return loopsOverRows(getInit());
}
SmallVector<TileMap> AddOp::getTileMaps(unsigned operandNumber) {
  return rowMaps(shapeOf(getOperand(operandNumber)), getTileLoops().size());
}

void MultiplyOp::build(OpBuilder &builder, OperationState &state, Value lhs,
                       Value rhs) {
  buildCombination<MultiplyOp>(builder, state, lhs, rhs);
}
LogicalResult MultiplyOp::verify() { return verifyCombination(*this); }
SmallVector<IteratorType> MultiplyOp::getTileLoops() {
  return loopsOverRows(getInit());
}
SmallVector<TileMap> MultiplyOp::getTileMaps(unsigned operandNumber) {
  return rowMaps(shapeOf(getOperand(operandNumber)), getTileLoops().size());
}

//===----------------------------------------------------------------------===//
// ScaleOp
//===----------------------------------------------------------------------===//

void ScaleOp::build(OpBuilder &builder, OperationState &state, Value input,
                    FloatAttr factor) {
  Value init = emptyLike(builder, state.location, input);
  build(builder, state, TypeRange{init.getType()}, input, init, factor);
}

LogicalResult ScaleOp::verify() {
  ShapedType input = shapeOf(getInput()), init = shapeOf(getInit());
  if (failed(verifyDestinationOfRows(*this)) ||
      failed(verifyRows(*this, "an input", input, init, false)) ||
      failed(verifyLastDim(*this, "an input", input, lastDim(getInit()))))
    return failure();
  return verifyFactor(*this, getFactor().convertToDouble());
}

SmallVector<IteratorType> ScaleOp::getTileLoops() {
  return loopsOverRows(getInit());
}

SmallVector<TileMap> ScaleOp::getTileMaps(unsigned operandNumber) {
  return rowMaps(shapeOf(getOperand(operandNumber)), getTileLoops().size());
}

//===----------------------------------------------------------------------===//
// ActivateOp
//===----------------------------------------------------------------------===//

void ActivateOp::build(OpBuilder &builder, OperationState &state, Value input,
                       Activation activation) {
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, state.location, input);
  if (activation.hasGates)
    sizes.back() = builder.getIndexAttr(lastDim(input) / 2);
  Value init = tensor::EmptyOp::create(builder, state.location, sizes,
                                       getElementTypeOrSelf(input.getType()));
  build(builder, state, TypeRange{init.getType()}, input, init,
        ActivationAttr::get(builder.getContext(), activation));
}

LogicalResult ActivateOp::verify() {
  ShapedType input = shapeOf(getInput()), init = shapeOf(getInit());
  if (failed(verifyDestinationOfRows(*this)) ||
      failed(verifyRows(*this, "an input", input, init, false)))
    return failure();
  int64_t channels = lastDim(getInit());
  if (getActivation().hasGates && ShapedType::isStatic(channels))
    channels *= 2;
  return verifyLastDim(*this, "an input", input, channels);
}

SmallVector<IteratorType> ActivateOp::getTileLoops() {
  return loopsOverRows(getInit());
}

SmallVector<TileMap> ActivateOp::getTileMaps(unsigned operandNumber) {
  return rowMaps(shapeOf(getOperand(operandNumber)), getTileLoops().size());
}
