//===- SharedStages.cpp - Stages that several back ends have --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Pipelines/SharedStages.h"

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameAttrs.h"
#include "dialect/Model/ParameterOps.h"
#include "dialect/Model/PerceiverDialect.h"
#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Conversion/Passes.h"
#include "lib/Execution/Passes.h"
#include "lib/Pipelines/Cleanup.h"
#include "lib/Tiling/Passes.h"
#include "lib/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// For every target
//===----------------------------------------------------------------------===//

void perceiver::buildExpandPipeline(OpPassManager &pm) {
  pm.addPass(createVerifyDescriptionPass());
  pm.addPass(createInlinerPass());
  pm.addPass(createExpandBlocksPass());
  addCleanup(pm);
  pm.addNestedPass<func::FuncOp>(createCountFlopsPass());
}

bool perceiver::isModelLevel(Operation *op) {
  // Parameters and their reads stay in the functions that compute weights.
  return isa<ExpandableOpInterface>(op) ||
         (isa_and_nonnull<PerceiverDialect>(op->getDialect()) &&
          !isa<ParameterOp, GetParameterOp>(op));
}

void perceiver::buildRewritePipeline(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createFoldElementsPass());
  // Norms first: without their gains and biases, the norms that the iterations
  // of a loop share are the same and leave it.
  pm.addNestedPass<func::FuncOp>(createFoldNormsPass());
  pm.addNestedPass<func::FuncOp>(createFuseProjectionsPass());
  pm.addNestedPass<func::FuncOp>(createFoldLinearsPass());
  addCleanup(pm);
  pm.addNestedPass<func::FuncOp>(createHoistInvariantsPass());
  addCleanup(pm);
  pm.addPass(createCollectRewritesPass());
}

//===----------------------------------------------------------------------===//
// After a strategy
//===----------------------------------------------------------------------===//

void perceiver::buildPreparePipeline(OpPassManager &pm) {
  pm.addPass(createSplitPreparePass());
  addCleanup(pm);
  pm.addPass(createAssignWeightOffsetsPass());
}

bool perceiver::readsParameter(Operation *op) {
  auto function = op->getParentOfType<func::FuncOp>();
  return isa<GetParameterOp>(op) && function &&
         !function->hasAttr(kPrepareAttrName);
}

void perceiver::buildTilePipeline(OpPassManager &pm) {
  OpPassManager &func = pm.nest<func::FuncOp>();
  func.addPass(createSplitKeysPass());
  func.addPass(createFormPhasesPass());
  addCleanup(func);
  func.addPass(createClipMaskedKeysPass());
  func.addPass(createTileTasksPass());
  addCleanup(func);
  func.addPass(createReuseDestinationsPass());
  func.addPass(createCountPhasesPass());
  func.addPass(createSkipMaskedKeysPass());
  addCleanup(func);
}

bool perceiver::hasTiling(Operation *op) {
  return op->hasAttr(kTilingAttrName);
}

void perceiver::buildBufferizePipeline(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createCopyNestedStatesPass());
  pm.addPass(createLowerEntriesPass());
  // Sizes in terms of the entry's sizes, which is what the memory plan knows.
  pm.addPass(memref::createResolveShapedTypeResultDimsPass());
  addCleanup(pm);
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  pm.addPass(createBufferizeTasksPass());
  // A tile copied onto itself folds away in the second round only.
  addCleanup(pm);
  addCleanup(pm);
  pm.addPass(createResolveWeightsPass());
}

bool perceiver::isEntryWithoutSignature(Operation *op) {
  return isa<func::FuncOp>(op) && op->hasAttr(kEntryAttrName) &&
         !frame::EntryAttr::of(op);
}

bool perceiver::isEntryWithoutPlan(Operation *op) {
  auto entry = frame::EntryAttr::of(op);
  return isEntryWithoutSignature(op) || (entry && !entry.getPlanned());
}

void perceiver::addHostConversions(OpPassManager &pm) {
  pm.addPass(createReinterpretExpansionsPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  addCleanup(pm);
  pm.addPass(createConvertFrameToLLVMPass());
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
  pm.addPass(createLoadTruthValuesPass());
  addCleanup(pm);
  pm.addPass(createAttachLoopAnnotationsPass());
}
