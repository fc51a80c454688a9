//===- GridTables.cpp - What is stored of the points of a grid ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Transforms/separate-positions.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/GridTables.h"
#include "lib/Transforms/Layers.h"

#include "dialect/Block/ElementOps.h"
#include "dialect/Block/InputOps.h"
#include "dialect/Block/LayoutOps.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::perceiver;
using Kind = ChannelSegment::Kind;

SmallVector<GridAxis>
perceiver::getGridAxes(ArrayRef<ChannelSegment> segments) {
  SmallVector<GridAxis> axes, vectors;
  for (auto [index, segment] : llvm::enumerate(segments)) {
    unsigned number = index;
    if (segment.kind == Kind::Constant)
      vectors.push_back({std::nullopt, number, segment.source, /*length=*/1,
                         segment.channels});
    if (segment.kind == Kind::Grid)
      for (auto [axis, table] : llvm::enumerate(segment.getGrid().getTables()))
        axes.push_back({axis, number, table, shapeOf(table).getDimSize(0),
                        lastDim(table)});
  }
  axes.append(vectors);
  return axes;
}

//===----------------------------------------------------------------------===//
// Small operations
//===----------------------------------------------------------------------===//

static Value filled(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape,
                    double value) {
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  return arith::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(type, builder.getF32FloatAttr(value)));
}

/// Rows that are 1 in a channel each.
static Value createUnits(OpBuilder &builder, Location loc, int64_t count) {
  auto type = RankedTensorType::get({count, count}, builder.getF32Type());
  SmallVector<float> values(count * count, 0.0F);
  for (int64_t i = 0; i < count; ++i)
    values[i * (count + 1)] = 1.0F;
  return arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(type, ArrayRef<float>(values)));
}

/// The sum over the channels of each row, `[N, 1]`.
static Value sumChannels(OpBuilder &builder, Location loc, Value rows) {
  return createLinear(builder, loc, rows,
                      filled(builder, loc, {lastDim(rows), 1}, 1.0));
}

static Value averageChannels(OpBuilder &builder, Location loc, Value rows) {
  double share = 1.0 / static_cast<double>(lastDim(rows));
  return createScaled(builder, loc, sumChannels(builder, loc, rows), share);
}

/// `rows` less the mean of each.
static Value centre(OpBuilder &builder, Location loc, Value rows, Value mean) {
  return createLinear(builder, loc, mean,
                      filled(builder, loc, {1, lastDim(rows)}, -1.0),
                      /*bias=*/Value(), rows);
}

static Value concatChannels(OpBuilder &builder, Location loc,
                            ArrayRef<Value> parts) {
  return block::ConcatChannelsOp::create(builder, loc, parts)->getResult(0);
}

/// `[length, channels]` of an axis.
static Value getRows(OpBuilder &builder, Location loc, const GridAxis &axis) {
  if (axis.number)
    return axis.table;
  auto type = cast<RankedTensorType>(axis.table.getType());
  SmallVector<ReassociationIndices> oneGroup = {{0, 1}};
  return tensor::ExpandShapeOp::create(
      builder, loc, type.clone({1, axis.channels}), axis.table, oneGroup);
}

//===----------------------------------------------------------------------===//
// Rows of points
//===----------------------------------------------------------------------===//

/// Positions whose channels are those of one axis, at all of its places: a grid
/// in which the other axes have one place, where all is zero. So the layout of
/// the channels is that of the positions, whatever it is.
static Value getPositionsOf(OpBuilder &builder, Location loc,
                            block::GridPositionsOp positions,
                            const GridAxis &axis) {
  SmallVector<Value> tables;
  for (auto [number, table] : llvm::enumerate(positions.getTables()))
    tables.push_back(number == *axis.number
                         ? table
                         : filled(builder, loc, {1, axis.channels}, 0.0));
  return block::GridPositionsOp::create(
             builder, loc, tables, /*points=*/Value(), /*first=*/Value(),
             builder.getIndexAttr(axis.length), positions.getLayout(),
             positions.getTerms())
      ->getResult(0);
}

/// `rows` of one segment, with zeros in the channels of all others.
static Value widen(OpBuilder &builder, Location loc, Value rows, unsigned owner,
                   ArrayRef<ChannelSegment> segments) {
  SmallVector<Value> parts;
  for (auto [index, segment] : llvm::enumerate(segments))
    parts.push_back(
        index == owner ? rows : filled(builder, loc, {segment.channels}, 0.0));
  return concatChannels(builder, loc, parts);
}

Value perceiver::collectFeatures(OpBuilder &builder, Location loc,
                                 ArrayRef<ChannelSegment> segments) {
  SmallVector<Value> dense;
  for (const ChannelSegment &segment : segments)
    if (segment.kind == Kind::Dense)
      dense.push_back(segment.source);
  return dense.size() == 1 ? dense.front()
                           : concatChannels(builder, loc, dense);
}

Value perceiver::createCentredPoints(OpBuilder &builder, Location loc,
                                     ArrayRef<ChannelSegment> segments,
                                     ArrayRef<GridAxis> axes) {
  SmallVector<Value> parts;
  for (auto [index, segment] : llvm::enumerate(segments))
    if (segment.kind == Kind::Dense)
      parts.push_back(widen(builder, loc,
                            createUnits(builder, loc, segment.channels), index,
                            segments));
  for (const GridAxis &axis : axes) {
    Value rows = axis.number
                     ? getPositionsOf(builder, loc,
                                      segments[axis.segment].getGrid(), axis)
                     : getRows(builder, loc, axis);
    parts.push_back(widen(builder, loc, rows, axis.segment, segments));
  }
  Value points = block::ConcatRowsOp::create(builder, loc, parts)->getResult(0);
  return centre(builder, loc, points, averageChannels(builder, loc, points));
}

Value perceiver::createMoments(OpBuilder &builder, Location loc,
                               const GridAxis &axis) {
  Value rows = getRows(builder, loc, axis);
  Value mean = averageChannels(builder, loc, rows);
  Value centred = centre(builder, loc, rows, mean);
  Value squares =
      block::MultiplyOp::create(builder, loc, centred, centred)->getResult(0);
  Value moments =
      concatChannels(builder, loc, {mean, sumChannels(builder, loc, squares)});
  return createTranspose(builder, loc, moments, {1, 0});
}
