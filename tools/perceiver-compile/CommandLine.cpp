//===- CommandLine.cpp - What perceiver-compile is asked for --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/perceiver-compile/CommandLine.h"

#include "lib/Compiler/Explain.h"
#include "tools/CommandLine/ParseCommandLine.h"

#include "CLI/CLI.hpp"

using namespace mlir::perceiver;

/// What --save-temps means without a folder; no folder is called so.
constexpr char kBesideTheOutput[] = "\n";

static void addFiles(CLI::App &app, CommandLine &result) {
  app.add_option("description", result.description,
                 "The model, a .mlir file; -: standard input")
      ->option_text("FILE.mlir")
      ->required();
  app.add_option("--weights", result.weights,
                 "The checkpoint with the parameters: a .safetensors file, an "
                 "index of shards, or a folder with one of these; may be given "
                 "several times")
      ->option_text("FILE")
      ->allow_extra_args(false)
      ->group("Files");
  app.add_option("-o", result.output,
                 "What to write: MODEL.so, with MODEL.h and MODEL.weights "
                 "beside it, or what --emit says")
      ->option_text("FILE")
      ->group("Files");
  app.add_flag("--strict", result.strict,
               "Tensors of the checkpoint that the model does not use are an "
               "error, and parameters that no entry uses")
      ->group("Files");
}

static void addTarget(CLI::App &app, CommandLine &result) {
  app.add_option("--target", result.target,
                 "cpu, which is the default, or cuda")
      ->option_text("NAME")
      ->group("Target");
  app.add_option("--target-cpu", result.targetCPU,
                 "x86-64-v3, x86-64-v4, native, or a name LLVM knows; default: "
                 "what a stage's output was made for, or native")
      ->option_text("NAME")
      ->group("Target");
  app.add_option("--tasks", result.tasks,
                 "Parts that work for a CPU is cut into, so that as many "
                 "threads could share it; results do not depend on it; "
                 "default: 64")
      ->option_text("N")
      ->check(CLI::Range(1, 1024))
      ->group("Target");
  app.add_option("--cuda-arch", result.cudaArch,
                 "Compute capabilities of GPUs that get machine code; default: "
                 "80,86,89,90,120")
      ->option_text("NN[,NN..]")
      ->group("Target");
  app.add_option("--ptxas", result.ptxas,
                 "NVIDIA's assembler, for --target=cuda; default: the one in "
                 "PATH or in $CUDA_HOME/bin")
      ->option_text("PROGRAM")
      ->group("Target");
  app.add_option("--target-triple", result.targetTriple,
                 "Default: this machine")
      ->option_text("TRIPLE")
      ->group("Target");
}

static void addStages(CLI::App &app, CommandLine &result,
                      std::string &saveTemps) {
  app.add_option("--emit", result.emit,
                 "Stop after a stage (expand, rewrite, strategy, prepare, "
                 "tile, bufferize, vectorize, to-llvm; cuda: .. bufferize, "
                 "kernels, nvvm), or write llvm-ir, asm, obj or so (the "
                 "default); cuda: ptx, cubin, obj or so")
      ->option_text("STAGE")
      ->group("Stages");
  app.add_option("--from", result.from,
                 "Start at a stage; the input is what --emit wrote for the "
                 "stage before it")
      ->option_text("STAGE")
      ->group("Stages");
  app.add_option("--transform", result.transform,
                 "A script in the transform dialect, applied before the stage "
                 "that forms phases")
      ->option_text("FILE.mlir")
      ->group("Stages");
  app.add_option("--without", result.without,
                 "Rewrites to leave out, as fold-norms,fold-linears; a wrong "
                 "name is answered with all")
      ->option_text("REWRITE[,..]")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group("Stages");
  app.add_option("--save-temps", saveTemps,
                 "Keep the IR after each stage, LLVM IR, assembly and object, "
                 "in DIR or beside the output")
      ->option_text("[=DIR]")
      ->group("Stages");
}

static void addReports(CLI::App &app, CommandLine &result,
                       std::string &explain) {
  std::string parts;
  for (const ExplainPart &part : getExplainParts())
    parts += std::string(part.name) + ", ";
  app.add_option("--explain", explain,
                 "Report on standard error what was done and why: " + parts +
                     "or all")
      ->option_text("[=PART,..]")
      ->group("Reports");
  app.add_flag("--progress", result.progress,
               "Print each step and its time on standard error, which is the "
               "default on a terminal")
      ->group("Reports");
  app.add_option("--crash-reproducer", result.crashReproducer,
                 "What a failing pass leaves, for perceiver-opt "
                 "--run-reproducer")
      ->option_text("FILE")
      ->group("Reports");
}

std::optional<int>
mlir::perceiver::parseCommandLine(std::vector<std::string> words,
                                  CommandLine &result) {
  CLI::App app("Compile the description of a model to a shared object.",
               "perceiver-compile");
  std::string saveTemps, explain;
  addFiles(app, result);
  addTarget(app, result);
  addStages(app, result, saveTemps);
  addReports(app, result, explain);
  // Again, so that its group is the last.
  app.set_help_flag("-h,--help", "Print this help")->group("Help");
  // Like --help it ends the parsing: a description is not missed.
  app.add_flag_callback(
         "--help-mlir",
         [&]() {
           result.helpMLIR = true;
           throw CLI::Success();
         },
         "Print MLIR's options, for printing IR and timing passes")
      ->group("Help");
  ::perceiver::setMissingValue(words, "--save-temps", kBesideTheOutput);
  ::perceiver::setMissingValue(words, "--explain", "summary");
  if (std::optional<int> code =
          ::perceiver::parseCommandLine(app, std::move(words)))
    return code;
  if (!explain.empty())
    result.explain = explain;
  if (!saveTemps.empty())
    result.saveTemps = saveTemps == kBesideTheOutput ? "" : saveTemps;
  return std::nullopt;
}
