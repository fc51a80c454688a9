//===- Stages.cpp - The list of stages ------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Pipelines/Passes.h"
#include "lib/Pipelines/Pipelines.h"

#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace mlir::perceiver;

static constexpr Stage kStages[] = {
    {"expand", "Model level to block level", buildExpandPipeline},
    {"rewrite", "Algebraic rewrites of blocks", buildRewritePipeline},
    {"strategy", "Choose tasks, tiles and panels", buildStrategyPipeline},
    {"prepare", "Split off what depends on parameters alone",
     buildPreparePipeline},
    {"tile", "Form phases and tiles on tensors", buildTilePipeline},
    {"bufferize", "Memrefs, entries with frames, addressed weights",
     buildBufferizePipeline},
    {"vectorize", "Vector code, memory plan, outlined tasks",
     buildVectorizePipeline},
    {"to-llvm", "The LLVM dialect", buildToLLVMPipeline},
};

ArrayRef<Stage> perceiver::getStages() { return kStages; }

const Stage *perceiver::findStage(StringRef name) {
  const Stage *stage = llvm::find_if(
      kStages, [&](const Stage &stage) { return name == stage.name; });
  return stage == std::end(kStages) ? nullptr : stage;
}

void perceiver::buildStage(const Stage &stage, OpPassManager &pm,
                           const CPUPipelineOptions &options) {
  pm.addPass(createVerifyStage({stage.name}));
  stage.build(pm, options);
  pm.addPass(createMarkStage({stage.name}));
}

void perceiver::registerPipelines() {
  for (const Stage &stage : getStages())
    PassPipelineRegistration<CPUPipelineOptions>(
        (Twine("perceiver-") + stage.name).str(), stage.description,
        [&stage](OpPassManager &pm, const CPUPipelineOptions &options) {
          buildStage(stage, pm, options);
        });
  PassPipelineRegistration<CPUPipelineOptions>(
      "perceiver-cpu", "All stages, from a description to the LLVM dialect",
      [](OpPassManager &pm, const CPUPipelineOptions &options) {
        for (const Stage &stage : getStages())
          buildStage(stage, pm, options);
      });
}
