//===- PerceiverOps.h - Operations of the dialect ---------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_PERCEIVEROPS_H
#define PERCEIVER_DIALECT_PERCEIVEROPS_H

#include "dialect/CommonInvariants.h"
#include "dialect/PerceiverDialect.h"
#include "dialect/TileMap.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::perceiver {
/// Loops of the attention operations, from the outermost on.
enum AttentionLoop : unsigned { kBatchLoop, kHeadLoop, kQueryLoop, kKeyLoop };

/// Of a destination-passing operation whose result depends on what is in its
/// destinations, as a running state.
template <typename ConcreteOp>
class ReadsDestination
    : public OpTrait::TraitBase<ConcreteOp, ReadsDestination> {};
} // namespace mlir::perceiver

#include "dialect/PerceiverInterfaces.h.inc"

#define GET_OP_CLASSES
#include "dialect/PerceiverBlockOps.h.inc"

#define GET_OP_CLASSES
#include "dialect/PerceiverAttentionOps.h.inc"

#define GET_OP_CLASSES
#include "dialect/PerceiverParameterOps.h.inc"

#define GET_OP_CLASSES
#include "dialect/PerceiverFoldOps.h.inc"

#define GET_OP_CLASSES
#include "dialect/PerceiverModelOps.h.inc"

#define GET_OP_CLASSES
#include "dialect/PerceiverModelInputOps.h.inc"

#endif // PERCEIVER_DIALECT_PERCEIVEROPS_H
