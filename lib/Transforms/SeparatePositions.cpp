//===- SeparatePositions.cpp - Attention to features and axes -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keys and values that are projected from one normalised array of points of a
// grid, x = [features | positions], whose positions depend on one axis each:
//
//   %n = layer_norm ins(%x)
//   %k = linear ins(%n, %wk)        %r = grid_statistics ins(%features) ..
//   %v = linear ins(%n, %wv)   =>   %g = linear ins(%q, %points x %wk)
//   %o = attention                  %a.. = grid_attention
//       ins(%q, %k, %v)                 ins(%g, %features, %r)
//                                   %f = finish_attention ins(%a..)
//                                   %o = linear ins(%f, %points x %wv)
//
// The normalised row is r (x - mean), and x a sum of rows that depend on one
// feature or on the place on one axis. `points` are these rows less the mean of
// their channels, so that the mean of x is nowhere needed. Products with them
// depend on parameters alone and are stored. No key, value, normalised or
// concatenated row is computed.
//
// It is exact in real arithmetic. In float32 parts of a score are as large as
// the row is against its deviation, which sqrt(C / positional channels) bounds
// for features however large: what may lose more than kMostLoss is declined.
// Declined, too: several heads, positions that are parameters, biases that a
// row without keys would get, attentions whose log-sum-exp is read or whose
// tiling is written, and what would not become cheaper.
//
// Tests: test/Transforms/separate-positions.mlir,
// test/Transforms/separate-positions-declined.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/DisabledRewrites.h"
#include "lib/Transforms/GridTables.h"
#include "lib/Transforms/Passes.h"
#include "lib/Transforms/PrepareAnalysis.h"
#include "lib/Transforms/RewriteLog.h"
#include "lib/Transforms/Transforms.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionState.h"
#include "dialect/Block/GridOps.h"
#include "dialect/Block/InitialState.h"
#include "dialect/Block/LayoutOps.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

namespace mlir::perceiver {
#define GEN_PASS_DEF_SEPARATEPOSITIONSPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;
using Kind = ChannelSegment::Kind;

static constexpr StringRef kPassName = "perceiver-separate-positions";

/// The most that rounding errors of a score may grow by.
static constexpr double kMostLoss = 8.0;

/// What a pair of a query and a point costs beside its features, in the FLOPs
/// that a matrix product does in this time: an exponential and its sums.
static constexpr int64_t kFlopsOfPair = 28;

/// What a number of queries counts as that is known in a run alone.
static constexpr int64_t kUnknownQueries = 512;

/// A strip of fewer points does not pay for what is done for each.
static constexpr int64_t kLeastPlaces = 8;

namespace {
/// `rows weight + bias`; without a weight the rows themselves.
struct Projection {
  Value rows, weight, bias;
};

/// An attention and what its keys and values are made of.
struct Candidate {
  block::AttentionOp op;
  block::LayerNormOp norm;
  Projection key, value;
  SmallVector<ChannelSegment> segments;
  SmallVector<GridAxis> axes;

  int64_t count(Kind kind) const {
    int64_t channels = 0;
    for (const ChannelSegment &segment : segments)
      if (segment.kind == kind)
        channels += segment.channels;
    return channels;
  }
  int64_t getChannels() { return lastDim(norm.getInput()); }
  int64_t getPoints() const {
    int64_t points = 1;
    for (const GridAxis &axis : axes)
      points *= axis.length;
    return points;
  }
  /// Features and places of all axes.
  int64_t getWidth() const {
    int64_t width = count(Kind::Dense);
    for (const GridAxis &axis : axes)
      width += axis.length;
    return width;
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// What is there
//===----------------------------------------------------------------------===//

/// Columns `[first, first + columns.size)` of `matrix`, or of a vector.
static Value sliceColumns(OpBuilder &builder, Location loc, Value matrix,
                          int64_t first, int64_t columns) {
  auto type = cast<RankedTensorType>(matrix.getType());
  SmallVector<int64_t> sizes(type.getShape());
  sizes.back() = columns;
  SmallVector<OpFoldResult> offsets(sizes.size(), builder.getIndexAttr(0));
  offsets.back() = builder.getIndexAttr(first);
  SmallVector<OpFoldResult> steps(sizes.size(), builder.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(
      builder, loc, type.clone(sizes), matrix, offsets,
      getAsIndexOpFoldResult(builder.getContext(), sizes), steps);
}

/// The columns that `slice` takes of all rows of a result, or nothing.
static std::optional<int64_t> getFirstColumn(tensor::ExtractSliceOp slice) {
  auto source = cast<RankedTensorType>(slice.getSource().getType());
  auto result = cast<RankedTensorType>(slice.getType());
  if (result.getRank() != source.getRank() || !slice.hasUnitStride())
    return std::nullopt;
  for (int64_t dim = 0; dim + 1 < source.getRank(); ++dim)
    if (slice.getStaticOffset(dim) != 0 ||
        result.getDimSize(dim) != source.getDimSize(dim))
      return std::nullopt;
  int64_t first = slice.getStaticOffset(source.getRank() - 1);
  if (ShapedType::isDynamic(first) || result.isDynamicDim(source.getRank() - 1))
    return std::nullopt;
  return first;
}

/// What `value` is projected from, through the columns that it has of a layer
/// for several.
static Projection getProjection(OpBuilder &builder, Value value,
                                PrepareAnalysis &analysis) {
  Projection none = {value, {}, {}};
  auto slice = value.getDefiningOp<tensor::ExtractSliceOp>();
  std::optional<int64_t> first = 0;
  if (slice)
    first = getFirstColumn(slice);
  auto linear =
      (slice ? slice.getSource() : value).getDefiningOp<block::LinearOp>();
  if (!linear || !first || linear.isPacked() || linear.getResidual() ||
      !linear.getActivation().isNone() ||
      !analysis.lookup(linear.getWeight()) ||
      (linear.getBias() && !analysis.lookup(linear.getBias())))
    return none;
  Projection result = {linear.getInput(), linear.getWeight(), linear.getBias()};
  if (!slice)
    return result;
  auto take = [&](Value columns) {
    return columns ? sliceColumns(builder, value.getLoc(), columns, *first,
                                  lastDim(value))
                   : columns;
  };
  return {result.rows, take(result.weight), take(result.bias)};
}

/// The attention with what its keys and values are made of, if these are points
/// of a grid.
static std::optional<Candidate> getCandidate(block::AttentionOp op,
                                             PrepareAnalysis &analysis) {
  if (op->getNumResults() == 0)
    return std::nullopt;
  OpBuilder builder(op);
  Candidate candidate;
  candidate.op = op;
  candidate.key = getProjection(builder, op.getKey(), analysis);
  candidate.value = getProjection(builder, op.getValue(), analysis);
  Value rows = candidate.key.rows;
  candidate.norm = rows.getDefiningOp<block::LayerNormOp>();
  if (!candidate.norm || candidate.value.rows != rows)
    return std::nullopt;
  candidate.segments = getChannelStructure(candidate.norm.getInput());
  candidate.axes = getGridAxes(candidate.segments);
  if (candidate.count(Kind::Grid) == 0)
    return std::nullopt;
  return candidate;
}

//===----------------------------------------------------------------------===//
// Whether to
//===----------------------------------------------------------------------===//

/// How much larger than of a normalised row rounding errors may be. Sines and
/// cosines of one angle deviate from their mean by at least half of what they
/// are.
static double getLoss(Candidate &candidate) {
  double part = static_cast<double>(candidate.count(Kind::Grid)) /
                static_cast<double>(candidate.getChannels());
  return std::sqrt(2.0 / part);
}

/// Why it would cost no less, or "".
static std::string findCost(Candidate &candidate) {
  block::AttentionOp op = candidate.op;
  ShapedType query = shapeOf(op.getQuery());
  int64_t queries = query.getDimSize(query.getRank() - 2);
  if (ShapedType::isDynamic(queries))
    queries = kUnknownQueries;
  int64_t widths = lastDim(op.getQuery()) + lastDim(op.getValue());
  int64_t projected = 0;
  for (const Projection &projection : {candidate.key, candidate.value})
    if (projection.weight)
      projected += candidate.getChannels() * lastDim(projection.weight);
  double points = static_cast<double>(candidate.getPoints());
  double pairs = static_cast<double>(queries) * points;
  double ofPair =
      static_cast<double>(4 * candidate.count(Kind::Dense) + kFlopsOfPair);
  double dense = 2 * pairs * static_cast<double>(widths) +
                 2 * points * static_cast<double>(projected);
  double separate =
      pairs * ofPair + 2.0 * static_cast<double>(queries) *
                           static_cast<double>(candidate.getWidth() * widths);
  if (separate < dense)
    return "";
  return llvm::formatv("it would cost as much as {0:F1} MFLOP and costs {1:F1}",
                       separate / 1e6, dense / 1e6);
}

/// Why the attention stays as it is, or "".
static std::string findObstacle(Candidate &candidate,
                                PrepareAnalysis &analysis) {
  block::AttentionOp op = candidate.op;
  if (isDisabled(op, kPassName))
    return kDisabledReason;
  if (op->hasAttr(kTilingAttrName))
    return "it has a tiling";
  if (op.getHeads() != 1)
    return llvm::formatv("it has {0} heads", op.getHeads());
  if (op.getInits().size() != 1)
    return "its log-sum-exp is read";
  if (op.getScoreBias())
    return "its keys have a score bias";
  if (candidate.norm.getGain() || candidate.norm.getBias() ||
      candidate.norm.getChannels())
    return "the norm has an affine part that its readers have not taken in";
  unsigned grids = 0, batches = 0;
  for (const ChannelSegment &segment : candidate.segments) {
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
  if (candidate.getPoints() != shapeOf(candidate.norm.getInput()).getDimSize(1))
    return "its keys are not the points of the grid";
  if ((op.getMask() || op.getLengths()) && candidate.value.bias &&
      op.getMaskedRows() == MaskedRows::zero)
    return "a row whose keys are all masked would get the bias of the values";
  FourierTerms terms = FourierTerms::sin | FourierTerms::cos;
  for (const ChannelSegment &segment : candidate.segments)
    if (segment.kind == Kind::Grid &&
        !bitEnumContainsAll(segment.getGrid().getTerms(), terms))
      return "positions without sines or cosines may all be the same";
  if (double loss = getLoss(candidate); loss > kMostLoss)
    return llvm::formatv("scores would be {0:F1} times less accurate", loss);
  auto lengths = llvm::map_range(
      candidate.axes, [](const GridAxis &axis) { return axis.length; });
  SmallVector<int64_t> grid(lengths);
  if (grid[getInnerAxis(grid)] < kLeastPlaces)
    return llvm::formatv("the last axis has {0} places",
                         grid[getInnerAxis(grid)]);
  for (Value value : {op.getQuery(), op.getKey(), candidate.norm.getInput()})
    if (!getElementTypeOrSelf(value.getType()).isF32())
      return "its arrays are not float32";
  return findCost(candidate);
}

//===----------------------------------------------------------------------===//
// Doing it
//===----------------------------------------------------------------------===//

static Value createLinear(OpBuilder &builder, Location loc, Value rows,
                          Value weight, Value bias) {
  return block::LinearOp::create(builder, loc, rows, weight, bias,
                                 /*residual=*/Value())
      ->getResult(0);
}

static void separate(Candidate &candidate) {
  block::AttentionOp op = candidate.op;
  Location loc = op.getLoc();
  IRRewriter rewriter(op.getContext());
  // Beside the rows, which are not computed any more: once for all attentions
  // that read them, and outside of loops.
  rewriter.setInsertionPointAfterValue(candidate.norm.getInput());
  Value features = collectFeatures(rewriter, loc, candidate.segments);
  SmallVector<Value> moments;
  SmallVector<int64_t> channels, grid;
  for (const GridAxis &axis : candidate.axes) {
    moments.push_back(createMoments(rewriter, loc, axis));
    channels.push_back(axis.channels);
    grid.push_back(axis.length);
  }
  Value factors =
      block::GridStatisticsOp::create(rewriter, loc, features, moments,
                                      channels, candidate.norm.getEpsilonAttr())
          ->getResult(0);
  Value points =
      createCentredPoints(rewriter, loc, candidate.segments, candidate.axes);

  rewriter.setInsertionPoint(op);
  auto project = [&](const Projection &projection) {
    return projection.weight
               ? createLinear(rewriter, loc, points, projection.weight, Value())
               : points;
  };
  Value keys = block::TransposeOp::create(rewriter, loc, project(candidate.key),
                                          ArrayRef<int64_t>{1, 0})
                   ->getResult(0);
  Value query = createLinear(rewriter, loc, op.getQuery(), keys, Value());
  int64_t queryRank = shapeOf(op.getQuery()).getRank();
  // A strip of a line is a quarter of the blocks of keys that the limit of
  // float32 is for, or more.
  constexpr int64_t kStripsOfBlock = 4;
  InitialState state = createInitialState(
      rewriter, loc, tensor::getMixedSize(rewriter, loc, features, 0),
      /*heads=*/1, candidate.getWidth(),
      tensor::getMixedSize(rewriter, loc, op.getQuery(), queryRank - 2),
      getSumType(op.getContext(), kStripsOfBlock * candidate.getPoints()));
  Value mask = createKeyMask(rewriter, loc, op.getKey(), op.getLengths(),
                             op.getMask(), op.getMaskedRowsAttr());
  auto attention = block::GridAttentionOp::create(
      rewriter, loc, state.getTypes(), query, features, factors, mask,
      state.accumulator, state.maximum, state.sum,
      rewriter.getDenseI64ArrayAttr(grid), rewriter.getI64IntegerAttr(1),
      rewriter.getF64FloatAttr(op.getEffectiveScale()));
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(rewriter, loc, op.getInits()[0]);
  sizes.back() = rewriter.getIndexAttr(candidate.getWidth());
  Value init =
      tensor::EmptyOp::create(rewriter, loc, sizes, rewriter.getF32Type());
  auto finish = block::FinishAttentionOp::create(
      rewriter, loc, TypeRange{init.getType()}, attention.getResults()[0],
      attention.getResults()[1], attention.getResults()[2], init);
  Value result = createLinear(rewriter, loc, finish->getResult(0),
                              project(candidate.value), candidate.value.bias);
  if (result.getType() != op->getResult(0).getType())
    result = tensor::CastOp::create(rewriter, loc, op->getResult(0).getType(),
                                    result);
  op->getResult(0).replaceAllUsesWith(result);
}

void perceiver::separatePositions(Operation *root) {
  PrepareAnalysis analysis;
  SmallVector<block::AttentionOp> ops;
  root->walk([&](block::AttentionOp op) {
    // A person has chosen, and perceiver-absorb-projections obeys.
    if (!op->hasAttr(kAlgebraAttrName))
      ops.push_back(op);
  });
  // Erased at the end: the analysis remembers values.
  SmallVector<block::AttentionOp> replaced;
  for (block::AttentionOp op : ops) {
    std::optional<Candidate> candidate = getCandidate(op, analysis);
    if (!candidate)
      continue;
    std::string obstacle = findObstacle(*candidate, analysis);
    Rewrite rewrite{kPassName,
                    obstacle.empty() ? "PositionsSeparated"
                                     : "PositionsStayDense",
                    obstacle.empty()};
    rewrite.reason = obstacle;
    rewrite.figures = {
        {"Channels", describeChannelStructure(candidate->segments)}};
    logRewrite(op, rewrite);
    if (!obstacle.empty())
      continue;
    separate(*candidate);
    replaced.push_back(op);
  }
  for (block::AttentionOp op : replaced)
    op->erase();
}

namespace {
struct SeparatePositionsPass
    : perceiver::impl::SeparatePositionsPassBase<SeparatePositionsPass> {
  void runOnOperation() override {
    if (!getOperation()->hasAttr(kPrepareAttrName))
      separatePositions(getOperation());
  }
};
} // namespace
