//===- PositionOps.h - Where rows are ---------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_POSITIONOPS_H
#define PERCEIVER_DIALECT_BLOCK_POSITIONOPS_H

#include "dialect/Block/BlockDialect.h"
#include "dialect/Block/BlockInterfaces.h"
#include "dialect/Block/BlockTraits.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/CommonInvariants.h"
#include "dialect/Model/FourierColumns.h"
#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::perceiver {

/// Where `tile`, of an operation whose first row is that of `offset` (of 0 if
/// it is null), begins if its own first row is `first` of these.
Value addToOffset(OpBuilder &builder, Operation *tile, Value offset,
                  OpFoldResult first);

} // namespace mlir::perceiver

#define GET_OP_CLASSES
#include "dialect/Block/PositionOps.h.inc"

#endif // PERCEIVER_DIALECT_BLOCK_POSITIONOPS_H
