//===- BlockStages.cpp - Stages on tensors --------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/Passes.h"
#include "lib/Conversion/Passes.h"
#include "lib/Pipelines/Cleanup.h"
#include "lib/Pipelines/Pipelines.h"
#include "lib/Tiling/Passes.h"
#include "lib/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::perceiver;

void perceiver::buildExpandPipeline(OpPassManager &pm,
                                    const CPUPipelineOptions &) {
  pm.addPass(createVerifyDescriptionPass());
  pm.addPass(createInlinerPass());
  pm.addPass(createExpandBlocksPass());
  addCleanup(pm);
  pm.addNestedPass<func::FuncOp>(createCountFlopsPass());
}

void perceiver::buildRewritePipeline(OpPassManager &pm,
                                     const CPUPipelineOptions &) {
  // Norms first: without their gains and biases, the norms that the iterations
  // of a loop share are the same and leave it.
  pm.addNestedPass<func::FuncOp>(createFoldNormsPass());
  pm.addNestedPass<func::FuncOp>(createFuseProjectionsPass());
  addCleanup(pm);
  pm.addNestedPass<func::FuncOp>(createHoistInvariantsPass());
  addCleanup(pm);
}

void perceiver::buildStrategyPipeline(OpPassManager &pm,
                                      const CPUPipelineOptions &options) {
  pm.addPass(createConvertToOnlineAttention());
  pm.addNestedPass<func::FuncOp>(createSelectStoredPass());
  SelectStrategyOptions strategy;
  strategy.lanes = options.lanes;
  strategy.registers = options.registers;
  pm.addNestedPass<func::FuncOp>(createSelectStrategy(strategy));
  PackWeightsOptions pack;
  pack.lanes = options.lanes;
  pack.registers = options.registers;
  pm.addNestedPass<func::FuncOp>(createPackWeights(pack));
}

void perceiver::buildPreparePipeline(OpPassManager &pm,
                                     const CPUPipelineOptions &) {
  pm.addPass(createSplitPreparePass());
  addCleanup(pm);
  pm.addPass(createAssignWeightOffsetsPass());
}

void perceiver::buildTilePipeline(OpPassManager &pm,
                                  const CPUPipelineOptions &) {
  OpPassManager &func = pm.nest<func::FuncOp>();
  func.addPass(createSplitKeys());
  func.addPass(createFormPhases());
  addCleanup(func);
  func.addPass(createTileTasks());
  addCleanup(func);
  func.addPass(createReuseDestinations());
}
