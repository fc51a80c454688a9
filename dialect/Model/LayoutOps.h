//===- LayoutOps.h - Moving elements ----------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_LAYOUTOPS_H
#define PERCEIVER_DIALECT_MODEL_LAYOUTOPS_H

#include "dialect/CommonInvariants.h"
#include "dialect/Model/PerceiverDialect.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#define GET_OP_CLASSES
#include "dialect/Model/LayoutOps.h.inc"

#endif // PERCEIVER_DIALECT_MODEL_LAYOUTOPS_H
