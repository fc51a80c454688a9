//===- MemoryStages.cpp - Stages on memrefs -------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/Passes.h"
#include "lib/Execution/Passes.h"
#include "lib/Pipelines/Pipelines.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::perceiver;

static void addCleanup(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

namespace {
/// one-shot-bufferize with copies that are linalg operations: they become
/// loops for any layout, where memref.copy would call a library.
struct BufferizePass : PassWrapper<BufferizePass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(BufferizePass)
  StringRef getArgument() const override { return "perceiver-one-shot"; }
  StringRef getDescription() const override {
    return "One-shot bufferization with linalg copies";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<bufferization::BufferizationDialect, linalg::LinalgDialect,
                    memref::MemRefDialect>();
  }
  void runOnOperation() override {
    bufferization::OneShotBufferizationOptions options;
    options.memCpyFn = [](OpBuilder &builder, Location loc, Value from,
                          Value to) -> LogicalResult {
      linalg::CopyOp::create(builder, loc, from, to);
      return success();
    };
    bufferization::BufferizationState state;
    if (failed(
            bufferization::runOneShotBufferize(getOperation(), options, state)))
      signalPassFailure();
  }
};
} // namespace

void perceiver::registerBufferizePass() { PassRegistration<BufferizePass>(); }

void perceiver::buildBufferizePipeline(OpPassManager &pm,
                                       const CPUPipelineOptions &) {
  pm.addPass(createLowerEntries());
  // Sizes in terms of the entry's sizes, which is what the memory plan knows.
  pm.addPass(memref::createResolveShapedTypeResultDimsPass());
  addCleanup(pm);
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  pm.addPass(std::make_unique<BufferizePass>());
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
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  addCleanup(pm);
  pm.addNestedPass<func::FuncOp>(createPlanMemory());
  pm.addPass(createOutlinePhases());
  addCleanup(pm);
}

void perceiver::buildToLLVMPipeline(OpPassManager &pm,
                                    const CPUPipelineOptions &) {
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
  addCleanup(pm);
  pm.addPass(createAttachLoopAnnotations());
}
