//===- MemoryStages.cpp - Stages on memrefs -------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/Passes.h"
#include "lib/Execution/Passes.h"
#include "lib/Pipelines/Cleanup.h"
#include "lib/Pipelines/Pipelines.h"
#include "lib/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::perceiver;

void perceiver::buildBufferizePipeline(OpPassManager &pm,
                                       const CPUPipelineOptions &) {
  pm.addNestedPass<func::FuncOp>(createCopyNestedStates());
  pm.addPass(createLowerEntries());
  // Sizes in terms of the entry's sizes, which is what the memory plan knows.
  pm.addPass(memref::createResolveShapedTypeResultDimsPass());
  addCleanup(pm);
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  pm.addPass(createBufferizeTasks());
  // A tile copied onto itself folds away in the second round only.
  addCleanup(pm);
  addCleanup(pm);
  pm.addPass(createResolveWeights());
}

void perceiver::buildVectorizePipeline(OpPassManager &pm,
                                       const CPUPipelineOptions &options) {
  LowerKernelsOptions kernels;
  kernels.lanes = options.lanes;
  kernels.registers = options.registers;
  pm.addPass(createLowerKernels(kernels));
  // On a target without the instruction LLVM calls `fmaf` for each.
  if (!options.fma)
    pm.addPass(math::createMathExpandOpsPass({/*opMnemonics=*/{"fma"}}));
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  addCleanup(pm);
  pm.addNestedPass<func::FuncOp>(createPlanMemory());
  pm.addPass(createOutlinePhases());
  addCleanup(pm);
}

void perceiver::buildToLLVMPipeline(OpPassManager &pm,
                                    const CPUPipelineOptions &) {
  pm.addPass(createErasePreparePass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  addCleanup(pm);
  pm.addPass(createConvertFrameToLLVM());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createLoadTruthValues());
  addCleanup(pm);
  pm.addPass(createAttachLoopAnnotations());
}
