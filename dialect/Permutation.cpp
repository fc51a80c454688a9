//===- Permutation.cpp - Dimensions in another order ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Permutation.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Operation.h"

using namespace mlir;

LogicalResult perceiver::verifyPermutation(Operation *op,
                                           ArrayRef<int64_t> permutation,
                                           int64_t rank) {
  if (static_cast<int64_t>(permutation.size()) == rank &&
      isPermutationVector(permutation))
    return success();
  InFlightDiagnostic error = op->emitOpError("expected a permutation of ")
                             << rank << " dimensions, but got [";
  llvm::interleaveComma(permutation, error);
  return error << "]";
}
