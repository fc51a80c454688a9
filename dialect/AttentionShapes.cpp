//===- AttentionShapes.cpp - Shapes of attention --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/AttentionShapes.h"

#include "dialect/Shapes.h"

#include "mlir/IR/TypeUtilities.h"

#include <cmath>

using namespace mlir;
using namespace mlir::perceiver;

LogicalResult perceiver::verifyQueryKeyValue(Operation *op, Value query,
                                             Value key, Value value,
                                             int64_t heads, int64_t keyHeads) {
  ShapedType q = shapeOf(query), k = shapeOf(key), v = shapeOf(value);
  if (heads < 1)
    return op->emitOpError("expected at least one head, but got ") << heads;
  if (keyHeads < 1 || heads % keyHeads != 0)
    return op->emitOpError("expected a number of key heads that divides ")
           << heads << " heads, but got " << keyHeads;
  if (q.getRank() != 2 && q.getRank() != 3)
    return op->emitOpError("expected a query of rank 2 or 3, but got ") << q;
  if (k.getRank() != 3 || v.getRank() != 3)
    return op->emitOpError("expected a key and a value of rank 3, but got ")
           << k << " and " << v;
  for (Value operand : {query, key, value}) {
    int64_t width = lastDim(operand);
    if (ShapedType::isDynamic(width))
      return op->emitOpError("expected static channels, but got ")
             << operand.getType();
    int64_t count = operand == query ? heads : keyHeads;
    if (width % count != 0 || width == 0)
      return op->emitOpError("expected channels that are a positive multiple "
                             "of ")
             << count << " heads, but got " << width;
  }
  int64_t queryWidth = lastDim(query) / heads,
          keyWidth = lastDim(key) / keyHeads;
  if (heads == keyHeads && queryWidth != keyWidth)
    return op->emitOpError("expected as many query as key channels, but got ")
           << lastDim(query) << " and " << lastDim(key);
  if (queryWidth != keyWidth)
    return op->emitOpError("expected heads of queries and keys of one width, "
                           "but got ")
           << queryWidth << " and " << keyWidth;
  if (!dimsMayMatch(k.getDimSize(1), v.getDimSize(1)))
    return op->emitOpError("expected as many keys as values, but got ")
           << k.getDimSize(1) << " and " << v.getDimSize(1);
  if (!dimsMayMatch(k.getDimSize(0), v.getDimSize(0)) ||
      (q.getRank() == 3 && !dimsMayMatch(q.getDimSize(0), k.getDimSize(0))))
    return op->emitOpError("expected query, key and value of one batch size, "
                           "but got ")
           << q << ", " << k << " and " << v;
  return success();
}

LogicalResult perceiver::verifyShape(Operation *op, StringRef what, Value value,
                                     ArrayRef<int64_t> expected) {
  ShapedType type = shapeOf(value);
  bool matches = type.getRank() == static_cast<int64_t>(expected.size());
  for (size_t dim = 0; matches && dim < expected.size(); ++dim)
    matches = dimsMayMatch(type.getDimSize(dim), expected[dim]);
  if (matches)
    return success();
  InFlightDiagnostic diag = op->emitOpError("expected ") << what << " [";
  llvm::interleaveComma(expected, diag, [&](int64_t size) {
    if (ShapedType::isDynamic(size))
      diag << "?";
    else
      diag << size;
  });
  return diag << "], but got " << type;
}

LogicalResult perceiver::verifyElementType(Operation *op, StringRef what,
                                           Value value, unsigned width) {
  if (getElementTypeOrSelf(value.getType()).isInteger(width))
    return success();
  return op->emitOpError("expected ")
         << what << " of i" << width << ", but got " << value.getType();
}

double perceiver::getDefaultScale(Value query, int64_t heads) {
  return 1.0 / std::sqrt(static_cast<double>(lastDim(query) / heads));
}
