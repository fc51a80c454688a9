//===- OperationModels.h - What a GPU knows of all operations ---*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_OPERATIONMODELS_H
#define PERCEIVER_LIB_GPU_OPERATIONMODELS_H

#include "lib/GPU/GPUInterfaces.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::perceiver {

/// Register the kernels and strategies of the operations of the block level.
void registerGPUModels(DialectRegistry &registry);

/// The parts of that, one for each file of kernels.
void attachGPUAttentionKernel(MLIRContext *context);
void attachGPUAttentionStateKernels(MLIRContext *context);
void attachGPUBatchKernels(MLIRContext *context);
void attachGPUCopyKernel(MLIRContext *context);
void attachGPUElementKernels(MLIRContext *context);
void attachGPUImageKernels(MLIRContext *context);
void attachGPULayoutKernels(MLIRContext *context);
void attachGPULinearKernel(MLIRContext *context);
void attachGPUNormKernel(MLIRContext *context);
void attachGPUPositionKernels(MLIRContext *context);
void attachGPURowKernels(MLIRContext *context);

/// The kernel of operations `OpTy` is the function `lowerOp`.
template <typename OpTy, LogicalResult (*lowerOp)(OpTy, DeviceBuilder &)>
struct GPUKernel
    : GPUKernelOpInterface::ExternalModel<GPUKernel<OpTy, lowerOp>, OpTy> {
  LogicalResult lower(Operation *op, DeviceBuilder &kernel) const {
    return lowerOp(cast<OpTy>(op), kernel);
  }
};

/// Tasks are a few rows of one batch entry.
TilingAttr chooseGPURows(Operation *op, CUDATargetAttr target);

/// Tasks are tiles of that many rows, and columns if they are given, of one
/// batch entry; the operation ends its phase.
TilingAttr tileGPURows(Operation *op, ArrayRef<int64_t> rowsAndColumns);

/// Tasks are batch entries.
TilingAttr chooseGPUBatch(Operation *op, CUDATargetAttr target);

/// Tasks are that many queries of one head of a batch entry; the operation ends
/// its phase.
TilingAttr tileGPUQueries(Operation *op, int64_t queries);

/// How operations `OpTy` are cut is what `choose` says.
template <typename OpTy, TilingAttr (*choose)(Operation *, CUDATargetAttr)>
struct GPUStrategyOf
    : GPUStrategyOpInterface::ExternalModel<GPUStrategyOf<OpTy, choose>, OpTy> {
  TilingAttr chooseTiling(Operation *op, CUDATargetAttr target) const {
    return choose(op, target);
  }
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_OPERATIONMODELS_H
