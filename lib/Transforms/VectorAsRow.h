//===- VectorAsRow.h - Vectors where operations take rows -------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_VECTORASROW_H
#define PERCEIVER_LIB_TRANSFORMS_VECTORASROW_H

#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::perceiver {

/// Return the vector `[M]` that `compute` makes of a vector `[N]`, which it
/// gets as one row, `[1, N]`, and returns as one, `[1, M]`.
inline Value computeAsRow(OpBuilder &builder, Location loc, Value vector,
                          function_ref<Value(Value row)> compute) {
  auto type = cast<RankedTensorType>(vector.getType());
  SmallVector<ReassociationIndices> oneGroup = {{0, 1}};
  Value row = tensor::ExpandShapeOp::create(
      builder, loc, type.clone({1, type.getDimSize(0)}), vector, oneGroup);
  return tensor::CollapseShapeOp::create(builder, loc, compute(row), oneGroup);
}

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TRANSFORMS_VECTORASROW_H
