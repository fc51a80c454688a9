//===- RowOps.cpp - Operations on rows ------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers, builders and tile maps of the operations in RowOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/RowOps.h"

#include "dialect/Block/DestinationOps.h"
#include "dialect/Block/PanelShapes.h"
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
#include "dialect/Block/RowOps.cpp.inc"

//===----------------------------------------------------------------------===//
// LayerNormOp
//===----------------------------------------------------------------------===//

void LayerNormOp::build(OpBuilder &builder, OperationState &state, Value input,
                        Value gain, Value bias, FloatAttr epsilon) {
  Value init = emptyLike(builder, state.location, input);
  build(builder, state, TypeRange{init.getType()}, input, gain, bias, init,
        epsilon ? epsilon : builder.getF64FloatAttr(1e-5));
}

LogicalResult LayerNormOp::verify() {
  if (failed(verifyDestinations(*this)) || failed(verifyElements(*this)))
    return failure();
  auto input = cast<ShapedType>(getInput().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (failed(verifyRankOfRows(*this, init)) ||
      failed(verifyRows(*this, "an input", input, init, false)) ||
      failed(verifyLastDim(*this, "an input", input,
                           init.getDimSize(init.getRank() - 1))))
    return failure();
  if (!getGain() != !getBias())
    return emitOpError("expected a gain and a bias or neither, but got ")
           << (getGain() ? "no bias" : "no gain");
  for (Value affine : {getGain(), getBias()})
    if (affine) {
      auto type = cast<ShapedType>(affine.getType());
      if (type.getRank() != 1)
        return emitOpError("expected a gain and a bias of rank 1, but got ")
               << type;
      if (failed(verifyLastDim(*this, "a gain and a bias", type,
                               init.getDimSize(init.getRank() - 1))))
        return failure();
    }
  return verifyEpsilon(*this, getEpsilon().convertToDouble());
}

SmallVector<IteratorType> LayerNormOp::getTileLoops() {
  return parallelLoops(cast<ShapedType>(getInit().getType()).getRank() - 1);
}

SmallVector<TileMap> LayerNormOp::getTileMaps(unsigned operandNumber) {
  auto type = cast<ShapedType>(getOperand(operandNumber).getType());
  if (type.getRank() == 1)
    return {TileMap::whole()};
  return rowMaps(type, getTileLoops().size());
}

//===----------------------------------------------------------------------===//
// LinearOp
//===----------------------------------------------------------------------===//

void LinearOp::build(OpBuilder &builder, OperationState &state, Value input,
                     Value weight, Value bias, Value residual,
                     Activation activation) {
  Location loc = state.location;
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  int64_t columns = cast<ShapedType>(weight.getType()).getDimSize(1);
  sizes.back() = builder.getIndexAttr(
      activation == Activation::geglu ? columns / 2 : columns);
  Value init = tensor::EmptyOp::create(builder, loc, sizes,
                                       getElementTypeOrSelf(input.getType()));
  build(builder, state, TypeRange{init.getType()}, input, weight, bias,
        residual, init, ActivationAttr::get(builder.getContext(), activation),
        /*panels=*/PanelsAttr());
}

int64_t LinearOp::getReductionSize() {
  return cast<ShapedType>(getWeight().getType()).getDimSize(isPacked() ? 1 : 0);
}

LogicalResult LinearOp::verify() {
  // A weight may be stored in fewer bits than what it is multiplied with.
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(*this, {getWeight()})))
    return failure();
  if (!isa<FloatType>(getElementTypeOrSelf(getWeight().getType())))
    return emitOpError("expected a weight of floating-point elements, but got ")
           << getWeight().getType();
  auto input = cast<ShapedType>(getInput().getType());
  auto weight = cast<ShapedType>(getWeight().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (failed(verifyRankOfRows(*this, init)) ||
      failed(verifyRows(*this, "an input", input, init, false)))
    return failure();
  bool gated = getActivation() == Activation::geglu;
  int64_t columns = init.getDimSize(init.getRank() - 1);
  int64_t weightRank = isPacked() ? 3 : 2;
  if (weight.getRank() != weightRank)
    return emitOpError("expected a weight of rank ")
           << weightRank << ", but got " << weight;
  if (!dimsMayMatch(input.getDimSize(input.getRank() - 1), getReductionSize()))
    return emitOpError("expected as many input channels as weight rows, ")
           << getReductionSize() << ", but got "
           << input.getDimSize(input.getRank() - 1);
  if (isPacked()) {
    if (getPanels()->getGated() != gated)
      return emitOpError("expected gated panels for geglu, and only for it");
    if (failed(verifyPanels(*this, "a weight", weight, *getPanels(), columns)))
      return failure();
  } else {
    int64_t expected =
        ShapedType::isDynamic(columns) ? columns : (gated ? 2 : 1) * columns;
    if (failed(verifyLastDim(*this, "a weight", weight, expected)))
      return failure();
  }
  if (getBias()) {
    auto bias = cast<ShapedType>(getBias().getType());
    int64_t biasRank = isPacked() ? 2 : 1;
    if (bias.getRank() != biasRank)
      return emitOpError("expected a bias of rank ")
             << biasRank << ", but got " << bias;
    if (isPacked()) {
      if (failed(verifyPanels(*this, "a bias", bias, *getPanels(), columns)))
        return failure();
    } else if (failed(verifyLastDim(*this, "a bias", bias,
                                    weight.getDimSize(1)))) {
      return failure();
    }
  }
  if (getResidual()) {
    auto residual = cast<ShapedType>(getResidual().getType());
    if (failed(verifyRows(*this, "a residual", residual, init, true)) ||
        failed(verifyLastDim(*this, "a residual", residual, columns)))
      return failure();
  }
  return success();
}

SmallVector<IteratorType> LinearOp::getTileLoops() {
  // The two halves of an unpacked gated weight are no single slice; such a
  // layer is tiled over its rows only until it is packed.
  bool rowsOnly = !isPacked() && getActivation() == Activation::geglu;
  return parallelLoops(cast<ShapedType>(getInit().getType()).getRank() -
                       (rowsOnly ? 1 : 0));
}

SmallVector<TileMap> LinearOp::getTileMaps(unsigned operandNumber) {
  ShapedType type = shapeOf(getOperand(operandNumber));
  unsigned columnLoop = shapeOf(getInit()).getRank() - 1;
  bool isInput = operandNumber == 0;
  bool isWeight = operandNumber == 1 || (getBias() && operandNumber == 2);
  TileMap columns = getTileLoops().size() > columnLoop ? TileMap::of(columnLoop)
                                                       : TileMap::whole();
  SmallVector<TileMap> maps(type.getRank(), TileMap::whole());
  if (!isWeight)
    maps = rowMaps(type, columnLoop);
  if (isWeight && isPacked())
    maps.front() = TileMap::sharing(columnLoop, getPanels()->getColumns());
  else if (!isInput)
    maps.back() = columns;
  return maps;
}

//===----------------------------------------------------------------------===//
// AddOp
//===----------------------------------------------------------------------===//

void AddOp::build(OpBuilder &builder, OperationState &state, Value lhs,
                  Value rhs) {
  bool isLeft = cast<ShapedType>(lhs.getType()).getRank() >=
                cast<ShapedType>(rhs.getType()).getRank();
  Value init = emptyLike(builder, state.location, isLeft ? lhs : rhs);
  build(builder, state, TypeRange{init.getType()}, lhs, rhs, init);
}

LogicalResult AddOp::verify() {
  if (failed(verifyDestinations(*this)) || failed(verifyElements(*this)))
    return failure();
  auto init = cast<ShapedType>(getInit().getType());
  if (failed(verifyRankOfRows(*this, init)))
    return failure();
  for (Value operand : {getLhs(), getRhs()}) {
    auto type = cast<ShapedType>(operand.getType());
    if (failed(verifyRows(*this, "an operand", type, init, true)) ||
        failed(verifyLastDim(*this, "an operand", type,
                             init.getDimSize(init.getRank() - 1))))
      return failure();
  }
  return success();
}

SmallVector<IteratorType> AddOp::getTileLoops() {
  return parallelLoops(cast<ShapedType>(getInit().getType()).getRank() - 1);
}

SmallVector<TileMap> AddOp::getTileMaps(unsigned operandNumber) {
  return rowMaps(cast<ShapedType>(getOperand(operandNumber).getType()),
                 getTileLoops().size());
}

//===----------------------------------------------------------------------===//
// MeanRowsOp
//===----------------------------------------------------------------------===//

void MeanRowsOp::build(OpBuilder &builder, OperationState &state, Value input) {
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, state.location, input);
  sizes[1] = builder.getIndexAttr(1);
  Value init = tensor::EmptyOp::create(builder, state.location, sizes,
                                       getElementTypeOrSelf(input.getType()));
  build(builder, state, TypeRange{init.getType()}, input, init);
}

LogicalResult MeanRowsOp::verify() {
  if (failed(verifyDestinations(*this)) || failed(verifyElements(*this)))
    return failure();
  auto input = cast<ShapedType>(getInput().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (input.getRank() != 3 || init.getRank() != 3 || init.getDimSize(1) != 1)
    return emitOpError("expected an input [B, N, C] and a destination "
                       "[B, 1, C], but got ")
           << input << " and " << init;
  if (!dimsMayMatch(input.getDimSize(0), init.getDimSize(0)))
    return emitOpError("expected the batch of the input, but got ") << init;
  return verifyLastDim(*this, "a destination", init, input.getDimSize(2));
}

SmallVector<IteratorType> MeanRowsOp::getTileLoops() {
  return parallelLoops(1);
}

SmallVector<TileMap> MeanRowsOp::getTileMaps(unsigned operandNumber) {
  return {TileMap::of(0), TileMap::whole(), TileMap::whole()};
}

PERCEIVER_DESTINATION_OP_METHODS(LayerNormOp)
PERCEIVER_DESTINATION_OP_METHODS(LinearOp)
PERCEIVER_DESTINATION_OP_METHODS(AddOp)
PERCEIVER_DESTINATION_OP_METHODS(MeanRowsOp)
