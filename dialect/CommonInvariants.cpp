//===- CommonInvariants.cpp - What holds of all operations ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/CommonInvariants.h"

#include "dialect/AttributeNames.h"
#include "dialect/Shapes.h"

using namespace mlir;

LogicalResult perceiver::verifyCommonInvariants(Operation *op) {
  if (failed(verifyAttributeNames(op)))
    return failure();
  auto verifyTypes = [&](TypeRange types) -> LogicalResult {
    for (Type type : types)
      if (hasZeroSize(type))
        return op->emitOpError("expected sizes of at least 1, but got ")
               << type;
    return success();
  };
  return success(succeeded(verifyTypes(op->getOperandTypes())) &&
                 succeeded(verifyTypes(op->getResultTypes())));
}
