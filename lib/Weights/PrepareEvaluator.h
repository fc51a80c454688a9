//===- PrepareEvaluator.h - Compute stored tensors on the host --*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs `prepare` functions, and any other function of the same operations, in
// float64. Nothing is rounded between operations; who stores the result rounds
// it once.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_WEIGHTS_PREPAREEVALUATOR_H
#define PERCEIVER_LIB_WEIGHTS_PREPAREEVALUATOR_H

#include "dialect/Block/WeightOps.h"
#include "dialect/Model/ParameterOps.h"
#include "lib/Weights/HostTensor.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::perceiver {

/// Where `get_parameter` finds its tensors.
class ParameterSource {
public:
  virtual ~ParameterSource() = default;

  /// The member of `parameter`, in the shape of its type. Fails after it has
  /// reported why.
  virtual FailureOr<HostTensor> getParameter(ParameterOp parameter,
                                             int64_t member) = 0;
};

/// What a function is called with: tensors, and numbers for `index`.
struct HostArgument {
  HostArgument(HostTensor tensor) : tensor(std::move(tensor)) {}
  HostArgument(int64_t number) : number(number) {}

  HostTensor tensor;
  int64_t number = 0;
};

/// Compute the results of `function`, whose body is one block. Reports what it
/// cannot compute at the location of the operation.
FailureOr<SmallVector<HostTensor>>
evaluateFunction(func::FuncOp function, ArrayRef<HostArgument> arguments,
                 ParameterSource &parameters);

/// Compute one member of `weight` with its prepare function.
FailureOr<HostTensor> evaluateWeight(block::WeightOp weight, int64_t member,
                                     ParameterSource &parameters);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_WEIGHTS_PREPAREEVALUATOR_H
