//===- LowerGridStatistics.cpp - Deviations of points of a grid -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// grid_statistics, a vector of points of the inner axis at a time:
//
//   for each line of the grid, the places i_a on all axes but the inner one:
//     for each vector j of points of the line:
//       for each of these points: mean and square of its features
//       mean[j] and square[j] over all channels, r[j] = 1 / sqrt(..)
//
// Test: test/CPU/lower-grid.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/GridOps.h"
#include "lib/CPU/OperationModels.h"
#include "lib/CPU/RowLoops.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct GridStatisticsKernel {
  KernelBuilder kernel;
  block::GridStatisticsOp op;

  SmallVector<int64_t> grid = {};
  unsigned innerAxis = 0;
  int64_t features = 0;
  /// Means and squares of the features of a vector of points.
  Value meanScratch = {}, squareScratch = {};

  Value maximumF(Value lhs, Value rhs) {
    return arith::MaximumFOp::create(kernel.builder, kernel.loc, lhs, rhs);
  }

  /// Mean and sum of squares about it, of the features of one point.
  std::pair<Value, Value> featuresOf(Value batch, Value point) {
    auto load = [&](Value c, int64_t count) {
      return kernel.load(op.getFeatures(), {batch, point, c}, count);
    };
    auto average = [&](Value sum) {
      return kernel.mulF(sum, kernel.f32(1.0 / static_cast<double>(features)));
    };
    Value about = average(
        sumOverChannels(kernel, features, 1,
                        [&](Value c, int64_t count,
                            ValueRange carried) -> SmallVector<Value> {
                          return {kernel.addF(carried[0], load(c, count))};
                        })
            .front());
    Value abouts = kernel.splat(about);
    // As in layer_norm: the mean of the differences makes up for what rounding
    // has left in `about`.
    SmallVector<Value> moments = sumOverChannels(
        kernel, features, 2,
        [&](Value c, int64_t count, ValueRange carried) -> SmallVector<Value> {
          Value difference =
              kernel.keepFirst(kernel.subF(load(c, count), abouts), count);
          return {kernel.addF(carried[0], difference),
                  kernel.fma(difference, difference, carried[1])};
        });
    Value shift = average(moments[0]);
    Value square = kernel.subF(moments[1], kernel.mulF(moments[0], shift));
    return {kernel.addF(about, shift), maximumF(square, kernel.f32(0.0))};
  }

  /// Row `row` of the table of an axis at a vector of points of the inner axis.
  Value tableAt(unsigned axis, int64_t row, ArrayRef<Value> places, Value j,
                Value count) {
    Value table = op.getTables()[axis];
    if (axis == innerAxis)
      return kernel.load(table, {kernel.index(row), j}, count);
    return kernel.splat(
        kernel.loadScalar(table, {kernel.index(row), places[axis]}));
  }

  /// The vector of `count` points from `j` on of the inner axis.
  void onePoints(Value batch, Value point, ArrayRef<Value> places, Value j,
                 Value count) {
    Value some = kernel.minimum(count, kernel.index(kernel.lanes));
    kernel.loop(kernel.index(0), some, 1, [&](Value lane) {
      auto [mean, square] = featuresOf(batch, kernel.add(point, lane));
      kernel.storeScalar(mean, meanScratch, lane);
      kernel.storeScalar(square, squareScratch, lane);
    });
    Value zero = kernel.index(0);
    Value featureMean = kernel.load(meanScratch, zero);
    double channels = static_cast<double>(op.getChannelCount());
    auto share = [&](int64_t part) {
      return kernel.splat(static_cast<double>(part) / channels);
    };
    SmallVector<Value> means;
    for (unsigned axis = 0; axis < grid.size(); ++axis)
      means.push_back(tableAt(axis, /*row=*/0, places, j, count));
    Value mean = kernel.mulF(featureMean, share(features));
    for (auto [part, value] : llvm::zip_equal(op.getChannels(), means))
      mean = kernel.fma(value, share(part), mean);
    // Of each part the squares about its own mean, and its distance.
    Value total = kernel.load(squareScratch, zero);
    auto addDistance = [&](Value of, int64_t part) {
      Value distance = kernel.subF(of, mean);
      total = kernel.fma(kernel.mulF(distance, distance),
                         kernel.splat(static_cast<double>(part)), total);
    };
    addDistance(featureMean, features);
    for (unsigned axis = 0; axis < grid.size(); ++axis) {
      total = kernel.addF(total, tableAt(axis, /*row=*/1, places, j, count));
      addDistance(means[axis], op.getChannels()[axis]);
    }
    Value variance =
        kernel.fma(total, kernel.splat(1.0 / channels),
                   kernel.splat(op.getEpsilon().convertToDouble()));
    Value deviation =
        math::SqrtOp::create(kernel.builder, kernel.loc, variance);
    kernel.store(kernel.divF(kernel.splat(1.0), deviation), op.getInit(),
                 {batch, point}, count);
  }

  void oneLine(Value batch, Value line, Value firstPoint) {
    SmallVector<Value> places(grid.size());
    // The outermost of these axes may be dynamic: the rest is its place.
    for (unsigned axis = grid.size(); axis-- > 0;) {
      if (axis == innerAxis || grid[axis] == 1) {
        places[axis] = kernel.index(0);
        continue;
      }
      bool isOutermost = llvm::all_of(ArrayRef(grid).take_front(axis),
                                      [](int64_t size) { return size == 1; });
      places[axis] = isOutermost ? line : kernel.rem(line, grid[axis]);
      if (!isOutermost)
        line = kernel.floorDiv(line, grid[axis]);
    }
    kernel.blocks(kernel.dim(op.getTables()[innerAxis], 1), kernel.lanes,
                  [&](Value j, Value count) {
                    onePoints(batch, kernel.add(firstPoint, j), places, j,
                              count);
                  });
  }

  void run() {
    for (Value table : op.getTables())
      grid.push_back(cast<MemRefType>(table.getType()).getDimSize(1));
    innerAxis = getInnerAxis(grid);
    features = channelsOf(op.getFeatures());
    meanScratch = kernel.scratch({kernel.lanes});
    squareScratch = kernel.scratch({kernel.lanes});
    Value lines = kernel.index(1);
    for (unsigned axis = 0; axis < grid.size(); ++axis)
      if (axis != innerAxis) {
        if (!ShapedType::isDynamic(grid[axis]))
          lines = kernel.mul(lines, grid[axis]);
        else
          lines =
              arith::MulIOp::create(kernel.builder, kernel.loc,
                                    kernel.dim(op.getTables()[axis], 1), lines);
      }
    Value zero = kernel.index(0);
    kernel.loop(zero, kernel.dim(op.getInit(), 0), 1, [&](Value batch) {
      kernel.loop(zero, lines, 1, [&](Value line) {
        // Only the one axis that is an inner one may be dynamic: one line.
        Value first = ShapedType::isDynamic(grid[innerAxis])
                          ? zero
                          : kernel.mul(line, grid[innerAxis]);
        oneLine(batch, line, first);
      });
    });
  }
};
} // namespace

static LogicalResult lowerGridStatistics(RewriterBase &rewriter,
                                         block::GridStatisticsOp op,
                                         const VectorTarget &target) {
  GridStatisticsKernel kernel{
      KernelBuilder(rewriter, op.getLoc(), target.lanes), op};
  kernel.run();
  rewriter.eraseOp(op);
  return success();
}

void perceiver::attachGridStatisticsKernel(MLIRContext *context) {
  using namespace block;
  GridStatisticsOp::attachInterface<
      Kernel<GridStatisticsOp, lowerGridStatistics>>(*context);
}
