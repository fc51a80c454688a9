//===- FrameOps.h - Between code and runtime --------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_FRAME_FRAMEOPS_H
#define PERCEIVER_DIALECT_FRAME_FRAMEOPS_H

#include "dialect/CommonInvariants.h"
#include "dialect/Frame/FrameDialect.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#define GET_OP_CLASSES
#include "dialect/Frame/FrameOps.h.inc"

#endif // PERCEIVER_DIALECT_FRAME_FRAMEOPS_H
