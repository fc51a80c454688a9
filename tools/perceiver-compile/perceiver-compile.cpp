//===- perceiver-compile.cpp - Descriptions to binaries -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/Compiler.h"
#include "lib/Compiler/CompilerContext.h"
#include "lib/Compiler/ParseDescription.h"
#include "lib/Init/Init.h"
#include "lib/Support/StandardFiles.h"
#include "tools/perceiver-compile/CommandLine.h"
#include "tools/perceiver-compile/FatalErrors.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Support/Timing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/SourceMgr.h"

namespace cl = llvm::cl;

using mlir::perceiver::CommandLine;

static int fail(llvm::StringRef message) {
  llvm::errs() << "perceiver-compile: error: " << message << "\n";
  return 1;
}

/// Whether a line of a file can be shown.
static bool hasPlace(mlir::Location loc) {
  auto place = loc->findInstanceOf<mlir::FileLineColLoc>();
  return place && place.getLine() != 0 && place.getColumn() != 0;
}

/// Print what has no line in a file: as this tool's own message, or as one
/// about the whole file.
static void printWithoutPlace(mlir::Diagnostic &diagnostic) {
  constexpr const char *kSeverities[] = {"note", "warning", "error", "remark"};
  auto place = diagnostic.getLocation()->findInstanceOf<mlir::FileLineColLoc>();
  llvm::raw_ostream &os = llvm::errs();
  os << (place ? place.getFilename().strref() : "perceiver-compile");
  if (place && place.getLine() != 0)
    os << ":" << place.getLine();
  os << ": " << kSeverities[static_cast<int>(diagnostic.getSeverity())] << ": "
     << diagnostic << "\n";
}

/// Report a diagnostic of which a part has no line in a file; leave others to
/// `handler`, which would name line 0.
static mlir::LogicalResult
reportWithoutPlace(mlir::Diagnostic &diagnostic,
                   mlir::SourceMgrDiagnosticHandler &handler) {
  auto shows = [](mlir::Diagnostic &it) { return hasPlace(it.getLocation()); };
  if (shows(diagnostic) && llvm::all_of(diagnostic.getNotes(), shows))
    return mlir::failure();
  auto print = [&](mlir::Diagnostic &part) {
    if (shows(part))
      handler.emitDiagnostic(part.getLocation(), part.str(),
                             part.getSeverity());
    else
      printWithoutPlace(part);
  };
  print(diagnostic);
  for (mlir::Diagnostic &note : diagnostic.getNotes())
    print(note);
  return mlir::success();
}

/// Options that MLIR and LLVM have registered: printing, timing, code
/// generation.
static bool isForeignOption(llvm::StringRef word) {
  llvm::StringRef name = word.split('=').first;
  if (!name.consume_front("-"))
    return false;
  name.consume_front("-");
  return name != "help" && name != "version" &&
         cl::getRegisteredOptions().contains(name);
}

/// Hand MLIR's and LLVM's options over to them, who end the program if
/// something is wrong with them; the rest stays in `words`.
static void parseForeignOptions(std::vector<std::string> &words) {
  std::vector<std::string> foreign = {"perceiver-compile"}, ours;
  for (std::string &word : words)
    (isForeignOption(word) ? foreign : ours).push_back(std::move(word));
  words = std::move(ours);
  std::vector<const char *> arguments;
  for (const std::string &word : foreign)
    arguments.push_back(word.c_str());
  cl::ParseCommandLineOptions(
      static_cast<int>(arguments.size()), arguments.data(),
      "Options of MLIR, each to be given as --NAME or --NAME=VALUE\n");
}

/// NVIDIA's assembler: the one that was asked for, or else the one in PATH or
/// of the CUDA installation; empty if there is none.
static llvm::Expected<std::string> findAssembler(const std::string &given) {
  if (!given.empty()) {
    if (llvm::sys::fs::can_execute(given))
      return given;
    return llvm::createStringError("expected a program for --ptxas, but got " +
                                   given);
  }
  if (llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName("ptxas"))
    return *found;
  std::optional<std::string> home = llvm::sys::Process::GetEnv("CUDA_HOME");
  if (!home)
    return "";
  std::string folder = *home + "/bin";
  llvm::ErrorOr<std::string> found =
      llvm::sys::findProgramByName("ptxas", {folder});
  return found ? *found : "";
}

/// The compiler's view of the command line.
static mlir::perceiver::CompilerOptions
makeOptions(const CommandLine &commandLine) {
  mlir::perceiver::CompilerOptions options;
  options.descriptionFile = commandLine.description;
  options.weightsFiles = commandLine.weights;
  options.outputFile = commandLine.output;
  options.backend = commandLine.target;
  options.target.triple = commandLine.targetTriple;
  options.target.cpu = commandLine.targetCPU;
  options.target.tasks = commandLine.tasks;
  options.target.architectures = commandLine.cudaArch;
  options.from = commandLine.from;
  options.emit = commandLine.emit;
  options.transformFile = commandLine.transform;
  options.without = commandLine.without;
  options.strict = commandLine.strict;
  options.explanation = commandLine.explain ? &llvm::errs() : nullptr;
  options.explainParts = commandLine.explain.value_or("");
  options.crashReproducer = commandLine.crashReproducer;
  if (commandLine.saveTemps) {
    llvm::StringRef beside = llvm::sys::path::parent_path(commandLine.output);
    options.saveTempsDirectory = !commandLine.saveTemps->empty()
                                     ? *commandLine.saveTemps
                                 : beside.empty() ? "."
                                                  : beside.str();
  }
  if (commandLine.progress || llvm::errs().is_displayed())
    options.progress = [](llvm::StringRef step, double seconds) {
      llvm::errs() << llvm::formatv("{0,-10} {1:F2} s\n", step, seconds);
    };
  options.configurePasses = [](mlir::PassManager &pm) {
    mlir::applyDefaultTimingPassManagerCLOptions(pm);
    return mlir::applyPassManagerCLOptions(pm);
  };
  return options;
}

static mlir::LogicalResult compile(const CommandLine &commandLine) {
  mlir::DialectRegistry registry;
  mlir::perceiver::registerAllDialects(registry);
  mlir::perceiver::CompilerContext owner(registry);
  mlir::MLIRContext &context = owner.get();
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> text =
      mlir::openInputFile(commandLine.description, &message);
  if (!text) {
    fail(message);
    return mlir::failure();
  }
  auto sourceManager = std::make_shared<llvm::SourceMgr>();
  sourceManager->AddNewSourceBuffer(
      mlir::perceiver::removeByteOrderMark(std::move(text)), llvm::SMLoc());
  mlir::SourceMgrDiagnosticHandler handler(*sourceManager, &context);
  mlir::ScopedDiagnosticHandler placeless(
      &context, [&](mlir::Diagnostic &diagnostic) {
        return reportWithoutPlace(diagnostic, handler);
      });
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::perceiver::parseDescription(sourceManager, context);
  if (!module)
    return mlir::failure();
  mlir::perceiver::CompilerOptions options = makeOptions(commandLine);
  llvm::Expected<std::string> assembler = findAssembler(commandLine.ptxas);
  if (!assembler) {
    fail(llvm::toString(assembler.takeError()));
    return mlir::failure();
  }
  options.assembler = *assembler;
  return mlir::perceiver::compileModel(*module, options);
}

int main(int argc, char **argv) {
  ::perceiver::StandardFiles standardFiles;
  mlir::perceiver::KeptSignals signals;
  llvm::InitLLVM init(argc, argv);
  signals.restore();
  mlir::perceiver::reportFatalErrors();
  mlir::perceiver::hideForeignOptions();
  mlir::registerAsmPrinterCLOptions();
  mlir::registerPassManagerCLOptions();
  mlir::registerDefaultTimingManagerCLOptions();
  std::vector<std::string> words(argv + 1, argv + argc);
  parseForeignOptions(words);
  CommandLine commandLine;
  std::optional<int> code = parseCommandLine(std::move(words), commandLine);
  if (commandLine.helpMLIR)
    cl::PrintHelpMessage(/*Hidden=*/false, /*Categorized=*/true);
  if (code)
    return *code;
  const std::string &output = commandLine.output;
  if (commandLine.saveTemps && (output.empty() || output == "-"))
    return fail("expected an output, which names what --save-temps keeps; give "
                "-o file");
  return mlir::failed(compile(commandLine));
}
