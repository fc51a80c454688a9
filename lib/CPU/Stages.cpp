//===- Stages.cpp - What only the CPU's stages do -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/Stages.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"
#include "lib/CPU/CPUInterfaces.h"
#include "lib/CPU/Passes.h"
#include "lib/Execution/Passes.h"
#include "lib/Pipelines/Cleanup.h"
#include "lib/Pipelines/SharedStages.h"
#include "lib/Tiling/Passes.h"
#include "lib/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::perceiver;

void perceiver::buildStrategyPipeline(OpPassManager &pm) {
  // Which projections there are decides what there is to cut.
  pm.addNestedPass<func::FuncOp>(createSeparatePositionsPass());
  pm.addNestedPass<func::FuncOp>(createSelectAlgebraPass());
  pm.addNestedPass<func::FuncOp>(createAbsorbProjectionsPass());
  pm.addNestedPass<func::FuncOp>(createSeparateQueryPositionsPass());
  addCleanup(pm);
  pm.addPass(createCollectRewritesPass());
  pm.addPass(createConvertToOnlineAttentionPass());
  pm.addNestedPass<func::FuncOp>(createSelectStoredPass());
  pm.addNestedPass<func::FuncOp>(createSelectStrategyPass());
  pm.addNestedPass<func::FuncOp>(createPackWeightsPass());
}

bool perceiver::isAttentionWithoutState(Operation *op) {
  return isa<block::AttentionOp>(op);
}

bool perceiver::isWithoutCode(Operation *op) {
  // Functions that compute stored tensors keep their blocks: they get no code.
  auto function = op->getParentOfType<func::FuncOp>();
  bool isBlock = (isBlockLevel(op) || isa<CPUKernelOpInterface>(op)) &&
                 function && !function->hasAttr(kPrepareAttrName);
  return isBlock || isEntryWithoutPlan(op);
}

void perceiver::buildVectorizePipeline(OpPassManager &pm) {
  pm.addPass(createVerifyFramesPass());
  pm.addPass(createLowerKernelsPass());
  pm.addPass(createSplitFMAPass());
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  addCleanup(pm);
  pm.addNestedPass<func::FuncOp>(createPlanMemoryPass());
  pm.addPass(createOutlinePhasesPass());
  addCleanup(pm);
}

void perceiver::buildToLLVMPipeline(OpPassManager &pm) {
  pm.addPass(createVerifyFramesPass());
  pm.addPass(createErasePreparePass());
  pm.addPass(createShareTasksPass());
  pm.addPass(createNameEntriesPass());
  addHostConversions(pm);
}
