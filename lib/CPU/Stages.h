//===- Stages.h - What only the CPU's stages do -----------------*- C++ -*-===//
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

#ifndef PERCEIVER_LIB_CPU_STAGES_H
#define PERCEIVER_LIB_CPU_STAGES_H

#include "mlir/Pass/PassManager.h"

namespace mlir::perceiver {

/// Tasks, tiles and panels for the module's target. Replaces attention without
/// its running state.
void buildStrategyPipeline(OpPassManager &pm);
bool isAttentionWithoutState(Operation *op);

/// Vector code, the memory plan, tasks as functions. Completes entries without
/// a plan, and replaces the operations of the block level.
void buildVectorizePipeline(OpPassManager &pm);
bool isWithoutCode(Operation *op);

/// The LLVM dialect, and nothing but the model's code.
void buildToLLVMPipeline(OpPassManager &pm);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_STAGES_H
