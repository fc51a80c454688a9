//===- ImageOps.cpp - Windows and what goes with them ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers and tile maps of the operations in ImageOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/ImageOps.h"

#include "dialect/Block/RowShapes.h"
#include "dialect/FloatRanges.h"
#include "dialect/ResizedGrid.h"
#include "dialect/Shapes.h"
#include "dialect/Windows.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;
using mlir::utils::IteratorType;

#define GET_OP_CLASSES
#include "dialect/Block/ImageOps.cpp.inc"

//===----------------------------------------------------------------------===//
// WindowsOp, MaxPoolOp
//===----------------------------------------------------------------------===//

/// Windows along an axis of `length` pixels.
static AffineExpr countWindows(AffineExpr length, const AxisWindows &axis) {
  if (axis.isSame)
    return length.ceilDiv(axis.stride);
  return (length + (axis.low + axis.high - axis.size)).floorDiv(axis.stride) +
         1;
}

template <typename OpTy>
static void buildWindows(OpBuilder &builder, OperationState &state, Value input,
                         ArrayRef<int64_t> size, ArrayRef<int64_t> stride,
                         DenseI64ArrayAttr padding, int64_t channels) {
  Location loc = state.location;
  SmallVector<OpFoldResult> image = tensor::getMixedSizes(builder, loc, input);
  SmallVector<AxisWindows, 2> axes = getWindows(size, stride, padding);
  auto count = [&](int64_t axis) {
    return affine::makeComposedFoldedAffineApply(
        builder, loc, countWindows(builder.getAffineDimExpr(0), axes[axis]),
        {image[axis + 1]});
  };
  OpFoldResult down = count(0), across = count(1), rows;
  std::optional<int64_t> height = getConstantIntValue(down);
  std::optional<int64_t> width = getConstantIntValue(across);
  if (height && width)
    rows = builder.getIndexAttr(*height * *width);
  else
    // A product of sizes is no affine expression.
    rows =
        arith::MulIOp::create(
            builder, loc, getValueOrCreateConstantIndexOp(builder, loc, down),
            getValueOrCreateConstantIndexOp(builder, loc, across))
            .getResult();
  Value init = tensor::EmptyOp::create(
      builder, loc, {image[0], rows, builder.getIndexAttr(channels)},
      getElementTypeOrSelf(input.getType()));
  OpTy::build(builder, state, TypeRange{init.getType()}, input,
              /*offset=*/Value(), init, size, stride, padding);
}

template <typename OpTy>
static LogicalResult verifyWindowOp(OpTy op, int64_t channelsForOne) {
  if (failed(verifyDestinations(op)) || failed(verifyElements(op)))
    return failure();
  ShapedType image = shapeOf(op.getInput()), init = shapeOf(op.getInit());
  if (failed(verifyWindows(op, op.getSize(), op.getStride(),
                           op.getPaddingAttr(), image)))
    return failure();
  if (init.getRank() != 3 ||
      !dimsMayMatch(init.getDimSize(0), image.getDimSize(0)))
    return op.emitOpError("expected a destination [B, M, C] with the batch of "
                          "the image, but got ")
           << init;
  SmallVector<AxisWindows, 2> axes =
      getWindows(op.getSize(), op.getStride(), op.getPaddingAttr());
  int64_t down = axes[0].getCount(image.getDimSize(1));
  int64_t across = axes[1].getCount(image.getDimSize(2));
  if (!op.getOffset() && ShapedType::isStatic(down) &&
      ShapedType::isStatic(across) &&
      !dimsMayMatch(init.getDimSize(1), down * across))
    return op.emitOpError("expected a destination of ")
           << down * across << " rows, but got " << init;
  return verifyLastDim(op, "a destination", init,
                       channelsForOne * image.getDimSize(3));
}

/// The batch and the windows; the whole image, for windows share pixels.
static SmallVector<TileMap> getWindowMaps(Value operand, Value input,
                                          Value init) {
  if (operand == input)
    return {TileMap::of(0), TileMap::whole(), TileMap::whole(),
            TileMap::whole()};
  if (operand == init)
    return {TileMap::of(0), TileMap::of(1), TileMap::whole()};
  return {};
}

template <typename OpTy>
static void moveOffset(OpTy op, OpBuilder &builder, Operation *tile,
                       ArrayRef<OpFoldResult> offsets) {
  Location loc = op.getLoc();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(tile);
  OpFoldResult offset = offsets.back();
  if (op.getOffset()) {
    AffineExpr a = builder.getAffineDimExpr(0), b = builder.getAffineDimExpr(1);
    offset = affine::makeComposedFoldedAffineApply(builder, loc, a + b,
                                                   {op.getOffset(), offset});
  }
  cast<OpTy>(tile).getOffsetMutable().assign(
      getValueOrCreateConstantIndexOp(builder, loc, offset));
}

void WindowsOp::build(OpBuilder &builder, OperationState &state, Value input,
                      ArrayRef<int64_t> size, ArrayRef<int64_t> stride,
                      DenseI64ArrayAttr padding) {
  buildWindows<WindowsOp>(builder, state, input, size, stride, padding,
                          size[0] * size[1] * lastDim(input));
}
LogicalResult WindowsOp::verify() {
  int64_t pixels = getSize().size() == 2 ? getSize()[0] * getSize()[1] : 1;
  return verifyWindowOp(*this, pixels);
}
SmallVector<IteratorType> WindowsOp::getTileLoops() { return parallelLoops(2); }
SmallVector<TileMap> WindowsOp::getTileMaps(unsigned operandNumber) {
  return getWindowMaps(getOperand(operandNumber), getInput(), getInit());
}
void WindowsOp::adjustTile(OpBuilder &builder, Operation *tile,
                           ArrayRef<OpFoldResult> offsets) {
  moveOffset(*this, builder, tile, offsets);
}

void MaxPoolOp::build(OpBuilder &builder, OperationState &state, Value input,
                      ArrayRef<int64_t> size, ArrayRef<int64_t> stride,
                      DenseI64ArrayAttr padding) {
  buildWindows<MaxPoolOp>(builder, state, input, size, stride, padding,
                          lastDim(input));
}
LogicalResult MaxPoolOp::verify() {
  return verifyWindowOp(*this, /*channelsForOne=*/1);
}
SmallVector<IteratorType> MaxPoolOp::getTileLoops() { return parallelLoops(2); }
SmallVector<TileMap> MaxPoolOp::getTileMaps(unsigned operandNumber) {
  return getWindowMaps(getOperand(operandNumber), getInput(), getInit());
}
void MaxPoolOp::adjustTile(OpBuilder &builder, Operation *tile,
                           ArrayRef<OpFoldResult> offsets) {
  moveOffset(*this, builder, tile, offsets);
}

//===----------------------------------------------------------------------===//
// InverseDeviationOp
//===----------------------------------------------------------------------===//

void InverseDeviationOp::build(OpBuilder &builder, OperationState &state,
                               Value variance, FloatAttr epsilon) {
  Value init = emptyLike(builder, state.location, variance);
  build(builder, state, TypeRange{init.getType()}, variance, init, epsilon);
}

LogicalResult InverseDeviationOp::verify() {
  if (failed(verifyDestinations(*this)) || failed(verifyElements(*this)))
    return failure();
  if (shapeOf(getVariance()).getShape() != shapeOf(getInit()).getShape())
    return emitOpError("expected a destination of the shape of the variance, "
                       "but got ")
           << getVariance().getType() << " and " << getInit().getType();
  return verifyEpsilon(*this, getEpsilon().convertToDouble());
}

//===----------------------------------------------------------------------===//
// ResizeGridOp
//===----------------------------------------------------------------------===//

void ResizeGridOp::build(OpBuilder &builder, OperationState &state, Value table,
                         ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  ShapedType type = shapeOf(table);
  Value init = tensor::EmptyOp::create(
      builder, state.location,
      ArrayRef<int64_t>{to[0] * to[1], type.getDimSize(1)},
      type.getElementType());
  build(builder, state, TypeRange{init.getType()}, table, init, from, to);
}

LogicalResult ResizeGridOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  return verifyResizedGrid(*this, shapeOf(getTable()), shapeOf(getInit()),
                           getFrom(), getTo());
}
