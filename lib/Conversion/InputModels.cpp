//===- InputModels.cpp - What makes the rows of a model -------------------===//
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

#include "dialect/Block/ElementOps.h"
#include "dialect/Block/InputOps.h"
#include "dialect/Model/InputOps.h"
#include "dialect/Model/ParameterOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;

static LogicalResult inferSizes(EmbeddingOp embedding, SizeInference &sizes) {
  if (FlatSymbolRefAttr positions = embedding.getPositionsAttr()) {
    auto parameter = sizes.symbols.lookupNearestSymbolFrom<ParameterOp>(
        embedding, positions);
    int64_t rows = cast<ShapedType>(parameter.getType()).getDimSize(0);
    const Size &count = sizes.sizesOf(embedding.getIds()).back();
    if (!count ||
        !sizes.isKnownToHold(*count, SizeRelation::AtMost, SizeExpr(rows)))
      return embedding.emitOpError("expected a number of ids that is known to "
                                   "be at most ")
             << rows << ", the rows of " << positions
             << "; 'perceiver.require' before it says so";
  }
  return inferRowSizes(embedding, sizes);
}

static LogicalResult expand(EmbeddingOp embedding, BlockExpander &expander) {
  Value rows =
      block::EmbedOp::create(expander.builder, expander.loc, embedding.getIds(),
                             expander.read(embedding.getTableAttr()))
          ->getResult(0);
  Value positions = expander.read(embedding.getPositionsAttr());
  if (!positions)
    return expander.replaceWith(rows);
  // The first positions, as many as there are ids.
  OpBuilder &builder = expander.builder;
  auto type = cast<RankedTensorType>(positions.getType());
  Value ids = embedding.getIds();
  int64_t last = cast<ShapedType>(ids.getType()).getRank() - 1;
  OpFoldResult count = tensor::getMixedSize(builder, expander.loc, ids, last);
  if (!isConstantIntValue(count, type.getDimSize(0))) {
    SmallVector<OpFoldResult> offsets(2, builder.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(2, builder.getIndexAttr(1));
    SmallVector<OpFoldResult> sizes = {
        count, builder.getIndexAttr(type.getDimSize(1))};
    positions = tensor::ExtractSliceOp::create(builder, expander.loc, positions,
                                               offsets, sizes, strides);
  }
  return expander.replaceWith(
      block::AddOp::create(expander.builder, expander.loc, rows, positions)
          ->getResults());
}

static LogicalResult inferSizes(ConcatOp concat, SizeInference &sizes) {
  Sizes widest;
  for (Value input : concat.getInputs()) {
    ArrayRef<Size> rows = sizes.sizesOf(input).drop_back();
    if (rows.size() > widest.size())
      widest = Sizes(rows);
  }
  for (Value input : concat.getInputs()) {
    ArrayRef<Size> rows = sizes.sizesOf(input).drop_back();
    if (failed(sizes.expectEqual(
            concat, ArrayRef(widest).take_back(rows.size()), rows)))
      return failure();
  }
  widest.push_back(std::nullopt);
  sizes.setSizes(concat.getResult(), dynamicSizes(concat.getType(), widest));
  return success();
}

static LogicalResult expand(ConcatOp concat, BlockExpander &expander) {
  return expander.replaceWith(
      block::ConcatChannelsOp::create(expander.builder, expander.loc,
                                      concat.getInputs())
          ->getResults());
}

static LogicalResult inferSizes(BroadcastOp broadcast, SizeInference &sizes) {
  if (failed(sizes.expectPositive(broadcast, broadcast.getBatch())))
    return failure();
  Sizes result(sizes.sizesOf(broadcast.getInput()));
  result.insert(result.begin(), sizes.getSize(broadcast.getBatch()));
  sizes.setSizes(broadcast.getResult(),
                 dynamicSizes(broadcast.getType(), result));
  return success();
}

/// One array whose channels are put side by side, for each batch entry.
static LogicalResult expand(BroadcastOp broadcast, BlockExpander &expander) {
  OpBuilder &builder = expander.builder;
  Location loc = expander.loc;
  Value input = broadcast.getInput();
  auto type = cast<RankedTensorType>(broadcast.getType());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  sizes.insert(sizes.begin(),
               type.isDynamicDim(0)
                   ? OpFoldResult(broadcast.getBatch())
                   : OpFoldResult(builder.getIndexAttr(type.getDimSize(0))));
  Value init =
      tensor::EmptyOp::create(builder, loc, sizes, type.getElementType());
  return expander.replaceWith(
      block::ConcatChannelsOp::create(builder, loc, TypeRange{init.getType()},
                                      input, init)
          ->getResults());
}

static LogicalResult inferSizes(TakeRowsOp take, SizeInference &sizes) {
  Sizes result(sizes.sizesOf(take.getInput()));
  result[result.size() - 2] = sizes.sizesOf(take.getPoints()).front();
  sizes.setSizes(take.getResult(), dynamicSizes(take.getType(), result));
  return success();
}

static LogicalResult expand(TakeRowsOp take, BlockExpander &expander) {
  return expander.replaceWith(
      block::TakeRowsOp::create(expander.builder, expander.loc, take.getInput(),
                                take.getPoints())
          ->getResults());
}

void perceiver::attachInputModels(MLIRContext *context) {
  attachModels<BroadcastOp, inferSizes, expand>(context);
  attachModels<ConcatOp, inferSizes, expand>(context);
  attachModels<EmbeddingOp, inferSizes, expand>(context);
  attachModels<TakeRowsOp, inferSizes, expand>(context);
}
