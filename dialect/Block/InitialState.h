//===- InitialState.h - What attentions with a state begin with -*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_INITIALSTATE_H
#define PERCEIVER_DIALECT_BLOCK_INITIALSTATE_H

#include "dialect/Block/AttentionOps.h"

namespace mlir::perceiver {

/// The state of a softmax before its first keys.
struct InitialState {
  /// Zeros `[B, H, width, N]`, -inf `[B, H, N]`, zeros `[B, H, N]`.
  Value accumulator, maximum, sum;

  /// Their types, which are those of the results of an attention.
  SmallVector<Type> getTypes() const {
    return {accumulator.getType(), maximum.getType(), sum.getType()};
  }
};

/// The state of so many queries of a head of `width` channels; its sums are of
/// the type `sumType`.
InitialState createInitialState(OpBuilder &builder, Location loc,
                                OpFoldResult batch, int64_t heads,
                                int64_t width, OpFoldResult queries,
                                FloatType sumType);

/// What `key_mask` makes of the lengths and the mask of an attention to these
/// keys, `[B, M, C]`; null if both are null.
Value createKeyMask(OpBuilder &builder, Location loc, Value keys, Value lengths,
                    Value mask, MaskedRowsAttr maskedRows);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCK_INITIALSTATE_H
