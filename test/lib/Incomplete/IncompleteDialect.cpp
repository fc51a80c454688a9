//===- IncompleteDialect.cpp - Operations that lack something -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/lib/Incomplete/IncompleteDialect.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::perceiver::incomplete;

#include "test/lib/Incomplete/IncompleteDialect.cpp.inc"

#define GET_OP_CLASSES
#include "test/lib/Incomplete/IncompleteOps.cpp.inc"

void IncompleteDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "test/lib/Incomplete/IncompleteOps.cpp.inc"
      >();
}
