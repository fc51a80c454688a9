//===- Pipelines.h - The stages of the compiler -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each stage is a function that adds its passes, and a named pipeline that
// `perceiver-opt` runs alone, and the driver in the same way:
//
//   perceiver-expand      model level -> block level
//   perceiver-rewrite     algebra on blocks
//   perceiver-strategy    tiles, tasks and panels chosen and written down
//   perceiver-prepare     what depends on parameters alone split off
//   perceiver-tile        phases and tiles, on tensors
//   perceiver-bufferize   memrefs, entries with frames, weights addressed
//   perceiver-vectorize   vector code, memory plan, tasks outlined
//   perceiver-to-llvm     the LLVM dialect
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_PIPELINES_PIPELINES_H
#define PERCEIVER_LIB_PIPELINES_PIPELINES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

#include <string>
#include <vector>

namespace mlir::perceiver {

/// What the stages have to know of the target.
struct CPUPipelineOptions : PassPipelineOptions<CPUPipelineOptions> {
  Option<int64_t> lanes{*this, "lanes",
                        llvm::cl::desc("float32 elements of a vector"),
                        llvm::cl::init(16)};
  Option<int64_t> registers{*this, "registers",
                            llvm::cl::desc("vector registers"),
                            llvm::cl::init(32)};
  Option<bool> fma{*this, "fma",
                   llvm::cl::desc("whether the target multiplies and adds in "
                                  "one instruction"),
                   llvm::cl::init(true)};
};

void buildExpandPipeline(OpPassManager &pm, const CPUPipelineOptions &options);
void buildRewritePipeline(OpPassManager &pm, const CPUPipelineOptions &options);
void buildStrategyPipeline(OpPassManager &pm,
                           const CPUPipelineOptions &options);
void buildPreparePipeline(OpPassManager &pm, const CPUPipelineOptions &options);
void buildTilePipeline(OpPassManager &pm, const CPUPipelineOptions &options);
void buildBufferizePipeline(OpPassManager &pm,
                            const CPUPipelineOptions &options);
void buildVectorizePipeline(OpPassManager &pm,
                            const CPUPipelineOptions &options);
void buildToLLVMPipeline(OpPassManager &pm, const CPUPipelineOptions &options);

/// One stage of the compiler, in order.
struct Stage {
  const char *name;
  const char *description;
  void (*build)(OpPassManager &pm, const CPUPipelineOptions &options);
};

/// All stages from the description to the LLVM dialect.
ArrayRef<Stage> getStages();

/// The stage of this name, or null.
const Stage *findStage(StringRef name);

/// Add a stage with what checks its input and marks its output.
void buildStage(const Stage &stage, OpPassManager &pm,
                const CPUPipelineOptions &options);

/// Fails with a diagnostic that says where to go on if `module` is not what
/// `stage` takes: the output of the stage before it, as kStageAttrName says, or
/// IR written by hand that has nothing that an earlier stage would have
/// replaced.
LogicalResult verifyStage(ModuleOp module, const Stage &stage);

/// Register each stage as the pipeline `perceiver-<name>`, and all of them in
/// order as `perceiver-cpu`.
void registerPipelines();

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_PIPELINES_PIPELINES_H
