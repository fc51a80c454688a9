//===- AlgebraTrait.h - Who takes a choice of algebra -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_ALGEBRATRAIT_H
#define PERCEIVER_DIALECT_MODEL_ALGEBRATRAIT_H

#include "mlir/IR/OpDefinition.h"

namespace mlir::perceiver {

/// An attention: it obeys the attribute `perceiver.algebra`, or hands it on to
/// what it becomes.
template <typename ConcreteOp>
class TakesAlgebra : public OpTrait::TraitBase<ConcreteOp, TakesAlgebra> {};

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_MODEL_ALGEBRATRAIT_H
