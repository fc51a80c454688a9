//===- Stages.h - What only the GPU's stages do -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions for the fields of a Stage (lib/Pipelines/Stage.h).
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_STAGES_H
#define PERCEIVER_LIB_GPU_STAGES_H

#include "mlir/Pass/PassManager.h"

namespace mlir::perceiver {

/// Blocks of threads, and layouts of weights that they read.
void buildGPUStrategyPipeline(OpPassManager &pm);

/// Phases, each of one operation. Key and channel loops are left to kernels.
void buildGPUTilePipeline(OpPassManager &pm);

/// Phases as kernels in a module of their own, and the memory plan. Replaces
/// phases, and completes entries without a plan.
void buildKernelsPipeline(OpPassManager &pm);
bool isWithoutKernel(Operation *op);

/// Kernels in the dialects llvm and nvvm, and what starts them in llvm.
void buildNVVMPipeline(OpPassManager &pm);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_STAGES_H
