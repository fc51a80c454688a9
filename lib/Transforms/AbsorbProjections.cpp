//===- AbsorbProjections.cpp - Attention reads what keys are made of ------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A score is a product of three factors, q . (n Wk), and so is what is made of
// an average, (p n) Wv Wo. Taken in the other order, nothing is computed for
// each key:
//
//   %k = linear ins(%n, %wk) bias(%bk)          %u = linear ins(%q, Wk^T)
//   %v = linear ins(%n, %wv) bias(%bv)     =>   %o = attention ins(%u, %n, %n)
//   %o = attention ins(%q, %k, %v)              %y = linear ins(%o, Wv Wo)
//   %y = linear ins(%o, %wo) bias(%bo)                   bias(bv Wo + bo)
//
// for attentions with the attribute `perceiver.algebra` that say so. With
// several heads each has a %u of its own, and all read one head of keys, %n.
// The bias of the keys adds the same to all scores of a query and drops out of
// the softmax. Products of weights depend on parameters alone and are stored.
// Where the queries are parameters, so is %u; where a layer makes them, Wk^T
// becomes part of its weight, unless that would be more work; otherwise %u is a
// layer of its own, and so is what Wv does where no layer reads the average.
// The mirror image of this is in AbsorbQueries.cpp.
//
// Tests: test/Transforms/absorb-projections.mlir,
// test/Transforms/absorb-projections-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/AbsorbQueries.h"
#include "lib/Transforms/Layers.h"
#include "lib/Transforms/Passes.h"
#include "lib/Transforms/RewriteLog.h"
#include "lib/Transforms/Transforms.h"
#include "lib/Transforms/VectorAsRow.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/GroupedOps.h"
#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_ABSORBPROJECTIONSPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static constexpr StringRef kPassName = "perceiver-absorb-projections";

//===----------------------------------------------------------------------===//
// Weights of heads
//===----------------------------------------------------------------------===//

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Regard dimension `dim` of a matrix as `heads` parts, permute the three that
/// there are, and join two of them again, those in `joined`.
static Value permuteHeads(OpBuilder &builder, Location loc, Value matrix,
                          int64_t dim, int64_t heads,
                          ArrayRef<int64_t> permutation,
                          ArrayRef<ReassociationIndices> joined) {
  RankedTensorType type = typeOf(matrix);
  SmallVector<int64_t> parts(type.getShape());
  parts[dim] /= heads;
  parts.insert(parts.begin() + dim, heads);
  SmallVector<ReassociationIndices> split = {{0}, {1, 2}};
  if (dim == 0)
    split = {{0, 1}, {2}};
  Value byHead = tensor::ExpandShapeOp::create(builder, loc, type.clone(parts),
                                               matrix, split);
  Value permuted = createTranspose(builder, loc, byHead, permutation);
  return tensor::CollapseShapeOp::create(builder, loc, permuted, joined);
}

/// Of `[C, H d]` the matrices of the heads transposed, side by side: `[d, H
/// C]`.
static Value transposeHeads(OpBuilder &builder, Location loc, Value weight,
                            int64_t heads) {
  if (heads == 1)
    return createTranspose(builder, loc, weight, {1, 0});
  return permuteHeads(builder, loc, weight, /*dim=*/1, heads, {2, 1, 0},
                      {{0}, {1, 2}});
}

/// `rows w + bias`, with a matrix for each head.
static Value multiplyHeads(OpBuilder &builder, Location loc, Value rows,
                           Value weight, Value bias, int64_t heads) {
  if (heads == 1)
    return createLinear(builder, loc, rows, weight, bias);
  return block::GroupedLinearOp::create(builder, loc, rows, weight, bias, heads)
      ->getResult(0);
}

/// The products `Wv Wo` of each head, one above the other, `[H C, N]`, of
/// weights `[C, H d]` and `[H d, N]`.
static Value multiplyStacked(OpBuilder &builder, Location loc, Value lhs,
                             Value rhs, int64_t heads) {
  if (heads == 1)
    return multiplyHeads(builder, loc, lhs, rhs, /*bias=*/Value(), heads);
  Value beside = permuteHeads(builder, loc, rhs, /*dim=*/0, heads, {1, 0, 2},
                              {{0}, {1, 2}});
  Value products =
      multiplyHeads(builder, loc, lhs, beside, /*bias=*/Value(), heads);
  return permuteHeads(builder, loc, products, /*dim=*/1, heads, {1, 0, 2},
                      {{0, 1}, {2}});
}

//===----------------------------------------------------------------------===//
// One attention
//===----------------------------------------------------------------------===//

/// The queries times the weight of the keys.
static Value absorbKeys(OpBuilder &builder, ProjectedAttention &attention) {
  block::AttentionOp op = attention.op;
  Location loc = op.getLoc();
  auto heads = static_cast<int64_t>(op.getHeads());
  Value factor =
      transposeHeads(builder, loc, attention.key->getWeight(builder), heads);
  if (!mergesIntoQuery(attention))
    return multiplyHeads(builder, loc, op.getQuery(), factor, /*bias=*/Value(),
                         heads);
  Projection &query = *attention.query;
  Value weight = multiplyHeads(builder, loc, query.getWeight(builder), factor,
                               /*bias=*/Value(), heads);
  Value bias = query.getBias(builder);
  if (bias)
    bias = computeAsRow(builder, loc, bias, [&](Value row) {
      return multiplyHeads(builder, loc, row, factor, /*bias=*/Value(), heads);
    });
  return createLinear(builder, query.layer.getLoc(), query.getRows(), weight,
                      bias);
}

/// What the values would have been, from the averages of what they are made of;
/// replaces what reads the result of the attention.
static void absorbValues(OpBuilder &builder, ProjectedAttention &attention,
                         Value averages,
                         SmallVectorImpl<Operation *> &replaced) {
  block::AttentionOp op = attention.op;
  auto heads = static_cast<int64_t>(op.getHeads());
  Projection &value = *attention.value;
  if (!mergesIntoOutput(attention)) {
    Value result =
        multiplyHeads(builder, op.getLoc(), averages, value.getWeight(builder),
                      value.getBias(builder), heads);
    op->getResult(0).replaceAllUsesWith(result);
    return;
  }
  block::LinearOp output = attention.output;
  Location loc = output.getLoc();
  builder.setInsertionPoint(output);
  Value weight = multiplyStacked(builder, loc, value.getWeight(builder),
                                 output.getWeight(), heads);
  Value bias = output.getBias();
  if (value.hasBias())
    bias = computeAsRow(builder, loc, value.getBias(builder), [&](Value row) {
      return createLinear(builder, loc, row, output.getWeight(), bias);
    });
  auto merged =
      block::LinearOp::create(builder, loc, averages, weight, bias,
                              output.getResidual(), output.getActivation());
  if (Attribute tiling = output->getAttr(kTilingAttrName))
    merged->setAttr(kTilingAttrName, tiling);
  output->replaceAllUsesWith(merged);
  replaced.push_back(output);
}

namespace {
/// What an attention reads instead.
struct Absorbed {
  Value query, key, value, scoreBias;
};
} // namespace

/// What it reads where layers of keys and values, or of neither, are absorbed.
static Absorbed absorbOfKeys(OpBuilder &builder, ProjectedAttention &attention,
                             Algebra algebra) {
  block::AttentionOp op = attention.op;
  Absorbed result = {op.getQuery(), op.getKey(), op.getValue(),
                     op.getScoreBias()};
  if (absorbsKeys(algebra)) {
    result.query = absorbKeys(builder, attention);
    result.key = attention.key->getRows();
  }
  if (absorbsValues(algebra))
    result.value = attention.value->getRows();
  return result;
}

/// What it reads where layers of queries and output are absorbed.
static Absorbed absorbOfQueries(OpBuilder &builder,
                                ProjectedAttention &attention,
                                Algebra algebra) {
  block::AttentionOp op = attention.op;
  Absorbed result = {op.getQuery(), op.getKey(), op.getValue(),
                     op.getScoreBias()};
  bool queries = absorbsQueries(algebra), output = absorbsOutput(algebra);
  if (queries) {
    AbsorbedQueries absorbed = absorbQueries(builder, attention);
    result.query = attention.query->getRows();
    result.key = absorbed.keys;
    result.scoreBias = absorbed.scoreBias;
  } else if (mergesIntoValue(attention)) {
    result.key = getOwnRows(builder, attention.key, op.getKey());
  }
  if (output)
    result.value = absorbOutput(builder, attention);
  else if (mergesIntoKey(attention))
    result.value = getOwnRows(builder, attention.value, op.getValue());
  return result;
}

/// Rewrite the attention as `algebra` says, which nothing is in the way of.
static void absorb(ProjectedAttention &attention, Algebra algebra,
                   SmallVectorImpl<Operation *> &replaced) {
  block::AttentionOp op = attention.op;
  bool keys = absorbsKeys(algebra), values = absorbsValues(algebra);
  bool queries = absorbsQueries(algebra), output = absorbsOutput(algebra);
  // The weight of the output may be read behind the attention.
  OpBuilder builder(output ? attention.output.getOperation() : op);
  Absorbed reads = queries || output
                       ? absorbOfQueries(builder, attention, algebra)
                       : absorbOfKeys(builder, attention, algebra);
  auto absorbed = block::AttentionOp::create(
      builder, op.getLoc(), reads.query, reads.key, reads.value,
      op.getLengths(), op.getMask(), op.getHeads(),
      builder.getF64FloatAttr(op.getEffectiveScale()), op.getMaskedRows(),
      /*withLogSumExp=*/op.getInits().size() > 1, /*keyHeads=*/1,
      reads.scoreBias);
  // What a person has written about the attention.
  for (StringRef name : {kTilingAttrName, kWithoutAttrName})
    if (Attribute attribute = op->getAttr(name))
      absorbed->setAttr(name, attribute);
  if (op->getNumResults() > 1)
    op->getResult(1).replaceAllUsesWith(absorbed->getResult(1));
  Rewrite passed{kPassName, "ProjectionsAbsorbed"};
  auto name = [&](StringRef what, Value weight) {
    passed.figures.push_back({what, listParameters({weight})});
  };
  if (keys)
    name("Keys", attention.key->getWeight(builder));
  if (values)
    name("Values", attention.value->getWeight(builder));
  if (queries)
    name("Queries", attention.query->getWeight(builder));
  if (output)
    name("Output", attention.output.getWeight());
  logRewrite(absorbed, passed);

  Value averages = absorbed->getResult(0);
  if (values) {
    absorbValues(builder, attention, averages, replaced);
  } else if (output) {
    attention.output->replaceAllUsesWith(
        ValueRange{addToOutput(builder, attention, averages)});
    replaced.push_back(attention.output);
  } else {
    op->getResult(0).replaceAllUsesWith(averages);
  }
  replaced.push_back(op);
}

LogicalResult perceiver::absorbProjections(Operation *root) {
  SmallVector<block::AttentionOp> attentions;
  root->walk([&](block::AttentionOp op) {
    if (op->hasAttr(kAlgebraAttrName) && op->getNumResults() > 0)
      attentions.push_back(op);
  });
  for (block::AttentionOp op : attentions) {
    // A new one for each: the analysis remembers values that are erased.
    PrepareAnalysis analysis;
    Algebra algebra =
        op->getAttrOfType<AlgebraAttr>(kAlgebraAttrName).getValue();
    ProjectedAttention attention = matchProjections(op, analysis);
    std::string obstacle = findObstacle(attention, algebra);
    if (!obstacle.empty())
      return op.emitOpError("expected projections that it can absorb, but ")
             << obstacle;
    op->removeAttr(kAlgebraAttrName);
    if (algebra == Algebra::project)
      continue;
    SmallVector<Operation *> replaced;
    absorb(attention, algebra, replaced);
    for (Operation *dead : replaced)
      dead->erase();
  }
  return success();
}

namespace {

struct AbsorbProjectionsPass
    : perceiver::impl::AbsorbProjectionsPassBase<AbsorbProjectionsPass> {
  void runOnOperation() override {
    if (!getOperation()->hasAttr(kPrepareAttrName) &&
        failed(absorbProjections(getOperation())))
      signalPassFailure();
  }
};

} // namespace
