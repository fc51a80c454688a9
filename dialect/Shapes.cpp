//===- Shapes.cpp - Shapes of arrays --------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Shapes.h"

using namespace mlir;

bool perceiver::dimsMayMatch(int64_t lhs, int64_t rhs) {
  return ShapedType::isDynamic(lhs) || ShapedType::isDynamic(rhs) || lhs == rhs;
}

ShapedType perceiver::shapeOf(Value value) {
  return cast<ShapedType>(value.getType());
}

int64_t perceiver::lastDim(Value value) {
  return shapeOf(value).getShape().back();
}

bool perceiver::hasZeroSize(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped && shaped.hasRank() && llvm::is_contained(shaped.getShape(), 0);
}
