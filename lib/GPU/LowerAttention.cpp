//===- LowerAttention.cpp - The kernel of attention ----------------------===//
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

#include "dialect/Block/AttentionOps.h"
#include "lib/GPU/OperationModels.h"

using namespace mlir;
using namespace mlir::perceiver;

void perceiver::attachGPUAttentionKernels(MLIRContext *context) {
  attachGPUStrategy<block::AttentionOp, chooseGPUAttention>(context);
}
