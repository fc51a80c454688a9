//===- IncompleteDialect.h - Operations that lack something -----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_LIB_INCOMPLETE_INCOMPLETEDIALECT_H
#define PERCEIVER_TEST_LIB_INCOMPLETE_INCOMPLETEDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "test/lib/Incomplete/IncompleteDialect.h.inc"

#define GET_OP_CLASSES
#include "test/lib/Incomplete/IncompleteOps.h.inc"

#endif // PERCEIVER_TEST_LIB_INCOMPLETE_INCOMPLETEDIALECT_H
