//===- ObjectEmitter.cpp - From LLVM IR to machine code -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/ObjectEmitter.h"

#include "lib/Target/ErrorCollector.h"

#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace mlir::perceiver;

static llvm::Error fail(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

/// The library functions that optimizations may call, or recognize.
static llvm::TargetLibraryInfoImpl
allowedLibraryFunctions(const llvm::Triple &triple) {
  llvm::TargetLibraryInfoImpl library(triple);
  library.disableAllFunctions();
  for (llvm::LibFunc function :
       {llvm::LibFunc_memcpy, llvm::LibFunc_memmove, llvm::LibFunc_memset})
    library.setAvailable(function);
  return library;
}

/// Tell each function what LLVM's passes ask functions for.
static void bindToTarget(llvm::Module &module,
                         const TargetDescription &target) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration() || function.hasFnAttribute("target-cpu"))
      continue;
    function.addFnAttr("target-cpu", target.cpu);
    if (!target.tuneCpu.empty())
      function.addFnAttr("tune-cpu", target.tuneCpu);
    if (!target.features.empty())
      function.addFnAttr("target-features", target.features);
    if (target.preferredVectorBits)
      function.addFnAttr("prefer-vector-width",
                         llvm::utostr(target.preferredVectorBits));
  }
}

static llvm::OptimizationLevel passLevel(unsigned level) {
  switch (level) {
  case 0:
    return llvm::OptimizationLevel::O0;
  case 1:
    return llvm::OptimizationLevel::O1;
  case 2:
    return llvm::OptimizationLevel::O2;
  default:
    return llvm::OptimizationLevel::O3;
  }
}

ObjectEmitter::ObjectEmitter(TargetDescription description,
                             std::unique_ptr<llvm::TargetMachine> machine)
    : description(std::move(description)), machine(std::move(machine)) {}
ObjectEmitter::ObjectEmitter(ObjectEmitter &&) = default;
ObjectEmitter &ObjectEmitter::operator=(ObjectEmitter &&) = default;
ObjectEmitter::~ObjectEmitter() = default;

llvm::Expected<ObjectEmitter>
ObjectEmitter::create(const TargetOptions &options) {
  llvm::Expected<TargetDescription> target = selectTarget(options);
  if (!target)
    return target.takeError();
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine =
      createTargetMachine(*target);
  if (!machine)
    return machine.takeError();
  return ObjectEmitter(std::move(*target), std::move(*machine));
}

llvm::Error ObjectEmitter::optimize(llvm::Module &module) const {
  module.setTargetTriple(description.triple);
  module.setDataLayout(machine->createDataLayout());
  module.setPICLevel(llvm::PICLevel::BigPIC);
  bindToTarget(module, description);
  std::string problem;
  llvm::raw_string_ostream problemStream(problem);
  if (llvm::verifyModule(module, &problemStream))
    return fail("malformed LLVM IR: " + problem);

  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = description.optLevel > 1;
  tuning.SLPVectorization = description.optLevel > 1;
  llvm::PassBuilder builder(machine.get(), tuning);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  // Registered first: the builder would register one that knows all of libm.
  functions.registerPass([&] {
    return llvm::TargetLibraryAnalysis(
        allowedLibraryFunctions(description.triple));
  });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::OptimizationLevel level = passLevel(description.optLevel);
  llvm::ModulePassManager passes =
      description.optLevel == 0 ? builder.buildO0DefaultPipeline(level)
                                : builder.buildPerModuleDefaultPipeline(level);

  ErrorCollector errors(module.getContext());
  passes.run(module, modules);
  return errors.take("cannot optimize the model");
}

llvm::Expected<llvm::SmallVector<char, 0>>
ObjectEmitter::emit(llvm::Module &module, CodeFormat format) const {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream os(bytes);
  if (format == CodeFormat::LLVMIR) {
    module.print(os, /*AAW=*/nullptr);
    return bytes;
  }
  llvm::legacy::PassManager passes;
  passes.add(new llvm::TargetLibraryInfoWrapperPass(
      allowedLibraryFunctions(description.triple)));
  llvm::CodeGenFileType type = format == CodeFormat::Object
                                   ? llvm::CodeGenFileType::ObjectFile
                                   : llvm::CodeGenFileType::AssemblyFile;
  if (machine->addPassesToEmitFile(passes, os, /*DwoOut=*/nullptr, type))
    return fail("target '" + description.triple.str() +
                "' has no machine code of this format");
  ErrorCollector errors(module.getContext());
  passes.run(module);
  if (llvm::Error error = errors.take("cannot generate machine code"))
    return error;
  return bytes;
}
