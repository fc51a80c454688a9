//===- Stages.cpp - What only the GPU's stages do ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/Stages.h"

#include "lib/Execution/Passes.h"
#include "lib/GPU/Passes.h"
#include "lib/Pipelines/Cleanup.h"
#include "lib/Pipelines/SharedStages.h"
#include "lib/Tiling/Passes.h"
#include "lib/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::perceiver;

void perceiver::buildGPUStrategyPipeline(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createSelectStoredPass());
  pm.addNestedPass<func::FuncOp>(createGPUPadChannelsPass());
  pm.addNestedPass<func::FuncOp>(createGPUPackWeightsPass());
  pm.addNestedPass<func::FuncOp>(createGPUSelectStrategyPass());
  // What an attention of many keys becomes has to be cut as well.
  pm.addPass(createConvertToOnlineAttentionPass({/*splitOnly=*/true}));
  pm.addNestedPass<func::FuncOp>(createGPUSelectStrategyPass());
}

void perceiver::buildGPUTilePipeline(OpPassManager &pm) {
  OpPassManager &func = pm.nest<func::FuncOp>();
  func.addPass(createSplitKeysPass());
  func.addPass(createFormPhasesPass());
  func.addPass(createSinkFillsPass());
  addCleanup(func);
  func.addPass(createReuseDestinationsPass({/*byElement=*/true}));
}

void perceiver::buildKernelsPipeline(OpPassManager &pm) {
  pm.addPass(createVerifyFramesPass());
  pm.addNestedPass<func::FuncOp>(createGPUWrapOperationsPass());
  pm.addNestedPass<func::FuncOp>(createGPUVerifyPhasesPass());
  pm.addPass(createGPUOutlineKernelsPass());
  addCleanup(pm);
  pm.addPass(createGPUAnnotateKernelsPass());
  pm.addPass(createGPUMergeKernelsPass());
  pm.addNestedPass<func::FuncOp>(createPlanMemoryPass());
}

bool perceiver::isWithoutKernel(Operation *op) {
  return isa<scf::ForallOp>(op) || isEntryWithoutPlan(op);
}

/// What is left of a kernel to be converted, when its operation is code.
static void addKernelConversions(OpPassManager &pm) {
  pm.addPass(createGPULowerKernelsPass());
  addCleanup(pm);
  pm.addPass(createLowerAffinePass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  addCleanup(pm);
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  addCleanup(pm);
  pm.addPass(createAttachLoopAnnotationsPass());
}

void perceiver::buildNVVMPipeline(OpPassManager &pm) {
  pm.addPass(createVerifyFramesPass());
  pm.addNestedPass<func::FuncOp>(createGPUVerifyLaunchesPass());
  pm.addPass(createErasePreparePass());
  pm.addPass(createNameEntriesPass());
  // First: conversions of the outer module reach into this one.
  addKernelConversions(pm.nest<ModuleOp>());
  addHostConversions(pm);
}
