//===- RowTypes.cpp - Types of arrays of rows -----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/RowTypes.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

RankedTensorType perceiver::typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

std::optional<int64_t> perceiver::multiplySizes(ArrayRef<int64_t> sizes) {
  int64_t product = 1;
  if (llvm::any_of(sizes, ShapedType::isDynamic))
    return ShapedType::kDynamic;
  for (int64_t size : sizes)
    if (llvm::MulOverflow(product, size, product))
      return std::nullopt;
  return product;
}

LogicalResult perceiver::verifyRows(Operation *op, StringRef what,
                                    RankedTensorType type) {
  if ((type.getRank() != 2 && type.getRank() != 3) ||
      type.isDynamicDim(type.getRank() - 1) ||
      !isa<FloatType>(type.getElementType()))
    return op->emitOpError("expected ")
           << what
           << " of rank 2 or 3 with static channels of floating-point "
              "elements, but got "
           << type;
  return success();
}

LogicalResult perceiver::verifyIntegers(Operation *op, StringRef what,
                                        Value value, ArrayRef<int64_t> shape,
                                        unsigned width) {
  if (!value)
    return success();
  auto expected =
      RankedTensorType::get(shape, IntegerType::get(op->getContext(), width));
  if (value.getType() != expected)
    return op->emitOpError("expected ") << what << " of type " << expected
                                        << ", but got " << value.getType();
  return success();
}

LogicalResult perceiver::verifyPoints(Operation *op, RankedTensorType type) {
  if (type.getRank() == 1 && (type.getElementType().isInteger(32) ||
                              type.getElementType().isInteger(64)))
    return success();
  return op->emitOpError("expected points of rank 1 and elements of i32 or "
                         "i64, but got ")
         << type;
}

LogicalResult perceiver::verifyResult(Operation *op, ArrayRef<int64_t> shape,
                                      Type elementType) {
  auto expected = RankedTensorType::get(shape, elementType);
  if (op->getResult(0).getType() != expected)
    return op->emitOpError("expected a result of type ")
           << expected << ", but got " << op->getResult(0).getType();
  return success();
}
