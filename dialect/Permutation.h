//===- Permutation.h - Dimensions in another order --------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_PERMUTATION_H
#define PERCEIVER_DIALECT_PERMUTATION_H

#include "mlir/Support/LLVM.h"

namespace mlir {
class Operation;
} // namespace mlir

namespace mlir::perceiver {

/// Each of the numbers of `rank` dimensions once.
LogicalResult verifyPermutation(Operation *op, ArrayRef<int64_t> permutation,
                                int64_t rank);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_PERMUTATION_H
