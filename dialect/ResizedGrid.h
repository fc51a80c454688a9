//===- ResizedGrid.h - Tables of another size -------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_RESIZEDGRID_H
#define PERCEIVER_DIALECT_RESIZEDGRID_H

#include "mlir/IR/BuiltinTypes.h"

namespace mlir::perceiver {

/// A static table [h * w, C] of a grid `from = [h, w]`, and one of a grid `to`
/// with the same channels.
LogicalResult verifyResizedGrid(Operation *op, ShapedType table,
                                ShapedType result, ArrayRef<int64_t> from,
                                ArrayRef<int64_t> to);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_RESIZEDGRID_H
