//===- MaskModels.cpp - Which rows take part ------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Conversion/expand-masks.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Conversion/OperationModels.h"

#include "dialect/Block/MaskOps.h"
#include "dialect/Model/MaskOps.h"

using namespace mlir;
using namespace mlir::perceiver;

static LogicalResult expand(ToMaskOp toMask, BlockExpander &expander) {
  // Truth values are a mask already.
  Value input = toMask.getInput();
  if (input.getType() == toMask.getType() && !toMask.getInverted())
    return expander.replaceWith(input);
  return expander.replaceWith(block::ToMaskOp::create(expander.builder,
                                                      expander.loc, input,
                                                      toMask.getInverted())
                                  ->getResults());
}

void perceiver::attachMaskModels(MLIRContext *context) {
  attachModels<ToMaskOp, inferRowSizes, expand>(context);
}
