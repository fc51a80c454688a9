//===- MaskOps.cpp - Which rows take part ---------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers of the operations in MaskOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/MaskOps.h"

#include "dialect/Model/RowTypes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::perceiver;

#define GET_OP_CLASSES
#include "dialect/Model/MaskOps.cpp.inc"

LogicalResult ToMaskOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (input.getRank() != 2 || !input.getElementType().isIntOrFloat())
    return emitOpError("expected numbers of rank 2, but got ") << input;
  return verifyResult(*this, input.getShape(),
                      IntegerType::get(getContext(), 1));
}
