//===- RowOps.cpp - Pooling and the layers of a head ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers of the operations in RowOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/RowOps.h"

#include "dialect/FloatRanges.h"
#include "dialect/Model/BoundParameters.h"
#include "dialect/Model/RowTypes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::perceiver;

#define GET_OP_CLASSES
#include "dialect/Model/RowOps.cpp.inc"

LogicalResult MeanPoolOp::verify() {
  RankedTensorType input = typeOf(getInput()), result = typeOf(getResult());
  if (failed(verifyRows(*this, "an input", input)))
    return failure();
  if (input.getRank() != 3)
    return emitOpError("expected an input of rank 3, but got ") << input;
  SmallVector<int64_t> shape(input.getShape());
  shape[1] = 1;
  if (result.getRank() == 2)
    shape.erase(shape.begin() + 1);
  if (failed(verifyIntegers(*this, "a mask", getMask(),
                            input.getShape().take_front(2), 1)))
    return failure();
  return verifyResult(*this, shape, input.getElementType());
}

LogicalResult NormOp::verify() {
  if (failed(verifyRows(*this, "an input", typeOf(getInput()))))
    return failure();
  return verifyEpsilon(*this, getEpsilon().convertToDouble());
}

LogicalResult NormOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  int64_t channels = typeOf(getInput()).getShape().back();
  return success(
      lookupParameter(*this, symbolTable, getWeightAttr(), "the weight",
                      channels) &&
      lookupParameter(*this, symbolTable, getBiasAttr(), "the bias", channels));
}

LogicalResult ProjectOp::verify() {
  RankedTensorType input = typeOf(getInput()), result = typeOf(getResult());
  if (failed(verifyRows(*this, "an input", input)) ||
      failed(verifyRows(*this, "a result", result)))
    return failure();
  SmallVector<int64_t> shape(input.getShape());
  shape.back() = result.getShape().back();
  return verifyResult(*this, shape, input.getElementType());
}

LogicalResult ProjectOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  int64_t inputs = typeOf(getInput()).getShape().back();
  int64_t outputs = typeOf(getResult()).getShape().back();
  if (getActivation() && getActivation()->hasGates)
    outputs *= 2;
  if (!lookupParameter(*this, symbolTable, getWeightAttr(), "the weight",
                       {inputs, outputs}))
    return failure();
  if (getBias() &&
      !lookupParameter(*this, symbolTable, getBiasAttr(), "the bias", outputs))
    return failure();
  return success();
}
