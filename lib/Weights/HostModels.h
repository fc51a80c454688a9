//===- HostModels.h - Evaluation on the host, attached ----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_WEIGHTS_HOSTMODELS_H
#define PERCEIVER_LIB_WEIGHTS_HOSTMODELS_H

#include "lib/Weights/HostInterfaces.h"

namespace mlir::perceiver {

/// The parts of registerHostModels.
void registerHostBlockModels(DialectRegistry &registry);
void registerHostLayouts(DialectRegistry &registry);
void registerHostTensorModels(DialectRegistry &registry);

/// Operations `OpTy` are evaluated by the function `evaluateOp`.
template <typename OpTy, auto evaluateOp>
struct HostModel
    : HostOpInterface::ExternalModel<HostModel<OpTy, evaluateOp>, OpTy> {
  FailureOr<HostTensor> evaluate(Operation *op,
                                 const HostValues &values) const {
    return evaluateOp(cast<OpTy>(op), values);
  }
};

template <typename OpTy, auto evaluateOp>
void attachHostModel(MLIRContext *context) {
  OpTy::template attachInterface<HostModel<OpTy, evaluateOp>>(*context);
}

inline ArrayRef<int64_t> getResultShape(Operation *op) {
  return cast<RankedTensorType>(op->getResult(0).getType()).getShape();
}

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_WEIGHTS_HOSTMODELS_H
