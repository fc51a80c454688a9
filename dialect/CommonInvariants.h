//===- CommonInvariants.h - What holds of all operations --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_COMMONINVARIANTS_H
#define PERCEIVER_DIALECT_COMMONINVARIANTS_H

#include "mlir/IR/OpDefinition.h"

namespace mlir::perceiver {

/// Verify what holds of every operation of our dialects: it has no attributes
/// that are not its own (AttributeNames.h), and none of its operands and
/// results is empty.
LogicalResult verifyCommonInvariants(Operation *op);

/// Of every operation of our dialects.
template <typename ConcreteOp>
class CommonInvariants
    : public OpTrait::TraitBase<ConcreteOp, CommonInvariants> {
public:
  static LogicalResult verifyTrait(Operation *op) {
    return verifyCommonInvariants(op);
  }
};

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_COMMONINVARIANTS_H
