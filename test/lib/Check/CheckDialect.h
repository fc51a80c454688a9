//===- CheckDialect.h - Expectations in the IR ------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_LIB_CHECK_CHECKDIALECT_H
#define PERCEIVER_TEST_LIB_CHECK_CHECKDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "test/lib/Check/CheckDialect.h.inc"

#define GET_OP_CLASSES
#include "test/lib/Check/CheckOps.h.inc"

namespace mlir::perceiver::check {

/// Make the dialect known; `perceiver-opt` declares this function itself.
void registerCheckDialect(DialectRegistry &registry);

} // namespace mlir::perceiver::check

#endif // PERCEIVER_TEST_LIB_CHECK_CHECKDIALECT_H
