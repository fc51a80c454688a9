//===- CommonInvariants.cpp - What holds of all operations ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/CommonInvariants.h"

#include "dialect/AttributeNames.h"

using namespace mlir;

LogicalResult perceiver::verifyCommonInvariants(Operation *op) {
  return verifyAttributeNames(op);
}
