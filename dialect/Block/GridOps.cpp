//===- GridOps.cpp - Attention to points of a grid ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers, builders and tile maps of the operations in GridOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/GridOps.h"

#include "dialect/AttentionShapes.h"
#include "dialect/Block/AttentionState.h"
#include "dialect/Block/DestinationOps.h"
#include "dialect/FloatRanges.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;
using mlir::utils::IteratorType;

#define GET_OP_CLASSES
#include "dialect/Block/GridOps.cpp.inc"

unsigned perceiver::getInnerAxis(ArrayRef<int64_t> grid) {
  for (unsigned axis = grid.size(); axis-- > 0;)
    if (grid[axis] != 1)
      return axis;
  return grid.size() - 1;
}

int64_t perceiver::countPoints(ArrayRef<int64_t> grid) {
  return std::accumulate(grid.begin(), grid.end(), int64_t{1},
                         std::multiplies<>());
}

LogicalResult perceiver::verifyGrid(Operation *op, DenseI64ArrayAttr grid) {
  if (!grid.empty() &&
      llvm::none_of(grid.asArrayRef(), [](int64_t size) { return size < 1; }))
    return success();
  return op->emitOpError("expected a grid with axes of at least one point, but "
                         "got ")
         << grid;
}

LogicalResult perceiver::verifyFeatures(Operation *op, Value features) {
  ShapedType type = shapeOf(features);
  if (type.getRank() != 3)
    return op->emitOpError("expected features of rank 3, but got ") << type;
  if (type.isDynamicDim(2) || type.getDimSize(2) < 1)
    return op->emitOpError("expected a static number of features, but got ")
           << type;
  return success();
}

//===----------------------------------------------------------------------===//
// GridStatisticsOp
//===----------------------------------------------------------------------===//

void GridStatisticsOp::build(OpBuilder &builder, OperationState &state,
                             Value features, ValueRange tables,
                             ArrayRef<int64_t> channels, FloatAttr epsilon) {
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, state.location, features);
  sizes.pop_back();
  Value init = tensor::EmptyOp::create(
      builder, state.location, sizes, getElementTypeOrSelf(features.getType()));
  build(builder, state, TypeRange{init.getType()}, features, tables, init,
        builder.getDenseI64ArrayAttr(channels), epsilon);
}

int64_t GridStatisticsOp::getChannelCount() {
  return lastDim(getFeatures()) + std::accumulate(getChannels().begin(),
                                                  getChannels().end(),
                                                  int64_t{0});
}

/// Lengths of the axes, of which that of a tile may be dynamic.
static SmallVector<int64_t> getLengths(GridStatisticsOp op) {
  return llvm::map_to_vector(
      op.getTables(), [](Value table) { return shapeOf(table).getDimSize(1); });
}

/// The axis whose points are a loop, and how many points of the grid each of
/// them has.
static std::pair<unsigned, int64_t> getTiledAxis(ArrayRef<int64_t> lengths) {
  unsigned axis = 0;
  while (axis + 1 < lengths.size() && lengths[axis] == 1)
    ++axis;
  return {axis, countPoints(lengths.drop_front(axis + 1))};
}

LogicalResult GridStatisticsOp::verify() {
  if (failed(verifyDestinations(*this)) || failed(verifyElements(*this)) ||
      failed(verifyFeatures(*this, getFeatures())))
    return failure();
  if (getTables().empty())
    return emitOpError("expected at least one table");
  if (getChannels().size() != getTables().size())
    return emitOpError("expected channels for each of ")
           << getTables().size() << " tables, but got " << getChannels().size();
  for (int64_t channels : getChannels())
    if (channels < 1)
      return emitOpError("expected at least one channel of an axis, but got ")
             << channels;
  for (Value table : getTables())
    if (failed(verifyShape(*this, "a table", table,
                           {2, shapeOf(table).getRank() == 2
                                   ? shapeOf(table).getDimSize(1)
                                   : ShapedType::kDynamic})))
      return failure();
  SmallVector<int64_t> lengths = getLengths(*this);
  unsigned tiled = getTiledAxis(lengths).first;
  for (auto [axis, length] : llvm::enumerate(lengths))
    if (axis != tiled && ShapedType::isDynamic(length))
      return emitOpError("expected tables of static length, but got ")
             << getTables()[axis].getType();
  ShapedType features = shapeOf(getFeatures());
  int64_t points = ShapedType::isDynamic(lengths[tiled]) ? ShapedType::kDynamic
                                                         : countPoints(lengths);
  if (!dimsMayMatch(features.getDimSize(1), points))
    return emitOpError("expected features of ")
           << points << " points, but got " << features;
  return verifyShape(*this, "a destination", getInit(),
                     features.getShape().drop_back());
}

SmallVector<IteratorType> GridStatisticsOp::getTileLoops() {
  return {IteratorType::parallel, IteratorType::parallel};
}

SmallVector<TileMap> GridStatisticsOp::getTileMaps(unsigned operandNumber) {
  auto [axis, points] = getTiledAxis(getLengths(*this));
  TileMap batch = TileMap::of(0), place = TileMap::of(1);
  if (operandNumber == 0)
    return {batch, TileMap::scaled(1, points), TileMap::whole()};
  if (operandNumber == getInitMutable().getOperandNumber())
    return {batch, TileMap::scaled(1, points)};
  if (operandNumber == axis + 1)
    return {TileMap::whole(), place};
  return {TileMap::whole(), TileMap::whole()};
}

//===----------------------------------------------------------------------===//
// GridAttentionOp
//===----------------------------------------------------------------------===//

MutableOperandRange GridAttentionOp::getDpsInitsMutable() {
  unsigned first = getAccumulatorMutable().getOperandNumber();
  return MutableOperandRange(getOperation(), first, 3);
}

int64_t GridAttentionOp::getHeadSize() {
  return std::accumulate(getGrid().begin(), getGrid().end(),
                         lastDim(getFeatures()));
}

int64_t GridAttentionOp::getPointCount() { return countPoints(getGrid()); }

LogicalResult GridAttentionOp::verify() {
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(*this, {getMask(), getAccumulator(), getSum()})) ||
      failed(verifySums(*this, getAccumulator(), getMaximum(), getSum())) ||
      failed(verifyFeatures(*this, getFeatures())) ||
      failed(verifyGrid(*this, getGridAttr())))
    return failure();
  int64_t heads = getHeads();
  if (heads < 1)
    return emitOpError("expected at least one head, but got ") << heads;
  ShapedType features = shapeOf(getFeatures()), query = shapeOf(getQuery());
  if (features.getDimSize(1) != getPointCount())
    return emitOpError("expected features of ")
           << getPointCount() << " points, but got " << features;
  if (query.getRank() != 2 && query.getRank() != 3)
    return emitOpError("expected queries of rank 2 or 3, but got ") << query;
  int64_t batch = features.getDimSize(0), width = getHeadSize();
  int64_t queries = query.getDimSize(query.getRank() - 2);
  SmallVector<int64_t> expected = {queries, heads * width};
  if (query.getRank() == 3)
    expected.insert(expected.begin(), batch);
  if (failed(verifyShape(*this, "queries", getQuery(), expected)) ||
      failed(verifyShape(*this, "factors", getFactors(),
                         {batch, getPointCount()})) ||
      failed(verifyShape(*this, "an accumulator", getAccumulator(),
                         {batch, heads, width, queries})) ||
      failed(verifyShape(*this, "a maximum", getMaximum(),
                         {batch, heads, queries})) ||
      failed(verifyShape(*this, "a sum", getSum(), {batch, heads, queries})))
    return failure();
  if (getMask() && (failed(verifyShape(*this, "a mask", getMask(),
                                       {batch, getPointCount()})) ||
                    failed(verifyElementType(*this, "a mask", getMask(), 8))))
    return failure();
  return verifyScale(*this, getScale().convertToDouble());
}

SmallVector<IteratorType> GridAttentionOp::getTileLoops() {
  return SmallVector<IteratorType>(3, IteratorType::parallel);
}

SmallVector<TileMap> GridAttentionOp::getTileMaps(unsigned operandNumber) {
  TileMap batch = TileMap::of(kBatchLoop), head = TileMap::of(kHeadLoop),
          query = TileMap::of(kQueryLoop), whole = TileMap::whole();
  unsigned firstInit = getAccumulatorMutable().getOperandNumber();
  if (operandNumber == 0) {
    SmallVector<TileMap> maps = {query,
                                 TileMap::scaled(kHeadLoop, getHeadSize())};
    if (shapeOf(getQuery()).getRank() == 3)
      maps.insert(maps.begin(), batch);
    return maps;
  }
  if (operandNumber == 1)
    return {batch, whole, whole};
  if (operandNumber < firstInit)
    return {batch, whole};
  if (operandNumber == firstInit)
    return {batch, head, whole, query};
  return {batch, head, query};
}

void GridAttentionOp::adjustTile(OpBuilder &, Operation *tile,
                                 ArrayRef<OpFoldResult>) {
  auto tiled = cast<GridAttentionOp>(tile);
  tiled.setHeads(shapeOf(tiled.getAccumulator()).getDimSize(1));
}
