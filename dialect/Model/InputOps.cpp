//===- InputOps.cpp - The input array of a model --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers of the operations in InputOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/InputOps.h"

#include "dialect/Model/BoundParameters.h"
#include "dialect/Model/RowTypes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::perceiver;

#define GET_OP_CLASSES
#include "dialect/Model/InputOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

LogicalResult EmbeddingOp::verify() {
  RankedTensorType ids = typeOf(getIds()), result = typeOf(getResult());
  if ((ids.getRank() != 1 && ids.getRank() != 2) ||
      (!ids.getElementType().isInteger(32) &&
       !ids.getElementType().isInteger(64)))
    return emitOpError("expected ids of rank 1 or 2 and elements of i32 or "
                       "i64, but got ")
           << ids;
  if (failed(verifyRows(*this, "a result", result)))
    return failure();
  SmallVector<int64_t> shape(ids.getShape());
  shape.push_back(result.getShape().back());
  return verifyResult(*this, shape, result.getElementType());
}

LogicalResult
EmbeddingOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  int64_t channels = typeOf(getResult()).getShape().back();
  SmallVector<int64_t> shape = {ShapedType::kDynamic, channels};
  if (!lookupParameter(*this, symbolTable, getTableAttr(), "the table", shape))
    return failure();
  if (!getPositions())
    return success();
  ParameterOp positions = lookupParameter(
      *this, symbolTable, getPositionsAttr(), "positions", shape);
  if (!positions)
    return failure();
  int64_t rows = cast<ShapedType>(positions.getType()).getDimSize(0);
  int64_t ids = typeOf(getIds()).getShape().back();
  if (ids > rows)
    return emitOpError("expected positions for ")
           << ids << " ids, but got " << rows;
  return success();
}

LogicalResult ConcatOp::verify() {
  if (getInputs().empty())
    return emitOpError("expected at least one input");
  RankedTensorType result = typeOf(getResult());
  if (failed(verifyRows(*this, "a result", result)))
    return failure();
  RankedTensorType widest = typeOf(getInputs().front());
  int64_t channels = 0;
  for (Value input : getInputs()) {
    RankedTensorType type = typeOf(input);
    bool isVector = type.getRank() == 1 && !type.isDynamicDim(0) &&
                    isa<FloatType>(type.getElementType());
    if (!isVector && failed(verifyRows(*this, "an input", type)))
      return failure();
    if (type.getRank() > widest.getRank())
      widest = type;
    channels += type.getShape().back();
  }
  ArrayRef<int64_t> rows = widest.getShape().drop_back();
  for (Value input : getInputs()) {
    RankedTensorType type = typeOf(input);
    if (type.getElementType() != widest.getElementType() ||
        type.getShape().drop_back() != rows.take_back(type.getRank() - 1))
      return emitOpError("expected inputs of the same rows and elements, but "
                         "got ")
             << widest << " and " << type;
  }
  SmallVector<int64_t> shape(rows);
  shape.push_back(channels);
  return verifyResult(*this, shape, widest.getElementType());
}

LogicalResult TakeRowsOp::verify() {
  RankedTensorType input = typeOf(getInput()), points = typeOf(getPoints());
  if (failed(verifyRows(*this, "an input", input)) ||
      failed(verifyPoints(*this, points)))
    return failure();
  SmallVector<int64_t> shape(input.getShape());
  shape[shape.size() - 2] = points.getDimSize(0);
  return verifyResult(*this, shape, input.getElementType());
}

LogicalResult BroadcastOp::verify() {
  RankedTensorType input = typeOf(getInput()), result = typeOf(getResult());
  if (failed(verifyRows(*this, "an input", input)))
    return failure();
  if (input.getRank() != 2)
    return emitOpError("expected an input without batch, but got ") << input;
  SmallVector<int64_t> shape = {ShapedType::kDynamic, input.getDimSize(0),
                                input.getDimSize(1)};
  APInt batch;
  if (result.getRank() == 3 && !result.isDynamicDim(0) &&
      matchPattern(getBatch(), m_ConstantInt(&batch)))
    shape[0] = batch.getSExtValue();
  return verifyResult(*this, shape, input.getElementType());
}

LogicalResult ToChannelsLastOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (input.getRank() < 3)
    return emitOpError("expected an input of at least rank 3, but got ")
           << input;
  if (input.isDynamicDim(1))
    return emitOpError("expected static channels, but got ") << input;
  std::optional<int64_t> points = multiplySizes(input.getShape().drop_front(2));
  if (!points)
    return emitOpError("expected a grid whose points fit 64 bits");
  return verifyResult(*this,
                      {input.getDimSize(0), *points, input.getDimSize(1)},
                      input.getElementType());
}
