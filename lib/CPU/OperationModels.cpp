//===- OperationModels.cpp - Kernels and strategies, attached -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/OperationModels.h"

#include "dialect/Block/BlockDialect.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "lib/CPU/CPUInterfaces.cpp.inc"

void perceiver::registerCPUModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, block::BlockDialect *) {
    attachAttentionKernel(context);
    attachAttentionStateKernels(context);
    attachAttentionStrategies(context);
    attachElementKernels(context);
    attachGridAttentionKernel(context);
    attachGridQueryKernel(context);
    attachGridStatisticsKernel(context);
    attachGridStrategies(context);
    attachImageKernels(context);
    attachLayoutKernels(context);
    attachLinearKernel(context);
    attachMaskKernels(context);
    attachPositionKernels(context);
    attachRowKernels(context);
  });
}
