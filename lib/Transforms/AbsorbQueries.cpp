//===- AbsorbQueries.cpp - Keys and values of few rows --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where queries are many and keys are few, as in decoders, what is multiplied
// with weights are the keys and values:
//
//   %q = linear ins(%z, %wq) bias(%bq)          %u = linear ins(%k, Wq^T)
//   %o = attention ins(%q, %k, %v)         =>   %c = linear ins(%k, scale bq^T)
//   %y = linear ins(%o, %wo) bias(%bo)          %w = linear ins(%v, %wo)
//            residual(%r)                       %o = attention ins(%z, %u, %w)
//                                                        score_bias(%c^T)
//                                               %y = %o + %bo + %r
//
// Unlike a bias of the keys, that of the queries differs from key to key, and
// stays. Keys and values that layers of parameters make need no more work than
// before where Wk Wq^T and Wv Wo are stored. A row without keys is 0 before the
// bias of the output is added, as it was.
//
// Tests: test/Transforms/absorb-queries.mlir,
// test/Transforms/absorb-queries-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/AbsorbQueries.h"

#include "lib/Transforms/Layers.h"
#include "lib/Transforms/VectorAsRow.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::perceiver;

/// `rows factor`: as one layer of what the rows are made of, or after theirs.
static Value multiplyRows(OpBuilder &builder, Location loc,
                          std::optional<Projection> &projection, Value rows,
                          Value factor, bool isMerged) {
  if (!isMerged)
    return createLinear(builder, loc, getOwnRows(builder, projection, rows),
                        factor);
  Value weight =
      createLinear(builder, loc, projection->getWeight(builder), factor);
  Value bias = projection->getBias(builder);
  if (bias)
    bias = computeAsRow(builder, loc, bias, [&](Value row) {
      return createLinear(builder, loc, row, factor);
    });
  return createLinear(builder, loc, projection->getRows(), weight, bias);
}

Value perceiver::getOwnRows(OpBuilder &builder,
                            std::optional<Projection> &projection, Value rows) {
  if (!projection ||
      projection->layer->getResult(0).getType() == rows.getType())
    return rows;
  return createLinear(builder, projection->layer.getLoc(),
                      projection->getRows(), projection->getWeight(builder),
                      projection->getBias(builder));
}

/// Of a number for each key of one head, `[B, M, 1]`, `[B, 1, M]`: the order in
/// memory is the same, and rows of the layer that makes it are tasks.
static Value asRowOfKeys(OpBuilder &builder, Location loc, Value perKey) {
  auto type = cast<RankedTensorType>(perKey.getType());
  SmallVector<ReassociationIndices> groups = {{0}, {1, 2}};
  Value flat = tensor::CollapseShapeOp::create(builder, loc, perKey, groups);
  SmallVector<OpFoldResult> shape = tensor::getMixedSizes(builder, loc, flat);
  shape.insert(shape.begin() + 1, builder.getIndexAttr(1));
  return tensor::ExpandShapeOp::create(
      builder, loc, type.clone({type.getDimSize(0), 1, type.getDimSize(1)}),
      flat, groups, shape);
}

AbsorbedQueries perceiver::absorbQueries(OpBuilder &builder,
                                         ProjectedAttention &attention) {
  block::AttentionOp op = attention.op;
  Location loc = op.getLoc();
  Projection &query = *attention.query;
  auto multiplyKeys = [&](Value factor) {
    return multiplyRows(builder, loc, attention.key, op.getKey(), factor,
                        mergesIntoKey(attention));
  };
  AbsorbedQueries result;
  result.keys = multiplyKeys(
      createTranspose(builder, loc, query.getWeight(builder), {1, 0}));
  result.scoreBias = op.getScoreBias();
  if (!query.hasBias())
    return result;
  Value bias = query.getBias(builder);
  auto type = cast<RankedTensorType>(bias.getType());
  Value row = tensor::ExpandShapeOp::create(
      builder, loc, type.clone({1, type.getDimSize(0)}), bias,
      SmallVector<ReassociationIndices>{{0, 1}});
  row = createScaled(builder, loc, row, op.getEffectiveScale());
  Value perKey = multiplyKeys(createTranspose(builder, loc, row, {1, 0}));
  result.scoreBias = asRowOfKeys(builder, loc, perKey);
  return result;
}

Value perceiver::absorbOutput(OpBuilder &builder,
                              ProjectedAttention &attention) {
  block::AttentionOp op = attention.op;
  return multiplyRows(builder, op.getLoc(), attention.value, op.getValue(),
                      attention.output.getWeight(), mergesIntoValue(attention));
}

Value perceiver::addToOutput(OpBuilder &builder, ProjectedAttention &attention,
                             Value averages) {
  Value sum = averages;
  for (Value term :
       {attention.output.getBias(), attention.output.getResidual()})
    if (term)
      sum = createSum(builder, attention.output.getLoc(), sum, term);
  return sum;
}
