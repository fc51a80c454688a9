//===- SeparateQueryPositions.cpp - Attention of features and axes --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The other side of SeparatePositions.cpp: queries that are one normalised
// array of points of a grid, x = [features | positions], or projected from it,
// whose positions depend on one axis each:
//
//   %n = layer_norm ins(%x)          %r = grid_statistics ins(%features) ..
//   %q = linear ins(%n, %wq)         %g = linear ins(%k, (%points x %wq)^T)
//            bias(%bq)           =>  %c = linear ins(%k, scale %bq)
//   %o = attention                   %a.. = grid_query_attention
//       ins(%q, %k, %v)                  ins(%r, %g, %v) score_bias(%c)
//                                    %o = finish_attention ins(%a..)
//
// `points` are rows of one feature or one place each, less the mean of their
// channels, of which the rows of x are sums. Products with them depend on
// parameters alone and are stored. No query, normalised or concatenated row is
// computed for this attention: what else reads the array has it computed.
//
// It is exact in real arithmetic. In float32 it may lose what GridRows.h
// accepts. Declined are rows that it does not, several heads, attentions whose
// tiling is written, and what would not become cheaper.
//
// Tests: test/Transforms/separate-query-positions.mlir,
// test/Transforms/separate-query-positions-declined.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/AttentionProjections.h"
#include "lib/Transforms/GridRows.h"
#include "lib/Transforms/Layers.h"
#include "lib/Transforms/Passes.h"
#include "lib/Transforms/Transforms.h"
#include "lib/Transforms/VectorAsRow.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionState.h"
#include "dialect/Block/GridQueryOps.h"
#include "dialect/Block/InitialState.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/FormatVariadic.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SEPARATEQUERYPOSITIONSPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static constexpr StringRef kPassName = "perceiver-separate-query-positions";

/// What the position of a point adds to the cost of its score with a key, in
/// the FLOPs that a matrix product does in this time.
static constexpr int64_t kFlopsOfPosition = 8;

/// What a number of keys counts as that is known in a run alone.
static constexpr int64_t kUnknownKeys = 512;

namespace {
/// An attention and what its queries are made of; without a layer they are the
/// rows themselves.
struct Candidate {
  block::AttentionOp op;
  GridRows rows;
  std::optional<Projection> query;
};
} // namespace

/// The attention with what its queries are made of, if these are points of a
/// grid.
static std::optional<Candidate> getCandidate(block::AttentionOp op,
                                             PrepareAnalysis &analysis) {
  if (op->getNumResults() == 0)
    return std::nullopt;
  std::optional<Projection> query = matchProjection(op.getQuery(), analysis);
  std::optional<GridRows> rows =
      matchGridRows(query ? query->getRows() : op.getQuery());
  if (!rows)
    return std::nullopt;
  return Candidate{op, *rows, query};
}

/// Why it would cost no less, or "".
static std::string findCost(Candidate &candidate) {
  block::AttentionOp op = candidate.op;
  GridRows &rows = candidate.rows;
  int64_t dynamicKeys = shapeOf(op.getKey()).getDimSize(1);
  auto keys = static_cast<double>(
      ShapedType::isDynamic(dynamicKeys) ? kUnknownKeys : dynamicKeys);
  auto points = static_cast<double>(rows.getPoints());
  int64_t width = op.getQueryHeadSize();
  int64_t projected = candidate.query ? rows.getChannels() * width : 0;
  double dense = 2 * points * keys * static_cast<double>(width) +
                 2 * points * static_cast<double>(projected);
  double separate =
      points * keys *
          static_cast<double>(2 * rows.countFeatures() + kFlopsOfPosition) +
      2 * keys * static_cast<double>(width * rows.getWidth());
  if (separate < dense)
    return "";
  return llvm::formatv(
      "its scores would cost as much as {0:F1} MFLOP and cost {1:F1}",
      separate / 1e6, dense / 1e6);
}

/// Why the attention stays as it is, or "".
static std::string findReason(Candidate &candidate, PrepareAnalysis &analysis) {
  block::AttentionOp op = candidate.op;
  if (std::string obstacle = findObstacle(op, op.getHeads(), kPassName);
      !obstacle.empty())
    return obstacle;
  if (std::string obstacle = findObstacle(candidate.rows, analysis);
      !obstacle.empty())
    return obstacle;
  if (op.getScoreBias() && candidate.query && candidate.query->hasBias())
    return "its keys have a score bias beside that of the layer of its queries";
  return findCost(candidate);
}

//===----------------------------------------------------------------------===//
// Doing it
//===----------------------------------------------------------------------===//

/// What each key adds to its scores, `[B, 1, M]`: what it has, or what the bias
/// of the queries makes of it; null if nothing.
static Value createScoreBias(OpBuilder &builder, Candidate &candidate) {
  block::AttentionOp op = candidate.op;
  Location loc = op.getLoc();
  if (!candidate.query || !candidate.query->hasBias())
    return op.getScoreBias();
  Value bias = computeAsRow(
      builder, loc, candidate.query->getBias(builder), [&](Value row) {
        return createScaled(builder, loc, row, op.getEffectiveScale());
      });
  SmallVector<ReassociationIndices> oneGroup = {{0, 1}};
  auto type = cast<RankedTensorType>(bias.getType());
  Value column = tensor::ExpandShapeOp::create(
      builder, loc, type.clone({type.getDimSize(0), 1}), bias, oneGroup);
  Value terms = createLinear(builder, loc, op.getKey(), column);
  return createTranspose(builder, loc, terms, {0, 2, 1});
}

static void separate(Candidate &candidate) {
  block::AttentionOp op = candidate.op;
  Location loc = op.getLoc();
  OpBuilder builder(op);
  SeparatedRows rows = createSeparatedRows(builder, loc, candidate.rows);
  Value points = rows.points;
  if (candidate.query)
    points =
        createLinear(builder, loc, points, candidate.query->getWeight(builder));
  Value keys = createLinear(builder, loc, op.getKey(),
                            createTranspose(builder, loc, points, {1, 0}));
  Value bias = createScoreBias(builder, candidate);
  InitialState state = createInitialState(
      builder, loc, tensor::getMixedSize(builder, loc, op.getKey(), 0),
      /*heads=*/1, op.getValueHeadSize(),
      builder.getIndexAttr(candidate.rows.getPoints()),
      getSumType(op.getContext(), shapeOf(op.getKey()).getDimSize(1)));
  Value mask = createKeyMask(builder, loc, op.getKey(), op.getLengths(),
                             op.getMask(), op.getMaskedRowsAttr());
  auto attention = block::GridQueryAttentionOp::create(
      builder, loc, state.getTypes(), rows.factors, keys, op.getValue(),
      rows.features, mask, bias, /*offset=*/Value(), state.accumulator,
      state.maximum, state.sum,
      builder.getDenseI64ArrayAttr(candidate.rows.getGrid()),
      builder.getI64IntegerAttr(1),
      builder.getF64FloatAttr(op.getEffectiveScale()));
  op->replaceAllUsesWith(
      finishAttention(builder, loc, attention.getResults(), op.getInits()));
}

void perceiver::separateQueryPositions(Operation *root) {
  PrepareAnalysis analysis;
  SmallVector<block::AttentionOp> ops;
  root->walk([&](block::AttentionOp op) { ops.push_back(op); });
  separateEach(
      ops, {kPassName, "QueryPositionsSeparated", "QueryPositionsStayDense"},
      [&](block::AttentionOp op) { return getCandidate(op, analysis); },
      [&](Candidate &candidate) { return findReason(candidate, analysis); },
      separate);
}

namespace {
struct SeparateQueryPositionsPass
    : perceiver::impl::SeparateQueryPositionsPassBase<
          SeparateQueryPositionsPass> {
  void runOnOperation() override {
    if (!getOperation()->hasAttr(kPrepareAttrName))
      separateQueryPositions(getOperation());
  }
};
} // namespace
