//===- RegisterPipelines.cpp - Stages as pipelines ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Pipelines/Backend.h"
#include "lib/Pipelines/Passes.h"

#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace mlir::perceiver;

void perceiver::buildStage(const Backend &backend, const Stage &stage,
                           OpPassManager &pm) {
  pm.addPass(createVerifyStagePass({backend.getName().str(), stage.name}));
  stage.build(pm);
  pm.addPass(createMarkStagePass({stage.name}));
}

namespace {
/// What perceiver-set-target is told.
struct TargetPipelineOptions : PassPipelineOptions<TargetPipelineOptions> {
  Option<std::string> triple{*this, "triple",
                             llvm::cl::desc("as --target-triple")};
  Option<std::string> cpu{*this, "cpu", llvm::cl::desc("as --target-cpu")};

  /// Add the pass that writes the target down, unless nothing was said.
  void build(const Backend &backend, OpPassManager &pm) const {
    if (triple.empty() && cpu.empty())
      return;
    SetTargetPassOptions options;
    options.backend = backend.getName().str();
    options.triple = triple;
    options.cpu = cpu;
    pm.addPass(createSetTargetPass(options));
  }
};
} // namespace

/// Whether `stage` is the first that may ask for the target.
static bool isFork(const Backend &backend, const Stage &stage) {
  const Stage *first = llvm::find_if(
      backend.getStages(), [](const Stage &stage) { return !stage.isShared; });
  return first == &stage;
}

static bool isRegistered(StringRef pipeline) {
  return PassPipelineInfo::lookup(pipeline) != nullptr;
}

void perceiver::registerPipelines(const Backend &backend) {
  std::string all = ("perceiver-" + backend.getName()).str();
  for (const Stage &stage : backend.getStages()) {
    std::string name = (stage.isShared ? "perceiver" : all) + "-" + stage.name;
    // Of shared stages the first back end has registered them.
    if (isRegistered(name))
      continue;
    if (isFork(backend, stage))
      PassPipelineRegistration<TargetPipelineOptions>(
          name, stage.description,
          [&](OpPassManager &pm, const TargetPipelineOptions &options) {
            options.build(backend, pm);
            buildStage(backend, stage, pm);
          });
    else
      PassPipelineRegistration<>(
          name, stage.description,
          [&](OpPassManager &pm) { buildStage(backend, stage, pm); });
  }
  PassPipelineRegistration<TargetPipelineOptions>(
      all, "All stages for this target, from a description on",
      [&](OpPassManager &pm, const TargetPipelineOptions &options) {
        for (const Stage &stage : backend.getStages()) {
          if (isFork(backend, stage))
            options.build(backend, pm);
          buildStage(backend, stage, pm);
        }
      });
}
