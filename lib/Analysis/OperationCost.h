//===- OperationCost.h - What operations cost -------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// FLOPs are counted as is usual for these models: two for each multiplication
// and addition of a matrix product, nothing for norms, softmax, activations,
// biases and positions. An attention block of Nq queries of Dq channels and Nk
// keys of Dk channels then costs
//
//   2 (Nq Dq qk + Nk Dk (qk + v) + Nq Nk (qk + v) + Nq v Dq + 2 w Nq Dq^2).
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_OPERATIONCOST_H
#define PERCEIVER_LIB_ANALYSIS_OPERATIONCOST_H

#include "lib/Analysis/EntrySizes.h"

namespace mlir::perceiver {

/// The cost of one execution of an operation.
struct OperationCost {
  SizeExpr flops;
  /// Bytes of the weights it reads, and of the other arrays that it reads and
  /// writes, each once.
  SizeExpr weightBytes;
  SizeExpr activationBytes;
};

/// Whether `op` is of the block level, or of one like it, and does not say what
/// it costs: it neither has FlopsOpInterface nor the trait NoMatrixProduct.
bool hasUnknownFlops(Operation *op);

/// The cost of a block-level or tile-level operation on tensors.
OperationCost getOperationCost(Operation *op, const EntrySizes &sizes);

/// How often `op` is executed in one run of the function: the product of the
/// trip counts of the loops around it.
SizeExpr getExecutionCount(Operation *op, const EntrySizes &sizes);

/// The FLOPs of one run, if `entry` has just been expanded to blocks and is
/// executed densely as it stands: with queries that every batch entry projects
/// for itself.
SizeExpr countDenseFlops(func::FuncOp entry);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ANALYSIS_OPERATIONCOST_H
