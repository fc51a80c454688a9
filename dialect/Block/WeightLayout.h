//===- WeightLayout.h - How weights are stored ------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_WEIGHTLAYOUT_H
#define PERCEIVER_DIALECT_BLOCK_WEIGHTLAYOUT_H

#include "dialect/Block/TileMap.h"

#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Operation.h"

#include <string>

#include "dialect/Block/WeightLayoutInterface.h.inc"

namespace mlir::perceiver {

/// Fails with a diagnostic unless `type` is what `layout` makes of `shape`,
/// `[K, N]` or `[N]`, as far as sizes are static. `what` names it.
LogicalResult verifyPacked(Operation *op, StringRef what, ShapedType type,
                           WeightLayoutAttrInterface layout,
                           ArrayRef<int64_t> shape);

/// Fails with a diagnostic unless the layers that read `weight`, whose layout
/// is `layout` or null, say so.
LogicalResult verifyReaders(Value weight, WeightLayoutAttrInterface layout);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCK_WEIGHTLAYOUT_H
