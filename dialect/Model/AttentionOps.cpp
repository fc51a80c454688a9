//===- AttentionOps.cpp - Attention blocks of a model ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Assembly and verifiers of the operations in AttentionOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/AttentionOps.h"

#include "dialect/AttentionShapes.h"
#include "dialect/FloatRanges.h"
#include "dialect/Model/LayerWeights.h"
#include "dialect/Model/RowTypes.h"
#include "dialect/ParseChoice.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "dialect/Model/AttentionBlockInterface.cpp.inc"

//===----------------------------------------------------------------------===//
// Assembly of the blocks
//===----------------------------------------------------------------------===//

static ParseResult parseCrossWeights(OpAsmParser &parser,
                                     DictionaryAttr &weights,
                                     ActivationAttr mlp) {
  return parseWeights(parser, weights, /*isCross=*/true, mlp.getValue());
}

static void printCrossWeights(OpAsmPrinter &printer, Operation *,
                              DictionaryAttr weights, ActivationAttr mlp) {
  printWeights(printer, weights, /*isCross=*/true, mlp.getValue());
}

static ParseResult parseSelfWeights(OpAsmParser &parser,
                                    DictionaryAttr &weights,
                                    ActivationAttr mlp) {
  return parseWeights(parser, weights, /*isCross=*/false, mlp.getValue());
}

static void printSelfWeights(OpAsmPrinter &printer, Operation *,
                             DictionaryAttr weights, ActivationAttr mlp) {
  printWeights(printer, weights, /*isCross=*/false, mlp.getValue());
}

#define GET_OP_CLASSES
#include "dialect/Model/AttentionOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Verifiers of the blocks
//===----------------------------------------------------------------------===//

static LogicalResult verifyHeads(AttentionBlockOpInterface block,
                                 StringRef what, int64_t channels) {
  int64_t heads = block.getHeads();
  if (channels > 0 && channels % heads == 0)
    return success();
  return block.emitOpError("expected ")
         << what << " to be a positive multiple of " << heads
         << " heads, but got " << channels;
}

/// What cross- and self-attention verify alike.
static LogicalResult verifyBlock(AttentionBlockOpInterface block) {
  int64_t heads = block.getHeads();
  if (heads < 1)
    return block.emitOpError("expected at least one head, but got ") << heads;
  if (failed(verifyHeads(block, "qk_channels", block.getQkChannels())) ||
      failed(verifyHeads(block, "v_channels", block.getVChannels())))
    return failure();
  if (failed(verifyEpsilon(block, block.getEpsilonAttr().getValueAsDouble())))
    return failure();
  if (FloatAttr scale = block.getScaleAttr();
      scale && failed(verifyScale(block, scale.getValueAsDouble())))
    return failure();
  return verifyWeights(block);
}

static LogicalResult verifyChannels(Operation *op, StringRef what,
                                    RankedTensorType type) {
  if (type.getRank() < 1 || type.isDynamicDim(type.getRank() - 1))
    return op->emitOpError("expected ")
           << what << " with static channels, but got " << type;
  if (!isa<FloatType>(type.getElementType()))
    return op->emitOpError("expected ")
           << what << " of floating-point elements, but got " << type;
  return success();
}

/// Lengths `[B]`, a mask of the keys `[B, M]` and one of the queries `[B, N]`.
template <typename OpTy>
static LogicalResult verifyMasks(OpTy op, int64_t batch, int64_t queries,
                                 int64_t keys) {
  if (failed(verifyIntegers(op, "lengths", op.getLengths(), {batch}, 64)) ||
      failed(verifyIntegers(op, "a mask", op.getMask(), {batch, keys}, 1)) ||
      failed(verifyIntegers(op, "a query mask", op.getQueryMask(),
                            {batch, queries}, 1)))
    return failure();
  if (op.getQueryMask() && op.getMaskedRows() != MaskedRows::zero)
    return op->emitOpError("expected masked_rows = zero with a query mask, but "
                           "got ")
           << stringifyMaskedRows(op.getMaskedRows());
  return success();
}

LogicalResult AttendOp::verify() {
  int64_t heads = getHeads();
  if (failed(verifyQueryKeyValue(*this, getQuery(), getKey(), getValue(), heads,
                                 heads)))
    return failure();
  RankedTensorType query = typeOf(getQuery()), key = typeOf(getKey()),
                   value = typeOf(getValue());
  Type element = query.getElementType();
  if (!isa<FloatType>(element) || key.getElementType() != element ||
      value.getElementType() != element)
    return emitOpError("expected a query, a key and a value of the same "
                       "floating-point elements, but got ")
           << query << ", " << key << " and " << value;
  int64_t batch = key.getDimSize(0);
  int64_t queries = query.getDimSize(query.getRank() - 2);
  auto result =
      RankedTensorType::get({batch, queries, value.getShape().back()}, element);
  if (getResult().getType() != result)
    return emitOpError("expected a result of type ")
           << result << ", but got " << getResult().getType();
  auto logSumExp = RankedTensorType::get({batch, heads, queries}, element);
  if (getLogSumExp() && getLogSumExp().getType() != logSumExp)
    return emitOpError("expected a log-sum-exp of type ")
           << logSumExp << ", but got " << getLogSumExp().getType();
  if (failed(verifyMasks(*this, batch, queries, key.getDimSize(1))))
    return failure();
  return success(!getScale() ||
                 succeeded(verifyScale(*this, getScale()->convertToDouble())));
}

static LogicalResult verifyCross(AttentionBlockOpInterface block) {
  RankedTensorType query = typeOf(block.getQuery());
  RankedTensorType source = typeOf(block.getSource());
  RankedTensorType result = typeOf(block.getResult());
  if (failed(verifyChannels(block, "a query", query)) ||
      failed(verifyChannels(block, "a source", source)) ||
      failed(verifyChannels(block, "a result", result)))
    return failure();
  if (query.getRank() != 2 && query.getRank() != 3)
    return block.emitOpError("expected a query of rank 2 or 3, but got ")
           << query;
  if (source.getRank() != 3)
    return block.emitOpError("expected a source of rank 3, but got ") << source;
  int64_t batch = source.getDimSize(0);
  if (query.getRank() == 3 && query.getDimSize(0) != batch)
    return block.emitOpError("expected a query and a source of the same "
                             "batch, but got ")
           << query << " and " << source;
  if (query.getElementType() != source.getElementType())
    return block.emitOpError("expected a query and a source of the same "
                             "elements, but got ")
           << query << " and " << source;
  SmallVector<int64_t> shape = {batch, query.getDimSize(query.getRank() - 2),
                                block.getResidual() ? query.getShape().back()
                                                    : result.getShape().back()};
  auto expected = RankedTensorType::get(shape, query.getElementType());
  if (result != expected)
    return block.emitOpError("expected a result of type ")
           << expected << ", but got " << result;
  if (failed(verifyMasks(block, batch, shape[1], source.getDimSize(1))))
    return failure();
  return verifyBlock(block);
}

LogicalResult CrossBlockOp::verify() { return verifyCross(*this); }
LogicalResult EncodeOp::verify() { return verifyCross(*this); }
LogicalResult DecodeOp::verify() { return verifyCross(*this); }

LogicalResult SelfBlockOp::verify() {
  RankedTensorType type = typeOf(getLatents());
  if (failed(verifyChannels(*this, "latents", type)))
    return failure();
  if (type.getRank() != 3)
    return emitOpError("expected latents of rank 3, but got ") << type;
  return verifyBlock(*this);
}

LogicalResult
CrossBlockOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  return verifyWeightShapes(*this, symbolTable);
}
LogicalResult EncodeOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  return verifyWeightShapes(*this, symbolTable);
}
LogicalResult DecodeOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  return verifyWeightShapes(*this, symbolTable);
}
LogicalResult
SelfBlockOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  return verifyWeightShapes(*this, symbolTable);
}
