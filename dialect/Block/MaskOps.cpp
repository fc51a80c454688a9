//===- MaskOps.cpp - Which rows take part ---------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers, builders and tile maps of the operations in MaskOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/MaskOps.h"

#include "dialect/AttentionShapes.h"
#include "dialect/Block/DestinationOps.h"
#include "dialect/Block/RowShapes.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;
using mlir::utils::IteratorType;

#define GET_OP_CLASSES
#include "dialect/Block/MaskOps.cpp.inc"

//===----------------------------------------------------------------------===//
// ToMaskOp
//===----------------------------------------------------------------------===//

void ToMaskOp::build(OpBuilder &builder, OperationState &state, Value input,
                     bool inverted) {
  Value init = tensor::EmptyOp::create(
      builder, state.location,
      tensor::getMixedSizes(builder, state.location, input),
      builder.getI1Type());
  build(builder, state, TypeRange{init.getType()}, input, init, inverted);
}

LogicalResult ToMaskOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  ShapedType input = shapeOf(getInput());
  if (input.getRank() != 2 || !input.getElementType().isIntOrFloat())
    return emitOpError("expected numbers of rank 2, but got ") << input;
  if (failed(verifyElementType(*this, "a destination", getInit(), 1)))
    return failure();
  return verifyShape(*this, "a destination", getInit(), input.getShape());
}

SmallVector<IteratorType> ToMaskOp::getTileLoops() { return parallelLoops(2); }

SmallVector<TileMap> ToMaskOp::getTileMaps(unsigned operandNumber) {
  return {TileMap::of(0), TileMap::of(1)};
}

//===----------------------------------------------------------------------===//
// MaskRowsOp
//===----------------------------------------------------------------------===//

void MaskRowsOp::build(OpBuilder &builder, OperationState &state, Value input,
                       Value mask, double value, int64_t dimension) {
  Value init = emptyLike(builder, state.location, input);
  build(builder, state, TypeRange{init.getType()}, input, mask, init,
        builder.getF64FloatAttr(value), builder.getI64IntegerAttr(dimension));
}

LogicalResult MaskRowsOp::verify() {
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(*this, {getMask()})))
    return failure();
  ShapedType init = shapeOf(getInit());
  if (init.getRank() != 3)
    return emitOpError("expected a destination of rank 3, but got ") << init;
  auto dimension = static_cast<int64_t>(getDimension());
  if (dimension != 1 && dimension != 2)
    return emitOpError("expected rows in dimension 1 or 2, but got ")
           << dimension;
  if (failed(verifyElementType(*this, "a mask", getMask(), 1)) ||
      failed(verifyShape(*this, "a mask", getMask(),
                         {init.getDimSize(0), init.getDimSize(dimension)})))
    return failure();
  return verifyShape(*this, "an input", getInput(), init.getShape());
}

std::optional<ChannelTies> MaskRowsOp::getChannelTies(OpOperand &rows) {
  // Of a log-sum-exp the last dimension is no channels. What replaces the
  // others has to be 0 in those that are added.
  if (&rows == &getMaskMutable() || getDimension() != 1 || !getValue().isZero())
    return std::nullopt;
  return ChannelTies{/*groups=*/0, {&getInputMutable(), &getInitMutable()}, {}};
}

/// Nothing depends on it.
void MaskRowsOp::fixChannels() {}

SmallVector<IteratorType> MaskRowsOp::getTileLoops() {
  return parallelLoops(2);
}

SmallVector<TileMap> MaskRowsOp::getTileMaps(unsigned operandNumber) {
  if (operandNumber == getMaskMutable().getOperandNumber())
    return {TileMap::of(0),
            getDimension() == 1 ? TileMap::of(1) : TileMap::whole()};
  return {TileMap::of(0), TileMap::of(1), TileMap::whole()};
}
