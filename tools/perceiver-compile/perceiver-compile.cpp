//===- perceiver-compile.cpp - Descriptions to binaries -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/Compiler.h"
#include "lib/Compiler/ParseDescription.h"
#include "lib/Init/Init.h"
#include "tools/perceiver-compile/FatalErrors.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Support/Timing.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

namespace cl = llvm::cl;

static cl::OptionCategory category("perceiver-compile options");
static cl::opt<std::string> input(cl::Positional, cl::Required,
                                  cl::desc("<description.mlir>"),
                                  cl::cat(category));
static cl::opt<std::string> weights("weights",
                                    cl::desc("checkpoint with the parameters"),
                                    cl::value_desc("file.safetensors"),
                                    cl::cat(category));
static cl::opt<std::string> output("o", cl::desc("output"),
                                   cl::value_desc("file"), cl::cat(category));
static cl::opt<std::string> target("target", cl::init("cpu"),
                                   cl::desc("cpu (cuda is not built yet)"),
                                   cl::cat(category));
static cl::opt<std::string> targetTriple("target-triple",
                                         cl::desc("default: this machine"),
                                         cl::cat(category));
static cl::opt<std::string>
    targetCPU("target-cpu", cl::init("native"),
              cl::desc("x86-64-v3, x86-64-v4, native, or a name LLVM knows"),
              cl::cat(category));
static cl::opt<std::string>
    from("from",
         cl::desc("start at a stage; the input is what --emit wrote for the "
                  "stage before it"),
         cl::value_desc("stage"), cl::cat(category));
static cl::opt<std::string>
    emit("emit", cl::init("so"),
         cl::desc("stop after a stage (expand, rewrite, strategy, prepare, "
                  "tile, bufferize, vectorize, to-llvm), or write llvm-ir, "
                  "asm, obj or so"),
         cl::cat(category));
static cl::opt<bool>
    strict("strict", cl::desc("unused tensors of the checkpoint are an error"),
           cl::cat(category));

static cl::opt<bool> explain(
    "explain",
    cl::desc("report on standard error: each operation's strategy and why, "
             "FLOPs, bytes, phases, buffers, what was fused and what not"),
    cl::cat(category));
static cl::opt<std::string> saveTemps(
    "save-temps", cl::ValueOptional,
    cl::desc("keep the IR after each stage, LLVM IR, assembly and object, in "
             "<dir> or beside the output"),
    cl::value_desc("dir"), cl::cat(category));
static cl::opt<std::string> crashReproducer(
    "crash-reproducer",
    cl::desc("what a failing pass leaves, for perceiver-opt --run-reproducer"),
    cl::value_desc("file"), cl::cat(category));
static cl::opt<bool>
    progress("progress",
             cl::desc("print each step and its time on standard error, which "
                      "is the default on a terminal"),
             cl::cat(category));

static int fail(llvm::StringRef message) {
  llvm::errs() << "perceiver-compile: error: " << message << "\n";
  return 1;
}

/// Print what has no place in a file as this tool's own message.
static mlir::LogicalResult reportWithoutPlace(mlir::Diagnostic &diagnostic) {
  if (!mlir::isa<mlir::UnknownLoc>(diagnostic.getLocation()))
    return mlir::failure();
  bool isError = diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
  llvm::errs() << "perceiver-compile: " << (isError ? "error" : "warning")
               << ": " << diagnostic << "\n";
  return mlir::success();
}

int main(int argc, char **argv) {
  mlir::perceiver::blockIgnoredSignals();
  llvm::InitLLVM init(argc, argv);
  mlir::perceiver::reportFatalErrors();
  cl::HideUnrelatedOptions(category);
  // --mlir-print-ir-after-all, --mlir-timing and others: --help-hidden.
  mlir::registerAsmPrinterCLOptions();
  mlir::registerPassManagerCLOptions();
  mlir::registerDefaultTimingManagerCLOptions();
  cl::ParseCommandLineOptions(argc, argv, "Perceiver compiler\n");
  if (target != "cpu")
    return fail("expected --target=cpu, but got '" + target +
                "'; other targets are not built yet");
  if (emit == "so" && output.empty())
    return fail("expected an output; give -o model.so");
  if (saveTemps.getNumOccurrences() > 0 && (output.empty() || output == "-"))
    return fail("expected an output, which names what --save-temps keeps; give "
                "-o file");

  mlir::DialectRegistry registry;
  mlir::perceiver::registerAllDialects(registry);
  mlir::MLIRContext context(registry);
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> text =
      mlir::openInputFile(input, &message);
  if (!text)
    return fail(message);
  auto sourceManager = std::make_shared<llvm::SourceMgr>();
  sourceManager->AddNewSourceBuffer(std::move(text), llvm::SMLoc());
  mlir::SourceMgrDiagnosticHandler handler(*sourceManager, &context);
  mlir::ScopedDiagnosticHandler placeless(&context, reportWithoutPlace);
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::perceiver::parseDescription(sourceManager, context);
  if (!module)
    return 1;

  mlir::perceiver::CompilerOptions options;
  options.descriptionFile = input;
  options.weightsFile = weights;
  options.outputFile = output;
  options.target.triple = targetTriple;
  options.target.cpu = targetCPU;
  options.from = from;
  options.emit = emit;
  options.strict = strict;
  options.explanation = explain ? &llvm::errs() : nullptr;
  options.crashReproducer = crashReproducer;
  if (saveTemps.getNumOccurrences() > 0) {
    llvm::StringRef beside = llvm::sys::path::parent_path(output);
    options.saveTempsDirectory = !saveTemps.empty() ? std::string(saveTemps)
                                 : beside.empty()   ? "."
                                                    : beside.str();
  }
  if (progress || llvm::errs().is_displayed())
    options.progress = [](llvm::StringRef step, double seconds) {
      llvm::errs() << llvm::formatv("{0,-10} {1:F2} s\n", step, seconds);
    };
  options.configurePasses = [](mlir::PassManager &pm) {
    mlir::applyDefaultTimingPassManagerCLOptions(pm);
    return mlir::applyPassManagerCLOptions(pm);
  };
  return mlir::failed(mlir::perceiver::compileModel(*module, options));
}
