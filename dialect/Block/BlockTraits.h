//===- BlockTraits.h - What passes know of operations -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Traits by which passes decide, so that they need not know the operations.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_BLOCKTRAITS_H
#define PERCEIVER_DIALECT_BLOCK_BLOCKTRAITS_H

#include "mlir/IR/OpDefinition.h"

namespace mlir::perceiver {

/// Of a destination-passing operation whose result depends on what is in its
/// destinations, as a running state. All others only overwrite them.
template <typename ConcreteOp>
class ReadsDestination
    : public OpTrait::TraitBase<ConcreteOp, ReadsDestination> {};

/// Computed when the model is compiled and never by the model, so that no back
/// end has code for it. Its result is stored.
template <typename ConcreteOp>
class PreparedOnly : public OpTrait::TraitBase<ConcreteOp, PreparedOnly> {};

/// Nothing of its work counts as FLOPs: figures of these models are those of
/// matrix products.
template <typename ConcreteOp>
class NoMatrixProduct : public OpTrait::TraitBase<ConcreteOp, NoMatrixProduct> {
};

/// To compute a part of the result again costs no more than to read it.
template <typename ConcreteOp>
class CheapToRepeat : public OpTrait::TraitBase<ConcreteOp, CheapToRepeat> {};

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCK_BLOCKTRAITS_H
