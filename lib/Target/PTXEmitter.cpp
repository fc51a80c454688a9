//===- PTXEmitter.cpp - From LLVM IR to PTX ------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/PTXEmitter.h"

#include "lib/Target/ErrorCollector.h"
#include "lib/Target/LLVMIRTranslation.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace mlir::perceiver;

static const llvm::Triple &getTriple() {
  static const llvm::Triple triple("nvptx64-nvidia-cuda");
  return triple;
}

/// The language of CUDA 11, which all drivers for the architecture read.
static constexpr const char *kFeatures = "+ptx80";

static std::string getProcessor(int64_t architecture) {
  return "sm_" + std::to_string(architecture);
}

static const llvm::Target &getBackend() {
  static const llvm::Target *backend = [] {
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetMC();
    LLVMInitializeNVPTXAsmPrinter();
    std::string error;
    return llvm::TargetRegistry::lookupTarget(getTriple(), error);
  }();
  return *backend;
}

bool perceiver::isKnownArchitecture(int64_t architecture) {
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget(
      getBackend().createMCSubtargetInfo(
          getTriple(), getProcessor(kPTXArchitecture), kFeatures));
  return subtarget->isCPUStringValid(getProcessor(architecture));
}

static std::unique_ptr<llvm::TargetMachine> createMachine() {
  return std::unique_ptr<llvm::TargetMachine>(getBackend().createTargetMachine(
      getTriple(), getProcessor(kPTXArchitecture), kFeatures,
      llvm::TargetOptions(), /*RM=*/std::nullopt, /*CM=*/std::nullopt,
      llvm::CodeGenOptLevel::Aggressive));
}

FailureOr<std::unique_ptr<llvm::Module>>
perceiver::translateKernelsToLLVMIR(ModuleOp kernels,
                                    llvm::LLVMContext &context) {
  registerNVVMDialectTranslation(*kernels.getContext());
  return translateToLLVMIR(kernels, context,
                           {LLVM::LLVMDialect::getDialectNamespace(),
                            NVVM::NVVMDialect::getDialectNamespace()});
}

llvm::Error perceiver::optimizeKernels(llvm::Module &module) {
  std::unique_ptr<llvm::TargetMachine> machine = createMachine();
  module.setTargetTriple(getTriple());
  module.setDataLayout(machine->createDataLayout());
  std::string problem;
  llvm::raw_string_ostream problemStream(problem);
  if (llvm::verifyModule(module, &problemStream))
    return llvm::createStringError("malformed LLVM IR: " + problem);

  // The threads of a warp are the vector.
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  llvm::PassBuilder builder(machine.get(), tuning);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::ModulePassManager passes =
      builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O3);
  ErrorCollector errors(module.getContext());
  passes.run(module, modules);
  return errors.take("cannot optimize the kernels");
}

llvm::Expected<std::string> perceiver::emitPTX(llvm::Module &module) {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream os(bytes);
  std::unique_ptr<llvm::TargetMachine> machine = createMachine();
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, os, /*DwoOut=*/nullptr,
                                   llvm::CodeGenFileType::AssemblyFile))
    return llvm::createStringError("LLVM has no PTX for GPUs");
  ErrorCollector errors(module.getContext());
  passes.run(module);
  if (llvm::Error error = errors.take("cannot generate PTX"))
    return error;
  return std::string(bytes.begin(), bytes.end());
}
