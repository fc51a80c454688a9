//===- LayoutOps.cpp - Moving elements ------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers of the operations in LayoutOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/LayoutOps.h"

#include "dialect/Model/RowTypes.h"
#include "dialect/Permutation.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Builders.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;
using namespace mlir::perceiver;

#define GET_OP_CLASSES
#include "dialect/Model/LayoutOps.cpp.inc"

/// Dimensions of an array that the runtime takes, too.
static constexpr int64_t kMaxRank = 8;

LogicalResult TransposeOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (input.getRank() < 1 || input.getRank() > kMaxRank)
    return emitOpError("expected an input of rank 1 to ")
           << kMaxRank << ", but got " << input;
  if (failed(verifyPermutation(*this, getPermutation(), input.getRank())))
    return failure();
  return verifyResult(*this,
                      applyPermutation(input.getShape(), getPermutation()),
                      input.getElementType());
}

LogicalResult ConcatRowsOp::verify() {
  if (getInputs().empty())
    return emitOpError("expected at least one input");
  RankedTensorType widest = typeOf(getInputs().front());
  int64_t rows = 0;
  for (Value input : getInputs()) {
    RankedTensorType type = typeOf(input);
    if (failed(verifyRows(*this, "an input", type)))
      return failure();
    if (type.getRank() > widest.getRank())
      widest = type;
    int64_t count = type.getDimSize(type.getRank() - 2);
    if (ShapedType::isDynamic(rows) || ShapedType::isDynamic(count)) {
      rows = ShapedType::kDynamic;
      continue;
    }
    std::optional<int64_t> sum = llvm::checkedAdd(rows, count);
    if (!sum)
      return emitOpError("expected rows whose number fits 64 bits");
    rows = *sum;
  }
  for (Value input : getInputs()) {
    RankedTensorType type = typeOf(input);
    if (type.getElementType() != widest.getElementType() ||
        type.getShape().back() != widest.getShape().back() ||
        (type.getRank() == widest.getRank() && type.getRank() == 3 &&
         type.getDimSize(0) != widest.getDimSize(0)))
      return emitOpError("expected inputs of the same batch, channels and "
                         "elements, but got ")
             << widest << " and " << type;
  }
  SmallVector<int64_t> shape(widest.getShape());
  shape[shape.size() - 2] = rows;
  return verifyResult(*this, shape, widest.getElementType());
}
