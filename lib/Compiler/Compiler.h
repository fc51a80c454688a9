//===- Compiler.h - From a description to an artefact -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one public C++ entry of the compiler: what `perceiver-compile` and the
// bindings call.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_COMPILER_H
#define PERCEIVER_LIB_COMPILER_COMPILER_H

#include "lib/Artifact/ArtifactDescription.h"
#include "lib/Target/TargetSelection.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"

#include <functional>
#include <string>

namespace mlir {
class PassManager;
} // namespace mlir

namespace mlir::perceiver {

struct CompilerOptions {
  /// Checkpoint with the parameters, a safetensors file. Not needed to stop
  /// before an artefact, or where there are no parameters.
  std::string weightsFile;
  /// Where the description came from, if that is a file. It is not read, but
  /// neither is it replaced.
  std::string descriptionFile;
  /// What is written: `OUT.so`, with `OUT.h` and `OUT.weights` beside it.
  std::string outputFile;
  TargetOptions target;
  /// The first stage to run: the input is what the stage before it wrote, with
  /// whatever was changed in it. Empty: the first.
  std::string from;
  /// Where to stop: a stage of lib/Pipelines ("expand", .. "to-llvm"),
  /// "llvm-ir", "asm", "obj" or "so".
  std::string emit = "so";
  /// Where intermediate forms are kept (SaveTemps.h). Empty: nowhere.
  std::string saveTempsDirectory;
  /// What a pass leaves that fails or crashes. Empty: nothing.
  std::string crashReproducer;
  /// Told of each step that is done: its name, and seconds.
  std::function<void(StringRef step, double seconds)> progress;
  /// Called for each pass manager before it runs: printing, timing.
  std::function<LogicalResult(PassManager &)> configurePasses;
  /// Receives a report of what was done and why (Explain.h).
  raw_ostream *explanation = nullptr;
  /// The parts of the report, separated by commas. Empty: the summary.
  std::string explainParts;
  /// Tensors of the checkpoint that no parameter reads are an error, and so are
  /// parameters and functions of a description that no entry uses.
  bool strict = false;
  /// Asked between steps, by the thread that compiles; true ends the
  /// compilation with an error. May be empty.
  std::function<bool()> isCancelled;
};

/// The version that artefacts record, as "0.1.0".
StringRef compilerVersion();

/// Compile `module`, a description, and write what the options ask for. The
/// module is used up. Diagnostics go to the context's handler; on failure no
/// file is left.
LogicalResult compileModel(ModuleOp module, const CompilerOptions &options);

/// A model's code before it is linked.
struct CompiledCode {
  ArtifactDescription artifact;
  /// An ELF object with the artefact's descriptor and exported functions.
  llvm::SmallVector<char, 0> object;
  /// What computes the weights (WeightsWriter.h).
  OwningOpRef<ModuleOp> prepare;
};

/// Compile `module`, a description, as `compileModel` does, but write nothing:
/// for those who link and load the code themselves. `outputFile` names the
/// model; `weightsFile` and `emit` are not used.
FailureOr<CompiledCode> compileToObject(ModuleOp module,
                                        const CompilerOptions &options);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_COMPILER_H
