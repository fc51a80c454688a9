//===- AttentionShapes.h - Shapes of attention ------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the attentions of all levels verify alike.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_ATTENTIONSHAPES_H
#define PERCEIVER_DIALECT_ATTENTIONSHAPES_H

#include "mlir/IR/Operation.h"

namespace mlir::perceiver {

/// Queries `[B, N, H dqk]` or `[N, H dqk]`, keys `[B, M, G dqk]`, values
/// `[B, M, G dv]`, where the `H` heads share `G` heads of keys and values.
LogicalResult verifyQueryKeyValue(Operation *op, Value query, Value key,
                                  Value value, int64_t heads, int64_t keyHeads);

/// `value` must have exactly the dimensions of `expected`, where known.
LogicalResult verifyShape(Operation *op, StringRef what, Value value,
                          ArrayRef<int64_t> expected);

/// Integers of this width.
LogicalResult verifyElementType(Operation *op, StringRef what, Value value,
                                unsigned width);

/// What scores are multiplied with if nothing is said: 1 / sqrt(dqk).
double getDefaultScale(Value query, int64_t heads);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_ATTENTIONSHAPES_H
