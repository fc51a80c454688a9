//===- HostInterfaces.h - Evaluation on the host ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_WEIGHTS_HOSTINTERFACES_H
#define PERCEIVER_LIB_WEIGHTS_HOSTINTERFACES_H

#include "lib/Weights/HostTensor.h"

#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::perceiver {

/// The tensors of a function that is being evaluated.
class HostValues {
public:
  /// The tensor of `value`, which has been computed.
  const HostTensor &get(Value value) const {
    return tensors.find(value)->second;
  }
  SmallVector<HostTensor> get(ValueRange values) const {
    return llvm::map_to_vector(values, [&](Value value) { return get(value); });
  }

  void set(Value value, HostTensor tensor) {
    tensors[value] = std::move(tensor);
  }
  void erase(Value value) { tensors.erase(value); }

private:
  llvm::DenseMap<Value, HostTensor> tensors;
};

/// Register the evaluation of the operations and layouts of the block level,
/// and of what moves tensors.
void registerHostModels(DialectRegistry &registry);

} // namespace mlir::perceiver

#include "lib/Weights/HostAttrInterfaces.h.inc"
#include "lib/Weights/HostOpInterfaces.h.inc"

#endif // PERCEIVER_LIB_WEIGHTS_HOSTINTERFACES_H
