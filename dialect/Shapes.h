//===- Shapes.h - Shapes of arrays ------------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_SHAPES_H
#define PERCEIVER_DIALECT_SHAPES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"

#include <string>

namespace mlir::perceiver {

/// True if two sizes are equal or one of them is dynamic.
bool dimsMayMatch(int64_t lhs, int64_t rhs);
bool shapesMayMatch(ArrayRef<int64_t> lhs, ArrayRef<int64_t> rhs);

/// "3x?x48", for messages.
std::string formatShape(ArrayRef<int64_t> shape);

ShapedType shapeOf(Value value);

/// The last dimension of an array: its channels.
int64_t lastDim(Value value);

/// True for a shape with a static size of 0. Dynamic sizes are at least 1, too:
/// nothing of a model is empty, and code relies on it.
bool hasZeroSize(Type type);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_SHAPES_H
