//===- CUDABackend.cpp - Kernels for NVIDIA GPUs -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/CUDABackend.h"

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/Execution/DescribeEntries.h"
#include "lib/GPU/CUDATarget.h"
#include "lib/GPU/GPUInterfaces.h"
#include "lib/GPU/KernelAttributes.h"
#include "lib/GPU/Stages.h"
#include "lib/Pipelines/Backend.h"
#include "lib/Pipelines/HostCode.h"
#include "lib/Pipelines/SharedStages.h"
#include "lib/Target/PTXAssembler.h"
#include "lib/Target/PTXEmitter.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::perceiver;

static constexpr Stage kStages[] = {
    {"expand", "Model level to block level", StageRole::None,
     /*isShared=*/true, buildExpandPipeline, isModelLevel},
    {"rewrite", "Algebraic rewrites of blocks", StageRole::None,
     /*isShared=*/true, buildRewritePipeline, nullptr},
    {"strategy", "Choose blocks of threads", StageRole::None,
     /*isShared=*/false, buildGPUStrategyPipeline, nullptr},
    {"prepare", "Split off what depends on parameters alone",
     StageRole::Prepared, /*isShared=*/false, buildPreparePipeline,
     readsParameter},
    {"tile", "Form phases on tensors", StageRole::Phased,
     /*isShared=*/false, buildGPUTilePipeline, hasTiling},
    {"bufferize", "Memrefs, entries with frames, addressed weights",
     StageRole::None, /*isShared=*/false, buildBufferizePipeline,
     isEntryWithoutSignature},
    {"kernels", "Phases as kernels, memory plan", StageRole::Planned,
     /*isShared=*/false, buildKernelsPipeline, isWithoutKernel},
    {"nvvm", "Kernels in the NVVM dialect, and what starts them in LLVM's",
     StageRole::None, /*isShared=*/false, buildNVVMPipeline, nullptr},
};

static constexpr CodeForm kCodeForms[] = {
    {"ptx", "ptx", CodeKind::Text},
    {"obj", "o obj", CodeKind::Object},
    {"cubin", "cubin", CodeKind::Object},
    {"so", "so", CodeKind::Artifact},
};

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

/// How often `launch` runs in a run of its entry; 0 if that is not known.
static int64_t countLaunches(frame::LaunchOp launch) {
  int64_t count = 1;
  for (auto loop = launch->getParentOfType<scf::ForOp>(); loop;
       loop = loop->getParentOfType<scf::ForOp>()) {
    std::optional<APInt> trips = loop.getStaticTripCount();
    if (!trips)
      return 0;
    count *= trips->getSExtValue();
  }
  return count;
}

/// The kernels of a module at the stage `kernels`, in the order of launches'
/// numbers.
static std::vector<KernelDescription> describeKernels(ModuleOp module) {
  std::vector<KernelDescription> kernels;
  llvm::StringMap<int64_t> launches;
  llvm::StringSet<> unknown;
  module.walk([&](frame::LaunchOp launch) {
    StringRef name = launch.getCallee().getLeafReference();
    int64_t count = countLaunches(launch);
    launches[name] += count;
    if (count == 0)
      unknown.insert(name);
  });
  if (auto inner = module.lookupSymbol<ModuleOp>(kKernelModuleName))
    for (auto function : inner.getOps<FunctionOpInterface>()) {
      KernelDescription kernel;
      kernel.name = function.getName().str();
      kernel.parameterCount = function.getNumArguments();
      kernel.launches =
          unknown.contains(kernel.name) ? 0 : launches.lookup(kernel.name);
      kernels.push_back(kernel);
    }
  return kernels;
}

/// What is known of kernels before they are assembled.
static std::vector<KernelFigures> getFigures(ModuleOp kernels) {
  std::vector<KernelFigures> figures;
  for (auto function : kernels.getOps<LLVM::LLVMFuncOp>()) {
    KernelFigures kernel;
    if (auto threads = function->getAttrOfType<IntegerAttr>(kThreadsAttrName))
      kernel.threads = threads.getInt();
    if (auto bytes = function->getAttrOfType<IntegerAttr>(kSharedBytesAttrName))
      kernel.sharedBytes = bytes.getInt();
    figures.push_back(kernel);
  }
  return figures;
}

/// The PTX of all kernels.
static FailureOr<std::string> generatePTX(ModuleOp kernels, CodeSteps &steps) {
  llvm::LLVMContext context;
  FailureOr<std::unique_ptr<llvm::Module>> code =
      translateKernelsToLLVMIR(kernels, context);
  if (failed(code) ||
      failed(steps.run("optimize", [&] { return optimizeKernels(**code); })))
    return failure();
  if (steps.isKeeping() &&
      failed(steps.keep("8-kernels.ll", [&](raw_ostream &stream) {
        (*code)->print(stream, /*AAW=*/nullptr);
      })))
    return failure();
  std::string ptx;
  if (failed(steps.run("ptx", [&] { return emitPTX(**code).moveInto(ptx); })))
    return failure();
  if (steps.isKeeping() &&
      failed(steps.keep("ptx", [&](raw_ostream &stream) { stream << ptx; })))
    return failure();
  return ptx;
}

static ImageDescription describeCubin(const Cubin &cubin,
                                      const ArtifactDescription &artifact,
                                      ArrayRef<KernelFigures> figures) {
  ImageDescription image;
  image.arch = cubin.architecture;
  image.kind = PERCEIVER_IMAGE_CUBIN;
  image.data = cubin.data;
  for (auto [kernel, known] : llvm::zip(artifact.kernels, figures)) {
    KernelFigures all = known;
    KernelResources resources = cubin.kernels.lookup(kernel.name);
    all.registers = resources.registers;
    all.spillBytes = resources.spillBytes;
    image.kernels.push_back(all);
  }
  return image;
}

static llvm::SmallVector<char, 0> toBytes(StringRef text) {
  return llvm::SmallVector<char, 0>(text.begin(), text.end());
}

namespace {
class CUDABackend final : public Backend {
public:
  StringRef getName() const override { return "cuda"; }

  ArrayRef<Stage> getStages() const override { return kStages; }

  FailureOr<TargetAttrInterface>
  makeTarget(Location loc, const TargetOptions &options) const override {
    if (options.tasks != 0)
      return emitError(loc) << "expected --target=cpu for a number of tasks, "
                               "but got cuda";
    FailureOr<CUDATargetAttr> target = makeCUDATarget(loc, options);
    if (failed(target))
      return failure();
    return TargetAttrInterface(*target);
  }

  std::string describeTarget(TargetAttrInterface target) const override {
    auto cuda = cast<CUDATargetAttr>(target);
    return llvm::formatv("{0} multiprocessors, {1} bytes that a block shares",
                         cuda.getMultiprocessors(), cuda.getSharedBytes());
  }

  std::string explainTiling(Operation *op,
                            TargetAttrInterface target) const override {
    auto chooser = dyn_cast<GPUStrategyOpInterface>(op);
    bool isChosen =
        chooser &&
        op->getAttr(kTilingAttrName) ==
            Attribute(chooser.chooseTiling(cast<CUDATargetAttr>(target)));
    return isChosen ? "a block of threads for each tile" : "";
  }

  LogicalResult describeArtifact(ModuleOp module,
                                 ArtifactDescription &artifact) const override {
    FailureOr<CUDATargetAttr> target = getCUDATarget(module);
    if (failed(target))
      return failure();
    llvm::Expected<TargetDescription> description =
        selectTarget(getHostOptions(*target));
    if (!description)
      return module.emitError(llvm::toString(description.takeError()));
    FailureOr<std::vector<EntryDescription>> entries = describeEntries(module);
    if (failed(entries))
      return failure();
    artifact.kind = PERCEIVER_KIND_CUDA;
    artifact.target = std::move(*description);
    artifact.entries = std::move(*entries);
    artifact.kernels = describeKernels(module);
    return success();
  }

  ArrayRef<CodeForm> getCodeForms() const override { return kCodeForms; }

  LogicalResult verifyRequest(Location loc, TargetAttrInterface target,
                              const CodeRequest &request) const override {
    auto cuda = cast<CUDATargetAttr>(target);
    if (StringRef(request.form.name) == "cubin") {
      if (request.assembler.empty())
        return emitError(loc) << "expected NVIDIA's assembler, ptxas, for "
                                 "machine code; give --ptxas";
      if (cuda.getArchitectures().size() != 1)
        return emitError(loc)
               << "expected one architecture for a cubin, but "
                  "got "
               << cuda.getOption() << "; give one, as --cuda-arch=80";
    }
    return verifyHostCode(loc, cuda.getTriple(), request);
  }

  FailureOr<llvm::SmallVector<char, 0>>
  generateCode(ModuleOp module, ArtifactDescription &artifact,
               const CodeRequest &request, CodeSteps &steps) const override;
};
} // namespace

FailureOr<llvm::SmallVector<char, 0>>
CUDABackend::generateCode(ModuleOp module, ArtifactDescription &artifact,
                          const CodeRequest &request, CodeSteps &steps) const {
  FailureOr<CUDATargetAttr> target = getCUDATarget(module);
  if (failed(target))
    return failure();
  auto kernels = module.lookupSymbol<ModuleOp>(kKernelModuleName);
  if (!kernels)
    return module.emitError("expected a module of kernels, @")
           << kKernelModuleName;
  FailureOr<std::string> ptx = generatePTX(kernels, steps);
  if (failed(ptx))
    return failure();
  if (StringRef(request.form.name) == "ptx")
    return toBytes(*ptx);

  std::vector<Cubin> cubins;
  if (!request.assembler.empty() && failed(steps.run("assemble", [&] {
        return assemble(request.assembler, *ptx, target->getArchitectures())
            .moveInto(cubins);
      })))
    return failure();
  if (StringRef(request.form.name) == "cubin")
    return toBytes(cubins.front().data);
  if (request.assembler.empty() && request.form.kind == CodeKind::Artifact)
    module.getContext()->getDiagEngine().emit(
        UnknownLoc::get(module.getContext()), DiagnosticSeverity::Note)
        << "there is no ptxas: the artefact has PTX alone, which drivers "
           "assemble when they load it";

  std::vector<KernelFigures> figures = getFigures(kernels);
  artifact.images.clear();
  for (const Cubin &cubin : cubins)
    artifact.images.push_back(describeCubin(cubin, artifact, figures));
  ImageDescription text;
  text.arch = kPTXArchitecture;
  text.kind = PERCEIVER_IMAGE_PTX;
  text.data = std::move(*ptx);
  text.kernels = std::move(figures);
  artifact.images.push_back(std::move(text));

  OwningOpRef<ModuleOp> host = module.clone();
  host->lookupSymbol(kKernelModuleName)->erase();
  return generateHostCode(*host, getHostOptions(*target), artifact, request,
                          steps);
}

const Backend &perceiver::getCUDABackend() {
  static const CUDABackend backend;
  return backend;
}
