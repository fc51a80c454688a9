//===- ReadsDestination.h - A trait of running states -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_READSDESTINATION_H
#define PERCEIVER_DIALECT_BLOCK_READSDESTINATION_H

#include "mlir/IR/OpDefinition.h"

namespace mlir::perceiver {

/// Of a destination-passing operation whose result depends on what is in its
/// destinations, as a running state.
template <typename ConcreteOp>
class ReadsDestination
    : public OpTrait::TraitBase<ConcreteOp, ReadsDestination> {};

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCK_READSDESTINATION_H
