//===- PositionModels.cpp - Where the rows of a model are -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Conversion/expand-positions.mlir,
// test/Conversion/verify-description-sizes.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Conversion/OperationModels.h"

#include "dialect/Block/PositionOps.h"
#include "dialect/Model/PositionOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;

/// The sizes of all axes.
static SmallVector<OpFoldResult> getGrid(FourierPositionsOp positions) {
  return getMixedValues(positions.getGrid(), positions.getSizes(),
                        positions.getContext());
}

static LogicalResult inferSizes(FourierPositionsOp positions,
                                SizeInference &sizes) {
  Sizes rows;
  if (Value coordinates = positions.getCoordinates()) {
    rows = Sizes(sizes.sizesOf(coordinates).drop_back());
  } else if (Value points = positions.getPoints()) {
    rows = Sizes(sizes.sizesOf(points));
  } else if (Value count = positions.getCount()) {
    if (failed(sizes.expectPositive(positions, count)))
      return failure();
    rows = {sizes.getSize(count)};
  } else {
    SmallVector<Size> grid;
    for (OpFoldResult size : getGrid(positions))
      grid.push_back(sizes.getSize(size));
    rows = {sizes.getProduct(grid)};
  }
  rows.push_back(std::nullopt);
  sizes.setSizes(positions.getResult(),
                 dynamicSizes(positions.getType(), rows));
  return success();
}

/// How many points there are.
static OpFoldResult getPointCount(FourierPositionsOp positions,
                                  BlockExpander &expander) {
  OpBuilder &builder = expander.builder;
  Location loc = expander.loc;
  auto type = cast<RankedTensorType>(positions.getType());
  if (!type.isDynamicDim(0))
    return builder.getIndexAttr(type.getDimSize(0));
  if (Value points = positions.getPoints())
    return tensor::getMixedSize(builder, loc, points, 0);
  if (Value count = positions.getCount())
    return count;
  Value product;
  for (OpFoldResult size : getGrid(positions)) {
    Value value = getValueOrCreateConstantIndexOp(builder, loc, size);
    product =
        product
            ? arith::MulIOp::create(builder, loc, product, value).getResult()
            : value;
  }
  return product;
}

/// The rows of tables, one for each axis.
static Value expandStored(FourierPositionsOp positions,
                          BlockExpander &expander) {
  SmallVector<Value> tables;
  for (auto [length, resolution] :
       llvm::zip_equal(positions.getGrid(), positions.getMaxResolution()))
    tables.push_back(
        block::AxisTableOp::create(
            expander.builder, expander.loc, length, positions.getBands(),
            resolution / 2, positions.getRecipe(), positions.getSpacing(),
            positions.getTerms(), getElementTypeOrSelf(positions.getType()))
            ->getResult(0));
  return block::GridPositionsOp::create(
             expander.builder, expander.loc, tables, positions.getPoints(),
             positions.getFirst(), getPointCount(positions, expander),
             positions.getLayout(), positions.getTerms())
      ->getResult(0);
}

/// The coordinates of points of a grid that has dynamic axes.
static Value expandCoordinates(FourierPositionsOp positions,
                               BlockExpander &expander) {
  OpBuilder &builder = expander.builder;
  Location loc = expander.loc;
  OpFoldResult rows = getPointCount(positions, expander);
  Value init = tensor::EmptyOp::create(
      builder, loc,
      SmallVector<OpFoldResult>{rows,
                                builder.getIndexAttr(positions.getAxes())},
      getElementTypeOrSelf(positions.getType()));
  return block::GridCoordinatesOp::create(
             builder, loc, TypeRange{init.getType()}, positions.getSizes(),
             positions.getPoints(), positions.getFirst(), init,
             positions.getGrid(), positions.getRecipe(), positions.getSpacing())
      ->getResult(0);
}

static LogicalResult expand(FourierPositionsOp positions,
                            BlockExpander &expander) {
  if (positions.isStored())
    return expander.replaceWith(expandStored(positions, expander));
  Value coordinates = positions.getCoordinates();
  if (!coordinates)
    coordinates = expandCoordinates(positions, expander);
  SmallVector<double> frequencies;
  for (double resolution : positions.getMaxResolution())
    frequencies.push_back(resolution / 2);
  return expander.replaceWith(block::FourierFeaturesOp::create(
                                  expander.builder, expander.loc, coordinates,
                                  positions.getBands(), frequencies,
                                  positions.getLayout(), positions.getRecipe(),
                                  positions.getTerms())
                                  ->getResults());
}

void perceiver::attachPositionModels(MLIRContext *context) {
  attachModels<FourierPositionsOp, inferSizes, expand>(context);
}
