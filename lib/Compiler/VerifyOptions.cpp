//===- VerifyOptions.cpp - Options that fit each other --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/VerifyOptions.h"

#include "dialect/Model/ParameterOps.h"
#include "dialect/NearestName.h"
#include "lib/Compiler/Explain.h"
#include "lib/Compiler/ParseDescription.h"
#include "lib/Loader/WeightsFile.h"
#include "lib/Pipelines/Backend.h"
#include "lib/Support/OutputFiles.h"
#include "lib/Transforms/DisabledRewrites.h"

#include "mlir/Support/FileUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::perceiver;

std::vector<std::string>
mlir::perceiver::getInputs(const CompilerOptions &options) {
  std::vector<std::string> inputs = options.weightsFiles;
  for (const std::string *file :
       {&options.descriptionFile, &options.transformFile})
    if (!file->empty())
      inputs.push_back(*file);
  return inputs;
}

/// Refuse to replace a file that is read, and what could not be written when
/// all the work is done.
static LogicalResult verifyOutputs(Location loc, bool isArtifact,
                                   const CompilerOptions &options) {
  if (options.outputFile.empty() || options.outputFile == "-")
    return success();
  SmallVector<std::string> outputs = {options.outputFile};
  if (isArtifact)
    for (const char *extension : {"h", "weights"})
      outputs.push_back(::perceiver::pathBeside(options.outputFile, extension));
  // Intermediate forms come first, and with them the folder that they share
  // with the output.
  bool makesFolder = !options.saveTempsDirectory.empty() &&
                     !llvm::sys::fs::exists(options.saveTempsDirectory);
  for (const std::string &output : outputs) {
    for (const std::string &input : getInputs(options))
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
static std::string suggestEmit(const Backend &backend, StringRef output) {
  StringRef extension = llvm::sys::path::extension(output).ltrim('.');
  StringRef emit = extension == "mlir" ? "STAGE" : "";
  for (const CodeForm &form : backend.getCodeForms())
    if (llvm::is_contained(llvm::split(form.extensions, ' '), extension))
      emit = form.name;
  return emit.empty() ? "" : ("; give --emit=" + emit + " for that").str();
}

/// Whether the options allow an artefact with its weights.
static LogicalResult verifyArtifact(ModuleOp module, const Backend &backend,
                                    const CompilerOptions &options,
                                    const CodeForm &form) {
  Location loc = UnknownLoc::get(module.getContext());
  std::string ending = "." + StringRef(form.extensions).split(' ').first.str();
  if (options.outputFile.empty())
    return emitError(loc) << "expected an output; give -o model" << ending;
  bool hasParameters =
      module.walk([](ParameterOp) { return WalkResult::interrupt(); })
          .wasInterrupted();
  if (options.weightsFiles.empty() && hasParameters)
    return emitError(loc)
           << "expected a checkpoint with the parameters; give --weights";
  if (!StringRef(options.outputFile).ends_with(ending))
    return emitError(loc) << "expected an output named *" << ending
                          << ", beside which programs look for the weights, "
                             "but got "
                          << options.outputFile
                          << suggestEmit(backend, options.outputFile);
  return success();
}

const CodeForm *mlir::perceiver::findCodeForm(const Backend &backend,
                                              StringRef name) {
  for (const CodeForm &form : backend.getCodeForms())
    if (name == form.name)
      return &form;
  return nullptr;
}

/// A script that would not be applied is a choice that nobody obeys.
static LogicalResult verifyTransform(Location loc, const Backend &backend,
                                     const CompilerOptions &options) {
  if (options.transformFile.empty())
    return success();
  const Stage *reader =
      llvm::find_if(backend.getStages(), [](const Stage &stage) {
        return stage.role == StageRole::Phased;
      });
  if (reader == backend.getStages().end())
    return emitError(loc) << "expected a target whose code has phases, as a "
                             "transform script makes them, but got '"
                          << backend.getName() << "'";
  const Stage *first = findStage(backend, options.from);
  const Stage *last = findStage(backend, options.emit);
  if ((first && first > reader) || (last && last < reader))
    return emitError(loc) << "expected to run the stage '" << reader->name
                          << "', before which a transform script is applied";
  // Before all the work is done; the pass reads it again.
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> text =
      openInputFile(options.transformFile, &message);
  if (!text)
    return emitError(loc) << message;
  return verifyText(*text, "a transform script", *loc.getContext());
}

/// Rewrites that do not run cannot be left out.
static LogicalResult verifyWithout(Location loc, const Backend &backend,
                                   const CompilerOptions &options) {
  for (StringRef name : options.without)
    if (!llvm::is_contained(getRewriteNames(), name))
      return emitError(loc)
             << "expected to do without rewrites ("
             << llvm::join(getRewriteNames(), ", ") << "), but got '" << name
             << "'" << didYouMean(name, getRewriteNames());
  const Stage *first = findStage(backend, options.from);
  if (!options.without.empty() && first && !first->isShared)
    return emitError(loc) << "expected to run the stage that rewrites, but got "
                             "the output of a later one";
  return success();
}

LogicalResult mlir::perceiver::verifyStages(Location loc,
                                            const Backend &backend,
                                            const CompilerOptions &options) {
  std::string names, forms;
  for (const Stage &stage : backend.getStages())
    names += (names.empty() ? "" : ", ") + std::string(stage.name);
  if (!options.from.empty() && !findStage(backend, options.from))
    return emitError(loc) << "expected to start at one of " << names
                          << ", but got '" << options.from << "'";
  bool isStage = false, hasStarted = options.from.empty();
  for (const Stage &stage : backend.getStages()) {
    hasStarted |= options.from == stage.name;
    if (options.emit != stage.name)
      continue;
    isStage = true;
    if (!hasStarted)
      return emitError(loc) << "expected to start at '" << options.emit
                            << "', where it stops, or before, but got '"
                            << options.from << "'";
  }
  for (const CodeForm &form : backend.getCodeForms())
    forms += ", " + std::string(form.name);
  if (!isStage && !findCodeForm(backend, options.emit))
    return emitError(loc) << "expected to emit one of " << names << forms
                          << ", but got '" << options.emit << "'";
  return success(succeeded(verifyTransform(loc, backend, options)) &&
                 succeeded(verifyWithout(loc, backend, options)));
}

LogicalResult mlir::perceiver::verifyOptions(ModuleOp module,
                                             const Backend &backend,
                                             const CompilerOptions &options) {
  Location loc = UnknownLoc::get(module.getContext());
  const CodeForm *form = findCodeForm(backend, options.emit);
  StringRef last = backend.getStages().back().name;
  if (options.explanation && !form && options.emit != last)
    return emitError(loc)
           << "expected to go on to '" << last
           << "' or to code, which is what is explained, but got '"
           << options.emit << "'";
  if (failed(verifyExplainParts(loc, options.explainParts)) ||
      failed(verifyOutputs(loc, form && form->kind == CodeKind::Artifact,
                           options)))
    return failure();
  if (form && form->kind == CodeKind::Artifact)
    return verifyArtifact(module, backend, options, *form);
  for (const std::string &file : options.weightsFiles)
    emitWarning(loc) << "only a shared object has weights; " << file
                     << " is not read";
  return success();
}
