//===- VerifyOptions.cpp - Options that fit each other --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/VerifyOptions.h"

#include "dialect/Model/ParameterOps.h"
#include "lib/Compiler/Explain.h"
#include "lib/Loader/WeightsFile.h"
#include "lib/Pipelines/Pipelines.h"
#include "lib/Support/OutputFiles.h"
#include "lib/Target/RuntimeArchive.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Refuse to replace a file that is read, and what could not be written when
/// all the work is done.
static LogicalResult verifyOutputs(Location loc,
                                   const CompilerOptions &options) {
  if (options.outputFile.empty() || options.outputFile == "-")
    return success();
  SmallVector<std::string> outputs = {options.outputFile};
  if (options.emit == "so")
    for (const char *extension : {"h", "weights"})
      outputs.push_back(::perceiver::pathBeside(options.outputFile, extension));
  // Intermediate forms come first, and with them the folder that they share
  // with the output.
  bool makesFolder = !options.saveTempsDirectory.empty() &&
                     !llvm::sys::fs::exists(options.saveTempsDirectory);
  for (const std::string &output : outputs) {
    for (const std::string &input :
         {options.descriptionFile, options.weightsFile})
      if (llvm::sys::fs::equivalent(output, input))
        return emitError(loc) << "expected an output apart from the inputs, "
                                 "but "
                              << output << " is " << input;
    if (makesFolder)
      continue;
    if (::perceiver::Status writable = ::perceiver::verifyWritable(output);
        !writable)
      return emitError(loc) << writable.error().str();
  }
  return success();
}

/// What --emit writes to files with the extension of `output`, as a suggestion,
/// or "".
static std::string suggestEmit(StringRef output) {
  StringRef emit =
      llvm::StringSwitch<StringRef>(llvm::sys::path::extension(output))
          .Cases({".o", ".obj"}, "obj")
          .Cases({".s", ".S", ".asm"}, "asm")
          .Case(".ll", "llvm-ir")
          .Case(".mlir", "STAGE")
          .Default("");
  return emit.empty() ? "" : ("; give --emit=" + emit + " for that").str();
}

/// Whether the options allow a shared object.
static LogicalResult verifySharedObject(ModuleOp module,
                                        const CompilerOptions &options,
                                        const llvm::Triple &triple) {
  Location loc = UnknownLoc::get(module.getContext());
  bool hasParameters =
      module.walk([](ParameterOp) { return WalkResult::interrupt(); })
          .wasInterrupted();
  if (options.weightsFile.empty() && hasParameters)
    return emitError(loc)
           << "expected a checkpoint with the parameters; give --weights";
  if (!StringRef(options.outputFile).ends_with(".so"))
    return emitError(loc) << "expected an output named *.so, beside which "
                             "programs look for the weights, but got "
                          << options.outputFile
                          << suggestEmit(options.outputFile);
  llvm::Expected<llvm::MemoryBufferRef> runtime = runtimeArchive(triple);
  if (!runtime)
    return emitError(loc) << llvm::toString(runtime.takeError());
  return success();
}

LogicalResult mlir::perceiver::verifyStages(Location loc,
                                            const CompilerOptions &options) {
  bool isStage = false, hasStarted = options.from.empty();
  std::string names;
  for (const Stage &stage : getStages()) {
    names += std::string(stage.name) + ", ";
    hasStarted |= options.from == stage.name;
    if (options.emit != stage.name)
      continue;
    isStage = true;
    if (!hasStarted)
      return emitError(loc) << "expected to start at '" << options.emit
                            << "', where it stops, or before, but got '"
                            << options.from << "'";
  }
  if (!hasStarted)
    return emitError(loc) << "expected to start at one of " << names
                          << "but got '" << options.from << "'";
  if (!isStage && !llvm::is_contained({"llvm-ir", "asm", "obj", "so"},
                                      StringRef(options.emit)))
    return emitError(loc) << "expected to emit one of " << names
                          << "llvm-ir, asm, obj, so, but got '" << options.emit
                          << "'";
  return success();
}

LogicalResult mlir::perceiver::verifyOptions(ModuleOp module,
                                             const CompilerOptions &options,
                                             const llvm::Triple &triple) {
  Location loc = UnknownLoc::get(module.getContext());
  if (options.explanation && llvm::any_of(getStages(), [&](const Stage &stage) {
        return options.emit == stage.name;
      }))
    return emitError(loc)
           << "expected to go on to llvm-ir, asm, obj or so, which is what is "
              "explained, but got '"
           << options.emit << "'";
  if (failed(verifyExplainParts(loc, options.explainParts)) ||
      failed(verifyOutputs(loc, options)))
    return failure();
  if (options.emit != "so" && !options.weightsFile.empty())
    emitWarning(loc) << "only a shared object has weights; "
                     << options.weightsFile << " is not read";
  if (options.emit == "so")
    return verifySharedObject(module, options, triple);
  return success();
}
