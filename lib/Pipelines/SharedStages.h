//===- SharedStages.h - Stages that several back ends have ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions for the field `build` of a Stage, and for `isLeftover` (Stage.h).
// A back end with other passes in a stage writes its own function.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_PIPELINES_SHAREDSTAGES_H
#define PERCEIVER_LIB_PIPELINES_SHAREDSTAGES_H

#include "mlir/Pass/PassManager.h"

namespace mlir::perceiver {

/// Model level to block level. Removes what has the model's level.
void buildExpandPipeline(OpPassManager &pm);
bool isModelLevel(Operation *op);

/// Algebra on blocks.
void buildRewritePipeline(OpPassManager &pm);

/// Split off what depends on parameters alone. Removes what reads a parameter
/// outside of functions that compute stored tensors.
void buildPreparePipeline(OpPassManager &pm);
bool readsParameter(Operation *op);

/// Form phases and tiles on tensors, as the tilings say, and remove these.
void buildTilePipeline(OpPassManager &pm);
bool hasTiling(Operation *op);

/// Memrefs, entries with frames, addressed weights. Completes entries without a
/// signature.
void buildBufferizePipeline(OpPassManager &pm);
bool isEntryWithoutSignature(Operation *op);
bool isEntryWithoutPlan(Operation *op);

/// The end of a last stage: what runs on a processor, in the LLVM dialect. No
/// functions that compute stored tensors are left.
void addHostConversions(OpPassManager &pm);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_PIPELINES_SHAREDSTAGES_H
