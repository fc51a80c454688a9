//===- ImageOps.cpp - Windows and what goes with them ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers of the operations in ImageOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/ImageOps.h"

#include "dialect/FloatRanges.h"
#include "dialect/Model/BoundParameters.h"
#include "dialect/Model/RowTypes.h"
#include "dialect/ResizedGrid.h"
#include "dialect/Windows.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::perceiver;

#define GET_OP_CLASSES
#include "dialect/Model/ImageOps.cpp.inc"

/// The result has a pixel of `channels` for each window.
template <typename OpTy>
static LogicalResult verifyResultOfWindows(OpTy op, int64_t channels) {
  RankedTensorType image = typeOf(op.getInput());
  SmallVector<int64_t> shape(image.getShape());
  for (auto [axis, windows] : llvm::enumerate(
           getWindows(op.getSize(), op.getStride(), op.getPaddingAttr())))
    shape[axis + 1] = windows.getCount(shape[axis + 1]);
  shape.back() = channels;
  return verifyResult(op, shape, image.getElementType());
}

LogicalResult WindowsOp::verify() {
  RankedTensorType image = typeOf(getInput());
  if (failed(verifyWindows(*this, getSize(), getStride(), getPaddingAttr(),
                           image)))
    return failure();
  return verifyResultOfWindows(*this, getSize()[0] * getSize()[1] *
                                          image.getDimSize(3));
}

LogicalResult MaxPoolOp::verify() {
  RankedTensorType image = typeOf(getInput());
  if (failed(verifyWindows(*this, getSize(), getStride(), getPaddingAttr(),
                           image)))
    return failure();
  return verifyResultOfWindows(*this, image.getDimSize(3));
}

LogicalResult BatchNormOp::verify() {
  if (failed(verifyRows(*this, "an input", typeOf(getInput()))))
    return failure();
  return verifyEpsilon(*this, getEpsilon().convertToDouble());
}

LogicalResult
BatchNormOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  int64_t channels = typeOf(getInput()).getShape().back();
  for (auto [symbol, what] : {std::pair(getWeightAttr(), "the weight"),
                              std::pair(getBiasAttr(), "the bias"),
                              std::pair(getMeanAttr(), "the mean"),
                              std::pair(getVarianceAttr(), "the variance")})
    if (!lookupParameter(*this, symbolTable, symbol, what, channels))
      return failure();
  return success();
}

LogicalResult ResizeGridOp::verify() {
  return verifyResizedGrid(*this, typeOf(getTable()), typeOf(getResult()),
                           getFrom(), getTo());
}
