//===- AttentionOps.h - Attention blocks of a model -------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_ATTENTIONOPS_H
#define PERCEIVER_DIALECT_MODEL_ATTENTIONOPS_H

#include "dialect/CommonInvariants.h"
#include "dialect/Model/AlgebraTrait.h"
#include "dialect/Model/AttentionBlockInterface.h"
#include "dialect/Model/PerceiverDialect.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#define GET_OP_CLASSES
#include "dialect/Model/AttentionOps.h.inc"

#endif // PERCEIVER_DIALECT_MODEL_ATTENTIONOPS_H
