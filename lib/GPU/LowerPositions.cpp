//===- LowerPositions.cpp - Where rows are --------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread finds out which feature of which axis a column is, and then reads or
// computes that one.
//
// Tests: test/GPU/lower-rows.test, test/Execution/positions-computed.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/PositionOps.h"
#include "lib/GPU/OperationModels.h"
#include "lib/GPU/RowsKernel.h"
#include "lib/Math/EquallySpaced.h"
#include "lib/Math/VectorMath.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Columns
//===----------------------------------------------------------------------===//

namespace {
/// What a column holds. Without waves or without positions it is known which.
struct Feature {
  Value axis;
  /// The number of the frequency of a wave; of a position it means nothing.
  Value band;
  /// Whether it is a position, and else whether it is a cosine.
  Value isPosition, isCosine;
};
} // namespace

static Value truth(DeviceBuilder &kernel, bool value) {
  return arith::ConstantOp::create(kernel.rewriter, kernel.loc,
                                   kernel.rewriter.getBoolAttr(value));
}

static Feature findFeature(DeviceBuilder &kernel, Value column,
                           const FourierColumns &columns) {
  int64_t positions = columns.countOf(FourierTerms::raw);
  int64_t sines = columns.countOf(FourierTerms::sin);
  int64_t cosines = columns.countOf(FourierTerms::cos);
  bool hasWaves = sines + cosines != 0;
  Feature feature = {column, kernel.i32(0), truth(kernel, !hasWaves),
                     truth(kernel, sines == 0)};
  if (!hasWaves)
    return feature;
  if (columns.layout == FourierLayout::dm) {
    // The positions of all axes, then the sines of all, then the cosines.
    int64_t first = positions * columns.axes;
    Value wave =
        kernel.maximum(kernel.sub(column, kernel.i32(first)), kernel.i32(0));
    Value group = kernel.floorDiv(wave, columns.bands);
    feature.band = kernel.rem(wave, columns.bands);
    feature.axis = group;
    if (sines != 0 && cosines != 0) {
      feature.isCosine = kernel.less(kernel.i32(columns.axes - 1), group);
      feature.axis = kernel.select(
          feature.isCosine, kernel.sub(group, kernel.i32(columns.axes)), group);
    }
    if (positions != 0) {
      feature.isPosition = kernel.less(column, kernel.i32(first));
      feature.axis = kernel.select(feature.isPosition, column, feature.axis);
    }
    return feature;
  }
  // Axis by axis the sines and the cosines, then the position.
  feature.axis = kernel.floorDiv(column, columns.countPerAxis());
  Value wave = kernel.rem(column, columns.countPerAxis());
  if (positions != 0)
    feature.isPosition = kernel.equal(wave, kernel.i32(sines + cosines));
  feature.band = wave;
  if (sines != 0 && cosines != 0) {
    feature.isCosine = kernel.less(kernel.i32(columns.bands - 1), wave);
    feature.band = kernel.rem(wave, columns.bands);
  }
  return feature;
}

//===----------------------------------------------------------------------===//
// Points of a grid
//===----------------------------------------------------------------------===//

/// The number of the point that a row has: the operation has numbers of points,
/// or an offset. `last` bounds what may come from a caller.
template <typename OpTy>
static Value findPoint(DeviceBuilder &kernel, OpTy op,
                       const std::optional<DevicePointer> &points, Value row,
                       Value last) {
  if (!points) {
    Value point = row;
    if (op.getOffset())
      point = kernel.add(point, kernel.toI32(op.getOffset()));
    if (last)
      point = kernel.minimum(kernel.maximum(point, kernel.i32(0)), last);
    return point;
  }
  return clampNumber(kernel, kernel.load(*points, row), last);
}

/// The array of the numbers of points, if there is one.
template <typename OpTy>
static FailureOr<std::optional<DevicePointer>> getPoints(DeviceBuilder &kernel,
                                                         OpTy op) {
  if (!op.getPoints())
    return std::optional<DevicePointer>();
  FailureOr<DevicePointer> points = kernel.pointer(op.getPoints());
  if (failed(points))
    return failure();
  return std::optional<DevicePointer>(*points);
}

static LogicalResult lowerGridPositions(block::GridPositionsOp op,
                                        DeviceBuilder &kernel) {
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  FailureOr<std::optional<DevicePointer>> points = getPoints(kernel, op);
  if (failed(rows) || failed(points))
    return failure();
  rows->width = 1;
  SmallVector<DevicePointer> tables;
  for (Value memref : op.getTables()) {
    FailureOr<DevicePointer> table = kernel.pointer(memref);
    if (failed(table))
      return failure();
    tables.push_back(*table);
  }
  FourierColumns columns = op.getColumns(), table = columns.ofOneAxis();
  bool mayBeOutside = op.getPoints() || op.getClamped();
  Value last = mayBeOutside ? kernel.i32(op.getPointCount() - 1) : Value();
  rows->emit([&](ArrayRef<Value> row, Value column) {
    Feature feature = findFeature(kernel, column, columns);
    auto place = [&](FourierTerms term) {
      return kernel.add(feature.band, table.find(0, term));
    };
    Value tableColumn =
        kernel.select(feature.isPosition, kernel.i32(0),
                      kernel.select(feature.isCosine, place(FourierTerms::cos),
                                    place(FourierTerms::sin)));
    // The last axis runs fastest.
    Value point = findPoint(kernel, op, *points, row.back(), last), address;
    for (int64_t number = columns.axes - 1; number >= 0; --number) {
      Value coordinate = point;
      if (number > 0) {
        int64_t length = *tables[number].array.staticSize(0);
        coordinate = kernel.rem(point, length);
        point = kernel.floorDiv(point, length);
      }
      Value here = kernel.address(tables[number], {coordinate, tableColumn});
      address =
          address
              ? kernel.select(kernel.equal(feature.axis, kernel.i32(number)),
                              here, address)
              : here;
    }
    return kernel.loadAt(address, rows->init.array.elementType);
  });
  return success();
}

//===----------------------------------------------------------------------===//
// Coordinates and their features
//===----------------------------------------------------------------------===//

static Value toFloat(DeviceBuilder &kernel, Value number) {
  return arith::SIToFPOp::create(kernel.rewriter, kernel.loc,
                                 kernel.rewriter.getF32Type(), number);
}

static LogicalResult lowerGridCoordinates(block::GridCoordinatesOp op,
                                          DeviceBuilder &kernel) {
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  FailureOr<std::optional<DevicePointer>> points = getPoints(kernel, op);
  if (failed(rows) || failed(points))
    return failure();
  rows->width = 1;
  SmallVector<Value> lengths;
  Value all = kernel.i32(1);
  for (OpFoldResult length : op.getMixedLengths()) {
    lengths.push_back(kernel.toI32(length));
    all = kernel.mul(all, lengths.back());
  }
  Value last = kernel.sub(all, kernel.i32(1));
  rows->emit([&](ArrayRef<Value> row, Value column) {
    // The last axis runs fastest.
    Value point = findPoint(kernel, op, *points, row.back(), last);
    Value number, count;
    for (int64_t axis = lengths.size() - 1; axis >= 0; --axis) {
      Value place = point, length = lengths[axis];
      if (axis > 0) {
        place = kernel.rem(point, length);
        point = kernel.floorDiv(point, length);
      }
      Value isHere = kernel.equal(column, kernel.i32(axis));
      number = number ? kernel.select(isHere, place, number) : place;
      count = count ? kernel.select(isHere, length, count) : length;
    }
    return emitGridPoint(kernel.rewriter, kernel.loc, op.getRecipe(),
                         op.getSpacing(), toFloat(kernel, number),
                         toFloat(kernel, count));
  });
  return success();
}

static LogicalResult lowerFourierFeatures(block::FourierFeaturesOp op,
                                          DeviceBuilder &kernel) {
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  FailureOr<DevicePointer> input = kernel.pointer(op.getInput());
  if (failed(rows) || failed(input))
    return failure();
  rows->width = 1;
  FourierColumns columns = op.getColumns();
  rows->emit([&](ArrayRef<Value> row, Value column) {
    Feature feature = findFeature(kernel, column, columns);
    Value position =
        kernel.load(*input, RowsKernel::at(*input, row, feature.axis));
    if (columns.terms == FourierTerms::raw || columns.bands == 0)
      return position;
    Value largest = kernel.f32(op.getMaxFrequencies().front());
    for (auto [axis, frequency] : llvm::enumerate(op.getMaxFrequencies()))
      if (frequency != op.getMaxFrequencies().front())
        largest = kernel.select(kernel.equal(feature.axis, kernel.i32(axis)),
                                kernel.f32(frequency), largest);
    Value frequency =
        emitEquallySpaced(kernel.rewriter, kernel.loc, op.getRecipe(),
                          toFloat(kernel, feature.band),
                          {kernel.f32(static_cast<double>(columns.bands)),
                           kernel.f32(1.0), largest});
    SineCosine waves =
        emitSineCosine(kernel.rewriter, kernel.loc,
                       kernel.mulF(kernel.mulF(position, frequency),
                                   kernel.f32(llvm::numbers::pi)));
    Value wave = kernel.select(feature.isCosine, waves.cosine, waves.sine);
    return kernel.select(feature.isPosition, position, wave);
  });
  return success();
}

template <typename OpTy, LogicalResult (*lowerOp)(OpTy, DeviceBuilder &)>
static void attach(MLIRContext *context) {
  OpTy::template attachInterface<GPUKernel<OpTy, lowerOp>,
                                 GPUStrategyOf<OpTy, chooseGPURows>>(*context);
}

void perceiver::attachGPUPositionKernels(MLIRContext *context) {
  using namespace block;
  attach<FourierFeaturesOp, lowerFourierFeatures>(context);
  attach<GridCoordinatesOp, lowerGridCoordinates>(context);
  attach<GridPositionsOp, lowerGridPositions>(context);
}
