//===- CPUBackend.cpp - Vector code for processors ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/CPUBackend.h"

#include "dialect/AttributeNames.h"
#include "lib/CPU/CPUInterfaces.h"
#include "lib/CPU/CPUTarget.h"
#include "lib/CPU/Stages.h"
#include "lib/Execution/DescribeEntries.h"
#include "lib/Pipelines/Backend.h"
#include "lib/Pipelines/HostCode.h"
#include "lib/Pipelines/SharedStages.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::perceiver;

static constexpr Stage kStages[] = {
    {"expand", "Model level to block level", StageRole::None,
     /*isShared=*/true, buildExpandPipeline, isModelLevel},
    {"rewrite", "Algebraic rewrites of blocks", StageRole::None,
     /*isShared=*/true, buildRewritePipeline, nullptr},
    {"strategy", "Choose tasks, tiles and panels", StageRole::None,
     /*isShared=*/false, buildStrategyPipeline, isAttentionWithoutState},
    {"prepare", "Split off what depends on parameters alone",
     StageRole::Prepared, /*isShared=*/false, buildPreparePipeline,
     readsParameter},
    {"tile", "Form phases and tiles on tensors", StageRole::Phased,
     /*isShared=*/false, buildTilePipeline, hasTiling},
    {"bufferize", "Memrefs, entries with frames, addressed weights",
     StageRole::None, /*isShared=*/false, buildBufferizePipeline,
     isEntryWithoutSignature},
    {"vectorize", "Vector code, memory plan, outlined tasks",
     StageRole::Planned, /*isShared=*/false, buildVectorizePipeline,
     isWithoutCode},
    {"to-llvm", "The LLVM dialect", StageRole::None, /*isShared=*/false,
     buildToLLVMPipeline, nullptr},
};

static constexpr CodeForm kCodeForms[] = {
    {"llvm-ir", "ll", CodeKind::Text},
    {"asm", "s S asm", CodeKind::Text},
    {"obj", "o obj", CodeKind::Object},
    {"so", "so", CodeKind::Artifact},
};

namespace {
class CPUBackend final : public Backend {
public:
  StringRef getName() const override { return "cpu"; }

  ArrayRef<Stage> getStages() const override { return kStages; }

  FailureOr<TargetAttrInterface>
  makeTarget(Location loc, const TargetOptions &options) const override {
    if (!options.architectures.empty())
      return emitError(loc) << "expected --target=cuda for architectures of "
                               "GPUs, but got cpu";
    if (options.tasks < 0)
      return emitError(loc)
             << "expected at least one task, but got " << options.tasks;
    llvm::Expected<TargetDescription> target = selectTarget(options);
    if (!target)
      return emitError(loc) << llvm::toString(target.takeError());
    return TargetAttrInterface(
        makeCPUTarget(loc.getContext(), *target, options.tasks));
  }

  std::string describeTarget(TargetAttrInterface target) const override {
    auto cpu = cast<CPUTargetAttr>(target);
    return llvm::formatv("{0} lanes, {1} registers, {2} tasks wanted of a "
                         "batch entry",
                         cpu.getLanes(), cpu.getRegisters(), cpu.getTasks());
  }

  std::string explainTiling(Operation *op,
                            TargetAttrInterface target) const override {
    auto chooser = dyn_cast<CPUStrategyOpInterface>(op);
    std::optional<Strategy> choice;
    if (chooser)
      choice =
          chooser.chooseStrategy(getTileTarget(cast<CPUTargetAttr>(target)));
    return choice && op->getAttr(kTilingAttrName) == choice->tiling
               ? choice->reason
               : "";
  }

  LogicalResult describeArtifact(ModuleOp module,
                                 ArtifactDescription &artifact) const override {
    FailureOr<CPUTargetAttr> target = getCPUTarget(module);
    if (failed(target))
      return failure();
    llvm::Expected<TargetDescription> description =
        selectTarget(getTargetOptions(*target));
    if (!description)
      return module.emitError(llvm::toString(description.takeError()));
    artifact.target = std::move(*description);
    FailureOr<std::vector<EntryDescription>> entries = describeEntries(module);
    if (failed(entries))
      return failure();
    artifact.entries = std::move(*entries);
    return success();
  }

  ArrayRef<CodeForm> getCodeForms() const override { return kCodeForms; }

  LogicalResult verifyRequest(Location loc, TargetAttrInterface target,
                              const CodeRequest &request) const override {
    return verifyHostCode(loc, cast<CPUTargetAttr>(target).getTriple(),
                          request);
  }

  FailureOr<llvm::SmallVector<char, 0>>
  generateCode(ModuleOp module, ArtifactDescription &artifact,
               const CodeRequest &request, CodeSteps &steps) const override {
    FailureOr<CPUTargetAttr> target = getCPUTarget(module);
    if (failed(target))
      return failure();
    return generateHostCode(module, getTargetOptions(*target), artifact,
                            request, steps);
  }
};
} // namespace

const Backend &perceiver::getCPUBackend() {
  static const CPUBackend backend;
  return backend;
}
