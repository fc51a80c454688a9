//===- Layers.h - What rewrites build ---------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Blocks of one result, by what they compute. Destinations are computed.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_LAYERS_H
#define PERCEIVER_LIB_TRANSFORMS_LAYERS_H

#include "mlir/IR/Builders.h"

namespace mlir::perceiver {

/// `rows weight + bias + residual`, of rows `[.., K]` and a weight `[K, N]`.
Value createLinear(OpBuilder &builder, Location loc, Value rows, Value weight,
                   Value bias = {}, Value residual = {});

/// The dimensions of `value` in another order: dimension `i` of the result is
/// `permutation[i]`.
Value createTranspose(OpBuilder &builder, Location loc, Value value,
                      ArrayRef<int64_t> permutation);

/// `factor * value`.
Value createScaled(OpBuilder &builder, Location loc, Value value,
                   double factor);

/// `lhs + rhs`, broadcast as `block.add` says.
Value createSum(OpBuilder &builder, Location loc, Value lhs, Value rhs);

/// What an attention results in, of its state (accumulator, maximum and sum):
/// averages and perhaps a log-sum-exp, one for each of `inits`.
ValueRange finishAttention(OpBuilder &builder, Location loc, ValueRange state,
                           ValueRange inits);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TRANSFORMS_LAYERS_H
