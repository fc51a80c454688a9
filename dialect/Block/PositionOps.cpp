//===- PositionOps.cpp - Where rows are -----------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers, builders and tile maps of the operations in PositionOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/PositionOps.h"

#include "dialect/Block/DestinationOps.h"
#include "dialect/Block/RowShapes.h"
#include "dialect/FloatRanges.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;
using mlir::utils::IteratorType;

#define GET_OP_CLASSES
#include "dialect/Block/PositionOps.cpp.inc"

//===----------------------------------------------------------------------===//
// AxisTableOp
//===----------------------------------------------------------------------===//

void AxisTableOp::build(OpBuilder &builder, OperationState &state,
                        int64_t length, int64_t bands, double maxFrequency,
                        FourierRecipe recipe, FourierSpacing spacing,
                        FourierTerms terms, Type elementType) {
  MLIRContext *context = builder.getContext();
  int64_t columns = FourierColumns{/*axes=*/1, bands, terms}.count();
  Value init = tensor::EmptyOp::create(
      builder, state.location, ArrayRef<int64_t>{length, columns}, elementType);
  build(builder, state, TypeRange{init.getType()}, init,
        builder.getI64IntegerAttr(bands), builder.getF64FloatAttr(maxFrequency),
        FourierRecipeAttr::get(context, recipe),
        FourierSpacingAttr::get(context, spacing),
        FourierTermsAttr::get(context, terms));
}

LogicalResult AxisTableOp::verify() {
  if (failed(verifyDestinations(*this)) || failed(verifyElements(*this)))
    return failure();
  ShapedType init = shapeOf(getInit());
  if (int64_t bands = getColumns().bands; bands < 0)
    return emitOpError("expected a number of bands that is not negative, but "
                       "got ")
           << bands;
  int64_t columns = getColumns().count();
  if (init.getRank() != 2 || init.getDimSize(1) != columns)
    return emitOpError("expected a table of ")
           << columns << " columns, but got " << init;
  return verifyFrequency(*this, "a maximal frequency",
                         getMaxFrequency().convertToDouble());
}

//===----------------------------------------------------------------------===//
// Points of a grid
//===----------------------------------------------------------------------===//

/// Numbers `[P]` of points, one for each row of the destination, instead of an
/// offset.
template <typename OpTy>
static LogicalResult verifyPoints(OpTy op, ShapedType init) {
  if (init.getRank() != 2)
    return op.emitOpError("expected a destination of rank 2, but got ") << init;
  if (!op.getPoints())
    return success();
  if (op.getOffset())
    return op.emitOpError("expected points or an offset, but got both");
  ShapedType points = shapeOf(op.getPoints());
  if (points.getRank() != 1 || !points.getElementType().isInteger() ||
      !dimsMayMatch(points.getDimSize(0), init.getDimSize(0)))
    return op.emitOpError("expected integers for each row of the destination ")
           << init << ", but got " << points;
  return success();
}

Value perceiver::addToOffset(OpBuilder &builder, Operation *tile, Value offset,
                             OpFoldResult first) {
  Location loc = tile->getLoc();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(tile);
  if (offset) {
    AffineExpr a = builder.getAffineDimExpr(0), b = builder.getAffineDimExpr(1);
    first = affine::makeComposedFoldedAffineApply(builder, loc, a + b,
                                                  {offset, first});
  }
  return getValueOrCreateConstantIndexOp(builder, loc, first);
}

/// A tile begins at its first row.
template <typename OpTy>
static void shiftOffset(OpTy op, OpBuilder &builder, Operation *tile,
                        OpFoldResult firstRow) {
  if (!op.getPoints())
    cast<OpTy>(tile).getOffsetMutable().assign(
        addToOffset(builder, tile, op.getOffset(), firstRow));
}

/// Maps of the destination and of what has a row for each of its rows.
template <typename OpTy>
static SmallVector<TileMap> getPointMaps(OpTy op, Value operand) {
  SmallVector<TileMap> maps;
  if (auto type = dyn_cast<ShapedType>(operand.getType()))
    maps.resize(type.getRank());
  if (operand == op.getPoints() || operand == op.getInit())
    maps.front() = TileMap::of(0);
  return maps;
}

//===----------------------------------------------------------------------===//
// GridPositionsOp
//===----------------------------------------------------------------------===//

void GridPositionsOp::build(OpBuilder &builder, OperationState &state,
                            ValueRange tables, Value points, Value first,
                            OpFoldResult rows, FourierLayout layout,
                            FourierTerms terms) {
  int64_t columns = 0;
  for (Value table : tables)
    columns += lastDim(table);
  Value init = tensor::EmptyOp::create(
      builder, state.location,
      SmallVector<OpFoldResult>{rows, builder.getIndexAttr(columns)},
      getElementTypeOrSelf(tables.front().getType()));
  build(builder, state, TypeRange{init.getType()}, tables, points, first, init,
        layout, terms, /*clamped=*/first != nullptr);
}

int64_t GridPositionsOp::getPointCount() {
  int64_t points = 1;
  for (Value table : getTables())
    points *= shapeOf(table).getDimSize(0);
  return points;
}

FourierColumns GridPositionsOp::getColumns() {
  FourierColumns columns = {static_cast<int64_t>(getTables().size()),
                            /*bands=*/1, getTerms(), getLayout()};
  int64_t raw = columns.countOf(FourierTerms::raw);
  int64_t waves = columns.countPerAxis() - raw;
  columns.bands = waves == 0 ? 0 : (lastDim(getTables().front()) - raw) / waves;
  return columns;
}

LogicalResult GridPositionsOp::verify() {
  SmallVector<Value> others;
  if (getPoints())
    others.push_back(getPoints());
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(*this, others)))
    return failure();
  ShapedType init = shapeOf(getInit());
  if (getTables().empty())
    return emitOpError("expected at least one table");
  if (failed(verifyPoints(*this, init)))
    return failure();
  int64_t channels = 0;
  for (Value table : getTables()) {
    ShapedType type = shapeOf(table);
    if (type.getRank() != 2 || !type.hasStaticShape())
      return emitOpError("expected tables of rank 2 and static shape, but got ")
             << type;
    if (type.getDimSize(1) != lastDim(getTables().front()))
      return emitOpError("expected tables of the same width, but got ") << type;
    if (type.getDimSize(1) != getColumns().countPerAxis())
      return emitOpError("expected tables with columns for each of ")
             << getTermsAttr() << ", but got " << type;
    channels += type.getDimSize(1);
  }
  return verifyLastDim(*this, "a destination", init, channels);
}

SmallVector<IteratorType> GridPositionsOp::getTileLoops() {
  return parallelLoops(1);
}

SmallVector<TileMap> GridPositionsOp::getTileMaps(unsigned operandNumber) {
  return getPointMaps(*this, getOperand(operandNumber));
}

void GridPositionsOp::adjustTile(OpBuilder &builder, Operation *tile,
                                 ArrayRef<OpFoldResult> offsets) {
  shiftOffset(*this, builder, tile, offsets.front());
}

//===----------------------------------------------------------------------===//
// GridCoordinatesOp
//===----------------------------------------------------------------------===//

SmallVector<OpFoldResult> GridCoordinatesOp::getMixedLengths() {
  return getMixedValues(getLengths(), getSizes(), getContext());
}

LogicalResult GridCoordinatesOp::verify() {
  SmallVector<Value> others;
  if (getPoints())
    others.push_back(getPoints());
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(*this, others)) ||
      failed(verifyPoints(*this, shapeOf(getInit()))))
    return failure();
  int64_t axes = getLengths().size();
  if (axes < 1 || axes > kMostAxes)
    return emitOpError("expected 1 to ")
           << kMostAxes << " axes, but got " << axes;
  int64_t dynamic = llvm::count_if(getLengths(), ShapedType::isDynamic);
  if (dynamic != static_cast<int64_t>(getSizes().size()))
    return emitOpError("expected a size for each of ")
           << dynamic << " dynamic axes, but got " << getSizes().size();
  for (int64_t length : getLengths())
    if (ShapedType::isStatic(length) && length < 1)
      return emitOpError("expected lengths of at least 1, but got ") << length;
  if (getRecipe() == FourierRecipe::exact)
    return emitOpError("expected a recipe in float32, but got exact");
  return verifyLastDim(*this, "a destination", shapeOf(getInit()), axes);
}

SmallVector<IteratorType> GridCoordinatesOp::getTileLoops() {
  return parallelLoops(1);
}

SmallVector<TileMap> GridCoordinatesOp::getTileMaps(unsigned operandNumber) {
  return getPointMaps(*this, getOperand(operandNumber));
}

void GridCoordinatesOp::adjustTile(OpBuilder &builder, Operation *tile,
                                   ArrayRef<OpFoldResult> offsets) {
  shiftOffset(*this, builder, tile, offsets.front());
}

//===----------------------------------------------------------------------===//
// FourierFeaturesOp
//===----------------------------------------------------------------------===//

void FourierFeaturesOp::build(OpBuilder &builder, OperationState &state,
                              Value input, int64_t bands,
                              ArrayRef<double> maxFrequencies,
                              FourierLayout layout, FourierRecipe recipe,
                              FourierTerms terms) {
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, state.location, input);
  sizes.back() = builder.getIndexAttr(
      FourierColumns{static_cast<int64_t>(maxFrequencies.size()), bands, terms}
          .count());
  Value init = tensor::EmptyOp::create(builder, state.location, sizes,
                                       getElementTypeOrSelf(input.getType()));
  build(builder, state, TypeRange{init.getType()}, input, init, bands,
        maxFrequencies, layout, recipe, terms);
}

LogicalResult FourierFeaturesOp::verify() {
  if (failed(verifyDestinations(*this)) || failed(verifyElements(*this)))
    return failure();
  ShapedType input = shapeOf(getInput()), init = shapeOf(getInit());
  if (failed(verifyRankOfRows(*this, init)) ||
      failed(verifyRows(*this, "an input", input, init, false)))
    return failure();
  FourierColumns columns = getColumns();
  if (columns.axes < 1 || columns.axes > kMostAxes)
    return emitOpError("expected 1 to ")
           << kMostAxes << " axes, but got " << columns.axes;
  if (columns.bands < 0)
    return emitOpError("expected a number of bands that is not negative, but "
                       "got ")
           << columns.bands;
  for (double frequency : getMaxFrequencies())
    if (failed(verifyFrequency(*this, "a maximal frequency", frequency)))
      return failure();
  if (getRecipe() == FourierRecipe::exact)
    return emitOpError("expected a recipe in float32, but got exact");
  if (failed(verifyLastDim(*this, "an input", input, columns.axes)))
    return failure();
  return verifyLastDim(*this, "a destination", init, columns.count());
}

SmallVector<IteratorType> FourierFeaturesOp::getTileLoops() {
  return parallelLoops(shapeOf(getInit()).getRank() - 1);
}

SmallVector<TileMap> FourierFeaturesOp::getTileMaps(unsigned operandNumber) {
  return rowMaps(shapeOf(getOperand(operandNumber)), getTileLoops().size());
}
