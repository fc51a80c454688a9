//===- PerceiverFrameOps.h - Between code and runtime -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_PERCEIVERFRAMEOPS_H
#define PERCEIVER_DIALECT_PERCEIVERFRAMEOPS_H

#include "dialect/CommonInvariants.h"
#include "dialect/PerceiverDialect.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#define GET_OP_CLASSES
#include "dialect/PerceiverFrameOps.h.inc"

#endif // PERCEIVER_DIALECT_PERCEIVERFRAMEOPS_H
