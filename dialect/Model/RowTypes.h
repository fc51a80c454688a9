//===- RowTypes.h - Types of arrays of rows ---------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_ROWTYPES_H
#define PERCEIVER_DIALECT_MODEL_ROWTYPES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

#include <optional>

namespace mlir::perceiver {

RankedTensorType typeOf(Value value);

/// The product of sizes; dynamic if one of them is, nullopt on overflow.
std::optional<int64_t> multiplySizes(ArrayRef<int64_t> sizes);

/// Rows `[N, C]` or `[B, N, C]` of static floating-point channels.
LogicalResult verifyRows(Operation *op, StringRef what, RankedTensorType type);

/// `value`, if it is not null, has integers of `width` bits and this shape:
/// lengths or a mask. `what` names it in the error.
LogicalResult verifyIntegers(Operation *op, StringRef what, Value value,
                             ArrayRef<int64_t> shape, unsigned width);

/// Numbers of rows or points: a vector of i32 or i64.
LogicalResult verifyPoints(Operation *op, RankedTensorType type);

/// The one result has this type.
LogicalResult verifyResult(Operation *op, ArrayRef<int64_t> shape,
                           Type elementType);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_MODEL_ROWTYPES_H
