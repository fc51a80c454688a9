//===- AttentionOps.h - Attention and its running state ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_ATTENTIONOPS_H
#define PERCEIVER_DIALECT_BLOCK_ATTENTIONOPS_H

#include "dialect/Block/BlockDialect.h"
#include "dialect/Block/BlockTraits.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/Block/WidenableInterface.h"
#include "dialect/CommonInvariants.h"
#include "dialect/Model/AlgebraTrait.h"
#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::perceiver {

/// Loops of the attention operations, from the outermost on.
enum AttentionLoop : unsigned { kBatchLoop, kHeadLoop, kQueryLoop, kKeyLoop };

/// What such a loop counts: "batch", "heads", "queries" or "keys".
StringRef getAttentionLoopName(unsigned loop);

} // namespace mlir::perceiver

#define GET_OP_CLASSES
#include "dialect/Block/AttentionOps.h.inc"

#endif // PERCEIVER_DIALECT_BLOCK_ATTENTIONOPS_H
