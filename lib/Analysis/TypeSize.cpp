//===- TypeSize.cpp - Bytes of arrays -------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/TypeSize.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

int64_t perceiver::getElementBytes(ShapedType type) {
  return (type.getElementTypeBitWidth() + 7) / 8;
}

std::optional<int64_t> perceiver::getStaticBytes(ShapedType type) {
  int64_t bytes = getElementBytes(type);
  for (int64_t size : type.getShape())
    if (ShapedType::isStatic(size) && llvm::MulOverflow(bytes, size, bytes))
      return std::nullopt;
  return bytes;
}
