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

#include "lib/Transforms/AttentionProjections.h"
#include "lib/Transforms/GridRows.h"
#include "lib/Transforms/Layers.h"
#include "lib/Transforms/Passes.h"
#include "lib/Transforms/Transforms.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionState.h"
#include "dialect/Block/GridOps.h"
#include "dialect/Block/InitialState.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/Support/FormatVariadic.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SEPARATEPOSITIONSPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static constexpr StringRef kPassName = "perceiver-separate-positions";

/// What a pair of a query and a point costs beside its features, in the FLOPs
/// that a matrix product does in this time: an exponential and its sums.
static constexpr int64_t kFlopsOfPair = 28;

/// What a number of queries counts as that is known in a run alone.
static constexpr int64_t kUnknownQueries = 512;

namespace {
/// An attention and what its keys and values are made of; without a layer they
/// are the rows themselves.
struct Candidate {
  block::AttentionOp op;
  GridRows rows;
  std::optional<Projection> key, value;
};
} // namespace

/// The attention with what its keys and values are made of, if these are points
/// of a grid.
static std::optional<Candidate> getCandidate(block::AttentionOp op,
                                             PrepareAnalysis &analysis) {
  if (op->getNumResults() == 0)
    return std::nullopt;
  std::optional<Projection> key = matchProjection(op.getKey(), analysis),
                            value = matchProjection(op.getValue(), analysis);
  Value rows = key ? key->getRows() : op.getKey();
  if ((value ? value->getRows() : op.getValue()) != rows)
    return std::nullopt;
  std::optional<GridRows> points = matchGridRows(rows);
  if (!points)
    return std::nullopt;
  return Candidate{op, *points, key, value};
}

//===----------------------------------------------------------------------===//
// Whether to
//===----------------------------------------------------------------------===//

/// Why it would cost no less, or "".
static std::string findCost(Candidate &candidate) {
  block::AttentionOp op = candidate.op;
  GridRows &rows = candidate.rows;
  ShapedType query = shapeOf(op.getQuery());
  int64_t queries = query.getDimSize(query.getRank() - 2);
  if (ShapedType::isDynamic(queries))
    queries = kUnknownQueries;
  int64_t widths = lastDim(op.getQuery()) + lastDim(op.getValue());
  int64_t projected = 0;
  for (const auto &projection : {candidate.key, candidate.value})
    if (projection)
      projected += rows.getChannels() * projection->columns;
  double points = static_cast<double>(rows.getPoints());
  double pairs = static_cast<double>(queries) * points;
  double ofPair = static_cast<double>(4 * rows.countFeatures() + kFlopsOfPair);
  double dense = 2 * pairs * static_cast<double>(widths) +
                 2 * points * static_cast<double>(projected);
  double separate =
      pairs * ofPair + 2.0 * static_cast<double>(queries) *
                           static_cast<double>(rows.getWidth() * widths);
  if (separate < dense)
    return "";
  return llvm::formatv("it would cost as much as {0:F1} MFLOP and costs {1:F1}",
                       separate / 1e6, dense / 1e6);
}

/// Why the attention stays as it is, or "".
static std::string findReason(Candidate &candidate, PrepareAnalysis &analysis) {
  block::AttentionOp op = candidate.op;
  GridRows &rows = candidate.rows;
  if (std::string obstacle = findObstacle(op, op.getHeads(), kPassName);
      !obstacle.empty())
    return obstacle;
  if (op.getInits().size() != 1)
    return "its log-sum-exp is read";
  if (op.getScoreBias())
    return "its keys have a score bias";
  if (std::string obstacle = findObstacle(rows, analysis); !obstacle.empty())
    return obstacle;
  if ((op.getMask() || op.getLengths()) && candidate.value &&
      candidate.value->hasBias() && op.getMaskedRows() == MaskedRows::zero)
    return "a row whose keys are all masked would get the bias of the values";
  return findCost(candidate);
}

//===----------------------------------------------------------------------===//
// Doing it
//===----------------------------------------------------------------------===//

static void separate(Candidate &candidate) {
  block::AttentionOp op = candidate.op;
  GridRows &rows = candidate.rows;
  Location loc = op.getLoc();
  IRRewriter rewriter(op);
  auto [features, factors, points] = createSeparatedRows(rewriter, loc, rows);
  auto project = [&, points = points](std::optional<Projection> &projection) {
    return projection ? createLinear(rewriter, loc, points,
                                     projection->getWeight(rewriter))
                      : points;
  };
  Value keys = createTranspose(rewriter, loc, project(candidate.key), {1, 0});
  Value query = createLinear(rewriter, loc, op.getQuery(), keys);
  int64_t queryRank = shapeOf(op.getQuery()).getRank();
  // A strip of a line is a quarter of the blocks of keys that the limit of
  // float32 is for, or more.
  constexpr int64_t kStripsOfBlock = 4;
  InitialState state = createInitialState(
      rewriter, loc, tensor::getMixedSize(rewriter, loc, features, 0),
      /*heads=*/1, rows.getWidth(),
      tensor::getMixedSize(rewriter, loc, op.getQuery(), queryRank - 2),
      getSumType(op.getContext(), kStripsOfBlock * rows.getPoints()));
  Value mask = createKeyMask(rewriter, loc, op.getKey(), op.getLengths(),
                             op.getMask(), op.getMaskedRowsAttr());
  auto attention = block::GridAttentionOp::create(
      rewriter, loc, state.getTypes(), query, features, factors, mask,
      state.accumulator, state.maximum, state.sum,
      rewriter.getDenseI64ArrayAttr(rows.getGrid()),
      rewriter.getI64IntegerAttr(1),
      rewriter.getF64FloatAttr(op.getEffectiveScale()));
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(rewriter, loc, op.getInits()[0]);
  sizes.back() = rewriter.getIndexAttr(rows.getWidth());
  Value init =
      tensor::EmptyOp::create(rewriter, loc, sizes, rewriter.getF32Type());
  Value averages =
      finishAttention(rewriter, loc, attention.getResults(), init).front();
  Value values = project(candidate.value);
  Value bias = candidate.value ? candidate.value->getBias(rewriter) : Value();
  Value result = createLinear(rewriter, loc, averages, values, bias);
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
  separateEach(
      ops, {kPassName, "PositionsSeparated", "PositionsStayDense"},
      [&](block::AttentionOp op) { return getCandidate(op, analysis); },
      [&](Candidate &candidate) { return findReason(candidate, analysis); },
      separate);
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
