//===- AttentionKernel.h - Shared by kernels of attention -------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_ATTENTIONKERNEL_H
#define PERCEIVER_LIB_CPU_ATTENTIONKERNEL_H

#include "dialect/Block/AttentionState.h"
#include "lib/CPU/KernelBuilder.h"
#include "lib/CPU/OperationModels.h"

#include <limits>

namespace mlir::perceiver {

inline constexpr double kNegativeInfinity =
    -std::numeric_limits<double>::infinity();

inline constexpr const char *kUnboundedKeys =
    "expected a bounded number of keys; tile the loop over keys";
inline constexpr const char *kUnboundedQueries =
    "expected a bounded number of queries; tile the loop over queries";

/// `value`, or 0 where it is -inf, so that a difference with it is no NaN.
Value finiteMaximum(KernelBuilder &kernel, Value value);

/// `2 ^ value`, for values that are not positive.
Value exp2NonPositive(KernelBuilder &kernel, Value value);

/// The queries of one head: `headSize` channels of `count` rows of an array
/// with or without batch, whose scores `scale` multiplies.
struct QueriesOfHead {
  Value query;
  double scale;
  int64_t headSize;
  Value count, batch, head;
};

/// packed[c, i] = scale * log2(e) * query[i, c], the right-hand side of scores;
/// rows of `packed` are whole vectors.
void packQueries(KernelBuilder &kernel, const QueriesOfHead &queries,
                 Value packed);

/// The type in which a state keeps its sums.
FloatType elementOf(Value state);

/// The kernel of an operation on a state, whose sums may be float64.
template <typename OpTy, auto lowerOp>
struct StateKernel
    : CPUKernelOpInterface::ExternalModel<StateKernel<OpTy, lowerOp>, OpTy> {
  LogicalResult lower(Operation *op, RewriterBase &rewriter,
                      const VectorTarget &target) const {
    return lowerOp(rewriter, cast<OpTy>(op), target);
  }
  bool takesFloat(Operation *op, OpOperand &operand, FloatType type) const {
    auto state = cast<OpTy>(op);
    return type.isF64() && (&operand == &state.getAccumulatorMutable() ||
                            &operand == &state.getSumMutable());
  }
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_ATTENTIONKERNEL_H
