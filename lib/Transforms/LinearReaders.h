//===- LinearReaders.h - What reads a linear layer --------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_LINEARREADERS_H
#define PERCEIVER_LIB_TRANSFORMS_LINEARREADERS_H

#include "dialect/Block/RowOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/STLExtras.h"

namespace mlir::perceiver {

/// How many operands are what `linear` computes, and not its sizes alone.
inline int64_t countReaders(block::LinearOp linear) {
  return llvm::count_if(linear->getUsers(), [](Operation *user) {
    return !isa<tensor::DimOp>(user);
  });
}

/// Let those who ask for the sizes of the result ask the destination, which has
/// the same ones and stays when the layer is replaced.
inline void takeSizesFromDestination(block::LinearOp linear) {
  for (OpOperand &use : llvm::make_early_inc_range(linear->getUses()))
    if (isa<tensor::DimOp>(use.getOwner()))
      use.set(linear.getInit());
}

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TRANSFORMS_LINEARREADERS_H
