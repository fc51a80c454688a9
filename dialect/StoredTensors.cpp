//===- StoredTensors.cpp - Tensors that files hold ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/StoredTensors.h"

#include "dialect/Shapes.h"

using namespace mlir;
using namespace mlir::perceiver;

LogicalResult perceiver::verifyCount(Operation *op,
                                     std::optional<int64_t> count) {
  // Members are listed one by one in the weight file.
  constexpr int64_t kMaxCount = 1 << 20;
  if (count && (*count < 1 || *count > kMaxCount))
    return op->emitOpError("expected a count of 1 to ")
           << kMaxCount << ", but got " << *count;
  return success();
}

LogicalResult perceiver::verifyStoredType(Operation *op,
                                          RankedTensorType type) {
  if (!type.hasStaticShape() || hasZeroSize(type))
    return op->emitOpError("expected a static shape without zeros, but got ")
           << type;
  Type element = type.getElementType();
  if (!element.isF16() && !element.isBF16() && !element.isF32() &&
      !element.isF64())
    return op->emitOpError("expected elements of f16, bf16, f32 or f64, but "
                           "got ")
           << element;
  return success();
}

LogicalResult perceiver::verifyRead(Operation *op, FlatSymbolRefAttr symbol,
                                    RankedTensorType type, bool isFamily,
                                    Value index) {
  auto actual = cast<ShapedType>(op->getResult(0).getType());
  if (actual.getShape() != type.getShape() ||
      actual.getElementType() != type.getElementType())
    return op->emitOpError("expected the type ")
           << type << " of " << symbol << ", but got " << actual;
  if (isFamily && !index)
    return op->emitOpError("expected an index, since ")
           << symbol << " is a family";
  if (!isFamily && index)
    return op->emitOpError("expected no index, since ")
           << symbol << " is no family";
  return success();
}
