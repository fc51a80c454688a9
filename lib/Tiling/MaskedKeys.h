//===- MaskedKeys.h - Which keys of a mask are needed -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Masks are tensors `[B, M]` as `block.key_mask` makes them: 0 for a key that
// takes no part, whatever it holds.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TILING_MASKEDKEYS_H
#define PERCEIVER_LIB_TILING_MASKEDKEYS_H

#include "mlir/IR/Builders.h"

namespace mlir::perceiver {

/// Emit code for the number of keys, an index, of row `row` of a mask up to the
/// last one that takes part: 0 if none does. Keys beyond are as good as absent.
Value emitKeysInUse(OpBuilder &builder, Location loc, Value mask, Value row);

/// Emit code that says whether any key of a mask takes part, an i1.
Value emitIsAnyKeyInUse(OpBuilder &builder, Location loc, Value mask);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TILING_MASKEDKEYS_H
