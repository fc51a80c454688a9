//===- TargetAttrs.h - What code is made for --------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_TARGETATTRS_H
#define PERCEIVER_DIALECT_MODEL_TARGETATTRS_H

#include "mlir/IR/Attributes.h"

namespace mlir {
class Operation;
} // namespace mlir

#include "dialect/Model/TargetAttrInterface.h.inc"

namespace mlir::perceiver {

/// What the module around `op` is for; null if nothing says so yet.
TargetAttrInterface getTarget(Operation *op);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_MODEL_TARGETATTRS_H
