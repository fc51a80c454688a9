//===- PartialAttention.h - Splitting keys, merging parts -------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_PARTIALATTENTION_H
#define PERCEIVER_DIALECT_BLOCK_PARTIALATTENTION_H

namespace mlir {
class MLIRContext;
} // namespace mlir

namespace mlir::perceiver {

/// Attach PartialReductionOpInterface and MaskedKeysOpInterface to
/// `online_attention`.
void attachPartialReductionInterface(MLIRContext *context);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCK_PARTIALATTENTION_H
