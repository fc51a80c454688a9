//===- Shapes.cpp - Shapes of arrays --------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Shapes.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

bool perceiver::dimsMayMatch(int64_t lhs, int64_t rhs) {
  return ShapedType::isDynamic(lhs) || ShapedType::isDynamic(rhs) || lhs == rhs;
}

bool perceiver::shapesMayMatch(ArrayRef<int64_t> lhs, ArrayRef<int64_t> rhs) {
  return lhs.size() == rhs.size() &&
         llvm::all_of(llvm::zip_equal(lhs, rhs), [](auto sizes) {
           return dimsMayMatch(std::get<0>(sizes), std::get<1>(sizes));
         });
}

std::string perceiver::formatShape(ArrayRef<int64_t> shape) {
  return llvm::join(llvm::map_range(shape,
                                    [](int64_t size) {
                                      return ShapedType::isDynamic(size)
                                                 ? std::string("?")
                                                 : std::to_string(size);
                                    }),
                    "x");
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
