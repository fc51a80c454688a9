//===- GridRows.cpp - Normalised points of a grid -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Transforms/separate-positions.mlir,
// test/Transforms/separate-positions-declined.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/GridRows.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/GridOps.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Shapes.h"
#include "lib/Transforms/DisabledRewrites.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace mlir::perceiver;
using Kind = ChannelSegment::Kind;

/// The most that rounding errors of a score may grow by.
static constexpr double kMostLoss = 8.0;

/// A strip of fewer points does not pay for what is done for each.
static constexpr int64_t kLeastPlaces = 8;

int64_t GridRows::count(Kind kind) const {
  int64_t channels = 0;
  for (const ChannelSegment &segment : segments)
    if (segment.kind == kind)
      channels += segment.channels;
  return channels;
}

int64_t GridRows::getChannels() { return lastDim(input); }

int64_t GridRows::getPoints() const { return countPoints(getGrid()); }

int64_t GridRows::getWidth() const {
  int64_t width = countFeatures();
  for (const GridAxis &axis : axes)
    width += axis.length;
  return width;
}

SmallVector<int64_t> GridRows::getGrid() const {
  return llvm::map_to_vector(axes,
                             [](const GridAxis &axis) { return axis.length; });
}

std::optional<GridRows> perceiver::matchGridRows(Value rows) {
  auto norm = rows.getDefiningOp<block::LayerNormOp>();
  if (!norm)
    return std::nullopt;
  SmallVector<ChannelSegment> segments = getChannelStructure(norm.getInput());
  bool isAffine = norm.getGain() || norm.getBias() || norm.getChannels();
  GridRows result{norm.getInput(), norm.getEpsilonAttr(), isAffine, segments,
                  getGridAxes(segments)};
  if (result.count(Kind::Grid) == 0)
    return std::nullopt;
  return result;
}

/// How much larger than of a normalised row rounding errors may be. Sines and
/// cosines of one angle deviate from their mean by at least half of what they
/// are.
static double getLoss(GridRows &rows) {
  double part = static_cast<double>(rows.count(Kind::Grid)) /
                static_cast<double>(rows.getChannels());
  return std::sqrt(2.0 / part);
}

std::string perceiver::findObstacle(GridRows &rows, PrepareAnalysis &analysis) {
  if (rows.isAffine)
    return "the norm has an affine part that its readers have not taken in";
  unsigned grids = 0, batches = 0;
  for (const ChannelSegment &segment : rows.segments) {
    grids += segment.kind == Kind::Grid;
    if (segment.kind == Kind::Constant && !analysis.lookup(segment.source))
      return "channels that all points share are no parameters";
    if (segment.kind != Kind::Dense)
      continue;
    if (analysis.lookup(segment.source))
      return llvm::formatv("{0} channels are parameters of each point, as "
                           "trainable positions are",
                           segment.channels);
    batches += shapeOf(segment.source).getRank() == 3;
  }
  if (grids != 1)
    return "the points are of several grids";
  if (batches == 0)
    return "the points have no features of a batch";
  if (rows.getPoints() != shapeOf(rows.input).getDimSize(1))
    return "the rows are not the points of the grid";
  FourierTerms terms = FourierTerms::sin | FourierTerms::cos;
  for (const ChannelSegment &segment : rows.segments)
    if (segment.kind == Kind::Grid &&
        !bitEnumContainsAll(segment.getGrid().getTerms(), terms))
      return "positions without sines or cosines may all be the same";
  if (double loss = getLoss(rows); loss > kMostLoss)
    return llvm::formatv("scores would be {0:F1} times less accurate", loss);
  SmallVector<int64_t> grid = rows.getGrid();
  if (int64_t places = grid[getInnerAxis(grid)]; places < kLeastPlaces)
    return llvm::formatv("the last axis has {0} places", places);
  if (!getElementTypeOrSelf(rows.input.getType()).isF32())
    return "its arrays are not float32";
  return "";
}

std::string perceiver::findObstacle(Operation *attention, int64_t heads,
                                    StringRef pass) {
  if (isDisabled(attention, pass))
    return kDisabledReason;
  if (attention->hasAttr(kTilingAttrName))
    return "it has a tiling";
  if (heads != 1)
    return llvm::formatv("it has {0} heads", heads);
  return "";
}

SeparatedRows perceiver::createSeparatedRows(OpBuilder &builder, Location loc,
                                             GridRows &rows) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointAfterValue(rows.input);
  Value features = collectFeatures(builder, loc, rows.segments);
  SmallVector<Value> moments;
  SmallVector<int64_t> channels;
  for (const GridAxis &axis : rows.axes) {
    moments.push_back(createMoments(builder, loc, axis));
    channels.push_back(axis.channels);
  }
  Value factors = block::GridStatisticsOp::create(
                      builder, loc, features, moments, channels, rows.epsilon)
                      ->getResult(0);
  return {features, factors,
          createCentredPoints(builder, loc, rows.segments, rows.axes)};
}
