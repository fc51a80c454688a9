//===- OperationModels.cpp - What a GPU knows of all operations ----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Structure/operations.test.
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/OperationModels.h"

#include "dialect/Block/BlockDialect.h"
#include "lib/GPU/DeviceBuilder.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "lib/GPU/GPUInterfaces.cpp.inc"

void perceiver::registerGPUModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, block::BlockDialect *) {
    attachGPUAttentionKernel(context);
    attachGPUAttentionStateKernels(context);
    attachGPUBatchKernels(context);
    attachGPUElementKernels(context);
    attachGPUImageKernels(context);
    attachGPULayoutKernels(context);
    attachGPULinearKernel(context);
    attachGPUNormKernel(context);
    attachGPUPositionKernels(context);
    attachGPURowKernels(context);
  });
  registry.addExtension(+[](MLIRContext *context, linalg::LinalgDialect *) {
    attachGPUCopyKernel(context);
  });
}
