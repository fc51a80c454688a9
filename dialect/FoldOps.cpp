//===- FoldOps.cpp - Operations that rewrites need ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/DestinationOps.h"
#include "dialect/PerceiverOps.h"

using namespace mlir;
using namespace mlir::perceiver;

#define GET_OP_CLASSES
#include "dialect/PerceiverFoldOps.cpp.inc"

LogicalResult ScaleRowsOp::verify() {
  int64_t rows = getMatrix().getType().getDimSize(0);
  int64_t factors = getFactors().getType().getDimSize(0);
  if (!dimsMayMatch(rows, factors))
    return emitOpError("expected a factor for each of ")
           << rows << " rows, but got " << factors;
  return success();
}
