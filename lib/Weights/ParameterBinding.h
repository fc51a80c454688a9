//===- ParameterBinding.h - Find a model's parameters -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_WEIGHTS_PARAMETERBINDING_H
#define PERCEIVER_LIB_WEIGHTS_PARAMETERBINDING_H

#include "lib/TensorFile/TensorSet.h"
#include "lib/Weights/PrepareEvaluator.h"

#include "mlir/IR/BuiltinOps.h"

namespace mlir::perceiver {

struct BindParametersOptions {
  /// Tensors of the checkpoint that no parameter reads are an error.
  bool strict = false;
};

/// The tensors of a checkpoint that a model's parameters name.
class BoundParameters : public ParameterSource {
public:
  /// The member as the model sees it: sliced, permuted, reshaped, and rounded
  /// to the parameter's element type.
  FailureOr<HostTensor> getParameter(ParameterOp parameter,
                                     int64_t member) override;

private:
  friend FailureOr<BoundParameters>
  bindParameters(ModuleOp module, const ::perceiver::TensorSet &checkpoint,
                 StringRef file, const BindParametersOptions &options);

  /// Keeps the tensors alive.
  std::shared_ptr<const ::perceiver::TensorSet> checkpoint;
  DenseMap<std::pair<StringAttr, int64_t>, const ::perceiver::TensorView *>
      tensors;
};

/// Find the tensor of each `perceiver.parameter` of `module`. Everything that
/// is missing or has another shape or element type is reported in one error;
/// warnings say which tensors are neither used nor ignored, which are rounded
/// from float64 and which hold numbers that are not finite. `file` names the
/// checkpoint in diagnostics.
FailureOr<BoundParameters>
bindParameters(ModuleOp module, const ::perceiver::TensorSet &checkpoint,
               StringRef file, const BindParametersOptions &options = {});

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_WEIGHTS_PARAMETERBINDING_H
