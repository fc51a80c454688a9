//===- GridQueryOps.cpp - Attention of points of a grid -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifier and tile maps of the operation in GridQueryOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/GridQueryOps.h"

#include "dialect/AttentionShapes.h"
#include "dialect/Block/AttentionState.h"
#include "dialect/Block/DestinationOps.h"
#include "dialect/Block/GridOps.h"
#include "dialect/Block/PositionOps.h"
#include "dialect/FloatRanges.h"
#include "dialect/Shapes.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;
using mlir::utils::IteratorType;

#define GET_OP_CLASSES
#include "dialect/Block/GridQueryOps.cpp.inc"

MutableOperandRange GridQueryAttentionOp::getDpsInitsMutable() {
  unsigned first = getAccumulatorMutable().getOperandNumber();
  return MutableOperandRange(getOperation(), first, 3);
}

int64_t GridQueryAttentionOp::getFeatureCount() {
  return getFeatures() ? lastDim(getFeatures()) : 0;
}

int64_t GridQueryAttentionOp::getKeyHeadSize() {
  int64_t width = getFeatureCount();
  for (int64_t length : getGrid())
    width += length;
  return width;
}

int64_t GridQueryAttentionOp::getValueHeadSize() {
  return lastDim(getValue()) / static_cast<int64_t>(getHeads());
}

int64_t GridQueryAttentionOp::getPointCount() { return countPoints(getGrid()); }

/// The numbers of batch entries and queries, `[B, N]`, of which factors without
/// a batch know the second alone.
static LogicalResult verifyQueries(GridQueryAttentionOp op, int64_t batch) {
  ShapedType factors = shapeOf(op.getFactors());
  if (factors.getRank() != 1 && factors.getRank() != 2)
    return op.emitOpError("expected factors of rank 1 or 2, but got ")
           << factors;
  int64_t queries = factors.getShape().back(), points = op.getPointCount();
  // Some of the points are a tile, which says where it begins.
  if (op.getOffset() ? ShapedType::isStatic(queries) && queries > points
                     : queries != points)
    return op.emitOpError("expected factors of ")
           << points << " points, but got " << factors;
  SmallVector<int64_t> expected = {batch, queries};
  if (factors.getRank() == 2 &&
      failed(verifyShape(op, "factors", op.getFactors(), expected)))
    return failure();
  if (!op.getFeatures())
    return success();
  if (failed(verifyFeatures(op, op.getFeatures())))
    return failure();
  expected.push_back(lastDim(op.getFeatures()));
  return verifyShape(op, "features", op.getFeatures(), expected);
}

/// Keys and values of `[batch, keys]` have channels for each head.
static LogicalResult verifyKeys(GridQueryAttentionOp op, int64_t batch,
                                int64_t keys) {
  int64_t heads = op.getHeads();
  if (failed(verifyShape(op, "keys", op.getKey(),
                         {batch, keys, heads * op.getKeyHeadSize()})))
    return failure();
  int64_t width = lastDim(op.getValue());
  if (ShapedType::isDynamic(width) || width == 0 || width % heads != 0)
    return op.emitOpError("expected values with channels for each of ")
           << heads << " heads, but got " << op.getValue().getType();
  if (failed(verifyShape(op, "values", op.getValue(), {batch, keys, width})))
    return failure();
  if (op.getScoreBias() &&
      failed(verifyShape(op, "a score bias", op.getScoreBias(),
                         {batch, heads, keys})))
    return failure();
  if (!op.getMask())
    return success();
  if (failed(verifyShape(op, "a mask", op.getMask(), {batch, keys})))
    return failure();
  return verifyElementType(op, "a mask", op.getMask(), 8);
}

LogicalResult GridQueryAttentionOp::verify() {
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(*this, {getMask(), getAccumulator(), getSum()})) ||
      failed(verifySums(*this, getAccumulator(), getMaximum(), getSum())) ||
      failed(verifyGrid(*this, getGridAttr())))
    return failure();
  int64_t heads = getHeads();
  if (heads < 1)
    return emitOpError("expected at least one head, but got ") << heads;
  ShapedType key = shapeOf(getKey());
  if (key.getRank() != 3 || shapeOf(getValue()).getRank() != 3)
    return emitOpError("expected a key and a value of rank 3, but got ")
           << key << " and " << getValue().getType();
  int64_t batch = key.getDimSize(0);
  int64_t queries = shapeOf(getFactors()).getRank() == 0
                        ? ShapedType::kDynamic
                        : shapeOf(getFactors()).getShape().back();
  if (failed(verifyQueries(*this, batch)) ||
      failed(verifyKeys(*this, batch, key.getDimSize(1))) ||
      failed(verifyShape(*this, "an accumulator", getAccumulator(),
                         {batch, heads, getValueHeadSize(), queries})) ||
      failed(verifyShape(*this, "a maximum", getMaximum(),
                         {batch, heads, queries})) ||
      failed(verifyShape(*this, "a sum", getSum(), {batch, heads, queries})))
    return failure();
  return verifyScale(*this, getScale().convertToDouble());
}

SmallVector<IteratorType> GridQueryAttentionOp::getTileLoops() {
  return {IteratorType::parallel, IteratorType::parallel,
          IteratorType::parallel, IteratorType::reduction};
}

SmallVector<TileMap> GridQueryAttentionOp::getTileMaps(unsigned operandNumber) {
  Value operand = getOperand(operandNumber);
  TileMap batch = TileMap::of(kBatchLoop), head = TileMap::of(kHeadLoop),
          query = TileMap::of(kQueryLoop), key = TileMap::of(kKeyLoop),
          whole = TileMap::whole();
  if (operand == getOffset())
    return {};
  unsigned firstInit = getAccumulatorMutable().getOperandNumber();
  if (operandNumber == firstInit)
    return {batch, head, whole, query};
  if (operandNumber > firstInit)
    return {batch, head, query};
  if (operandNumber == 0)
    return shapeOf(operand).getRank() == 1 ? SmallVector<TileMap>{query}
                                           : SmallVector<TileMap>{batch, query};
  if (operandNumber == 1)
    return {batch, key, TileMap::scaled(kHeadLoop, getKeyHeadSize())};
  if (operandNumber == 2)
    return {batch, key, TileMap::scaled(kHeadLoop, getValueHeadSize())};
  if (operand == getFeatures())
    return {batch, query, whole};
  if (operand == getMask())
    return {batch, key};
  return {batch, head, key};
}

void GridQueryAttentionOp::adjustTile(OpBuilder &builder, Operation *tile,
                                      ArrayRef<OpFoldResult> offsets) {
  auto tiled = cast<GridQueryAttentionOp>(tile);
  tiled.setHeads(shapeOf(tiled.getAccumulator()).getDimSize(1));
  tiled.getOffsetMutable().assign(
      addToOffset(builder, tile, getOffset(), offsets[kQueryLoop]));
}
