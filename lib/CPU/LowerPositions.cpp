//===- LowerPositions.cpp - Where rows are --------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// grid_positions copies rows of tables, in vectors; grid_coordinates finds the
// coordinates of points one by one, and fourier_features has the bands of an
// axis in vectors, whose frequencies are computed once for all rows of a task.
//
// Test: test/CPU/lower-positions.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/PositionOps.h"
#include "lib/CPU/OperationModels.h"
#include "lib/CPU/RowLoops.h"
#include "lib/Math/EquallySpaced.h"
#include "lib/Math/VectorMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Points of a grid
//===----------------------------------------------------------------------===//

/// The number of the grid's point that row `row` has: the operation has numbers
/// of points, or an offset. `last` bounds what may come from a caller.
template <typename OpTy>
static Value findPoint(KernelBuilder &kernel, OpTy op, Value row, Value last) {
  Value point = row;
  if (Value points = op.getPoints())
    point = arith::IndexCastOp::create(kernel.builder, kernel.loc,
                                       kernel.builder.getIndexType(),
                                       kernel.loadScalar(points, row));
  else if (op.getOffset())
    point = kernel.add(point, op.getOffset());
  if (!last)
    return point;
  point = arith::MaxSIOp::create(kernel.builder, kernel.loc, point,
                                 kernel.index(0));
  return arith::MinSIOp::create(kernel.builder, kernel.loc, point, last);
}

namespace {
/// Columns of a table that are side by side in a row, too.
struct Columns {
  int64_t from, to, count;
};
} // namespace

/// The columns of an axis, in the order that they have in a row.
static SmallVector<Columns> findParts(const FourierColumns &columns,
                                      int64_t axis) {
  SmallVector<FourierTerms> terms = {FourierTerms::raw, FourierTerms::sin,
                                     FourierTerms::cos};
  llvm::sort(terms, [&](FourierTerms a, FourierTerms b) {
    return columns.find(axis, a) < columns.find(axis, b);
  });
  SmallVector<Columns> parts;
  for (FourierTerms term : terms) {
    Columns next = {columns.ofOneAxis().find(0, term), columns.find(axis, term),
                    columns.countOf(term)};
    if (next.count == 0)
      continue;
    if (!parts.empty() && parts.back().from + parts.back().count == next.from &&
        parts.back().to + parts.back().count == next.to)
      parts.back().count += next.count;
    else
      parts.push_back(next);
  }
  return parts;
}

static LogicalResult lowerGridPositions(RewriterBase &rewriter,
                                        block::GridPositionsOp op,
                                        const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  FourierColumns columns = op.getColumns();
  bool mayBeOutside = op.getPoints() || op.getClamped();
  Value last = mayBeOutside ? kernel.index(op.getPointCount() - 1) : Value();
  kernel.loop(kernel.index(0), kernel.dim(op.getInit(), 0), 1, [&](Value row) {
    Value point = findPoint(kernel, op, row, last);
    // Its place on each axis, the last axis running fastest.
    SmallVector<Value> places(columns.axes);
    for (int64_t axis = columns.axes - 1; axis >= 0; --axis) {
      int64_t length = memrefTypeOf(op.getTables()[axis]).getDimSize(0);
      places[axis] = axis == 0 ? point : kernel.rem(point, length);
      point = kernel.floorDiv(point, length);
    }
    for (int64_t axis = 0; axis < columns.axes; ++axis)
      for (const Columns &part : findParts(columns, axis))
        forEachVector(kernel, part.count, [&](Value c, int64_t elements) {
          Value vector =
              kernel.load(op.getTables()[axis],
                          {places[axis], kernel.add(c, part.from)}, elements);
          kernel.store(vector, op.getInit(), {row, kernel.add(c, part.to)},
                       elements);
        });
  });
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// Coordinates
//===----------------------------------------------------------------------===//

static Value toFloat(KernelBuilder &kernel, Value number) {
  OpBuilder &builder = kernel.builder;
  number = arith::IndexCastOp::create(builder, kernel.loc, builder.getI64Type(),
                                      number);
  return arith::SIToFPOp::create(builder, kernel.loc, builder.getF32Type(),
                                 number);
}

static LogicalResult lowerGridCoordinates(RewriterBase &rewriter,
                                          block::GridCoordinatesOp op,
                                          const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  SmallVector<Value> lengths, counts;
  Value all = kernel.index(1);
  for (OpFoldResult length : op.getMixedLengths()) {
    lengths.push_back(
        getValueOrCreateConstantIndexOp(rewriter, kernel.loc, length));
    counts.push_back(toFloat(kernel, lengths.back()));
    all = rewriter.createOrFold<arith::MulIOp>(kernel.loc, all, lengths.back());
  }
  Value last = kernel.sub(all, kernel.index(1));
  kernel.loop(kernel.index(0), kernel.dim(op.getInit(), 0), 1, [&](Value row) {
    Value point = findPoint(kernel, op, row, last);
    for (int64_t axis = lengths.size() - 1; axis >= 0; --axis) {
      Value place = point;
      if (axis > 0) {
        place =
            arith::RemUIOp::create(rewriter, kernel.loc, point, lengths[axis]);
        point =
            arith::DivUIOp::create(rewriter, kernel.loc, point, lengths[axis]);
      }
      Value coordinate =
          emitGridPoint(rewriter, kernel.loc, op.getRecipe(), op.getSpacing(),
                        toFloat(kernel, place), counts[axis]);
      kernel.storeScalar(coordinate, op.getInit(), {row, kernel.index(axis)});
    }
  });
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// Features
//===----------------------------------------------------------------------===//

namespace {
/// The features of all rows of a task.
struct FeaturesKernel {
  KernelBuilder &kernel;
  block::FourierFeaturesOp op;
  FourierColumns columns;

  Value getCoordinate(ArrayRef<Value> row, int64_t axis) {
    return kernel.loadScalar(op.getInput(),
                             at(op.getInput(), row, kernel.index(axis)));
  }

  /// The frequencies of an axis from band `first` on.
  Value makeFrequencies(int64_t axis, Value first) {
    SmallVector<float> numbers(kernel.lanes);
    std::iota(numbers.begin(), numbers.end(), 0.0f);
    Value lanes = arith::ConstantOp::create(
        kernel.builder, kernel.loc,
        DenseElementsAttr::get(kernel.vectorType(), ArrayRef(numbers)));
    Value number = kernel.addF(kernel.splat(toFloat(kernel, first)), lanes);
    return emitEquallySpaced(kernel.builder, kernel.loc, op.getRecipe(), number,
                             {kernel.splat(static_cast<double>(columns.bands)),
                              kernel.splat(1.0),
                              kernel.splat(op.getMaxFrequencies()[axis])});
  }

  void storeWaves(int64_t axis, Value band, int64_t count) {
    Value frequencies = makeFrequencies(axis, band);
    forEachRow(kernel, op.getInit(), [&](ArrayRef<Value> row) {
      Value x =
          kernel.mulF(kernel.splat(getCoordinate(row, axis)), frequencies);
      SineCosine waves =
          emitSineCosine(kernel.builder, kernel.loc,
                         kernel.mulF(x, kernel.splat(llvm::numbers::pi)));
      for (auto [term, wave] : {std::pair(FourierTerms::sin, waves.sine),
                                std::pair(FourierTerms::cos, waves.cosine)})
        if (columns.has(term))
          kernel.store(
              wave, op.getInit(),
              at(op.getInit(), row, kernel.add(band, columns.find(axis, term))),
              count);
    });
  }

  void emit() {
    for (int64_t axis = 0; axis < columns.axes; ++axis) {
      if (columns.has(FourierTerms::raw))
        forEachRow(kernel, op.getInit(), [&](ArrayRef<Value> row) {
          int64_t column = columns.find(axis, FourierTerms::raw);
          kernel.storeScalar(getCoordinate(row, axis), op.getInit(),
                             at(op.getInit(), row, kernel.index(column)));
        });
      if (columns.terms != FourierTerms::raw)
        forEachVector(kernel, columns.bands, [&](Value band, int64_t count) {
          storeWaves(axis, band, count);
        });
    }
  }
};
} // namespace

static LogicalResult lowerFourierFeatures(RewriterBase &rewriter,
                                          block::FourierFeaturesOp op,
                                          const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  FeaturesKernel{kernel, op, op.getColumns()}.emit();
  rewriter.eraseOp(op);
  return success();
}

template <typename OpTy, auto lowerOp>
static void attach(MLIRContext *context) {
  OpTy::template attachInterface<Kernel<OpTy, lowerOp>,
                                 StrategyOf<OpTy, chooseForRows>>(*context);
}

void perceiver::attachPositionKernels(MLIRContext *context) {
  using namespace block;
  attach<FourierFeaturesOp, lowerFourierFeatures>(context);
  attach<GridCoordinatesOp, lowerGridCoordinates>(context);
  attach<GridPositionsOp, lowerGridPositions>(context);
}
