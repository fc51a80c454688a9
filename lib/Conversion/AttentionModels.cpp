//===- AttentionModels.cpp - Attention and its blocks ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Conversion/expand-blocks.mlir,
// test/Conversion/verify-description-sizes.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Conversion/OperationModels.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/MaskOps.h"
#include "dialect/Model/AttentionOps.h"

#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

static LogicalResult inferSizes(AttentionBlockOpInterface block,
                                SizeInference &sizes) {
  Sizes query(sizes.sizesOf(block.getQuery()));
  Value source = block.getSource();
  if (!source) {
    sizes.setAllSizes(block.getResult(), query);
    return success();
  }
  Sizes keys(sizes.sizesOf(source));
  if (query.size() == keys.size() &&
      failed(sizes.expectEqual(block, query.front(), keys.front())))
    return failure();
  if (Value lengths = block.getLengths())
    if (failed(sizes.expectEqual(block, sizes.sizesOf(lengths).front(),
                                 keys.front())))
      return failure();
  if (Value mask = block.getMask())
    if (failed(sizes.expectEqual(block, sizes.sizesOf(mask),
                                 ArrayRef(keys).take_front(2))))
      return failure();
  const Size &batch = keys.front(), &queries = query[query.size() - 2];
  if (Value mask = block.getQueryMask())
    if (failed(sizes.expectEqual(block, sizes.sizesOf(mask), {batch, queries})))
      return failure();
  Sizes result = {batch, queries, query.back()};
  sizes.setSizes(block.getResult(),
                 dynamicSizes(block.getResult().getType(), result));
  return success();
}

/// Give masked queries a value, in the dimension that they have in `input`.
static Value maskQueries(BlockExpander &expander, Value input, Value mask,
                         double value, int64_t dimension) {
  return block::MaskRowsOp::create(expander.builder, expander.loc, input, mask,
                                   value, dimension)
      ->getResult(0);
}

/// Hand on what a person says of the layers that make keys and values.
static void handAlgebraOn(Operation *from, Operation *attention) {
  if (Attribute algebra = from->getAttr(kAlgebraAttrName))
    attention->setAttr(kAlgebraAttrName, algebra);
}

static LogicalResult expand(AttentionBlockOpInterface block,
                            BlockExpander &expander) {
  auto weightsOf = [&](BlockLayer layer) {
    return lookupLayer(block.getWeights(), layer);
  };
  FloatAttr epsilon = block.getEpsilonAttr();
  Value query = block.getQuery();

  Value queries =
      expander.normalize(query, weightsOf(BlockLayer::QNorm), epsilon);
  Value keys = queries;
  if (Value source = block.getSource())
    keys = expander.normalize(source, weightsOf(BlockLayer::KVNorm), epsilon);
  Value q = expander.project(queries, weightsOf(BlockLayer::Query));
  Value k = expander.project(keys, weightsOf(BlockLayer::Key));
  Value v = expander.project(keys, weightsOf(BlockLayer::Value));
  auto heads = block::AttentionOp::create(
      expander.builder, expander.loc, q, k, v, block.getLengths(),
      block.getMask(), block.getHeads(), block.getScaleAttr(),
      block.getMaskedRows());
  handAlgebraOn(block, heads);
  Value attention = heads->getResult(0);
  if (Value mask = block.getQueryMask())
    attention = maskQueries(expander, attention, mask, /*value=*/0.0,
                            /*dimension=*/1);
  Value attended = expander.project(attention, weightsOf(BlockLayer::Output),
                                    block.getResidual() ? query : nullptr);
  if (block.getMlp().isNone())
    return expander.replaceWith(attended);

  Value inner =
      expander.normalize(attended, weightsOf(BlockLayer::MlpNorm), epsilon);
  inner = expander.project(inner, weightsOf(BlockLayer::MlpIn),
                           /*residual=*/nullptr, block.getMlp());
  return expander.replaceWith(
      expander.project(inner, weightsOf(BlockLayer::MlpOut), attended));
}

namespace {
/// Of all operations that are such blocks.
struct BlockSizes
    : SizedOpInterface::ExternalModel<BlockSizes, AttentionBlockOpInterface> {
  LogicalResult inferSizes(Operation *op, SizeInference &sizes) const {
    return ::inferSizes(cast<AttentionBlockOpInterface>(op), sizes);
  }
};

struct BlockExpansion
    : ExpandableOpInterface::ExternalModel<BlockExpansion,
                                           AttentionBlockOpInterface> {
  LogicalResult expandToBlocks(Operation *op, BlockExpander &expander) const {
    return expand(cast<AttentionBlockOpInterface>(op), expander);
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Attention without weights
//===----------------------------------------------------------------------===//

static LogicalResult inferSizes(AttendOp attend, SizeInference &sizes) {
  Sizes query(sizes.sizesOf(attend.getQuery()));
  Sizes keys(sizes.sizesOf(attend.getKey()));
  const Size &batch = keys.front(), &queries = query[query.size() - 2];
  if (query.size() == keys.size() &&
      failed(sizes.expectEqual(attend, query.front(), batch)))
    return failure();
  if (failed(sizes.expectEqual(
          attend, ArrayRef(sizes.sizesOf(attend.getValue())).take_front(2),
          ArrayRef(keys).take_front(2))))
    return failure();
  if (Value lengths = attend.getLengths())
    if (failed(
            sizes.expectEqual(attend, sizes.sizesOf(lengths).front(), batch)))
      return failure();
  if (Value mask = attend.getMask())
    if (failed(sizes.expectEqual(attend, sizes.sizesOf(mask),
                                 ArrayRef(keys).take_front(2))))
      return failure();
  if (Value mask = attend.getQueryMask())
    if (failed(
            sizes.expectEqual(attend, sizes.sizesOf(mask), {batch, queries})))
      return failure();
  // [batch, queries, channels] and [batch, heads, queries]; channels and heads
  // are static.
  for (Value result : attend->getResults()) {
    Sizes all = {batch, queries, queries};
    sizes.setSizes(result, dynamicSizes(result.getType(), all));
  }
  return success();
}

static LogicalResult expand(AttendOp attend, BlockExpander &expander) {
  auto attention = block::AttentionOp::create(
      expander.builder, expander.loc, attend.getQuery(), attend.getKey(),
      attend.getValue(), attend.getLengths(), attend.getMask(),
      attend.getHeads(), attend.getScaleAttr(), attend.getMaskedRows(),
      /*withLogSumExp=*/static_cast<bool>(attend.getLogSumExp()));
  handAlgebraOn(attend, attention);
  SmallVector<Value> results(attention->getResults());
  if (Value mask = attend.getQueryMask()) {
    results[0] =
        maskQueries(expander, results[0], mask, /*value=*/0.0, /*dimension=*/1);
    if (results.size() > 1)
      results[1] = maskQueries(expander, results[1], mask,
                               -std::numeric_limits<double>::infinity(),
                               /*dimension=*/2);
  }
  return expander.replaceWith(results);
}

void perceiver::attachAttentionModels(MLIRContext *context) {
  for (RegisteredOperationName op : context->getRegisteredOperations())
    if (op.hasInterface<AttentionBlockOpInterface>())
      op.attachInterface<BlockSizes, BlockExpansion>();
  attachModels<AttendOp, inferSizes, expand>(context);
}
