//===- CPUBackend.cpp - Vector code for processors ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/CPUBackend.h"

#include "dialect/AttributeNames.h"
#include "lib/Artifact/ArtifactNames.h"
#include "lib/Artifact/DescriptorBuilder.h"
#include "lib/CPU/CPUInterfaces.h"
#include "lib/CPU/CPUTarget.h"
#include "lib/CPU/Stages.h"
#include "lib/Execution/DescribeEntries.h"
#include "lib/Pipelines/Backend.h"
#include "lib/Pipelines/SharedStages.h"
#include "lib/Target/ObjectEmitter.h"
#include "lib/Target/RuntimeArchive.h"
#include "lib/Target/SharedObjectLinker.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Transforms/Utils/Cloning.h"

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

static CodeFormat getFormat(const CodeForm &form) {
  StringRef name = form.name;
  return name == "llvm-ir" ? CodeFormat::LLVMIR
         : name == "asm"   ? CodeFormat::Assembly
                           : CodeFormat::Object;
}

/// Keep optimized code as LLVM IR and as assembly.
static LogicalResult keepCode(const llvm::Module &code,
                              const ObjectEmitter &emitter, CodeSteps &steps) {
  std::pair<const char *, CodeFormat> forms[] = {
      {"9-optimized.ll", CodeFormat::LLVMIR}, {"s", CodeFormat::Assembly}};
  for (auto [ending, format] : forms) {
    // Making machine code uses a module up.
    std::unique_ptr<llvm::Module> copy = llvm::CloneModule(code);
    llvm::SmallVector<char, 0> bytes;
    if (failed(steps.check(emitter.emit(*copy, format).moveInto(bytes))) ||
        failed(steps.keep(ending, [&](raw_ostream &stream) {
          stream.write(bytes.data(), bytes.size());
        })))
      return failure();
  }
  return success();
}

static FailureOr<llvm::SmallVector<char, 0>>
link(const llvm::SmallVector<char, 0> &object,
     const ArtifactDescription &artifact, const CodeRequest &request,
     CodeSteps &steps) {
  LinkOptions options;
  options.triple = artifact.target.triple;
  options.soname = request.fileName;
  options.exports = exportedSymbols(artifact);
  llvm::MemoryBufferRef input(StringRef(object.data(), object.size()),
                              artifact.model);
  llvm::SmallVector<char, 0> linked;
  if (failed(steps.run("link", [&] {
        return linkSharedObject({input}, options).moveInto(linked);
      })))
    return failure();
  return linked;
}

namespace {
class CPUBackend final : public Backend {
public:
  StringRef getName() const override { return "cpu"; }

  ArrayRef<Stage> getStages() const override { return kStages; }

  FailureOr<TargetAttrInterface>
  makeTarget(Location loc, const TargetOptions &options) const override {
    llvm::Expected<TargetDescription> target = selectTarget(options);
    if (!target)
      return emitError(loc) << llvm::toString(target.takeError());
    return TargetAttrInterface(makeCPUTarget(loc.getContext(), *target));
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

  LogicalResult verifyCodeForm(Location loc, TargetAttrInterface target,
                               const CodeForm &form) const override {
    if (form.kind != CodeKind::Artifact)
      return success();
    llvm::Triple triple(cast<CPUTargetAttr>(target).getTriple());
    llvm::Expected<llvm::MemoryBufferRef> runtime = runtimeArchive(triple);
    if (!runtime)
      return emitError(loc) << llvm::toString(runtime.takeError());
    return success();
  }

  FailureOr<llvm::SmallVector<char, 0>>
  generateCode(ModuleOp module, const ArtifactDescription &artifact,
               const CodeRequest &request, CodeSteps &steps) const override;
};
} // namespace

FailureOr<llvm::SmallVector<char, 0>>
CPUBackend::generateCode(ModuleOp module, const ArtifactDescription &artifact,
                         const CodeRequest &request, CodeSteps &steps) const {
  FailureOr<CPUTargetAttr> target = getCPUTarget(module);
  if (failed(target))
    return failure();
  llvm::Expected<ObjectEmitter> emitter =
      ObjectEmitter::create(getTargetOptions(*target));
  if (!emitter)
    return module.emitError(llvm::toString(emitter.takeError()));
  llvm::LLVMContext context;
  FailureOr<std::unique_ptr<llvm::Module>> code =
      translateToLLVMIR(module, context);
  if (failed(code) || failed(steps.check(addArtifact(**code, artifact))))
    return failure();
  if (steps.isKeeping() &&
      failed(steps.keep("8-llvm.ll", [&](raw_ostream &stream) {
        (*code)->print(stream, /*AAW=*/nullptr);
      })))
    return failure();
  if (failed(steps.run("optimize", [&] { return emitter->optimize(**code); })))
    return failure();
  if (steps.isKeeping() && failed(keepCode(**code, *emitter, steps)))
    return failure();
  llvm::SmallVector<char, 0> bytes;
  CodeFormat format = getFormat(request.form);
  if (failed(steps.run("code", [&] {
        return emitter->emit(**code, format).moveInto(bytes);
      })))
    return failure();
  if (steps.isKeeping() && format == CodeFormat::Object &&
      failed(steps.keep("o", [&](raw_ostream &stream) {
        stream.write(bytes.data(), bytes.size());
      })))
    return failure();
  if (request.form.kind == CodeKind::Artifact)
    return link(bytes, artifact, request, steps);
  return bytes;
}

const Backend &perceiver::getCPUBackend() {
  static const CPUBackend backend;
  return backend;
}
