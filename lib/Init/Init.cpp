//===- Init.cpp - Registration for all tools ------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Init/Init.h"

#include "dialect/Block/BlockDialect.h"
#include "dialect/Block/Bufferization.h"
#include "dialect/Frame/FrameDialect.h"
#include "dialect/Model/PerceiverDialect.h"
#include "lib/Analysis/FlopsInterface.h"
#include "lib/CPU/CPUBackend.h"
#include "lib/CPU/OperationModels.h"
#include "lib/CPU/Passes.h"
#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Conversion/Passes.h"
#include "lib/Execution/Passes.h"
#include "lib/GPU/CUDABackend.h"
#include "lib/GPU/OperationModels.h"
#include "lib/GPU/Passes.h"
#include "lib/Pipelines/Backend.h"
#include "lib/Pipelines/Passes.h"
#include "lib/Tiling/Passes.h"
#include "lib/Transforms/Passes.h"
#include "lib/Weights/HostInterfaces.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

/// The list: who is in it can be asked for, printed and run.
static SmallVector<const perceiver::Backend *> listBackends() {
  return {&perceiver::getCPUBackend(), &perceiver::getCUDABackend()};
}

void perceiver::registerAllDialects(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<PerceiverDialect, block::BlockDialect, frame::FrameDialect>();
  registerBufferizationInterfaces(registry);
  registerConversionModels(registry);
  registerCPUModels(registry);
  registerFlopsModels(registry);
  registerGPUModels(registry);
  registerHostModels(registry);
  for (const Backend *backend : listBackends())
    registerBackend(registry, *backend);
}

void perceiver::hideForeignOptions() {
  for (auto &[name, option] : llvm::cl::getRegisteredOptions())
    if (!StringRef(name).starts_with("help") && name != "version" &&
        option->getOptionHiddenFlag() == llvm::cl::NotHidden)
      option->setHiddenFlag(llvm::cl::Hidden);
}

std::string perceiver::findRepeatedOption() {
  for (auto &[name, option] : llvm::cl::getRegisteredOptions()) {
    bool takesOne = option->getNumOccurrencesFlag() == llvm::cl::Optional &&
                    option->getValueExpectedFlag() == llvm::cl::ValueRequired;
    if (takesOne && option->getNumOccurrences() > 1)
      return ("expected " + Twine(name.size() == 1 ? "-" : "--") + name +
              " once, but got it " + Twine(option->getNumOccurrences()) +
              " times")
          .str();
  }
  return "";
}

static void describeStages(const perceiver::Backend &backend, raw_ostream &os) {
  std::string all = ("perceiver-" + backend.getName()).str();
  os << "Stages of " << all << ", each a pipeline of its own, with their "
     << "passes:\n";
  for (const perceiver::Stage &stage : backend.getStages()) {
    OpPassManager manager("builtin.module");
    stage.build(manager);
    std::string pipeline;
    llvm::raw_string_ostream pipelineStream(pipeline);
    manager.printAsTextualPipeline(pipelineStream);
    os << "  --" << (stage.isShared ? "perceiver" : all) << "-" << stage.name
       << ": " << stage.description << "\n";
    SmallVector<StringRef> words;
    llvm::SplitString(pipeline, words, "(),{} ");
    for (StringRef word : words)
      if (word.starts_with("perceiver-"))
        os << "      --" << word << "\n";
  }
}

std::string perceiver::describeStages() {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (const Backend *backend : listBackends())
    ::describeStages(*backend, os);
  return text;
}

void perceiver::registerAllPasses() {
  mlir::registerAllPasses();
  registerPerceiverCPUPasses();
  registerPerceiverConversionPasses();
  registerPerceiverExecutionPasses();
  registerPerceiverGPUPasses();
  registerPerceiverPipelinesPasses();
  registerPerceiverTilingPasses();
  registerPerceiverTransformsPasses();
  for (const Backend *backend : listBackends())
    registerPipelines(*backend);
}
