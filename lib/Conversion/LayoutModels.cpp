//===- LayoutModels.cpp - Moving elements, size and blocks ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A transposition becomes one of as few dimensions as can be: those that stay
// side by side are collapsed before it and expanded behind it, so that
//
//   [0, 2, 3, 1] of [B, C, H, W]  =  [0, 2, 1] of [B, C, H W], as [B, H, W, C]
//
// Tests: test/Conversion/expand-layouts.mlir,
// test/Conversion/verify-description-sizes.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Conversion/OperationModels.h"

#include "dialect/Block/LayoutOps.h"
#include "dialect/Model/InputOps.h"
#include "dialect/Model/LayoutOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Transpositions
//===----------------------------------------------------------------------===//

/// Dimensions of the input that stay side by side, in the order of the result.
static SmallVector<SmallVector<int64_t>>
groupDims(ArrayRef<int64_t> permutation) {
  SmallVector<SmallVector<int64_t>> groups;
  for (int64_t dim : permutation) {
    if (groups.empty() || groups.back().back() + 1 != dim)
      groups.emplace_back();
    groups.back().push_back(dim);
  }
  return groups;
}

/// `input` with its dimensions in another order.
static Value transpose(BlockExpander &expander, Value input,
                       ArrayRef<int64_t> permutation) {
  if (llvm::is_sorted(permutation))
    return input;
  OpBuilder &builder = expander.builder;
  Location loc = expander.loc;
  auto type = cast<RankedTensorType>(input.getType());
  SmallVector<SmallVector<int64_t>> groups = groupDims(permutation);
  // Where a group is among those of the input.
  auto sorted = llvm::to_vector(llvm::seq<int64_t>(0, groups.size()));
  llvm::sort(sorted, [&](int64_t a, int64_t b) {
    return groups[a].front() < groups[b].front();
  });
  SmallVector<int64_t> blocks = invertPermutationVector(sorted);
  bool isGrouped = groups.size() < permutation.size();
  Value source = input;
  if (isGrouped) {
    SmallVector<ReassociationIndices> from;
    for (int64_t group : sorted)
      from.emplace_back(groups[group].begin(), groups[group].end());
    source = tensor::CollapseShapeOp::create(builder, loc, input, from);
  }
  Value result =
      block::TransposeOp::create(builder, loc, source, blocks)->getResult(0);
  if (!isGrouped)
    return result;
  SmallVector<ReassociationIndices> to;
  int64_t next = 0;
  for (ArrayRef<int64_t> group : groups) {
    to.emplace_back();
    for (size_t i = 0; i < group.size(); ++i)
      to.back().push_back(next++);
  }
  SmallVector<OpFoldResult> sizes =
      applyPermutation(tensor::getMixedSizes(builder, loc, input), permutation);
  return tensor::ExpandShapeOp::create(
      builder, loc, type.clone(applyPermutation(type.getShape(), permutation)),
      result, to, sizes);
}

static LogicalResult inferSizes(TransposeOp op, SizeInference &sizes) {
  Sizes from(sizes.sizesOf(op.getInput()));
  Sizes to = applyPermutation(ArrayRef(from), op.getPermutation());
  sizes.setSizes(op.getResult(), dynamicSizes(op.getType(), to));
  return success();
}

static LogicalResult expand(TransposeOp op, BlockExpander &expander) {
  return expander.replaceWith(
      transpose(expander, op.getInput(), op.getPermutation()));
}

static LogicalResult inferSizes(ToChannelsLastOp rows, SizeInference &sizes) {
  ArrayRef<Size> source = sizes.sizesOf(rows.getInput());
  Sizes result = {source[0], sizes.getProduct(source.drop_front(2)), source[1]};
  sizes.setSizes(rows.getResult(), dynamicSizes(rows.getType(), result));
  return success();
}

/// The points of the grid as one dimension, before the channels.
static LogicalResult expand(ToChannelsLastOp op, BlockExpander &expander) {
  Value input = op.getInput();
  int64_t rank = cast<ShapedType>(input.getType()).getRank();
  if (rank > 3) {
    SmallVector<ReassociationIndices> groups = {{0}, {1}, {}};
    llvm::append_range(groups.back(), llvm::seq<int64_t>(2, rank));
    input = tensor::CollapseShapeOp::create(expander.builder, expander.loc,
                                            input, groups);
  }
  return expander.replaceWith(transpose(expander, input, {0, 2, 1}));
}

//===----------------------------------------------------------------------===//
// Concatenation
//===----------------------------------------------------------------------===//

static LogicalResult inferSizes(ConcatRowsOp concat, SizeInference &sizes) {
  std::optional<Size> batch;
  SizeExpr rows;
  for (Value input : concat.getInputs()) {
    Sizes all(sizes.sizesOf(input));
    rows += sizes.getProduct(ArrayRef(all).slice(all.size() - 2, 1));
    if (all.size() < 3)
      continue;
    if (batch && failed(sizes.expectEqual(concat, *batch, all.front())))
      return failure();
    batch = all.front();
  }
  Sizes result = {rows, std::nullopt};
  if (batch)
    result.insert(result.begin(), *batch);
  sizes.setSizes(concat.getResult(), dynamicSizes(concat.getType(), result));
  return success();
}

static LogicalResult expand(ConcatRowsOp concat, BlockExpander &expander) {
  return expander.replaceWith(block::ConcatRowsOp::create(expander.builder,
                                                          expander.loc,
                                                          concat.getInputs())
                                  ->getResults());
}

void perceiver::attachLayoutModels(MLIRContext *context) {
  attachModels<ConcatRowsOp, inferSizes, expand>(context);
  attachModels<ToChannelsLastOp, inferSizes, expand>(context);
  attachModels<TransposeOp, inferSizes, expand>(context);
}
