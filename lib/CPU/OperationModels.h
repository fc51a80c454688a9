//===- OperationModels.h - Kernels and strategies, attached -----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernel of an operation is a function in the file of its family; what is
// here makes interfaces of such functions.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_OPERATIONMODELS_H
#define PERCEIVER_LIB_CPU_OPERATIONMODELS_H

#include "lib/CPU/CPUInterfaces.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::perceiver {

/// Register the kernels and strategies of the operations of the block level.
void registerCPUModels(DialectRegistry &registry);

/// The parts of that, one for each file of kernels or strategies.
void attachAttentionKernel(MLIRContext *context);
void attachAttentionStateKernels(MLIRContext *context);
void attachAttentionStrategies(MLIRContext *context);
void attachElementKernels(MLIRContext *context);
void attachGridAttentionKernel(MLIRContext *context);
void attachGridQueryKernel(MLIRContext *context);
void attachGridStatisticsKernel(MLIRContext *context);
void attachGridStrategies(MLIRContext *context);
void attachImageKernels(MLIRContext *context);
void attachLayoutKernels(MLIRContext *context);
void attachLinearKernel(MLIRContext *context);
void attachMaskKernels(MLIRContext *context);
void attachPositionKernels(MLIRContext *context);
void attachRowKernels(MLIRContext *context);

/// The kernel of operations `OpTy` is the function `lowerOp`.
template <typename OpTy, auto lowerOp>
struct Kernel
    : CPUKernelOpInterface::ExternalModel<Kernel<OpTy, lowerOp>, OpTy> {
  LogicalResult lower(Operation *op, RewriterBase &rewriter,
                      const VectorTarget &target) const {
    return lowerOp(rewriter, cast<OpTy>(op), target);
  }
};

/// Tasks are (batch, block of rows), by the rows of the destination: what the
/// operations after an attention share, up to the next one.
Strategy chooseForRows(Operation *op, const TileTarget &target);

/// Whether `value` is there as a whole before the tasks of its reader run: what
/// those read of it is not computed in each of them.
bool isInMemory(Value value);

/// Tasks are batch entries.
Strategy chooseForBatch(Operation *op, const TileTarget &target);

template <typename OpTy, Strategy (*choose)(Operation *, const TileTarget &)>
struct StrategyOf
    : CPUStrategyOpInterface::ExternalModel<StrategyOf<OpTy, choose>, OpTy> {
  std::optional<Strategy> chooseStrategy(Operation *op,
                                         const TileTarget &target) const {
    return choose(op, target);
  }
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_OPERATIONMODELS_H
