//===- LowerLinear.cpp - The kernel of linear layers ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/GPU/select-strategy.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/RowOps.h"
#include "lib/GPU/OperationModels.h"

using namespace mlir;
using namespace mlir::perceiver;

void perceiver::attachGPULinearKernel(MLIRContext *context) {
  attachGPUStrategy<block::LinearOp, chooseGPUProduct>(context);
}
