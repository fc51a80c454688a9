//===- ElementOps.cpp - Functions of elements -----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers of the operations in ElementOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/ElementOps.h"

#include "dialect/FloatRanges.h"
#include "dialect/Model/RowTypes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::perceiver;

#define GET_OP_CLASSES
#include "dialect/Model/ElementOps.cpp.inc"

/// Whether `type` is rows of the result, perhaps without batch, a vector of its
/// channels, or one number.
static bool isOperandOf(RankedTensorType type, RankedTensorType result) {
  if (type.getElementType() != result.getElementType())
    return false;
  if (type.getRank() == 1 && type.getDimSize(0) == 1)
    return true;
  return type.getRank() >= 1 && type.getRank() <= result.getRank() &&
         type.getShape() == result.getShape().take_back(type.getRank());
}

template <typename OpTy>
static LogicalResult verifyCombination(OpTy op) {
  RankedTensorType lhs = typeOf(op.getLhs()), rhs = typeOf(op.getRhs());
  RankedTensorType result = typeOf(op.getResult());
  if (failed(verifyRows(op, "a result", result)))
    return failure();
  for (RankedTensorType type : {lhs, rhs})
    if (!isOperandOf(type, result))
      return op.emitOpError("expected operands that are the rows of the result "
                            "or broadcast to them, but got ")
             << type << " for " << result;
  if (lhs != result && rhs != result)
    return op.emitOpError("expected an operand of the type of the result, ")
           << result << ", but got " << lhs << " and " << rhs;
  return success();
}

LogicalResult AddOp::verify() { return verifyCombination(*this); }
LogicalResult MultiplyOp::verify() { return verifyCombination(*this); }

LogicalResult ScaleOp::verify() {
  if (failed(verifyRows(*this, "an input", typeOf(getInput()))))
    return failure();
  return verifyFactor(*this, getFactor().convertToDouble());
}

LogicalResult ActivateOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (failed(verifyRows(*this, "an input", input)))
    return failure();
  SmallVector<int64_t> shape(input.getShape());
  if (getActivation().hasGates) {
    if (shape.back() % 2 != 0)
      return emitOpError("expected an even number of channels with gates, but "
                         "got ")
             << shape.back();
    shape.back() /= 2;
  }
  return verifyResult(*this, shape, input.getElementType());
}
