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
#include "lib/CPU/Passes.h"
#include "lib/Conversion/Passes.h"
#include "lib/Execution/Passes.h"
#include "lib/Pipelines/Passes.h"
#include "lib/Pipelines/Pipelines.h"
#include "lib/Tiling/Passes.h"
#include "lib/Transforms/Passes.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

void perceiver::registerAllDialects(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<PerceiverDialect, block::BlockDialect, frame::FrameDialect>();
  registerBufferizationInterfaces(registry);
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

std::string perceiver::describeStages() {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "Stages of perceiver-cpu, each a pipeline of its own, with their "
        "passes:\n";
  CPUPipelineOptions options;
  for (const Stage &stage : getStages()) {
    OpPassManager manager("builtin.module");
    stage.build(manager, options);
    std::string pipeline;
    llvm::raw_string_ostream pipelineStream(pipeline);
    manager.printAsTextualPipeline(pipelineStream);
    os << "  --perceiver-" << stage.name << ": " << stage.description << "\n";
    SmallVector<StringRef> words;
    llvm::SplitString(pipeline, words, "(),{} ");
    for (StringRef word : words)
      if (word.starts_with("perceiver-"))
        os << "      --" << word << "\n";
  }
  return text;
}

void perceiver::registerAllPasses() {
  mlir::registerAllPasses();
  registerPerceiverCPUPasses();
  registerPerceiverConversionPasses();
  registerPerceiverExecutionPasses();
  registerPerceiverPipelinesPasses();
  registerPerceiverTilingPasses();
  registerPipelines();
  registerPerceiverTransformsPasses();
}
