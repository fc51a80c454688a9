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

#include "dialect/AttentionShapes.h"
#include "dialect/Block/DestinationOps.h"
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
        epsilon ? epsilon : builder.getF64FloatAttr(1e-5),
        /*channels=*/IntegerAttr());
}

int64_t LayerNormOp::getNormalizedChannels() {
  if (getChannels())
    return static_cast<int64_t>(*getChannels());
  return lastDim(getInit());
}

/// Rows of the input and of the result have the channels that are normalised.
static LogicalResult verifyNormalizedChannels(LayerNormOp op) {
  if (!op.getChannels())
    return verifyLastDim(op, "an input", shapeOf(op.getInput()),
                         lastDim(op.getInit()));
  int64_t channels = op.getNormalizedChannels();
  if (channels < 1)
    return op.emitOpError("expected at least one channel to normalise, but "
                          "got ")
           << channels;
  for (Value rows : {op.getInput(), op.getInit()})
    if (int64_t columns = lastDim(rows);
        ShapedType::isStatic(columns) && columns < channels)
      return op.emitOpError("expected rows of at least ")
             << channels << " channels, but got " << rows.getType();
  return success();
}

LogicalResult LayerNormOp::verify() {
  if (failed(verifyDestinations(*this)) || failed(verifyElements(*this)))
    return failure();
  auto input = cast<ShapedType>(getInput().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (failed(verifyRankOfRows(*this, init)) ||
      failed(verifyRows(*this, "an input", input, init, false)) ||
      failed(verifyNormalizedChannels(*this)))
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

std::optional<ChannelTies> LayerNormOp::getChannelTies(OpOperand &rows) {
  if (&rows == &getInputMutable())
    return ChannelTies{/*groups=*/1, {&rows}, {}};
  if (&rows != &getInitMutable())
    return std::nullopt;
  ChannelTies ties = {/*groups=*/1, {&rows}, {}};
  for (OpOperand &gain : getGainMutable())
    ties.weights.push_back({&gain, 0});
  for (OpOperand &bias : getBiasMutable())
    ties.weights.push_back({&bias, 0});
  return ties;
}

void LayerNormOp::fixChannels() { setChannels(getNormalizedChannels()); }

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
  sizes.back() =
      builder.getIndexAttr(activation.hasGates ? columns / 2 : columns);
  Value init = tensor::EmptyOp::create(builder, loc, sizes,
                                       getElementTypeOrSelf(input.getType()));
  build(builder, state, TypeRange{init.getType()}, input, weight, bias,
        residual, init, ActivationAttr::get(builder.getContext(), activation),
        /*layout=*/WeightLayoutAttrInterface());
}

int64_t LinearOp::getReductionSize() {
  ArrayRef<int64_t> shape = shapeOf(getWeight()).getShape();
  return isPacked() ? getLayoutAttr().getReductionSize(shape) : shape.front();
}

SmallVector<OpOperand *> LinearOp::getPackableOperands() {
  SmallVector<OpOperand *> operands = {&getWeightMutable()};
  for (OpOperand &bias : getBiasMutable())
    operands.push_back(&bias);
  return operands;
}

/// A weight `[K, N]` and a bias `[N]`, as the layout stores them.
static LogicalResult verifyPackedWeights(LinearOp op, int64_t inputs,
                                         int64_t columns) {
  WeightLayoutAttrInterface layout = op.getLayoutAttr();
  if (layout.hasGates() != op.hasGates())
    return op.emitOpError(
               "expected a layout with gates for a gated activation, and only "
               "for one, but got ")
           << layout;
  if (failed(verifyPacked(op, "a weight", shapeOf(op.getWeight()), layout,
                          {inputs, columns})))
    return failure();
  if (!op.getBias())
    return success();
  return verifyPacked(op, "a bias", shapeOf(op.getBias()), layout, columns);
}

static LogicalResult verifyPlainWeights(LinearOp op, int64_t inputs,
                                        int64_t columns) {
  ShapedType weight = shapeOf(op.getWeight());
  if (weight.getRank() != 2)
    return op.emitOpError("expected a weight of rank 2, but got ") << weight;
  if (!dimsMayMatch(inputs, weight.getDimSize(0)))
    return op.emitOpError("expected as many input channels as weight rows, ")
           << weight.getDimSize(0) << ", but got " << inputs;
  if (failed(verifyLastDim(op, "a weight", weight, columns)))
    return failure();
  if (int64_t all = weight.getDimSize(1);
      op.hasGates() && ShapedType::isStatic(all) && all % 2 != 0)
    return op.emitOpError("expected as many gates as columns in a weight, but "
                          "got ")
           << weight;
  if (!op.getBias())
    return success();
  ShapedType bias = shapeOf(op.getBias());
  if (bias.getRank() != 1)
    return op.emitOpError("expected a bias of rank 1, but got ") << bias;
  return verifyLastDim(op, "a bias", bias, weight.getDimSize(1));
}

LogicalResult LinearOp::verify() {
  // A weight may be stored in fewer bits than what it is multiplied with.
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(*this, {getWeight()})))
    return failure();
  if (!isa<FloatType>(getElementTypeOrSelf(getWeight().getType())))
    return emitOpError("expected a weight of floating-point elements, but got ")
           << getWeight().getType();
  ShapedType input = shapeOf(getInput()), init = shapeOf(getInit());
  if (failed(verifyRankOfRows(*this, init)) ||
      failed(verifyRows(*this, "an input", input, init, false)))
    return failure();
  int64_t columns = lastDim(getInit());
  int64_t weightColumns =
      ShapedType::isStatic(columns) && hasGates() ? 2 * columns : columns;
  if (failed((isPacked() ? verifyPackedWeights : verifyPlainWeights)(
          *this, lastDim(getInput()), weightColumns)))
    return failure();
  if (getResidual()) {
    auto residual = cast<ShapedType>(getResidual().getType());
    if (failed(verifyRows(*this, "a residual", residual, init, true)) ||
        failed(verifyLastDim(*this, "a residual", residual, columns)))
      return failure();
  }
  return success();
}

std::optional<ChannelTies> LinearOp::getChannelTies(OpOperand &rows) {
  if (isPacked())
    return std::nullopt;
  if (&rows == &getInputMutable())
    return ChannelTies{/*groups=*/0, {&rows}, {{&getWeightMutable(), 0}}};
  ChannelTies ties = {/*groups=*/0, {&getInitMutable()}, {}};
  for (OpOperand &residual : getResidualMutable())
    ties.rows.push_back(&residual);
  if (!llvm::is_contained(ties.rows, &rows) || !getActivation().keepsZeros())
    return std::nullopt;
  // The columns are the last dimension of the weight and of the bias.
  for (OpOperand *weight : getPackableOperands())
    ties.weights.push_back({weight, shapeOf(weight->get()).getRank() - 1,
                            /*times=*/hasGates() ? 2 : 1});
  return ties;
}

/// Nothing depends on it.
void LinearOp::fixChannels() {}

SmallVector<IteratorType> LinearOp::getTileLoops() {
  // The two halves of an unpacked gated weight are no single slice; such a
  // layer is tiled over its rows only until it is packed.
  bool rowsOnly = !isPacked() && hasGates();
  return parallelLoops(cast<ShapedType>(getInit().getType()).getRank() -
                       (rowsOnly ? 1 : 0));
}

SmallVector<TileMap> LinearOp::getTileMaps(unsigned operandNumber) {
  ShapedType type = shapeOf(getOperand(operandNumber));
  unsigned columnLoop = shapeOf(getInit()).getRank() - 1;
  bool isInput = operandNumber == 0;
  bool isWeight = operandNumber == 1 || (getBias() && operandNumber == 2);
  if (isWeight && isPacked())
    return getLayoutAttr().getTileMaps(type.getRank(), columnLoop);
  SmallVector<TileMap> maps(type.getRank(), TileMap::whole());
  if (!isWeight)
    maps = rowMaps(type, columnLoop);
  if (!isInput && getTileLoops().size() > columnLoop)
    maps.back() = TileMap::of(columnLoop);
  return maps;
}

//===----------------------------------------------------------------------===//
// MeanRowsOp
//===----------------------------------------------------------------------===//

void MeanRowsOp::build(OpBuilder &builder, OperationState &state, Value input,
                       Value mask) {
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, state.location, input);
  sizes[1] = builder.getIndexAttr(1);
  Value init = tensor::EmptyOp::create(builder, state.location, sizes,
                                       getElementTypeOrSelf(input.getType()));
  build(builder, state, TypeRange{init.getType()}, input, mask, init);
}

LogicalResult MeanRowsOp::verify() {
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(*this, {getMask()})))
    return failure();
  auto input = cast<ShapedType>(getInput().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (input.getRank() != 3 || init.getRank() != 3 || init.getDimSize(1) != 1)
    return emitOpError("expected an input [B, N, C] and a destination "
                       "[B, 1, C], but got ")
           << input << " and " << init;
  if (!dimsMayMatch(input.getDimSize(0), init.getDimSize(0)))
    return emitOpError("expected the batch of the input, but got ") << init;
  if (getMask() && (failed(verifyElementType(*this, "a mask", getMask(), 1)) ||
                    failed(verifyShape(*this, "a mask", getMask(),
                                       input.getShape().take_front(2)))))
    return failure();
  return verifyLastDim(*this, "a destination", init, input.getDimSize(2));
}

SmallVector<IteratorType> MeanRowsOp::getTileLoops() {
  return parallelLoops(1);
}

SmallVector<TileMap> MeanRowsOp::getTileMaps(unsigned operandNumber) {
  SmallVector<TileMap> maps(shapeOf(getOperand(operandNumber)).getRank());
  maps.front() = TileMap::of(0);
  return maps;
}
