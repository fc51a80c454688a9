//===- DestinationOps.h - Shared by destination-passing ops -----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What all block- and tile-level operations have in common: they return their
// destinations on tensors and write them on memrefs.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_DESTINATIONOPS_H
#define PERCEIVER_DIALECT_BLOCK_DESTINATIONOPS_H

#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::perceiver {

/// A new tensor of the shape and element type of `value`.
Value emptyLike(OpBuilder &builder, Location loc, Value value);

/// Operands are all tensors or all memrefs; results are the types of the
/// destinations on tensors, none on memrefs.
LogicalResult verifyDestinations(DestinationStyleOpInterface op);

/// All arrays have floating-point elements of the destination's type, but for
/// those in `others`, of which some may be null. The destination is the first
/// that is not among them.
LogicalResult verifyElements(DestinationStyleOpInterface op,
                             ArrayRef<Value> others = {});

/// Reads of inputs, writes of destinations, which are read only by operations
/// with the trait ReadsDestination; none on tensors.
void getDestinationEffects(
    DestinationStyleOpInterface op,
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects);

/// Operations on tensors may be executed although nobody asked for them.
Speculation::Speculatability
getDestinationSpeculatability(DestinationStyleOpInterface op);

/// The shape of each result is that of its destination.
LogicalResult
reifyDestinationShapes(OpBuilder &builder, DestinationStyleOpInterface op,
                       SmallVectorImpl<SmallVector<OpFoldResult>> &shapes);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCK_DESTINATIONOPS_H
