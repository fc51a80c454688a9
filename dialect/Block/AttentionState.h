//===- AttentionState.h - Types of a running softmax ------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A state takes in its keys a block at a time and is rounded once for each. In
// float32 these roundings add up: with 2^18 keys they are as large as 1e-4 of
// the result. So the sums of a state that sees many keys are float64.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_ATTENTIONSTATE_H
#define PERCEIVER_DIALECT_BLOCK_ATTENTIONSTATE_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace mlir::perceiver {

/// Scores are in units of log2: 2^(s * log2(e)) is e^s.
inline constexpr double kLog2E = 1.4426950408889634;
inline constexpr double kLn2 = 0.6931471805599453;

/// The score of the keys of a row that attends to nothing, where such rows are
/// uniform: the lowest number of float32 (numerics
/// contract, 2).
inline constexpr double kMaskedScore = -3.4028234663852886e38;

/// Keys whose sums float32 holds: in blocks of 256, as the cost model chooses,
/// 64 roundings. Much smaller blocks, chosen by hand, round more often.
inline constexpr int64_t kMostKeysInFloat32 = 1 << 14;

/// The most parts that a dynamic number of keys is split into. The states of
/// all parts are in memory together; so that they do not grow with the keys,
/// parts do.
inline constexpr int64_t kMostPartsOfAnyKeys = 16;

/// The type of the accumulator and the sum of a state that takes in `keys`
/// keys, a number that may be dynamic: f32 or f64.
FloatType getSumType(MLIRContext *context, int64_t keys);

/// The sums of a state have one type of at least the bits of its maximum.
LogicalResult verifySums(Operation *op, Value accumulator, Value maximum,
                         Value sum);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCK_ATTENTIONSTATE_H
