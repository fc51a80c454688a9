//===- GroupedOps.h - Layers of groups of channels --------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_GROUPEDOPS_H
#define PERCEIVER_DIALECT_BLOCK_GROUPEDOPS_H

#include "dialect/Block/BlockDialect.h"
#include "dialect/Block/BlockInterfaces.h"
#include "dialect/Block/BlockTraits.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/CommonInvariants.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#define GET_OP_CLASSES
#include "dialect/Block/GroupedOps.h.inc"

#endif // PERCEIVER_DIALECT_BLOCK_GROUPEDOPS_H
